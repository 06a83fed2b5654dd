//! Failures that a health check does not see, and gray ones that it does, against the long run of a unit.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::World;
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::*;
use ninefold_models::units::Hours;

const MINUTE: f64 = 1.0 / 60.0;
const LIFE: f64 = 200.0;
const REPAIR: f64 = 10.0;

/// Four units with one failure mode, behind a check without errors; `seen` says whether it sees the mode.
fn pool(effect: Effect, seen: Option<bool>) -> SystemSpec {
    let exponential = |hours| Law::exponential(Hours::new(hours)).unwrap();
    let mode = ModeSpec {
        name: "gray".into(),
        time_to_failure: exponential(LIFE),
        repair: Repair::Takes(exponential(REPAIR)),
        effect,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    let web = ComponentSpec {
        name: "web".into(),
        units: (1..=4).map(|i| UnitSpec { name: format!("web/{i}"), domain: None }).collect(),
        redundancy: Redundancy::None,
        per: None,
        modes: vec![mode],
        capacity_per_unit: None,
    };
    let check = HealthCheckSpec {
        component: "web".into(),
        probes: ProbeSpec {
            interval: Hours::new(MINUTE),
            timeout: Hours::ZERO,
            unhealthy_after: 1,
            healthy_after: 1,
            false_positive: 0.0,
            false_negative: 0.0,
        },
        depth: Depth::Shallow,
        fail_open_below: 0.0,
    };
    let path = Path::Component { name: "web".into(), side: Side::Both };
    let journeys = vec![JourneySpec { name: "use".into(), path, demand: None, rule: UpRule::default() }];
    let seen = seen.map(|seen| VisibilitySpec { component: "web".into(), mode: "gray".into(), seen });
    let mut spec = SystemSpec {
        components: vec![web],
        journeys,
        health_checks: vec![check],
        visibilities: seen.into_iter().collect(),
        ..SystemSpec::default()
    };
    (spec.time.horizon, spec.time.warmup) = (Hours::new(4200.0), Hours::new(200.0));
    spec
}

fn run(spec: SystemSpec) -> Results {
    let system = System::build(spec).unwrap();
    assess(&system, &Plan { stopping: Stopping::Fixed(600), ..Plan::default() }, &Unwatched).unwrap()
}

fn measure<'a>(results: &'a Results, entity: &str, name: &str) -> Option<&'a Measured> {
    results.measures.iter().find(|row| row.entity == entity && row.measure == name)
}

fn close(row: &Measured, expected: f64) {
    let (value, error) = (row.estimate.value, row.estimate.standard_error);
    assert!(error < 0.03 * expected, "{}: too wide to tell: {error}", row.measure);
    assert!((value - expected).abs() <= 4.0 * error, "{}: {value} ± {error}, not {expected}", row.measure);
}

/// Of traffic to four units of unavailability u = x ÷ (1 + x), each share that goes to a failed one fails: u of all of it.
#[test]
fn what_nobody_sees_fails_its_share_until_it_is_repaired() {
    let x = REPAIR / LIFE;
    let results = run(pool(Effect::Down, Some(false)));
    close(measure(&results, "journeys.use", "unserved_ratio").unwrap(), x / (1.0 + x));
    close(measure(&results, "components.web", "unseen_ratio").unwrap(), x / (1.0 + x));
    assert_eq!(measure(&results, "components.web", "ejected_ratio").unwrap().seen, 0);
    assert!(measure(&results, "components.web", "time_to_eject").is_none());
}

/// A gray unit answers badly for as long as it is in rotation: to the end, or half an interval until it is ejected.
#[test]
fn a_gray_unit_is_ejected_where_it_is_seen() {
    let gray = Effect::Degraded { capacity: 1.0, errors: 0.4 };
    let x = REPAIR / LIFE;
    let unseen = run(pool(gray, None));
    close(measure(&unseen, "journeys.use", "unserved_ratio").unwrap(), 0.4 * x / (1.0 + x));
    assert!(measure(&unseen, "components.web", "unseen_ratio").is_none());
    let said = run(pool(gray, Some(false)));
    let value = |results: &Results| measure(results, "journeys.use", "unserved_ratio").unwrap().estimate.value;
    assert_eq!(value(&said), value(&unseen), "silence about a gray mode means that nobody sees it");
    close(measure(&said, "components.web", "unseen_ratio").unwrap(), x / (1.0 + x));

    let seen = run(pool(gray, Some(true)));
    let found = measure(&seen, "components.web", "time_to_eject").unwrap();
    assert!((found.estimate.value - 30.0).abs() < 1.0, "{} s", found.estimate.value);
    // What is left: the half interval, and the pool of which all are gray at once.
    let left = 0.4 * 0.5 * MINUTE / (LIFE + REPAIR) + libm::pow(x / (1.0 + x), 4.0);
    assert!(value(&seen) < 4.0 * left, "{} of {left}", value(&seen));
    assert_eq!(measure(&seen, "components.web", "unseen_ratio").unwrap().seen, 0);
}

/// What is said to be as it is anyway changes nothing, on either path.
#[test]
fn to_say_the_usual_changes_nothing() {
    let (silent, said) = (pool(Effect::Down, None), pool(Effect::Down, Some(true)));
    let (silent, said) = (System::build(silent).unwrap(), System::build(said).unwrap());
    let (mut one, mut other) = (World::new(&silent), World::new(&said));
    for index in 0..20 {
        let (one, other) = (one.run(3, index).unwrap(), other.run(3, index).unwrap());
        assert_eq!((&one.outages, &one.losses, &one.checked), (&other.outages, &other.losses, &other.checked));
    }
}

#[test]
fn who_is_not_there_sees_nothing() {
    let refused = |change: &dyn Fn(&mut SystemSpec)| {
        let mut spec = pool(Effect::Down, Some(false));
        change(&mut spec);
        System::build(spec).unwrap_err().to_string()
    };
    assert!(refused(&|spec| spec.health_checks.clear()).contains("no health check"));
    assert!(refused(&|spec| spec.visibilities[0].mode = "other".into()).contains("not declared"));
    assert!(refused(&|spec| spec.visibilities.push(spec.visibilities[0].clone())).contains("declared twice"));
}
