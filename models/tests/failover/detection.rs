use ninefold_models::mechanism::{Ending, Reason};
use ninefold_models::system::{Mistakes, ModeSpec, Repair, System, Trigger, View};
use ninefold_models::units::Hours;

use crate::system::{attempts, close, constant, exponential, mean, means, measure, person, plan, probe, run, spec};

const MINUTE: f64 = 1.0 / 60.0;

/// Of two failures of equal rate that are mended in an hour only one is seen: half of all losses are missed. Where a confirmer
/// sees it and the probe does not, a person takes over.
#[test]
fn what_no_probe_sees_is_missed() {
    let with = |probe_sees: bool, person_after: Option<f64>| {
        let mut declared = plan();
        declared.trigger.probe = Some(probe(0.01, 1));
        declared.trigger.confirmers = vec![Mistakes::default()];
        declared.trigger.need = 1;
        declared.taken_over = person_after.map(|after| person(after, constant(0.0)));
        let view = View { component: "db".into(), mode: "stuck".into(), probe: probe_sees, confirmers: vec![true] };
        declared.trigger.views = vec![view];
        let mut spec = spec(Some(declared), (2000.0, 1.0));
        spec.components[0].modes[0].repair = Repair::Takes(constant(1.0));
        let stuck = ModeSpec { name: "stuck".into(), ..spec.components[0].modes[0].clone() };
        spec.components[0].modes.push(stuck);
        run(spec, 400)
    };
    let entity = "failovers.db-failover";
    let results = with(false, None);
    let lost = measure(&results, entity, "failovers_true").estimate.value;
    let missed = measure(&results, entity, "failovers_missed").estimate.value;
    assert!((missed / lost - 0.5).abs() < 0.02, "{missed} of {lost}");
    assert_eq!(measure(&with(true, None), entity, "failovers_missed").estimate.value, 0.0);
    let by_hand = measure(&with(false, Some(0.5)), entity, "override_share").estimate.value;
    assert!((by_hand - 0.5).abs() < 0.02, "{by_hand}");
}

/// Zero mistakes and instant faults: `for` + U(0, every) + (unhealthy_after − 1) × every.
#[test]
fn decide_time_is_uniform_over_a_probe_interval() {
    let mut declared = plan();
    declared.trigger.probe = Some(probe(6.0 * MINUTE, 3));
    declared.trigger.lasts = Hours::new(5.0 * MINUTE);
    let system = System::build(spec(Some(declared), (100.0, 10.0))).unwrap();
    let decided = |attempt: &ninefold_models::metric::failover::Attempt| {
        attempt.decided.map(|decided| decided.since(attempt.started).hours() / MINUTE)
    };
    let times: Vec<f64> = attempts(&system, 40).iter().filter_map(decided).collect();
    // 5 + U(0, 6) + 12, but repairs within the time end some attempts: of the others the share that outlasts t goes with
    // the repair's survival, which falls by 1 % over the six minutes.
    means(&times, 20.0, 0.002);
    assert!(times.iter().all(|&time| (17.0 - 1e-6..=23.0 + 1e-6).contains(&time)));
    let (at_most_18, _) = mean(&times.iter().map(|&time| f64::from(time < 18.0)).collect::<Vec<_>>());
    assert!((at_most_18 - 1.0 / 6.0).abs() < 0.02, "{at_most_18}");
}

/// A loss that is over before it is noticed is missed: P(repair < 20 min) with a repair of 10 h.
#[test]
fn short_losses_are_missed() {
    let mut declared = plan();
    declared.trigger.lasts = Hours::new(2.0);
    let results = run(spec(Some(declared), (100.0, 10.0)), 400);
    let missed = measure(&results, "failovers.db-failover", "failovers_missed").estimate.value;
    let all = measure(&results, "failovers.db-failover", "failovers_true").estimate.value;
    let expected = 1.0 - libm::exp(-0.2);
    assert!((missed / all - expected).abs() < 0.01, "{} of losses are missed, not {expected}", missed / all);
    close(&results, ("failovers.db-failover", "decide_time"), 120.0, 0.001);
}

/// A trigger that is never wrong about a unit that is able raises no false alarm; one that is raises them at the rate of
/// success runs, (1 − pᵏ) ÷ ((1 − p) pᵏ) rounds apart.
#[test]
fn false_alarms_come_in_success_runs() {
    let mut declared = plan();
    let mistakes = Mistakes { false_positive: 0.1, false_negative: 0.0 };
    declared.trigger.probe = Some(ninefold_models::system::Probe { mistakes, ..probe(0.1, 2) });
    let results = run(spec(Some(declared), (1e7, 1.0)), 200);
    // Every move makes the other unit the one in the place, so every alarm but the first is a flap.
    let value = |name: &str| measure(&results, "failovers.db-failover", name).estimate.value;
    let expected = 8760.0 / (0.1 * 0.99 / (0.9 * 0.01));
    let found = value("failovers_false") + value("failovers_flap");
    assert!((found / expected - 1.0).abs() < 0.01, "{found} a year, not {expected}");
    assert!(value("failovers_false") < 0.001 * expected);
}

/// At most one failover begins within the least interval, however often the alarm is false.
#[test]
fn the_least_interval_bounds_the_flaps() {
    let mut declared = plan();
    let mistakes = Mistakes { false_positive: 0.5, false_negative: 0.0 };
    let probe = ninefold_models::system::Probe { mistakes, ..probe(0.01, 1) };
    declared.trigger = Trigger { probe: Some(probe), min_interval: Hours::new(24.0), ..declared.trigger };
    let system = System::build(spec(Some(declared), (1000.0, 5.0))).unwrap();
    for log in crate::system::logs(&system, 5) {
        let decided: Vec<f64> = log
            .iter()
            .filter(|one| matches!(one.turn, ninefold_models::mechanism::Turn::Decided(_)))
            .map(|one| one.at.hours())
            .collect();
        assert!(decided.windows(2).all(|pair| pair[1] - pair[0] >= 24.0 - 1e-6));
        assert!(decided.len() > 500, "alarms come all the time, and {} were heeded", decided.len());
        assert!(decided.len() <= 1 + (20_000.0f64 / 24.0).ceil() as usize);
    }
}

/// A person who is asked sees through a false alarm, but for a share.
#[test]
fn a_person_dismisses_false_alarms() {
    let mut declared = plan();
    let mistakes = Mistakes { false_positive: 0.1, false_negative: 0.0 };
    declared.trigger.probe = Some(ninefold_models::system::Probe { mistakes, ..probe(0.1, 1) });
    declared.authority.auto_below_blast = Some(0.5);
    let mut someone = person(100.0, exponential(0.1));
    someone.wrong_decision = 0.2;
    declared.taken_over = Some(someone);
    let system = System::build(spec(Some(declared), (1e7, 1.0))).unwrap();
    assert!(!system.plans.instances[0].automatic && system.plans.instances[0].blast == 1.0);
    let all = attempts(&system, 4);
    assert!(all.iter().all(|attempt| matches!(attempt.reason, Reason::False | Reason::Flap)));
    let moved = all.iter().filter(|one| matches!(one.ended, Some((_, Ending::Moved, _)))).count();
    let dismissed = all.iter().filter(|one| matches!(one.ended, Some((_, Ending::Dismissed, _)))).count();
    assert_eq!(moved + dismissed, all.len());
    let (share, error) = (moved as f64 / all.len() as f64, (0.16 / all.len() as f64).sqrt());
    assert!(error < 0.005 && (share - 0.2).abs() < 4.0 * error, "{share} ± {error}");
}
