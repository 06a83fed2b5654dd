//! What happened to the failovers of the table `failovers`, one row a transition: the feed `failover_status`.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::failovers::{FAILOVERS_KEPT, attempts, component, seconds};
use super::incidents::sampling;
use super::kept::{again, kept};
use super::{AssessError, Unwatched};
use crate::mechanism::{Happening, StepEnding, Turn};
use crate::plan::Plan;
use crate::replication::{Trace, Unobserved};
use crate::results::{FailoverEventRow, Results};
use crate::story::plan_kind;
use crate::system::{PlanId, StepId, System, UnitId};

/// Rows kept, in whole replications.
pub const FAILOVER_EVENTS_KEPT: usize = 200_000;

/// The transitions of the failovers of `results`, replication by replication, each in the order of time; up to
/// [`FAILOVER_EVENTS_KEPT`], in whole replications.
///
/// # Errors
/// [`AssessError`] as the assessment itself.
pub fn failover_events(system: &System, plan: &Plan, results: &Results) -> Result<Vec<FailoverEventRow>, AssessError> {
    let (mut rows, mut failovers) = (Vec::new(), 0);
    if system.spec.failovers.is_empty() {
        return Ok(rows);
    }
    let sampling = sampling(system, plan, &Unwatched)?;
    let reps = kept(results.outcome.replications, results.worst_replication);
    let read = |of: &System, (trace, _): (&Trace, &mut Unobserved), rep: u64| {
        let kept = attempts(of, trace);
        let numbers = (0..).zip(&kept).map(|(seq, (attempt, number))| ((attempt.instance, *number), seq)).collect();
        (kept.len(), told(of, trace, rep, &numbers))
    };
    again((system, sampling), &reps, (|_: &System| Unobserved, read), |(of_it, told)| {
        failovers += of_it;
        if rows.len() + told.len() > FAILOVER_EVENTS_KEPT || failovers > FAILOVERS_KEPT {
            return ControlFlow::Break(());
        }
        rows.extend(told);
        ControlFlow::Continue(())
    })?;
    rows.sort_by_key(|row| (row.rep, row.failover));
    Ok(rows)
}

/// What has been told of an instance of a plan.
#[derive(Clone, Default)]
struct Told {
    /// Attempts that have begun.
    begun: usize,
    /// Rows of the last of them.
    rows: u64,
    /// The last row that others follow from, and that of each step.
    last: Option<u64>,
    steps: BTreeMap<StepId, u64>,
}

impl Told {
    /// Number and parent of the next row.
    fn next(&mut self, turn: Turn) -> (u64, Option<u64>) {
        if matches!(turn, Turn::Started { .. }) {
            *self = Self { begun: self.begun + 1, ..Self::default() };
        }
        let seq = self.rows;
        self.rows += 1;
        let parent = match turn {
            Turn::StepCalls(step) | Turn::StepBegins(step) | Turn::StepEnds(step, _) => self.steps.get(&step).copied(),
            _ => self.last,
        };
        if let Turn::StepReady(step) | Turn::StepCalls(step) | Turn::StepBegins(step) | Turn::StepEnds(step, _) = turn {
            self.steps.insert(step, seq);
        }
        if !matches!(turn, Turn::StepReady(_) | Turn::StepCalls(_) | Turn::StepBegins(_) | Turn::Tested { .. }) {
            self.last = Some(seq);
        }
        (seq, parent)
    }
}

/// The rows of a replication; `numbers` has the place of each attempt, by instance and number, in `failovers`.
fn told(of: &System, trace: &Trace, rep: u64, numbers: &BTreeMap<(PlanId, usize), u64>) -> Vec<FailoverEventRow> {
    let mut told = vec![Told::default(); of.plans.instances.len()];
    let row = |&Happening { at, instance, turn }: &Happening| {
        let so_far = &mut told[instance as usize];
        let (seq, parent) = so_far.next(turn);
        let failover = *numbers.get(&(instance, so_far.begun.checked_sub(1)?))?;
        let plan = of.plans.instances[instance as usize].plan;
        let unit = |unit: UnitId| of.units.units[unit as usize].name.clone();
        let step = match turn {
            Turn::StepReady(step) | Turn::StepCalls(step) | Turn::StepBegins(step) | Turn::StepEnds(step, _) => {
                Some(&of.plans.steps[step as usize].spec)
            }
            _ => None,
        };
        Some(FailoverEventRow {
            rep,
            failover,
            seq,
            t_s: seconds(at),
            kind: plan_kind(turn),
            plan: of.spec.failovers[plan as usize].name.clone(),
            component: component(of, instance),
            step: step.map_or_else(String::new, |step| step.name.clone()),
            team: step.and_then(|step| step.team.clone()).unwrap_or_default(),
            unit: unit_of(turn).map_or_else(String::new, unit),
            detail: detail(turn),
            parent,
        })
    };
    trace.failovers.iter().filter_map(row).collect()
}

const fn unit_of(turn: Turn) -> Option<UnitId> {
    match turn {
        Turn::Started { from: unit, .. }
        | Turn::Decided(unit)
        | Turn::Instead(unit)
        | Turn::Ended { to: unit, .. }
        | Turn::FellBehind(unit) => Some(unit),
        _ => None,
    }
}

const fn detail(turn: Turn) -> &'static str {
    match turn {
        Turn::Started { reason, .. } => reason.name(),
        Turn::Ended { how, .. } => how.name(),
        Turn::StepEnds(_, StepEnding::Again) => "again",
        Turn::Resyncing { ends: false } => "never_ends",
        Turn::DivergenceFound | Turn::Tested { found: true } => "found",
        Turn::DivergenceMissed => "missed",
        _ => "",
    }
}
