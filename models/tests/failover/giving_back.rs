use ninefold_models::mechanism::{Ending, Reason, Turn};
use ninefold_models::system::{CatchUp, Failback, Repair, System, SystemSpec, TestMethod, Validate};
use ninefold_models::units::Hours;

use crate::system::{attempts, close, constant, exponential, logs, measure, person, plan, run, spec, step, test};

fn failback() -> Failback {
    Failback { by_hand: false, after_stable: Hours::ZERO, resync: None, validate: None, open: None }
}

/// A pair whose first unit fails about every 2000 hours and is repaired in 20.
fn planned(back: Failback) -> SystemSpec {
    let mut declared = plan();
    declared.failback = Some(back);
    let mut spec = spec(Some(declared), (2000.0, 1.0));
    spec.components[0].modes[0].repair = Repair::Takes(constant(20.0));
    spec
}

/// From the loss to the failback: repair, proof of stability, catching up with a fixed backlog, validation.
#[test]
fn the_place_goes_back_when_the_unit_has_caught_up() {
    let resync = CatchUp { backlog: Some(112.0), rate_per_hour: 60.0, write_per_hour: 4.0 };
    let validate = Validate { takes: constant(0.5), diverges: 0.0, detects: 1.0 };
    let back = Failback { after_stable: Hours::new(3.0), resync: Some(resync), validate: Some(validate), ..failback() };
    let system = System::build(planned(back)).unwrap();
    let all = attempts(&system, 100);
    let pairs = all.windows(2).filter(|pair| pair[0].reason == Reason::True && pair[1].reason == Reason::Failback);
    let lags: Vec<f64> = pairs.map(|pair| pair[1].started.since(pair[0].started).hours()).collect();
    let expected = 20.0 + 3.0 + 2.0 + 0.5;
    let exact = lags.iter().filter(|lag| (**lag - expected).abs() < 1e-6).count();
    assert!(lags.len() > 300 && exact as f64 > 0.95 * lags.len() as f64, "{exact} of {}", lags.len());
    let back = all.iter().filter(|one| one.reason == Reason::Failback);
    assert!(back.clone().all(|one| matches!(one.ended, Some((_, Ending::Moved, _)))));
}

/// A rate that does not gain on what is written never ends; it is reported, and nothing hangs.
#[test]
fn a_resync_without_end_is_reported() {
    let resync = CatchUp { backlog: None, rate_per_hour: 4.0, write_per_hour: 4.0 };
    let results = run(planned(Failback { resync: Some(resync), ..failback() }), 100);
    let entity = "failovers.db-failover";
    assert_eq!(measure(&results, entity, "failbacks").estimate.value, 0.0);
    assert!(measure(&results, entity, "resyncs_without_end").estimate.value > 0.0);
    // Once behind, always behind.
    assert!(measure(&results, entity, "catching_up").estimate.value > 0.5 * 525_600.0);
    // A second loss then has nobody to take over: it lasts a whole repair.
    assert!(results.failovers.iter().any(|row| row.result == "by_repair" && (row.total_s.unwrap() / 3600.0) > 19.9));
}

/// The share of divergences that is missed is 1 − detects.
#[test]
fn divergence_is_missed_as_often_as_it_is_not_detected() {
    let validate = Validate { takes: constant(0.5), diverges: 0.5, detects: 0.8 };
    let results = run(planned(Failback { validate: Some(validate), ..failback() }), 2000);
    let value = |name: &str| measure(&results, "failovers.db-failover", name).estimate.value;
    let (found, missed) = (value("divergences_found"), value("divergences_missed"));
    let share = missed / (found + missed);
    assert!((share - 0.2).abs() < 0.01, "{share}");
    // Each look finds one with 0.4 and is repeated: 1 ÷ 0.6 looks a failback.
    assert!(((found + missed) / value("failbacks") - 0.5 / 0.6).abs() < 0.03);
}

/// Outside its window nothing goes back; in it, at once, or after a person's decision.
#[test]
fn a_failback_waits_for_its_window() {
    let open: Vec<(Hours, Hours)> =
        (0..119).map(|week| Hours::new(168.0 * f64::from(week))).map(|at| (at, at + Hours::new(2.0))).collect();
    let mut spec = planned(Failback { open: Some(open), by_hand: true, ..failback() });
    spec.failovers[0].taken_over = Some(person(100.0, constant(0.25)));
    let system = System::build(spec).unwrap();
    let all = attempts(&system, 50);
    let begun: Vec<f64> = all.iter().filter(|a| a.reason == Reason::Failback).map(|a| a.started.hours()).collect();
    assert!(begun.len() > 100);
    assert!(begun.iter().all(|at| (0.25 - 1e-6..=2.25).contains(&(at % 168.0))));
}

/// A shadow test touches nothing that is served, a full one moves the place by its steps each time.
#[test]
fn a_full_test_moves_what_is_served_and_a_shadow_nothing() {
    let tested = |method| {
        let mut declared = plan();
        declared.stages[0][0] = step("promote", constant(0.5));
        declared.test = Some(test(method, 0.0));
        run(spec(Some(declared), (1e8, 1.0)), 20)
    };
    let (shadow, full) = (tested(TestMethod::Shadow), tested(TestMethod::Full));
    assert_eq!(measure(&shadow, "journeys.use", "unavailability").estimate.value, 0.0);
    // Half an hour of every 500; a test begins at the end of the warm-up and one at the horizon.
    close(&full, ("journeys.use", "unavailability"), 0.001, 0.1);
    close(&full, ("failovers.db-failover", "failovers_test"), 39.0 / (19_000.0 / 8760.0), 0.1);
}

/// Between tests that find everything a demand meets a defect with 1 − (1 − e^(−λT)) ÷ (λT).
#[test]
fn defects_between_tests_fail_demands() {
    let mut declared = plan();
    let decay = 0.002;
    declared.test = Some(test(TestMethod::Shadow, decay));
    let results = run(spec(Some(declared), (20_000.0, 5.0)), 20_000);
    let expected = 1.0 - (1.0 - libm::exp(-1.0)) / 1.0;
    close(&results, ("failovers.db-failover", "failover_success"), 1.0 - expected, 0.01);
}

/// Failovers and failbacks take turns: between two failbacks there is a failover, and each failback follows one.
#[test]
fn failover_and_failback_alternate() {
    let mut spec = planned(Failback { after_stable: Hours::new(1.0), ..failback() });
    spec.failovers[0].stages[0][0] = step("promote", exponential(2.0));
    let system = System::build(spec).unwrap();
    for log in logs(&system, 100) {
        let (mut away, mut reason) = (false, Reason::True);
        for one in log {
            match one.turn {
                Turn::Started { reason: now, .. } => {
                    assert!(now != Reason::Failback || away, "a failback without a failover before it");
                    reason = now;
                }
                Turn::Ended { how, .. } if reason == Reason::Failback => away = how != Ending::Moved,
                Turn::Ended { how: Ending::Moved | Ending::ByRepair, .. } => away = true,
                _ => {}
            }
        }
    }
}
