use ninefold_models::exact::solve;
use ninefold_models::mechanism::Ending;
use ninefold_models::system::{CrewRepair, Redundancy, Repair, System, SystemSpec};

use crate::system::{attempts, close, constant, exponential, means, measure, person, plan, run, spec, step};

/// A plan of one step that works with probability c, and a person who mends what it does not, is a switch with a manual
/// switch after it: the chain of that gives the exact unavailability, with one crew for both units.
#[test]
fn uncovered_losses_end_at_the_manual_rate() {
    let crew = |spec: &mut SystemSpec| {
        let repair = CrewRepair::new("ops", exponential(10.0), 1);
        spec.components[0].modes[0].repair = Repair::ByCrew(repair);
    };
    let mut switched = spec(None, (1000.0, 10.0));
    crew(&mut switched);
    if let Redundancy::Standby(scheme) = &mut switched.components[0].redundancy {
        (scheme.switch_takes, scheme.switch_success) = (exponential(0.2), 0.9);
        scheme.manual_switch = Some(exponential(0.5));
    }
    let exact = solve(&System::build(switched).unwrap());
    let (expected, method) = exact.get("components.db", "unavailability", None).unwrap();
    assert_eq!(method, "Markov chain");
    let mut declared = plan();
    declared.stages[0][0] = step("promote", exponential(0.2));
    declared.stages[0][0].success = 0.9;
    // Later than any failover takes; a step that fails calls for the person at once.
    declared.taken_over = Some(person(1000.0, exponential(0.5)));
    let mut planned = spec(Some(declared), (1000.0, 10.0));
    crew(&mut planned);
    let results = run(planned, 4000);
    close(&results, ("components.db", "unavailability"), expected, 0.02);
    // What the plan does has no exact answer, and none is given.
    assert_eq!(measure(&results, "components.db", "unavailability").exact, None);
    // A tenth of the steps fail, and a repair comes before the person's decision once in 21 times; few find nobody able.
    let share = measure(&results, "failovers.db-failover", "override_share").estimate;
    assert!(share.standard_error < 0.0015 && share.value > 0.09 && share.value < 0.0953, "{share:?}");
}

/// Without anybody who takes over, a failed failover lasts until a repair: the mean of the two units' remaining repairs.
#[test]
fn without_an_override_a_failed_failover_runs_to_repair() {
    let mut declared = plan();
    declared.stages[0][0].success = 0.0;
    let system = System::build(spec(Some(declared), (5000.0, 10.0))).unwrap();
    let all = attempts(&system, 300);
    let by_repair = all.iter().filter(|one| matches!(one.ended, Some((_, Ending::ByRepair, _))));
    let times: Vec<f64> = by_repair.map(|one| one.ended.unwrap().0.since(one.started).hours()).collect();
    assert_eq!(times.len(), all.iter().filter(|one| one.ended.is_some()).count());
    // While the other unit is able, the first repair that ends is that of the lost one.
    means(&times, 10.0, 0.04);
}

/// A person takes over at the stated time and decides as long as stated; each wrong decision takes another.
#[test]
fn a_person_takes_over_after_a_while() {
    let mut declared = plan();
    declared.stages[0][0] = step("promote", constant(5000.0));
    let mut someone = person(0.25, constant(0.5));
    someone.wrong_decision = 0.25;
    declared.taken_over = Some(someone);
    let mut planned = spec(Some(declared), (2000.0, 1.0));
    planned.components[0].modes[0].repair = Repair::Takes(constant(100.0));
    planned.components[0].modes[0].time_to_failure = exponential(50_000.0);
    let results = run(planned, 3000);
    close(&results, ("failovers.db-failover", "override_share"), 1.0, 0.01);
    // 15 minutes, then decisions of half an hour, geometrically many: 0.5 ÷ 0.75 h.
    close(&results, ("failovers.db-failover", "override_time"), 15.0 + 40.0, 0.02);
    let wrong = measure(&results, "failovers.db-failover", "wrong_decisions").estimate.value;
    let harm = measure(&results, "failovers.db-failover", "wrong_decision_harm").estimate.value;
    assert!((harm / wrong - 30.0).abs() < 1e-6, "each costs half an hour, not {} min", harm / wrong);
}
