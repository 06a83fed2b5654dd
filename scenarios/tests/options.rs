//! Options: patches and sweeps, the order in which they are merged, and where their problems are shown.
#![allow(clippy::unwrap_used)]

use ninefold_models::compare::Cost;
use ninefold_scenarios::options::OptionCost;
use ninefold_scenarios::{Diagnostics, LoadOptions, Loaded, load_text};

fn loaded(text: &str, set: &[&str]) -> Loaded {
    let options = LoadOptions { set: set.iter().map(|&set| set.to_owned()).collect() };
    load_text("shop.yaml", text, &options).unwrap()
}

fn refused(text: &str) -> String {
    load_text("shop.yaml", text, &LoadOptions::default()).unwrap_err().to_text(false)
}

fn units(loaded: &Loaded, component: &str) -> usize {
    loaded.spec.components.iter().find(|c| c.name == component).map_or(0, |c| c.units.len())
}

const SHOP: &str = "\
scenario: shop
currency: EUR
components:
  web:
    replicas: 3
    price: {on_demand: 0.5}
    failure_modes: {crash: {time_to_failure: {exponential: {mean: 30d}}, repair: 1h}}
  api: {like: web}
  db:
    replicas: 2
    redundancy: {k_of_n: {need: 2}}
    failure_modes: {crash: {time_to_failure: {exponential: {mean: 90d}}, repair: 4h}}
journeys: {buy: {path: [web, api, db]}}
";

fn with_options(options: &str) -> String {
    format!("{SHOP}options:\n{options}")
}

#[test]
fn an_option_lies_between_the_file_and_the_sets_and_flows_through_like() {
    let text = with_options("  more-web: {patch: {components.web.replicas: 5}}\n");
    let baseline = loaded(&text, &[]);
    assert_eq!(units(&baseline, "web"), 3);
    let option = baseline.options.load("more-web").unwrap().unwrap();
    assert_eq!((units(&option, "web"), units(&option, "api")), (5, 5));
    // `--set` comes after it, in the baseline and in the option.
    let set = loaded(&text, &["components.web.replicas=4"]);
    assert_eq!(units(&set, "web"), 4);
    assert_eq!(units(&set.options.load("more-web").unwrap().unwrap(), "web"), 4);
    // A patch of the copy edits the copy alone, a nested value merges, null removes.
    let text = with_options(
        "  \
  copy: {patch: {components.api.failure_modes.crash.repair: 2h}}
  nested: {patch: {components.db: {replicas: 3}}}
  simple: {patch: {components.db.redundancy: null}}
",
    );
    let baseline = loaded(&text, &[]);
    let of = |name: &str| baseline.options.load(name).unwrap().unwrap();
    let modes = |component: usize| format!("{:?}", of("copy").spec.components[component].modes);
    assert_ne!(modes(1), modes(0));
    assert_eq!(units(&of("nested"), "db"), 3);
    assert_ne!(of("simple").spec.components[2].redundancy, baseline.spec.components[2].redundancy);
    assert!(baseline.options.load("nobody").is_none());
}

#[test]
fn options_leave_the_scenario_without_them_as_it_is() {
    let with = loaded(&with_options("  more-web: {patch: {components.web.replicas: 5}}\n"), &[]);
    let without = loaded(SHOP, &[]);
    assert_eq!(with.about.effective, without.about.effective);
    // The effective scenario of an option is the option.
    let option = with.options.load("more-web").unwrap().unwrap();
    assert_eq!(units(&loaded(&option.about.effective, &[]), "api"), 5);
}

#[test]
fn a_sweep_is_an_option_for_each_value_and_combination() {
    let text = with_options(
        "  \
  webs: {sweep: {components.web.replicas: [4, 5]}, cost: derived}
  both: {patch: {components.api.replicas: 1}, sweep: {components.web.replicas: [4, 5], components.db.replicas: [2, 3]}}
",
    );
    let baseline = loaded(&text, &[]);
    let names: Vec<&str> = baseline.options.list().map(|option| option.name.as_str()).collect();
    assert_eq!(names, ["webs=4", "webs=5", "both=4,2", "both=4,3", "both=5,2", "both=5,3"]);
    let last = baseline.options.load("both=5,3").unwrap().unwrap();
    assert_eq!(["web", "api", "db"].map(|name| units(&last, name)), [5, 1, 3]);
}

