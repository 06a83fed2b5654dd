//! Degraded redundancy, and what a second failure costs while it lasts.

use ninefold_models::system::{CatchUp, Failback, Repair};
use ninefold_models::units::Hours;

use crate::system::{close, constant, plan, run, spec};

const YEAR_MIN: f64 = 8760.0 * 60.0;

/// A hot pair that is moved at once, failures at λ and repairs at μ each: one is down 2ρ ÷ (1 + ρ)² of the time, the second
/// fails λ times that often, and both are down ρ² ÷ (1 + ρ)².
#[test]
fn a_pair_is_bare_as_often_as_one_of_it_is_down() {
    let (life, repair) = (100.0, 10.0);
    let results = run(spec(Some(plan()), (life, repair)), 400);
    let rho: f64 = repair / life;
    let all = (1.0 + rho) * (1.0 + rho);
    let one = 2.0 * rho / all;
    let entity = "failovers.db-failover";
    close(&results, (entity, "degraded_redundancy"), one * YEAR_MIN, 0.01);
    close(&results, (entity, "second_failures"), one * 8760.0 / life, 0.01);
    close(&results, (entity, "second_failure_loss"), rho * rho / all * YEAR_MIN, 0.02);
}

/// A unit that is back, but has yet to catch up, covers nobody: it is down for 4 h, and catches up for backlog ÷ (rate − write)
/// = 56 ÷ 14 h more, after each of the losses of the unit in the place.
#[test]
fn who_catches_up_covers_nobody() {
    let mut declared = plan();
    declared.failback = Some(Failback {
        by_hand: false,
        after_stable: Hours::ZERO,
        resync: Some(CatchUp { backlog: Some(56.0), rate_per_hour: 15.0, write_per_hour: 1.0 }),
        validate: None,
        open: None,
    });
    let mut system = spec(Some(declared), (1.0, 1.0));
    let crash = &mut system.components[0].modes[0];
    crash.repair = Repair::Takes(constant(4.0));
    crash.time_to_failure = crate::system::exponential(5_000.0);
    let results = run(system, 1000);
    // Two units at 1/5000 an hour; the loss of the one that waits lasts 4 h, that of the other 8.
    let a_year = 8760.0 / 5_000.0 * (4.0 + 8.0) * 60.0;
    close(&results, ("failovers.db-failover", "degraded_redundancy"), a_year, 0.02);
}
