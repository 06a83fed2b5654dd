use ninefold_models::mechanism::{Ending, Reason};
use ninefold_models::system::{Clock, ModeSpec, OnDemandSpec, Repair, System, SystemSpec, UnitSpec};

use crate::system::{attempts, constant, plan, spec};

/// Units that fail to start with a quarter when the plan calls them.
pub(crate) fn may_not_start(spec: &mut SystemSpec) {
    let crash = spec.components[0].modes[0].clone();
    let name = "no-start".to_owned();
    spec.on_demands.push(OnDemandSpec { component: "db".into(), mode: name.clone(), probability: 0.25 });
    let repair = Repair::Takes(constant(2.0));
    spec.components[0].modes.push(ModeSpec { name, clock: Clock::Called, repair, ..crash });
}

/// With n that wait nobody starts with 1/4ⁿ; the place then waits for a repair.
#[test]
fn who_does_not_start_does_not_take_over() {
    for waiting in [1, 2] {
        let mut spec = spec(Some(plan()), (5000.0, 1.0));
        let unit = |i| UnitSpec { name: format!("db/{i}"), domain: None };
        spec.components[0].units = (0..=waiting).map(unit).collect();
        may_not_start(&mut spec);
        let all = attempts(&System::build(spec).unwrap(), 2000);
        let lost: Vec<_> = all.iter().filter(|attempt| attempt.reason == Reason::True).collect();
        let by_repair = lost.iter().filter(|attempt| matches!(attempt.ended, Some((_, Ending::ByRepair, _)))).count();
        let (share, expected) = (by_repair as f64 / lost.len() as f64, libm::pow(0.25, f64::from(waiting)));
        let error = (expected * (1.0 - expected) / lost.len() as f64).sqrt();
        // Another unit is already away with 1 h ÷ 5000 h, or 2 h after it failed to start.
        assert!(error < 0.006 && (share - expected).abs() < 4.0 * error + 0.002, "{share}, not {expected}");
    }
}
