//! The failovers of the replications that are kept.

use crate::mechanism::{Reason, StepEnding};
use crate::metric::failover::{Attempt, Attempts};
use crate::replication::Trace;
use crate::results::{FailoverRow, FailoverStepRow};
use crate::system::{PlanId, System};

/// Failovers kept in all.
pub const FAILOVERS_KEPT: usize = 100_000;

/// The failovers of a replication in the order of when they began, each with its steps.
pub(super) fn rows(of: &System, trace: &Trace, rep: u64) -> Vec<(FailoverRow, Vec<FailoverStepRow>)> {
    let told = |(seq, (attempt, _)): (u64, &(Attempt, usize))| {
        (row(of, (rep, seq), attempt), step_rows(of, (rep, seq), attempt).collect())
    };
    (0..).zip(&attempts(of, trace)).map(told).collect()
}

/// The attempts of a replication that the tables hold, by when they began: those that are not over before measuring begins.
/// Each with its number among those of its instance, from 0.
pub(super) fn attempts(of: &System, trace: &Trace) -> Vec<(Attempt, usize)> {
    let mut open = Attempts::new(of.plans.instances.len());
    let mut ended = vec![0; of.plans.instances.len()];
    let mut attempts = Vec::new();
    for attempt in trace.failovers.iter().filter_map(|&one| open.take(one)) {
        let number = &mut ended[attempt.instance as usize];
        attempts.push((attempt, *number));
        *number += 1;
    }
    attempts.extend(open.left().map(|attempt| (ended[attempt.instance as usize], attempt)).map(|(n, one)| (one, n)));
    attempts.sort_by_key(|(attempt, _)| (attempt.started, attempt.instance));
    attempts.retain(|(attempt, _)| attempt.ended.is_none_or(|(ended, ..)| ended > of.warmup));
    attempts
}

/// `components.NAME`, or `components.NAME@DOMAIN`: whose place an instance of a plan moves.
pub(super) fn component(system: &System, instance: PlanId) -> String {
    let group = &system.groups[system.plans.instances[instance as usize].group as usize];
    let name = &system.spec.components[group.component as usize].name;
    group.domain.as_ref().map_or_else(|| format!("components.{name}"), |d| format!("components.{name}@{d}"))
}

pub(super) fn seconds(tick: ninefold_sim_core::tick::Tick) -> f64 {
    tick.hours() * 3600.0
}

/// The row of an attempt.
pub fn row(system: &System, (rep, seq): (u64, u64), attempt: &Attempt) -> FailoverRow {
    let instance = &system.plans.instances[attempt.instance as usize];
    let unit = |unit: u32| system.units.units[unit as usize].name.clone();
    FailoverRow {
        rep,
        seq,
        plan: system.spec.failovers[instance.plan as usize].name.clone(),
        component: component(system, attempt.instance),
        reason: attempt.reason.name(),
        true_positive: attempt.reason == Reason::True,
        started_s: seconds(attempt.started),
        decide_s: attempt.decided.map(|decided| seconds(decided.since(attempt.started))),
        total_s: attempt.ended.map(|(ended, ..)| seconds(ended.since(attempt.started))),
        overridden: attempt.taken_over.is_some(),
        wrong_decisions: u64::from(attempt.wrong),
        defect: attempt.defect,
        result: attempt.ended.map_or("censored", |(_, how, _)| how.name()),
        from: unit(attempt.from),
        to: attempt.ended.map_or_else(String::new, |(_, _, to)| unit(to)),
    }
}

fn step_rows<'a>(
    system: &'a System,
    (rep, failover): (u64, u64),
    attempt: &'a Attempt,
) -> impl Iterator<Item = FailoverStepRow> + 'a {
    (0..).zip(&attempt.steps).map(move |(seq, taken)| {
        let spec = &system.plans.steps[taken.step as usize].spec;
        FailoverStepRow {
            rep,
            failover,
            seq,
            step: spec.name.clone(),
            team: spec.team.clone().unwrap_or_default(),
            ready_s: seconds(taken.ready),
            wait_s: taken.began.map(|began| seconds(began.since(taken.ready))),
            team_wait_s: taken.began.zip(taken.called).map(|(began, called)| seconds(began.since(called))),
            work_s: taken.began.zip(taken.ended).map(|(began, ended)| seconds(ended.since(began))),
            tries: u64::from(taken.tries),
            result: match taken.how {
                None | Some(StepEnding::Again) => "censored",
                Some(StepEnding::Done) => "done",
                Some(StepEnding::Failed) => "failed",
                Some(StepEnding::GivenUp) => "given_up",
            },
        }
    })
}
