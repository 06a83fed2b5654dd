//! Recovery objectives held against closed forms.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::compare::compare;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::results::Measured;
use ninefold_models::system::*;
use ninefold_models::units::Hours;

fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

/// A pair that is switched at once, with an exponential lag, beside a single unit whose outages are exponential.
fn spec(lag: f64, (rto, rpo): (f64, f64)) -> SystemSpec {
    let mode = |life: f64, repair: Law| ModeSpec {
        name: "crash".into(),
        time_to_failure: exponential(life),
        repair: Repair::Takes(repair),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    let unit = |name: &str| UnitSpec { name: name.into(), domain: None };
    let standby = Standby {
        mode: StandbyMode::Hot,
        active: 1,
        need: 1,
        switch_takes: Law::constant(Hours::ZERO).unwrap(),
        switch_success: 1.0,
        manual_switch: None,
        repair_starts: RepairStarts::AtOnce,
    };
    let component = |name: &str, units: Vec<UnitSpec>, redundancy, mode| ComponentSpec {
        name: name.into(),
        units,
        redundancy,
        per: None,
        modes: vec![mode],
        capacity_per_unit: None,
    };
    let entry = |name: &str| Path::Component { name: name.into(), side: Side::Both };
    let db =
        component("db", vec![unit("db/1"), unit("db/2")], Redundancy::Standby(standby), mode(400.0, exponential(1e-6)));
    let web = component("web", vec![unit("web/1")], Redundancy::None, mode(100.0, exponential(2.0)));
    SystemSpec {
        name: "objectives".into(),
        components: vec![db, web],
        replications: vec![ReplicationSpec { component: "db".into(), lag: Some(exponential(lag)), resync: None }],
        journeys: vec![JourneySpec {
            name: "use".into(),
            path: Path::All(vec![entry("db"), entry("web")]),
            demand: None,
            rule: UpRule::default(),
        }],
        objectives: vec![ObjectiveSpec {
            journey: "use".into(),
            recovery_time: Some(Hours::new(rto)),
            recovery_point: Some(Hours::new(rpo)),
        }],
        time: TimeSpec { horizon: Hours::new(8760.0), ..TimeSpec::default() },
        ..SystemSpec::default()
    }
}

fn found(spec: SystemSpec, measure: &str) -> Measured {
    let system = System::build(spec).unwrap();
    let plan = Plan { seed: 3, stopping: Stopping::Fixed(400), ..Plan::default() };
    let results = assess(&system, &plan, &Unwatched).unwrap();
    results.measures.iter().find(|row| row.entity == "journeys.use" && row.measure == measure).unwrap().clone()
}

/// 1 − e^(−rto ÷ repair) of the outages, 1 − e^(−rpo ÷ lag) of the takeovers.
#[test]
fn shares_have_their_closed_forms() {
    for (measure, expected) in [("rto_met", 1.0 - libm::exp(-1.5)), ("rpo_met", 1.0 - libm::exp(-0.5))] {
        let row = found(spec(0.01, (3.0, 0.005)), measure);
        let (value, error) = (row.estimate.value, row.estimate.standard_error);
        assert!(row.seen > 5000 && error < 0.006, "{measure}: ± {error} of {}", row.seen);
        assert!((value - expected).abs() < 4.0 * error, "{measure}: {value} ± {error}, not {expected}");
    }
    // Nothing is certain because all that was seen was so.
    let all = found(spec(0.01, (1000.0, 0.005)), "rto_met").estimate;
    assert!(all.value == 1.0 && all.lo < 1.0 && all.lo > 0.98, "{all:?}");
    let none = found(spec(0.01, (1e-5, 0.005)), "rto_met").estimate;
    assert!(none.value < 0.001 && none.hi > 0.0, "{none:?}");
}

/// Half the lag: the difference of the shares has its closed form, and is known better than either.
#[test]
fn a_shorter_lag_meets_more() {
    let [a, b] = [0.01, 0.005].map(|lag| System::build(spec(lag, (3.0, 0.005))).unwrap());
    let plan = Plan { seed: 3, stopping: Stopping::Fixed(400), ..Plan::default() };
    let comparison = compare(&a, &b, &plan, &Unwatched).unwrap();
    let row = |measure: &str| comparison.rows.iter().find(|row| row.measure == measure).unwrap();
    let met = row("rpo_met");
    let expected = libm::exp(-0.5) - libm::exp(-1.0);
    let (delta, error) = (met.delta.value, met.delta.standard_error);
    assert!(error < 0.006 && (delta - expected).abs() < 4.0 * error, "{delta} ± {error}, not {expected}");
    assert!(met.p_b_better > 0.999 && met.entity == "journeys.use");
    // The outages are the same ones.
    assert_eq!(row("rto_met").delta.value, 0.0);
    // Takeovers a year × the mean of the lag, in seconds; half of it less.
    let lost = row("lost_writes");
    assert!((lost.b.value / lost.a.value - 0.5).abs() < 1e-6, "{} of {}", lost.b.value, lost.a.value);
    assert!(lost.entity == "components.db" && lost.p_b_better > 0.999);
}

/// What cannot be is refused by name.
#[test]
fn what_cannot_be_is_refused() {
    let with = |change: &dyn Fn(&mut SystemSpec)| {
        let mut spec = spec(0.01, (1.0, 0.0));
        change(&mut spec);
        System::build(spec).unwrap_err().to_string()
    };
    assert!(with(&|spec| spec.objectives[0].journey = "buy".into()).contains("journey `buy`"));
    assert!(with(&|spec| spec.objectives.extend_from_within(..)).contains("twice"));
    assert!(with(&|spec| spec.objectives[0].recovery_time = Some(Hours::ZERO)).contains("recovery objective"));
}
