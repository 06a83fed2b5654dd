//! What components with a capacity have left, by date: by hand, and against the exponential law.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::results::{HeadroomRow, Results};
use ninefold_models::system::*;
use ninefold_models::units::Hours;

/// Three units of 50/s under one journey, each with one mode.
fn spec(modes: [Option<(Law, Law)>; 3], steps: &[(f64, f64)], hours: f64) -> SystemSpec {
    let mut spec = SystemSpec { name: "test".into(), ..SystemSpec::default() };
    let names = ["a", "b", "c"];
    for (name, mode) in names.iter().zip(modes) {
        let mode = mode.map(|(time_to_failure, repair)| ModeSpec {
            name: "loss".into(),
            time_to_failure,
            repair: Repair::Takes(repair),
            effect: Effect::Down,
            clock: Clock::Operating,
            propagates: Vec::new(),
        });
        let modes = mode.into_iter().collect();
        spec.domains.push(DomainSpec { name: (*name).into(), level: Some("zone".into()), parent: None, modes });
    }
    spec.components = vec![ComponentSpec {
        name: "web".into(),
        units: names.map(|name| UnitSpec { name: format!("web/{name}/1"), domain: Some(name.into()) }).to_vec(),
        redundancy: Redundancy::None,
        per: None,
        modes: Vec::new(),
        capacity_per_unit: Some(Level::from(50.0)),
    }];
    let steps = steps.iter().map(|&(at, rate)| (Hours::new(at), rate)).collect();
    spec.journeys = vec![JourneySpec {
        name: "use".into(),
        path: Path::Component { name: "web".into(), side: Side::Both },
        demand: Some(Level { rate: 1.0, course: Some(Course { steps, variation: None }) }),
        rule: UpRule { success: 0.5, capacity_at_least: None },
    }];
    spec.time.horizon = Hours::new(hours);
    spec
}

fn run(spec: SystemSpec, replications: u64) -> Results {
    let system = System::build(spec).unwrap();
    assess(&system, &Plan { stopping: Stopping::Fixed(replications), ..Plan::default() }, &Unwatched).unwrap()
}

fn hours(hours: f64) -> Law {
    Law::constant(Hours::new(hours)).unwrap()
}

fn at(results: &Results, hour: f64) -> &HeadroomRow {
    results.headroom.iter().rfind(|row| row.at_h <= hour).unwrap()
}

/// 400 h are parts of an hour. A unit is lost at 10.5 h for an hour; 120/s come from 10 h on, else 80/s.
#[test]
fn an_hour_by_hand() {
    let of = [Some((hours(10.5), hours(1.0))), None, None];
    let results = run(spec(of, &[(0.0, 80.0), (10.0, 120.0), (20.0, 80.0)], 400.0), 4);
    assert_eq!(results.headroom.len(), 400);
    let seen = |hour: f64| {
        let row = at(&results, hour);
        assert_eq!((row.entity.as_str(), row.span_h, row.replications), ("components.web", 1.0, 4));
        assert_eq!(
            (row.demand[0], row.capacity[0], row.headroom[0]),
            (row.demand[2], row.capacity[2], row.headroom[2])
        );
        (row.demand[1], row.capacity[1], row.headroom[1], row.short.value, row.exhausted.value, row.units_needed)
    };
    assert_eq!(seen(9.0), (80.0, 150.0, 70.0, 0.0, 0.0, 2));
    assert_eq!(seen(10.0), (120.0, 125.0, -20.0, 1.0, 1.0, 3));
    assert_eq!(seen(11.0), (120.0, 125.0, -20.0, 1.0, 1.0, 3));
    assert_eq!(seen(12.0), (120.0, 150.0, 30.0, 0.0, 1.0, 3));
    // 10.5 h of operation later, from 22 to 23 h: 100/s are left of 80/s.
    assert_eq!(seen(22.0), (80.0, 100.0, 20.0, 0.0, 1.0, 2));
}

/// A component without a demand has all of its capacity left.
#[test]
fn without_a_demand_it_is_what_is_available() {
    let mut spec = spec([Some((hours(10.0), hours(1.0))), None, None], &[(0.0, 0.0)], 20.0);
    spec.journeys[0].demand = None;
    let results = run(spec, 2);
    let row = at(&results, 10.5);
    assert_eq!((row.demand[1], row.capacity[1], row.headroom[1], row.units_needed), (0.0, 100.0, 100.0, 0));
}

/// Full as it is, the loss of any of three exhausts it: by t with the probability 1 − e^(−3 t ÷ 300 h).
#[test]
fn the_first_loss_exhausts_what_has_no_reserve() {
    let mode = || Some((Law::exponential(Hours::new(300.0)).unwrap(), hours(1.0)));
    let results = run(spec([mode(), mode(), mode()], &[(0.0, 150.0)], 400.0), 64);
    for end in [50.0, 100.0, 200.0] {
        let row = at(&results, end - 0.5);
        let expected = 1.0 - (-3.0 * end / 300.0_f64).exp();
        let deviation = (expected * (1.0 - expected) / 64.0).sqrt();
        assert!((row.exhausted.value - expected).abs() < 3.0 * deviation, "{end} h: {:?}, {expected}", row.exhausted);
        assert!(row.exhausted.lo <= row.exhausted.value && row.exhausted.value <= row.exhausted.hi);
    }
    // Probabilities by a date never fall.
    assert!(results.headroom.windows(2).all(|two| two[0].exhausted.value <= two[1].exhausted.value));
}
