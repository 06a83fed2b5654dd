use ninefold_models::assess::failover_row;
use ninefold_models::mechanism::Ending;
use ninefold_models::metric::failover::Attempt;
use ninefold_models::results::{Estimated, FailoverTeamRow};
use ninefold_models::system::{
    Clock, DomainSpec, Effect, FailoverSpec, ModeSpec, Repair, StepSpec, System, SystemSpec,
};

use crate::system::{attempts, constant, exponential, means, plan, run, spec, step};

/// Repairs that take a week: no failover is ended by one.
fn planned(declared: FailoverSpec) -> SystemSpec {
    let mut spec = spec(Some(declared), (2000.0, 1.0));
    spec.components[0].modes[0].repair = Repair::Takes(constant(168.0));
    spec
}

/// Total times of the attempts whose steps were not begun anew.
fn totals(declared: FailoverSpec) -> Vec<f64> {
    let count = declared.steps().count();
    let system = System::build(planned(declared)).unwrap();
    let whole = |attempt: &Attempt| {
        let once = attempt.steps.len() == count && matches!(attempt.ended, Some((_, Ending::Moved, _)));
        once.then(|| attempt.ended.unwrap().0.since(attempt.started).hours())
    };
    let all: Vec<f64> = attempts(&system, 400).iter().filter_map(whole).collect();
    assert!(all.len() > 2000);
    all
}

fn by(team: &str, step: StepSpec) -> StepSpec {
    StepSpec { team: Some(team.into()), ..step }
}

/// All-exponential serial steps sum.
#[test]
fn serial_steps_sum() {
    let mut declared = plan();
    declared.stages = [1.0, 0.5, 0.25].map(|mean| vec![step("serial", exponential(mean))]).into();
    means(&totals(declared), 1.75, 0.03);
}

/// Parallel steps take as long as the longest: E max of two exponentials of mean 1 is 1.5, of constants the larger.
#[test]
fn parallel_steps_take_as_long_as_the_longest() {
    let mut declared = plan();
    declared.stages = vec![vec![step("one", exponential(1.0)), step("other", exponential(1.0))]];
    means(&totals(declared.clone()), 1.5, 0.03);
    declared.stages = vec![vec![step("one", constant(1.0)), step("other", constant(3.0))]];
    assert!(totals(declared).iter().all(|time| (time - 3.0).abs() < 1e-6));
}

/// One shared responder turns the maximum into the sum.
#[test]
fn one_shared_responder_turns_the_longest_into_the_sum() {
    let mut declared = plan();
    declared.stages = vec![vec![by("ops", step("one", constant(1.0))), by("ops", step("other", constant(3.0)))]];
    assert!(totals(declared.clone()).iter().all(|time| (time - 4.0).abs() < 1e-6));
    declared.stages = vec![vec![by("ops", step("one", exponential(1.0))), by("ops", step("other", exponential(1.0)))]];
    means(&totals(declared), 2.0, 0.03);
}

/// Minutes by team: of steps side by side the last is on the critical path, alone; where one crew does both, the second waits
/// for the first, every time, and one of two calls finds nobody free.
#[test]
fn the_critical_path_and_the_waiting_stand_by_team() {
    let mut declared = plan();
    declared.stages = vec![
        vec![step("drain", constant(0.5))],
        vec![by("ops", step("one", constant(1.0))), by("net", step("other", constant(3.0)))],
    ];
    let row = |rows: &[FailoverTeamRow], team: &str| rows.iter().find(|row| row.team == team).unwrap().clone();
    let minutes = |found: Option<Estimated>| found.unwrap().value;
    let mut spec = planned(declared.clone());
    let mut other = spec.teams[0].clone();
    other.name = "net".into();
    spec.teams.push(other);
    // Both units are seldom away at once, and then the steps begin anew: less than one in a hundred.
    let near =
        |found: f64, expected: f64| assert!((found - expected).abs() < 0.02 * expected, "{found}, not {expected}");
    let rows = run(spec, 200).failover_teams;
    near(minutes(row(&rows, "").critical), 30.0);
    near(minutes(row(&rows, "net").critical), 180.0);
    assert_eq!(minutes(row(&rows, "ops").critical), 0.0);
    assert_eq!((minutes(row(&rows, "ops").waited), minutes(row(&rows, "net").contended)), (0.0, 0.0));
    // One crew for both.
    declared.stages[1][1].team = Some("ops".into());
    let rows = run(planned(declared), 200).failover_teams;
    let ops = row(&rows, "ops");
    near(minutes(ops.critical), 240.0);
    // Those that nobody could take over have no steps.
    let some = ops.attempts as f64 / ops.moved as f64;
    near(some * minutes(ops.waited), 60.0);
    near(some * minutes(ops.worked), 240.0);
    near(minutes(ops.contended), 0.5);
    assert!(ops.calls >= 2 * ops.moved && ops.moved > 500, "{ops:?}");
}

