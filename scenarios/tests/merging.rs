//! `like` and `--set`: what is merged, what is replaced, and in which order.
#![allow(clippy::unwrap_used)]

use ninefold_models::lifetime::Law;
use ninefold_models::system::{ComponentSpec, Redundancy};
use ninefold_models::units::Hours;
use ninefold_scenarios::{LoadOptions, Loaded, load_text};

const SCENARIO: &str = "
scenario: merging
components:
  web:
    replicas: 3
    redundancy: {k_of_n: {need: 2}}
    capacity: {per_replica: 90/s}
    failure_modes:
      crash: {time_to_failure: {weibull: {shape: 2, mean: 30d}}, repair: 1h}
      slow: {time_to_failure: 10d, repair: 1h, effect: {capacity: 0.5}}
  api: {like: web, replicas: 5, failure_modes: {slow: null}}
  job: {like: api, redundancy: none}
";

fn load(set: &[&str]) -> Loaded {
    let options = LoadOptions { set: set.iter().map(|text| (*text).to_owned()).collect() };
    load_text("merging.yaml", SCENARIO, &options).unwrap_or_else(|problems| panic!("{problems}"))
}

fn component<'a>(loaded: &'a Loaded, name: &str) -> &'a ComponentSpec {
    loaded.spec.components.iter().find(|component| component.name == name).unwrap()
}

#[test]
fn like_chains_and_null_removes() {
    let loaded = load(&[]);
    let (api, job) = (component(&loaded, "api"), component(&loaded, "job"));
    assert_eq!((api.units.len(), api.modes.len(), api.capacity_per_unit.clone()), (5, 1, Some(90.0.into())));
    assert_eq!(api.redundancy, Redundancy::KOfN { need: 2 });
    assert_eq!((job.units.len(), job.modes.len()), (5, 1));
    assert_eq!(job.redundancy, Redundancy::None);
}

#[test]
fn a_patch_flows_to_what_is_like_it() {
    let loaded = load(&["components.web.redundancy.k_of_n.need=1", "components.web.capacity.per_replica=7/s"]);
    assert_eq!(component(&loaded, "api").redundancy, Redundancy::KOfN { need: 1 });
    assert_eq!(component(&loaded, "job").capacity_per_unit, Some(7.0.into()));
}

#[test]
fn a_patch_inside_an_inherited_value_edits_a_copy() {
    let path = "failure_modes.crash.time_to_failure.weibull";
    let sets = [format!("components.api.{path}.shape=3"), format!("components.web.{path}.mean=10d")];
    let loaded = load(&[&sets[0], &sets[1]]);
    let law = |name: &str| component(&loaded, name).modes[0].time_to_failure.clone();
    assert_eq!(law("web"), Law::weibull_mean(2.0, Hours::from_days(10.0)).unwrap());
    assert_eq!(law("api"), Law::weibull_mean(3.0, Hours::from_days(10.0)).unwrap());
    assert_eq!(law("job"), law("api"));
}

#[test]
fn laws_are_replaced_whole_and_null_restores_what_is_inherited_no_more() {
    let loaded =
        load(&["components.api.failure_modes.crash.time_to_failure={exponential: {mean: 5d}}", "components.job=null"]);
    assert_eq!(component(&loaded, "api").modes[0].time_to_failure, Law::exponential(Hours::from_days(5.0)).unwrap());
    assert!(loaded.spec.components.iter().all(|component| component.name != "job"));
}

#[test]
fn a_wrong_patch_is_shown_as_written() {
    let options = LoadOptions { set: vec!["components.web.replicas=many".to_owned(), "nonsense".to_owned()] };
    let problems = load_text("merging.yaml", SCENARIO, &options).unwrap_err();
    insta::assert_snapshot!(problems.to_text(false));
}

/// What edges say by themselves goes before the defaults, key by key; a null takes a default away.
#[test]
fn edges_are_laid_on_their_defaults() {
    let text = |defaults: &str, edges: [&str; 3]| {
        let [a, b, c] = edges;
        format!(
            "\
scenario: defaults
components:
  web: {{capacity: {{service_time: 10ms}}}}
  a: {{capacity: {{service_time: 10ms}}}}
  b: {{capacity: {{service_time: 10ms}}}}
  c: {{capacity: {{service_time: 10ms}}}}
dependencies:
{defaults}  edges:
    - {{from: web, to: a, need: hard{a}}}
    - {{from: web, to: b, need: hard{b}}}
    - {{from: web, to: c, need: hard{c}}}
journeys: {{visit: {{path: [web], demand: 1/s}}}}
calendar: {{horizon: 1h}}
run: {{demand_mode: {{normal: request_level}}}}
"
        )
    };
    let spec = |text: String| load_text("defaults", &text, &LoadOptions::default()).unwrap().spec;
    let defaults =
        "  defaults: {timeout: 1s, retries: 2, backoff: {base: 50ms, cap: 1s, jitter: full}, retry_budget: 10 %}\n";
    let nothing = ", timeout: null, retries: null, backoff: null, retry_budget: null";
    let short = spec(text(defaults, ["", ", timeout: 3s, backoff: {cap: 2s}", nothing]));
    let long = spec(text(
        "",
        [
            ", timeout: 1s, retries: 2, backoff: {base: 50ms, cap: 1s, jitter: full}, retry_budget: {ratio: 0.1, cap: 100}",
            ", timeout: 3s, retries: 2, backoff: {base: 50ms, cap: 2s, jitter: full}, retry_budget: {ratio: 0.1, cap: 100}",
            "",
        ],
    ));
    assert_eq!(short.queueing, long.queueing);
    assert_eq!(short.queueing.calls.iter().filter(|call| call.retries.is_some()).count(), 2);
}
