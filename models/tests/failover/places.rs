//! Several active places of one component, each of which goes through its plan by itself.

use ninefold_models::exact::solve;
use ninefold_models::mechanism::{Happening, Turn};
use ninefold_models::system::{Redundancy, System, SystemSpec, UnitId};
use proptest::prelude::*;

use crate::system::{close, exponential, logs, measure, plan, run, spec, step};

/// `active` of `units` hot ones.
fn several(mut spec: SystemSpec, (active, units): (u32, usize)) -> SystemSpec {
    let db = &mut spec.components[0];
    if let Redundancy::Standby(scheme) = &mut db.redundancy {
        (scheme.active, scheme.need) = (active, active);
    }
    db.units =
        (1..=units).map(|i| ninefold_models::system::UnitSpec { name: format!("db/{i}"), domain: None }).collect();
    spec
}

/// A plan of one step that always works is a switch, of two places as of one: the chain of that is exact.
#[test]
fn two_places_are_two_switches() {
    let mut switched = several(spec(None, (200.0, 10.0)), (2, 3));
    if let Redundancy::Standby(scheme) = &mut switched.components[0].redundancy {
        scheme.switch_takes = exponential(2.0);
    }
    let exact = solve(&System::build(switched).unwrap());
    let (expected, method) = exact.get("components.db", "unavailability", None).unwrap();
    assert_eq!(method, "Markov chain");
    let mut declared = plan();
    declared.stages[0][0] = step("promote", exponential(2.0));
    let results = run(several(spec(Some(declared), (200.0, 10.0)), (2, 3)), 300);
    close(&results, ("components.db", "unavailability"), expected, 0.02);
    // What the plans do has no exact answer, and none is given.
    assert_eq!(measure(&results, "components.db", "unavailability").exact, None);
}

/// Who has a place, replayed from the log; no unit ever has two.
fn each_has_one(log: &[Happening], active: usize) -> Result<(), TestCaseError> {
    let mut has: Vec<Option<UnitId>> = (0..active as UnitId).map(Some).collect();
    for one in log {
        let place = one.instance as usize;
        match one.turn {
            Turn::Decided(_) | Turn::TakenOver | Turn::NobodyLeft => has[place] = None,
            Turn::Ended { to, .. } => {
                has[place] = Some(to);
                let taken = has.iter().filter(|unit| **unit == Some(to)).count();
                prop_assert!(taken == 1, "unit {to} has {taken} places");
            }
            _ => {}
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_unit_has_two_places(spec in crate::machine::any_plan(), active in 2u32..4, spare in 1usize..3) {
        let spec = several(spec, (active, active as usize + spare));
        let system = System::build(spec.clone()).unwrap();
        let all = logs(&system, 2);
        for log in &all {
            each_has_one(log, active as usize)?;
            for instance in 0..active {
                let own: Vec<Happening> = log.iter().filter(|one| one.instance == instance).copied().collect();
                crate::machine::is_sound(&own, system.plans.steps.len())?;
            }
        }
        prop_assert_eq!(all, logs(&System::build(spec).unwrap().by_events(), 2));
    }
}
