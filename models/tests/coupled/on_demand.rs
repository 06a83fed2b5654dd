//! Failures on demand: closed forms of standby units that may not start, and who is called after whom.

use ninefold_models::exact::solve;
use ninefold_models::lifetime::Law;
use ninefold_models::replication::World;
use ninefold_models::system::*;
use ninefold_models::units::Hours;

const LIFE: f64 = 1000.0;
const REPAIR: f64 = 10.0;

fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

fn mode(name: &str, clock: Clock, repair: Repair) -> ModeSpec {
    let (name, time_to_failure) = (name.to_owned(), exponential(LIFE));
    ModeSpec { name, time_to_failure, repair, effect: Effect::Down, clock, propagates: Vec::new() }
}

/// One active unit and `dormant` cold ones, switched in at once, each of which fails to start with probability `p`.
fn standby(dormant: usize, p: f64, repair: Repair) -> SystemSpec {
    let unit = |i| UnitSpec { name: format!("diesel/{i}"), domain: None };
    let component = ComponentSpec {
        name: "diesel".into(),
        units: (0..=dormant).map(unit).collect(),
        redundancy: Redundancy::Standby(Standby {
            mode: StandbyMode::Cold,
            active: 1,
            need: 1,
            switch_takes: Law::constant(Hours::ZERO).unwrap(),
            switch_success: 1.0,
            manual_switch: None,
            repair_starts: RepairStarts::AtOnce,
        }),
        per: None,
        modes: vec![mode("crash", Clock::Operating, repair.clone()), mode("no-start", Clock::Called, repair)],
        capacity_per_unit: None,
    };
    let demand = OnDemandSpec { component: "diesel".into(), mode: "no-start".into(), probability: p };
    SystemSpec { components: vec![component], on_demands: vec![demand], ..SystemSpec::default() }
}

fn exact(spec: &SystemSpec, measure: &str) -> f64 {
    let solutions = solve(&System::build(spec.clone()).unwrap());
    let found = solutions.get("components.diesel", measure, None);
    found.unwrap_or_else(|| panic!("{measure}: {:?}", solutions.reason("components.diesel", measure))).0
}

fn close(value: f64, expected: f64) {
    assert!((value / expected - 1.0).abs() < 1e-11, "{value} is not {expected}");
}

#[test]
fn a_pair_whose_second_unit_may_not_start() {
    for p in [0.0, 0.01, 0.3, 1.0] {
        let spec = standby(1, p, Repair::Takes(exponential(REPAIR)));
        let (fails, repaired) = (1.0 / LIFE, 1.0 / REPAIR);
        let r = fails / repaired;
        let both = (p * r + r * r) / 2.0;
        close(exact(&spec, "unavailability"), both / (1.0 + r + both));
        let starts = (1.0 - p) / (fails + repaired);
        close(exact(&spec, "mttf"), (1.0 / fails + starts) / (1.0 - starts * repaired));
    }
}

#[test]
fn never_repaired_each_that_starts_adds_its_life() {
    let (p, dormant) = (0.2, 3);
    let spec = standby(dormant, p, Repair::Never);
    close(exact(&spec, "mttf"), LIFE * (1.0 + dormant as f64 * (1.0 - p)));
}

#[test]
fn at_probability_0_nothing_changes_and_at_1_nobody_starts() {
    let takes = || Repair::Takes(Law::lognormal_mean_sigma(Hours::new(30.0), 1.0).unwrap());
    let never_fails = System::build(standby(2, 0.0, takes())).unwrap();
    let mut plain = standby(2, 0.0, takes());
    plain.on_demands.clear();
    plain.components[0].modes.pop();
    let plain = System::build(plain).unwrap();
    let alone = System::build(standby(2, 1.0, takes())).unwrap();
    let (mut one, mut other, mut dead) = (World::new(&never_fails), World::new(&plain), World::new(&alone));
    let mut outages = 0;
    for index in 0..30 {
        assert_eq!(one.run(5, index).unwrap().outages, other.run(5, index).unwrap().outages);
        // Whoever is lost first is down until the first of the three is repaired.
        outages += dead.run(5, index).unwrap().outages[0].len();
    }
    assert!(outages > 100, "{outages}");
}

#[test]
fn the_downtime_of_what_did_not_start_is_its_own() {
    let mut spec = standby(1, 0.5, Repair::Takes(exponential(REPAIR)));
    let path = Path::Component { name: "diesel".into(), side: Side::Both };
    spec.journeys = vec![JourneySpec { name: "use".into(), path, demand: None, rule: UpRule::default() }];
    let system = System::build(spec).unwrap();
    let cause = |name: &str| system.units.causes.iter().position(|cause| cause == name).unwrap() as u32;
    let (crash, no_start) = (cause("diesel/crash"), cause("diesel/no-start"));
    let mut world = World::new(&system);
    let mut booked = [0, 0];
    for index in 0..200 {
        for &(_, cause, ticks) in &world.run(9, index).unwrap().causes {
            assert!(cause == crash || cause == no_start);
            booked[usize::from(cause == no_start)] += ticks;
        }
    }
    // Nearly every outage is one that crashed and one that did not start, each to blame for half.
    let share = booked[1] as f64 / (booked[0] + booked[1]) as f64;
    assert!((share - 0.49).abs() < 0.02, "{share}");
}

#[test]
fn what_cannot_be_called_is_refused() {
    let spec = standby(1, 0.5, Repair::Takes(exponential(REPAIR)));
    let refused = |change: &dyn Fn(&mut SystemSpec)| {
        let mut spec = spec.clone();
        change(&mut spec);
        System::build(spec).unwrap_err().to_string()
    };
    assert!(refused(&|spec| spec.components[0].redundancy = Redundancy::None).contains("no standby scheme"));
    assert!(refused(&|spec| spec.components[0].units.truncate(1)).contains("no unit that waits"));
    assert!(refused(&|spec| spec.on_demands[0].probability = f64::NAN).contains("allowed is 0 to 1"));
    assert!(refused(&|spec| spec.on_demands[0].mode = "crash".into()).contains("not declared"));
    assert!(refused(&|spec| spec.on_demands.clear()).contains("not declared"));
    let at_once = Repair::Takes(Law::constant(Hours::ZERO).unwrap());
    assert!(refused(&|spec| spec.components[0].modes[1].repair = at_once.clone()).contains("no time"));
}
