//! Methods of variance reduction: the same answers, honest intervals, and gains that are measured.
#![allow(clippy::unwrap_used)]

use std::sync::Mutex;

use ninefold_models::assess::{AssessError, Unwatched, Watch, assess, shard};
use ninefold_models::compare::compare;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping, Use, Variance};
use ninefold_models::results::{Measured, Results, Stopped};
use ninefold_models::snapshot::Kept;
use ninefold_models::system::*;
use ninefold_models::units::Hours;

const OFF: Variance = Variance { antithetic: Use::Off, control: Use::Off, stratified: Use::Off };
const PAIRS: Variance = Variance { antithetic: Use::On, ..OFF };
const CONTROL: Variance = Variance { control: Use::On, ..OFF };
const STRATA: Variance = Variance { stratified: Use::On, ..OFF };
const AUTO: Variance = Variance { antithetic: Use::Auto, control: Use::Auto, stratified: Use::Auto };

fn h(hours: f64) -> Hours {
    Hours::new(hours)
}

fn mode(life: Law, repair: Law) -> ModeSpec {
    ModeSpec {
        name: "crash".into(),
        time_to_failure: life,
        repair: Repair::Takes(repair),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    }
}

fn exponential(life_h: f64, repair_h: f64) -> ModeSpec {
    mode(Law::exponential(h(life_h)).unwrap(), Law::exponential(h(repair_h)).unwrap())
}

fn component(name: &str, units: usize, redundancy: Redundancy, mode: ModeSpec) -> ComponentSpec {
    let unit = |i| UnitSpec { name: format!("{name}/{i}"), domain: None };
    let units = (1..=units).map(unit).collect();
    ComponentSpec { name: name.into(), units, redundancy, per: None, modes: vec![mode], capacity_per_unit: None }
}

fn hot(takes_h: f64, switch_success: f64) -> Redundancy {
    Redundancy::Standby(Standby {
        mode: StandbyMode::Hot,
        active: 1,
        need: 1,
        switch_takes: Law::constant(h(takes_h)).unwrap(),
        switch_success,
        manual_switch: Some(Law::constant(h(1.0)).unwrap()),
        repair_starts: ninefold_models::system::RepairStarts::AtOnce,
    })
}

fn spec(components: Vec<ComponentSpec>, horizon_h: f64) -> SystemSpec {
    let path = components.iter().map(|c| Path::Component { name: c.name.clone(), side: Side::Both }).collect();
    let journey = JourneySpec { name: "use".into(), path: Path::All(path), demand: None, rule: UpRule::default() };
    let time = TimeSpec { horizon: h(horizon_h), ..TimeSpec::default() };
    SystemSpec { name: "test".into(), components, journeys: vec![journey], time, ..SystemSpec::default() }
}

/// A pair that waits hot, with a switch that takes a moment and sometimes fails.
fn hot_pair() -> SystemSpec {
    let mut spec = spec(vec![component("db", 2, hot(0.05, 0.9), exponential(100.0, 20.0))], 400.0);
    spec.time.warmup = h(100.0);
    spec
}

/// The library's two-tier shop with exponential laws of its means, failing more often.
fn two_tiers() -> SystemSpec {
    let web = component("web", 3, Redundancy::KOfN { need: 2 }, exponential(100.0, 5.0));
    spec(vec![web, component("db", 2, hot(0.02, 0.98), exponential(200.0, 20.0))], 1000.0)
}

/// A chain of plain tiers, no coupling.
fn chain() -> SystemSpec {
    let law = |mean, shape| Law::weibull_mean(shape, h(mean)).unwrap();
    let tier = |name, life, repair| component(name, 1, Redundancy::None, mode(law(life, 1.5), law(repair, 1.2)));
    spec(vec![tier("a", 300.0, 20.0), tier("b", 400.0, 30.0)], 900.0)
}

fn run_with(spec: &SystemSpec, (seed, replications): (u64, u64), variance: Variance) -> Results {
    let system = System::build(spec.clone()).unwrap();
    let plan = Plan { seed, stopping: Stopping::Fixed(replications), variance, ..Plan::default() };
    assess(&system, &plan, &Unwatched).unwrap()
}

fn measure<'a>(results: &'a Results, measure: &str) -> &'a Measured {
    results
        .measures
        .iter()
        .find(|m| m.entity == "journeys.use" && m.measure == measure && m.quantile.is_none())
        .unwrap()
}

fn ratio(results: &Results, method: &str) -> f64 {
    let row = results.variance.iter().find(|row| row.method == method && row.used).unwrap();
    row.ratio.unwrap()
}

/// Within four of their combined standard errors.
fn agree(a: &Measured, b: &Measured) {
    let (first, second) = (a.estimate, b.estimate);
    let combined = (first.standard_error.powi(2) + second.standard_error.powi(2)).sqrt();
    let name = a.measure;
    assert!((first.value - second.value).abs() <= 4.0 * combined, "{name}: {first:?} against {second:?}");
}

