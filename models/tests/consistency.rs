//! What quorums cost beside availability: stale reads, conflicting writes and round trips, against closed forms.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::*;
use ninefold_models::units::Hours;

const UP: f64 = 10.0 / 11.0;
const APART: f64 = 1.0 / 5.0;
const MS: f64 = 1e-3 / 3600.0;

fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

/// Units in `eu` and in `us` that are able 10/11 of the time.
fn store([eu, us]: [u32; 2], (write, read): (u32, u32)) -> SystemSpec {
    let mode = ModeSpec {
        name: "crash".into(),
        time_to_failure: exponential(100.0),
        repair: Repair::Takes(exponential(10.0)),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    let place = |(name, count): (&'static str, u32)| {
        (1..=count).map(move |i| UnitSpec { name: format!("store/{name}/{i}"), domain: Some(name.into()) })
    };
    let store = ComponentSpec {
        name: "store".into(),
        units: [("eu", eu), ("us", us)].into_iter().flat_map(place).collect(),
        redundancy: Redundancy::Quorum { write, read },
        per: None,
        modes: vec![mode],
        capacity_per_unit: None,
    };
    let domain = |name: &str| DomainSpec { name: name.into(), level: None, parent: None, modes: Vec::new() };
    let mut spec = SystemSpec {
        name: "test".into(),
        components: vec![store],
        domains: vec![domain("eu"), domain("us")],
        journeys: vec![journey("put", Side::Write, None), journey("get", Side::Read, None)],
        ..SystemSpec::default()
    };
    (spec.time.horizon, spec.time.warmup) = (Hours::new(20_000.0), Hours::new(1000.0));
    spec
}

fn journey(name: &str, side: Side, demand: Option<f64>) -> JourneySpec {
    let path = Path::Component { name: "store".into(), side };
    JourneySpec { name: name.into(), path, demand: demand.map(Level::from), rule: UpRule::default() }
}

/// The network between the two is lost 1/5 of the time.
fn cut_off(mut spec: SystemSpec, minority: Minority) -> SystemSpec {
    let partition = PartitionSpec {
        component: "store".into(),
        between: vec!["eu".into(), "us".into()],
        time_to_failure: exponential(80.0),
        repair: exponential(20.0),
        minority,
        fencing: false,
    };
    spec.components.extend([partition.link(), single_writer("store")]);
    spec.quorums.partitions = vec![partition];
    spec
}

fn far_apart(mut spec: SystemSpec) -> SystemSpec {
    spec.quorums.round_trips =
        vec![RoundTripSpec { between: ["us".into(), "eu".into()], takes: Hours::new(88.0 * MS) }];
    spec
}

fn run(spec: SystemSpec) -> Results {
    let system = System::build(spec).unwrap();
    assess(&system, &Plan { stopping: Stopping::Fixed(200), ..Plan::default() }, &Unwatched).unwrap()
}

fn measure<'a>(results: &'a Results, entity: &str, measure: &str) -> &'a Measured {
    let found = results.measures.iter().find(|m| m.entity == entity && m.measure == measure && m.quantile.is_none());
    found.unwrap_or_else(|| panic!("no {measure} of {entity}"))
}

/// Within four standard errors, and those below `cap` of the value.
fn close(measured: &Measured, value: f64, cap: f64) {
    let (estimate, error) = (measured.estimate.value, measured.estimate.standard_error);
    let what = format!("{} {}: {estimate} ± {error}, expected {value}", measured.entity, measured.measure);
    assert!((estimate - value).abs() <= 4.0 * error, "{what}");
    assert!(error <= cap * value, "{what}: above {cap}");
}

/// P(at least `need` of `n` are able).
fn at_least(need: u32, n: u32) -> f64 {
    let choose = |k: u32| (0..k).map(|i| f64::from(n - i) / f64::from(i + 1)).product::<f64>();
    (need..=n).map(|k| choose(k) * UP.powi(k as i32) * (1.0 - UP).powi((n - k) as i32)).sum()
}

/// Three units here and two 88 ms away, writes need three: from here they wait for nobody while all three are able; from
/// there always for one that is far.
#[test]
fn writes_wait_for_the_last_that_is_needed() {
    let spec = far_apart(store([3, 2], (3, 3)));
    let solutions = exact::solve(&System::build(spec.clone()).unwrap());
    let down = |entity: &str| solutions.get(entity, "unavailability", None).unwrap().0;
    let (near, all) = (UP * UP * UP, at_least(3, 5));
    assert!((down("components.store/write@eu/0ms") - (1.0 - near)).abs() < 1e-14);
    assert!((down("components.store/write@eu") - (1.0 - all)).abs() < 1e-14);
    let results = run(spec);
    close(measure(&results, "components.store/write@eu", "write_latency"), 88.0 * (1.0 - near / all), 0.01);
    let far = &measure(&results, "components.store/write@us", "write_latency").estimate;
    assert!((far.value - 88.0).abs() < 1e-6, "{far:?}");
}

