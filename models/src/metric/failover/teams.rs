//! Whom the failovers that are called for wait for, and whose work lies on their critical path.

use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use super::{Attempt, Attempts, StepTaken, minute};
use crate::mechanism::{Ending, Reason};
use crate::metric::recovery_point::Spans;
use crate::metric::{Metric, Reading};
use crate::replication::Trace;
use crate::results::FailoverTeamRow;
use crate::system::{FailoverSpec, StepId, System};

/// One team in one plan.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct OfTeam {
    /// Ticks on the critical path, of the attempts that the plan moved.
    critical: Spans,
    /// Ticks of work by its crews, and of waiting for one, of all attempts.
    worked: Spans,
    waited: Spans,
    /// Calls that found no crew free, of all calls.
    contended: Spans,
}

/// Every team of every plan.
#[derive(Debug, Serialize, Deserialize)]
pub struct FailoverTeams {
    plans: Vec<Vec<OfTeam>>,
}

/// One team in one plan in one replication: sums and counts.
#[derive(Clone, Copy, Debug, Default)]
struct Once {
    critical: (i64, i64),
    worked: (i64, i64),
    waited: (i64, i64),
    contended: (i64, i64),
}

/// The teams of a plan, by name; the plan itself, which nobody waits for, has none and comes first.
fn teams_of(plan: &FailoverSpec) -> Vec<Option<&str>> {
    let approver = plan.authority.approver.as_deref().map(Some);
    let mut teams: Vec<Option<&str>> = plan.steps().map(|step| step.team.as_deref()).chain(approver).collect();
    teams.sort_unstable();
    teams.dedup();
    teams
}

/// The place of a team among those of its plan.
fn place(teams: &[Option<&str>], team: Option<&str>) -> usize {
    teams.binary_search(&team).expect("bug: every team of a plan is known")
}

/// A call for a crew: since when, from when on one was there, until when it was needed.
type Called = (Tick, Option<Tick>, Tick);

impl Once {
    fn called(&mut self, (called, came, over): Called) {
        let began = came.unwrap_or(over);
        self.waited.0 += began.since(called).get();
        self.worked.0 += over.since(began).get();
        self.contended.0 += i64::from(came != Some(called));
        self.contended.1 += 1;
    }
}

/// What an attempt did, team by team; attempts that nobody called for, or that were over before anything was done, are passed
/// over.
fn count(attempt: &Attempt, system: &System, once: &mut [Once]) {
    let (Reason::True, Some((ended, how, _))) = (attempt.reason, attempt.ended) else { return };
    if how == Ending::Recovered {
        return;
    }
    let decided = attempt.decided.or(attempt.taken_over).unwrap_or(ended);
    let plan = &system.spec.failovers[system.plans.instances[attempt.instance as usize].plan as usize];
    let teams = teams_of(plan);
    for team in once.iter_mut() {
        (team.worked.1, team.waited.1) = (team.worked.1 + 1, team.waited.1 + 1);
    }
    if let (Some(approver), Some((since, came))) = (plan.authority.approver.as_deref(), attempt.asked) {
        let mine = &mut once[place(&teams, Some(approver))];
        mine.called((since, came, decided));
        if how == Ending::Moved {
            mine.critical.0 += decided.since(since).get();
        }
    }
    let team_of = |step: StepId| place(&teams, system.plans.steps[step as usize].spec.team.as_deref());
    for taken in &attempt.steps {
        let mine = &mut once[team_of(taken.step)];
        let over = taken.ended.unwrap_or(ended);
        match taken.called {
            Some(called) => mine.called((called, taken.began, over)),
            None => mine.worked.0 += taken.began.map_or(0, |began| over.since(began).get()),
        }
    }
    if how == Ending::Moved {
        once.iter_mut().for_each(|team| team.critical.1 += 1);
        for stage in &system.plans.instances[attempt.instance as usize].stages {
            if let Some((last, took)) = last_of(attempt, stage) {
                once[team_of(last)].critical.0 += took.get();
            }
        }
    }
}

/// The step of a stage that was done last, and the time from the stage's beginning to that; of a stage that was begun anew,
/// the last time counts.
fn last_of(attempt: &Attempt, stage: &std::ops::Range<StepId>) -> Option<(StepId, Tick)> {
    let of_stage = || stage.clone().filter_map(|step| attempt.steps.iter().rev().find(|taken| taken.step == step));
    let ready = of_stage().map(|taken: &StepTaken| taken.ready).min()?;
    let last = of_stage().max_by_key(|taken| taken.ended)?;
    Some((last.step, last.ended?.since(ready)))
}

impl Metric for FailoverTeams {
    fn new(system: &System) -> Self {
        let of = |plan: &FailoverSpec| vec![OfTeam::default(); teams_of(plan).len()];
        Self { plans: system.spec.failovers.iter().map(of).collect() }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        if self.plans.is_empty() {
            return;
        }
        let mut once: Vec<Vec<Once>> = self.plans.iter().map(|teams| vec![Once::default(); teams.len()]).collect();
        let mut attempts = Attempts::new(system.plans.instances.len());
        for attempt in trace.failovers.iter().filter_map(|&happened| attempts.take(happened)) {
            if attempt.started >= system.warmup {
                let plan = system.plans.instances[attempt.instance as usize].plan as usize;
                count(&attempt, system, &mut once[plan]);
            }
        }
        for (mine, once) in self.plans.iter_mut().flatten().zip(once.iter().flatten()) {
            mine.critical.push_sums(trace.block, once.critical);
            mine.worked.push_sums(trace.block, once.worked);
            mine.waited.push_sums(trace.block, once.waited);
            mine.contended.push_sums(trace.block, once.contended);
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.plans.iter_mut().flatten().zip(later.plans.iter().flatten()) {
            mine.critical.merge(&other.critical);
            mine.worked.merge(&other.worked);
            mine.waited.merge(&other.waited);
            mine.contended.merge(&other.contended);
        }
    }

    fn fits(&self, system: &System) -> bool {
        let sizes = system.spec.failovers.iter().map(|plan| teams_of(plan).len());
        self.plans.iter().map(Vec::len).eq(sizes)
    }
}

impl FailoverTeams {
    /// Table `failover_teams`.
    pub fn rows(&self, reading: Reading<'_>) -> Vec<FailoverTeamRow> {
        let mut rows = Vec::new();
        for (teams, plan) in self.plans.iter().zip(&reading.system.spec.failovers) {
            for (mine, team) in teams.iter().zip(teams_of(plan)) {
                let minutes = (minute(), f64::INFINITY);
                let of =
                    |spans: &Spans, scale| (spans.count.sum() > 0).then(|| spans.bounded_mean(scale, reading).into());
                rows.push(FailoverTeamRow {
                    plan: plan.name.clone(),
                    team: team.unwrap_or_default().to_owned(),
                    attempts: mine.waited.count.sum().unsigned_abs() as u64,
                    moved: mine.critical.count.sum().unsigned_abs() as u64,
                    critical: of(&mine.critical, minutes),
                    worked: of(&mine.worked, minutes),
                    waited: of(&mine.waited, minutes),
                    calls: mine.contended.count.sum().unsigned_abs() as u64,
                    contended: of(&mine.contended, (1.0, 1.0)),
                });
            }
        }
        rows
    }
}