const UP_DOWN: [&str; 6] = ["unavailability", "failure_rate", "mtbf", "mut", "mttr", "unserved_ratio"];

/// How many of so many seeds have the value inside their interval.
fn covered(spec: &SystemSpec, (seeds, replications): (u64, u64), variance: Variance, value: f64) -> u64 {
    let holds = |seed: &u64| {
        let u = measure(&run_with(spec, (*seed, replications), variance), "unavailability").estimate;
        u.lo <= value && value <= u.hi
    };
    (1..=seeds).filter(holds).count() as u64
}

#[test]
fn pairs_give_the_same_answers_with_smaller_errors() {
    for spec in [chain(), two_tiers()] {
        let (plain, pairs) = (run_with(&spec, (1, 3072), OFF), run_with(&spec, (2, 3072), PAIRS));
        for name in UP_DOWN {
            agree(measure(&plain, name), measure(&pairs, name));
        }
        let gained = ratio(&pairs, "antithetic");
        assert!(gained > 1.1 && gained < 5.0, "{gained}");
        let error = |results| measure(results, "unavailability").estimate.standard_error;
        let found = (error(&plain) / error(&pairs)).powi(2);
        assert!((found / gained - 1.0).abs() < 0.2, "the errors say {found}, the run {gained}");
    }
}

/// Of 200 seeds at 95 %, 190 ± 3.1 hold the value.
#[test]
fn the_intervals_of_pairs_and_strata_hold_their_confidence() {
    let mut spec = chain();
    spec.time.start = Start::Stationary;
    spec.time.horizon = h(300.0);
    let value = measure(&run_with(&spec, (1, 64), OFF), "unavailability").exact.unwrap();
    for (variance, replications) in [(PAIRS, 128), (STRATA, 640)] {
        let held = covered(&spec, (200, replications), variance, value);
        assert!((178..=199).contains(&held), "{variance:?}: {held} of 200");
    }
}

#[test]
fn the_relaxation_corrects_what_the_coupling_adds_to() {
    for (spec, least) in [(hot_pair(), 3.0), (two_tiers(), 1.5)] {
        let (plain, controlled) = (run_with(&spec, (1, 4096), OFF), run_with(&spec, (2, 4096), CONTROL));
        for name in ["unavailability", "downtime"] {
            agree(measure(&plain, name), measure(&controlled, name));
        }
        let gained = ratio(&controlled, "control");
        eprintln!("control gains {gained}");
        assert!(gained > least, "{gained}");
        let error = |results| measure(results, "unavailability").estimate.standard_error;
        // The pilot is left out of the estimate.
        let found = (error(&plain) / error(&controlled)).powi(2) * 4096.0 / (4096.0 - 256.0);
        assert!((found / gained - 1.0).abs() < 0.25, "the errors say {found}, the run {gained}");
    }
}

#[test]
fn the_interval_of_a_controlled_estimate_holds_its_confidence() {
    let value = measure(&run_with(&hot_pair(), (999, 12_000), CONTROL), "unavailability").estimate;
    assert!(value.standard_error < 0.01 * value.value, "{value:?}");
    let held = covered(&hot_pair(), (200, 512), CONTROL, value.value);
    assert!((178..=199).contains(&held), "{held} of 200");
}

#[test]
fn strata_pay_where_first_lives_decide() {
    let mut first = chain();
    first.time.until_first_failure = true;
    let (plain, strata) = (run_with(&first, (1, 6400), OFF), run_with(&first, (2, 6400), STRATA));
    agree(measure(&plain, "mttf"), measure(&strata, "mttf"));
    let gained = ratio(&strata, "stratified");
    assert!(gained > 1.8, "{gained}");

    let mut short = chain();
    short.time.horizon = h(200.0);
    short.time.report_at = vec![h(150.0)];
    let (plain, strata) = (run_with(&short, (1, 6400), OFF), run_with(&short, (2, 6400), STRATA));
    for name in UP_DOWN.iter().chain(&["reliability_at", "availability_at", "interval_availability_at"]) {
        agree(measure(&plain, name), measure(&strata, name));
    }
    let gained = ratio(&strata, "stratified");
    assert!(gained > 1.2, "{gained}");

    short.time.start = Start::Stationary;
    short.time.horizon = h(2.0);
    short.time.report_at.clear();
    let strata = run_with(&short, (3, 6400), STRATA);
    let u = measure(&strata, "unavailability");
    assert!((u.estimate.value - u.exact.unwrap()).abs() <= 4.0 * u.estimate.standard_error);
    assert!(ratio(&strata, "stratified") > 1.5);
}