/// Cut off, `eu` has its own units alone, and `us` cannot write.
#[test]
fn a_partition_leaves_the_near_ones() {
    let spec = far_apart(cut_off(store([3, 2], (3, 3)), Minority::Stop));
    let near = UP * UP * UP;
    let up = (1.0 - APART) * at_least(3, 5) + APART * near;
    let results = run(spec);
    close(measure(&results, "components.store/write@eu", "write_latency"), 88.0 * (1.0 - near / up), 0.02);
    let us = measure(&results, "components.store/write@us", "unavailability");
    close(us, 1.0 - (1.0 - APART) * at_least(3, 5), 0.02);
}

/// Any able unit answers while too few for a quorum are, and the answer is worth 0.9: as a dependency that one can do without.
#[test]
fn reads_fall_back_to_one_unit() {
    let mut spec = store([3, 0], (2, 2));
    spec.quorums.read_fallbacks = vec![ReadFallbackSpec { component: "store".into(), quality: 0.9 }];
    let (consistent, any) = (at_least(2, 3), at_least(1, 3));
    let solutions = exact::solve(&System::build(spec.clone()).unwrap());
    let exact = |entity: &str, measure: &str| solutions.get(entity, measure, None).unwrap().0;
    assert!((exact("journeys.get", "unavailability") - (1.0 - any)).abs() < 1e-14);
    assert!((exact("journeys.put", "unavailability") - (1.0 - consistent)).abs() < 1e-14);
    assert!((exact("components.store/consistent-read", "unavailability") - (1.0 - consistent)).abs() < 1e-14);
    let results = run(spec);
    close(measure(&results, "components.store/read", "stale_reads"), 1.0 - consistent / any, 0.05);
    let unserved = 1.0 - consistent - 0.9 * (any - consistent);
    close(measure(&results, "journeys.get", "unserved_ratio"), unserved, 0.05);
    // Who writes has no use for it.
    close(measure(&results, "journeys.put", "unserved_ratio"), 1.0 - consistent, 0.05);
}

/// A minority that reads on: its reads may be stale while it is cut off, or has too few.
#[test]
fn who_reads_on_alone_may_read_stale_data() {
    let spec = cut_off(store([3, 2], (3, 3)), Minority::ReadOnly);
    let consistent = (1.0 - APART) * at_least(3, 5) + APART * UP * UP * UP;
    let results = run(spec);
    close(measure(&results, "components.store/read", "stale_reads"), 1.0 - consistent / at_least(1, 5), 0.02);
}

/// Where a read need not meet a write: C(n − w, r) ÷ C(n, r) of them miss it.
#[test]
fn small_quorums_miss_writes() {
    for (n, write, read, share) in
        [(3, 1, 1, 2.0 / 3.0), (3, 2, 1, 1.0 / 3.0), (5, 2, 2, 0.3), (3, 2, 2, 0.0), (6, 4, 3, 0.0), (5, 1, 4, 0.2)]
    {
        assert!((missed(n, write, read) - share).abs() < 1e-15);
    }
    let results = run(store([3, 0], (1, 1)));
    let stale = &measure(&results, "components.store", "stale_reads").estimate;
    assert!((stale.value - 2.0 / 3.0).abs() < 1e-12, "{stale:?}");
    let results = run(store([3, 0], (2, 2)));
    assert!(results.measures.iter().all(|row| row.measure != "stale_reads"));
}

/// Both sides write while they are cut off and somebody on either is able: writes of the quieter side are in doubt.
#[test]
fn conflicting_writes_are_those_of_the_quieter_side() {
    let mut spec = cut_off(store([3, 2], (3, 3)), Minority::Write);
    let from = |name: &str, domain: &str| ViewSpec { journey: name.into(), domain: domain.into() };
    spec.journeys = vec![
        journey("put-eu", Side::Write, Some(40.0)),
        journey("put-us", Side::Write, Some(10.0)),
        journey("put", Side::Write, Some(6.0)),
        journey("get", Side::Read, Some(1000.0)),
    ];
    spec.quorums.views = vec![from("put-eu", "eu"), from("put-us", "us")];
    let results = run(spec);
    let both = APART * at_least(1, 3) * at_least(1, 2) * 8760.0 * 3600.0;
    close(measure(&results, "components.store/single-writer", "lost_updates"), both, 0.02);
    close(measure(&results, "components.store/single-writer", "conflicting_writes"), both * 13.0, 0.02);
}

/// Four of three, a quality above 1, and what is no quorum.
#[test]
fn wrong_consistency_is_refused() {
    let refused = |spec: SystemSpec| System::build(spec).unwrap_err().to_string();
    assert!(refused(store([3, 0], (4, 2))).contains("write"));
    let mut spec = store([3, 0], (2, 2));
    spec.quorums.read_fallbacks = vec![ReadFallbackSpec { component: "store".into(), quality: 1.5 }];
    assert!(refused(spec.clone()).contains("quality of a read"));
    spec.quorums.read_fallbacks[0].quality = 0.5;
    spec.components[0].redundancy = Redundancy::KOfN { need: 2 };
    assert!(refused(spec).contains("read fallback"));
}
