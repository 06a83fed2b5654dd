//! Warm-up: units that begin to serve serve less at first.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::{Share, Trace, World};
use ninefold_models::scaling::Scaler;
use ninefold_models::scaling::hpa::{Hpa, HpaSpec, Target, Tolerance};
use ninefold_models::system::*;
use ninefold_models::units::Hours;

fn constant(hours: f64) -> Law {
    Law::constant(Hours::new(hours)).unwrap()
}

fn mode(name: &str, time_to_failure: Law, repair: Law) -> ModeSpec {
    ModeSpec {
        name: name.into(),
        time_to_failure,
        repair: Repair::Takes(repair),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    }
}

/// One journey that asks for all that so many units of 50/s serve.
fn spec(units: u32, modes: Vec<ModeSpec>) -> SystemSpec {
    let web = ComponentSpec {
        name: "web".into(),
        units: (1..=units).map(|i| UnitSpec { name: format!("web/{i}"), domain: None }).collect(),
        redundancy: Redundancy::None,
        per: None,
        modes,
        capacity_per_unit: Some(Level::from(50.0)),
    };
    let journey = JourneySpec {
        name: "use".into(),
        path: Path::Component { name: "web".into(), side: Side::Both },
        demand: Some(Level::from(50.0 * f64::from(units))),
        rule: UpRule { success: 0.9, capacity_at_least: None },
    };
    SystemSpec { name: "test".into(), components: vec![web], journeys: vec![journey], ..SystemSpec::default() }
}

fn trace(spec: SystemSpec) -> Trace {
    World::new(&System::build(spec).unwrap()).run(1, 0).unwrap().clone()
}

#[test]
fn a_repaired_unit_serves_its_share_of_its_life() {
    let (life, repair, warm_up, capacity) = (60.0, 2.0, 5.0, 0.4);
    let exponential = Law::exponential(Hours::new(life)).unwrap();
    let crash = mode("crash", exponential, constant(repair));
    let mut spec = spec(3, vec![crash, ModeSpec::warm_up(constant(warm_up), capacity)]);
    (spec.time.horizon, spec.time.warmup) = (Hours::new(4000.0), Hours::new(1000.0));
    let system = System::build(spec).unwrap();
    let plan = Plan { seed: 3, stopping: Stopping::Fixed(300), ..Plan::default() };
    let results = assess(&system, &plan, &Unwatched).unwrap();
    let found = results.measures.iter().find(|m| m.entity == "journeys.use" && m.measure == "unserved_ratio").unwrap();
    // Of a life the mean of its first `warm_up` hours is (1 − e^(−w ÷ L)) L, so the share warm or warming is A times …
    let able = life / (life + repair);
    let warming = able * (1.0 - libm::exp(-warm_up / life));
    let expected = 1.0 - able + (1.0 - capacity) * warming;
    let (value, error) = (found.estimate.value, found.estimate.standard_error);
    assert!(error < 0.01 * expected && (value - expected).abs() < 4.0 * error, "{value} ± {error} is not {expected}");
    assert_eq!(found.exact, None);
    let reason = exact::solve(&system).reason("journeys.use", "unserved_ratio").unwrap().to_string();
    assert_eq!(reason, "units of `web` warm up whenever they begin to serve");
    assert!(results.causes.iter().any(|row| row.cause == "web/warm_up"));
}

#[test]
fn units_warm_up_when_their_zone_is_back_and_begin_anew_where_they_are_lost_meanwhile() {
    let crash = mode("crash", constant(12.0), constant(1.0));
    let mut spec = spec(1, vec![crash, ModeSpec::warm_up(constant(3.0), 0.5)]);
    let loss = mode("loss", constant(10.0), constant(1.0));
    spec.domains = vec![DomainSpec { name: "zone".into(), level: None, parent: None, modes: vec![loss] }];
    spec.components[0].units[0].domain = Some("zone".into());
    spec.time.horizon = Hours::new(20.0);
    let losses = trace(spec).losses[0].clone();
    let half = Share::of(0.5);
    let told: Vec<_> = losses.iter().map(|loss| (loss.start.hours(), loss.end.hours(), loss.lost == half)).collect();
    // Lost at 10, back and half warm at 11; crashed at 12, back at 13 and warm at 16.
    assert_eq!(told, [(10.0, 11.0, false), (11.0, 12.0, true), (12.0, 13.0, false), (13.0, 16.0, true)]);
}

#[test]
fn a_replica_boots_and_then_warms_up() {
    let minute = 1.0 / 60.0;
    let mut spec = spec(4, vec![ModeSpec::warm_up(constant(minute), 0.5)]);
    let steps = vec![(Hours::ZERO, 100.0), (Hours::new(1.0), 200.0)];
    spec.journeys[0].demand = Some(Level { rate: 1.0, course: Some(Course { steps, variation: None }) });
    spec.time.horizon = Hours::new(2.0);
    let policy = HpaSpec {
        targets: vec![Target::PerReplica(50.0)],
        min: 1,
        max: 4,
        tolerance: Tolerance::default(),
        behavior: None,
        cooldown: Default::default(),
    };
    let scaler = Scaler::Hpa(Hpa::new(policy, Default::default()));
    spec.autoscalers = vec![AutoscaleSpec::new("web", 2, scaler, constant(minute))];
    let losses = trace(spec).losses[0].clone();
    let told: Vec<_> = losses
        .iter()
        .map(|loss| (loss.start.hours() * 3600.0, loss.end.hours() * 3600.0, loss.lost))
        .map(|(from, to, lost)| (from.round(), to.round(), lost))
        .collect();
    // Two replicas are missing for a minute, and serve half for another.
    assert_eq!(told, [(3600.0, 3660.0, Share::of(0.5)), (3660.0, 3720.0, Share::of(0.25))]);
}