/// A crew that repairs does not do steps meanwhile: the lost unit is called for first, and repaired before the step.
#[test]
fn repairs_and_steps_share_the_crews() {
    let mut declared = plan();
    declared.stages = vec![vec![by("ops", step("promote", constant(1.0)))]];
    let mut spec = planned(declared);
    let repair = ninefold_models::system::CrewRepair::new("ops", constant(5.0), 1);
    spec.components[0].modes[0].repair = Repair::ByCrew(repair);
    let system = System::build(spec).unwrap();
    let all = attempts(&system, 100);
    let waits: Vec<f64> = all
        .iter()
        .filter(|attempt| attempt.steps.len() == 1)
        .filter_map(|attempt| Some(attempt.steps[0].began?.since(attempt.steps[0].ready).hours()))
        .collect();
    assert!(waits.len() > 100);
    // Nothing else is broken at most of them, and the repair under way has all of its five hours before it.
    let five = waits.iter().filter(|wait| (**wait - 5.0).abs() < 1e-6).count();
    assert!(five as f64 > 0.95 * waits.len() as f64, "{five} of {}", waits.len());
}

/// A hand-over comes before the first try, retries after their pause; the row says so.
#[test]
fn steps_are_handed_over_and_tried_again() {
    let mut declared = plan();
    let flaky = StepSpec {
        success: 0.0,
        retries: 2,
        pause: Some(constant(0.25)),
        hand_over: Some(constant(0.5)),
        ..step("promote", constant(1.0))
    };
    declared.stages = vec![vec![flaky]];
    let system = System::build(planned(declared)).unwrap();
    let all = attempts(&system, 20);
    let taken = &all.iter().find(|attempt| attempt.steps.len() == 1).unwrap().steps[0];
    let (began, ended) = (taken.began.unwrap(), taken.ended.unwrap());
    assert!((began.since(taken.ready).hours() - 0.5).abs() < 1e-6);
    assert!((ended.since(began).hours() - 3.5).abs() < 1e-6);
    assert_eq!(taken.tries, 3);
    let row = failover_row(&system, (0, 0), &all[0]);
    assert_eq!((row.plan.as_str(), row.component.as_str(), row.reason), ("db-failover", "components.db", "true"));
    assert_eq!(row.result, "by_repair");
}

/// A step that needs a control plane waits until the domain is up again.
#[test]
fn a_step_waits_for_its_control_plane() {
    let mut declared = plan();
    declared.stages[0][0].control_plane = Some("cloud".into());
    let mut spec = planned(declared);
    spec.domains = vec![DomainSpec {
        name: "cloud".into(),
        level: None,
        parent: None,
        modes: vec![ModeSpec {
            name: "loss".into(),
            time_to_failure: exponential(100.0),
            repair: Repair::Takes(exponential(10.0)),
            effect: Effect::Down,
            clock: Clock::Operating,
            propagates: Vec::new(),
        }],
    }];
    let system = System::build(spec).unwrap();
    let all = attempts(&system, 1000);
    let waits: Vec<f64> = all
        .iter()
        .filter(|attempt| attempt.steps.len() == 1)
        .filter_map(|attempt| Some(attempt.steps[0].began?.since(attempt.steps[0].ready).hours()))
        .collect();
    // Lost at P = 1 / 11, then for the rest of an exponential repair.
    means(&waits, 10.0 / 11.0, 0.06);
}
