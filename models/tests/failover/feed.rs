use std::collections::BTreeMap;

use ninefold_models::assess::{Unwatched, assess, failover_events};
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::results::{FailoverEventRow, FailoverRow, FailoverStepRow, failover_event_kinds};
use ninefold_models::system::System;
use proptest::prelude::*;

use crate::machine::any_plan;

/// The row of `failovers` that the lines of one failover tell of.
fn rebuilt(lines: &[&FailoverEventRow]) -> FailoverRow {
    let first = lines[0];
    let of = |kind: &'static str| lines.iter().filter(move |line| line.kind == kind);
    let turned = of("failover_true").next().is_some();
    let reason = if turned { "true" } else { first.detail };
    let end = of("failover_ended").next();
    let since = |line: &&FailoverEventRow| line.t_s - first.t_s;
    FailoverRow {
        rep: first.rep,
        seq: first.failover,
        plan: first.plan.clone(),
        component: first.component.clone(),
        reason,
        true_positive: reason == "true",
        started_s: first.t_s,
        decide_s: of("failover_decided").next_back().map(since),
        total_s: end.map(since),
        traffic_moved_p50_s: None,
        traffic_moved_p95_s: None,
        lost_writes_s: None,
        overridden: of("failover_override").next().is_some(),
        wrong_decisions: of("failover_wrong").count() as u64,
        defect: of("failover_defect").next().is_some(),
        result: end.map_or("censored", |end| end.detail),
        from: first.unit.clone(),
        to: end.map_or_else(String::new, |end| end.unit.clone()),
    }
}

/// The rows of its steps: what a line follows from says which step it is of, where two have one name.
fn rebuilt_steps(lines: &[&FailoverEventRow]) -> Vec<FailoverStepRow> {
    let mut steps: Vec<FailoverStepRow> = Vec::new();
    let mut step_of: BTreeMap<u64, usize> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.kind.starts_with("step_")) {
        if line.kind == "step_ready" {
            step_of.insert(line.seq, steps.len());
            steps.push(FailoverStepRow {
                rep: line.rep,
                failover: line.failover,
                seq: steps.len() as u64,
                step: line.step.clone(),
                team: line.team.clone(),
                ready_s: line.t_s,
                wait_s: None,
                team_wait_s: None,
                work_s: None,
                tries: 0,
                result: "censored",
            });
            continue;
        }
        let place = step_of[&line.parent.unwrap()];
        step_of.insert(line.seq, place);
        let step = &mut steps[place];
        match line.kind {
            "step_begins" => {
                if step.tries == 0 {
                    step.wait_s = Some(line.t_s - step.ready_s);
                    step.team_wait_s = step.team_wait_s.map(|called| line.t_s - called);
                }
                step.tries += 1;
            }
            // Until its first try this is when its team was called for.
            "step_calls" => step.team_wait_s = Some(line.t_s),
            _ if line.detail == "again" => {}
            kind => {
                step.work_s = step.wait_s.map(|wait| line.t_s - step.ready_s - wait);
                step.result = match kind {
                    "step_done" => "done",
                    "step_failed" => "failed",
                    _ => "given_up",
                };
            }
        }
    }
    let unmet = steps.iter_mut().filter(|step| step.tries == 0);
    unmet.for_each(|step| step.team_wait_s = None);
    steps
}

/// Seconds are floats of ticks, and a difference of two is off by their last digits.
fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-4,
        (a, b) => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Every row of `failovers` and of `failover_steps` is rebuilt from the lines alone; their order and parents are valid.
    #[test]
    fn tables_are_rebuilt_from_the_feed_alone(spec in any_plan()) {
        let system = System::build(spec).unwrap();
        let plan = Plan { stopping: Stopping::Fixed(4), ..Plan::default() };
        let results = assess(&system, &plan, &Unwatched).unwrap();
        let lines = failover_events(&system, &plan, &results).unwrap();
        let mut by_failover: BTreeMap<(u64, u64), Vec<&FailoverEventRow>> = BTreeMap::new();
        for line in &lines {
            by_failover.entry((line.rep, line.failover)).or_default().push(line);
            prop_assert!(failover_event_kinds().any(|(kind, _)| kind == line.kind), "{}", line.kind);
        }
        prop_assert!(lines.windows(2).all(|two| (two[0].rep, two[0].t_s) <= (two[1].rep, two[1].t_s)));
        prop_assert_eq!(by_failover.len(), results.failovers.len());
        for row in &results.failovers {
            let lines = &by_failover[&(row.rep, row.seq)];
            for (seq, line) in (0..).zip(lines) {
                prop_assert_eq!(line.seq, seq);
                prop_assert!(line.parent.is_none_or(|parent| parent < seq));
                prop_assert_eq!(line.parent.is_none(), seq == 0, "only the first follows from nothing");
            }
            let again = rebuilt(lines);
            prop_assert!(near(again.decide_s, row.decide_s) && near(again.total_s, row.total_s), "{again:?}\n{row:?}");
            let (decide_s, total_s) = (row.decide_s, row.total_s);
            prop_assert_eq!(&FailoverRow { decide_s, total_s, ..again }, row);
            let of_it = |step: &&FailoverStepRow| (step.rep, step.failover) == (row.rep, row.seq);
            let steps: Vec<&FailoverStepRow> = results.failover_steps.iter().filter(of_it).collect();
            let again = rebuilt_steps(lines);
            prop_assert_eq!(again.len(), steps.len());
            for (again, step) in again.into_iter().zip(steps) {
                prop_assert!(near(again.wait_s, step.wait_s) && near(again.work_s, step.work_s) && near(again.team_wait_s, step.team_wait_s), "{again:?}\n{step:?}");
                let (wait_s, work_s, team_wait_s) = (step.wait_s, step.work_s, step.team_wait_s);
                prop_assert_eq!(&FailoverStepRow { wait_s, work_s, team_wait_s, ..again }, step);
            }
        }
    }
}