#[test]
fn costs_are_given_or_follow_from_prices() {
    let text = with_options(
        "  \
  derived: {patch: {components.web.replicas: 4}, cost: derived}
  given: {patch: {components.web.replicas: 4}, cost: {per_year: -1200, once: 500}, owner: ops, due: 2027-03-31}
  silent: {patch: {components.web.replicas: 4}}
",
    );
    let baseline = loaded(&text, &["options.given.cost.per_year=7"]);
    let cost = |name: &str| {
        let own = baseline.options.load(name).unwrap().unwrap();
        baseline.options.list().find(|option| option.name == name).unwrap().cost(&own, &baseline)
    };
    // A web and an api more, half a euro an hour each.
    assert_eq!(cost("derived"), Some(Cost { per_year: 8760.0, once: 0.0 }));
    assert_eq!(cost("given"), Some(Cost { per_year: 7.0, once: 500.0 }));
    assert_eq!(cost("silent"), None);
    let given = baseline.options.list().nth(1).unwrap();
    assert_eq!(given.labels, [("owner", "ops".to_owned()), ("due", "2027-03-31".to_owned())]);
    assert!(matches!(given.cost, OptionCost::Given(_)));
}

fn problems_of(options: &str, name: &str) -> Diagnostics {
    let baseline = loaded(&with_options(options), &[]);
    baseline.options.load(name).unwrap().unwrap_err()
}

#[test]
fn problems_of_an_option_are_shown_at_the_option() {
    let cases = [
        // A key that does not exist, a name that does not, a value of the wrong shape: at the patch itself.
        ("x: {patch: {components.web.replica: 4}}", "E0103", ":15:15"),
        ("x: {patch: {components.wbe.replicas: 4}}", "E0540", ":15:15"),
        ("x: {patch: {components.web.failure_modes.cras.repair: 1h}}", "E0540", ":15:15"),
        ("x: {patch: {components.web.replicas: many}}", "E0204", ":15:40"),
        // What only comes out elsewhere: at the option's name.
        ("x: {patch: {components.db.replicas: 1}}", "E0107", ":15:3"),
        ("x: {patch: {components.db.replicas: 3}, cost: derived}", "", ""),
    ];
    for (option, code, place) in cases {
        let text = format!("  {option}\n");
        if code.is_empty() {
            loaded(&with_options(&text), &[]).options.load("x").unwrap().unwrap();
            continue;
        }
        let problems = problems_of(&text, "x");
        let shown = problems.to_text(false);
        assert!(problems.iter().all(|problem| problem.code().as_str() == code), "{option}: {shown}");
        assert!(shown.contains(&format!("shop.yaml{place}")), "{option}: {shown}");
        assert!(shown.contains("with option `x`, "), "{option}: {shown}");
    }
}

#[test]
fn a_cost_without_prices_is_refused_and_so_is_that_of_what_scales() {
    let without = SHOP.replace("    price: {on_demand: 0.5}\n", "");
    let text = format!("{without}options:\n  x: {{patch: {{components.db.replicas: 3}}, cost: derived}}\n");
    let problems = loaded(&text, &[]).options.load("x").unwrap().unwrap_err();
    assert!(problems.to_text(false).contains("no component has a price"));
    let scaled = SHOP.replace(
        "  api:",
        "    capacity: {per_replica: 9/s}\n    autoscale: {metric: utilization, target: 0.5, min: 1, max: 9}\n  api:",
    );
    let text = format!("{scaled}options:\n  x: {{patch: {{components.db.replicas: 3}}, cost: derived}}\n");
    let problems = loaded(&text, &[]).options.load("x").unwrap().unwrap_err();
    assert!(problems.to_text(false).contains("changes in a run"));
}

#[test]
fn too_many_options_are_refused_before_they_are_made() {
    let values: Vec<String> = (1..=200).map(|n| n.to_string()).collect();
    let list = values.join(", ");
    let sweep = format!("  x: {{sweep: {{components.web.replicas: [{list}], components.api.replicas: [{list}]}}}}\n");
    assert!(refused(&with_options(&sweep)).contains("more than 64 options"));
}