#[test]
fn auto_uses_what_pays_and_says_why_it_does_not() {
    let used = |results: &Results, method: &str| results.variance.iter().any(|row| row.method == method && row.used);
    let why = |results: &Results, method: &str| {
        results.variance.iter().find(|row| row.method == method && !row.used).map(|row| row.how.clone()).unwrap()
    };
    let pair = run_with(&hot_pair(), (1, 1024), AUTO);
    assert!(used(&pair, "control"));
    assert!(why(&pair, "stratified").contains("lives a replication"));
    let chain = run_with(&chain(), (1, 1024), AUTO);
    assert!(why(&chain, "control").contains("nothing is coupled"));
    assert!(used(&chain, "antithetic") && why(&chain, "stratified").contains("lives"));
    let mut first = self::chain();
    first.time.until_first_failure = true;
    let first = run_with(&first, (1, 1024), AUTO);
    assert!(used(&first, "stratified") && why(&first, "antithetic").contains("strata"));
    let odd = run_with(&self::chain(), (1, 1001), AUTO);
    assert!(why(&odd, "antithetic").contains("no multiple of 2"));
    assert!(run_with(&self::chain(), (1, 128), OFF).variance.is_empty());
}

#[test]
fn what_makes_no_sense_is_refused() {
    let refused = |spec: SystemSpec, replications, variance| -> String {
        let system = System::build(spec).unwrap();
        let plan = Plan { stopping: Stopping::Fixed(replications), variance, ..Plan::default() };
        match assess(&system, &plan, &Unwatched) {
            Err(AssessError::Variance { method, why }) => format!("{method}: {why}"),
            other => panic!("not refused: {:?}", other.map(|results| results.variance)),
        }
    };
    let mut first = hot_pair();
    first.time.warmup = Hours::ZERO;
    first.time.until_first_failure = true;
    let weibull = mode(Law::weibull_mean(0.7, h(100.0)).unwrap(), Law::constant(h(9.0)).unwrap());
    let general = spec(vec![component("db", 2, hot(0.05, 0.99), weibull)], 1000.0);
    let both = Variance { antithetic: Use::On, ..STRATA };
    for (spec, replications, variance, reason) in [
        (chain(), 1001, PAIRS, "antithetic: 1001 replications are no multiple of 2"),
        (chain(), 100, STRATA, "stratified: 100 replications are no multiple of 64"),
        (chain(), 64, STRATA, "fewer than two blocks"),
        (chain(), 1024, CONTROL, "nothing is coupled"),
        (first, 1024, CONTROL, "no downtime to correct"),
        (hot_pair(), 256, CONTROL, "leave too few after it"),
        (general, 1024, CONTROL, "no formula for the laws of `db`"),
        (chain(), 1024, both, "keep one of them"),
    ] {
        let message = refused(spec, replications, variance);
        assert!(message.contains(reason), "{message}, not {reason}");
    }
    let system = System::build(chain()).unwrap();
    let plan = Plan { variance: PAIRS, ..Plan::default() };
    assert!(matches!(compare(&system, &system, &plan, &Unwatched), Err(AssessError::Variance { .. })));
}

/// Stops a run once so many replications of its pilot are done, and hears how far it is.
struct InPilot {
    stop_at: u64,
    told: Mutex<Vec<u64>>,
}

impl Watch for InPilot {
    fn pilot(&self, done: u64) {
        self.told.lock().unwrap().push(done);
    }

    fn should_stop(&self) -> Option<Stopped> {
        let done = self.told.lock().unwrap().last().copied().unwrap_or(0);
        (done >= self.stop_at).then_some(Stopped::Interrupted)
    }
}

#[test]
fn a_run_that_is_stopped_in_its_pilot_has_counted_nothing() {
    let system = System::build(hot_pair()).unwrap();
    let plan = Plan { stopping: Stopping::Fixed(1024), variance: AUTO, ..Plan::default() };
    let watch = |stop_at| InPilot { stop_at, told: Mutex::default() };
    // On one thread no chunk is under way when the run is stopped.
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let assess = |watch: &InPilot| one.install(|| assess(&system, &plan, watch));
    for stop_at in [0, 2, 64, 192] {
        let watching = watch(stop_at);
        assert_eq!(assess(&watching).unwrap_err(), AssessError::StoppedInPilot(256));
        assert!(watching.told.into_inner().unwrap().iter().all(|&done| done < 256));
        let mut kept = Kept::nothing(&system, 512);
        let counted = one.install(|| shard(&system, &plan, (&mut kept, 1024), &watch(stop_at)));
        let stopped = counted.unwrap_err();
        assert!(stopped.is_stopped() && kept.end() == 512);
    }
    let whole = watch(u64::MAX);
    assess(&whole).unwrap();
    assert_eq!(*whole.told.into_inner().unwrap(), [2, 4, 8, 16, 32, 64, 128, 192, 256]);
    assert!(matches!(assess(&watch(256)), Err(AssessError::TooEarly(_))));
}
