//! The stories of the incidents of the replications that are kept.

use std::ops::ControlFlow;

use super::kept::{again, kept};
use super::prepared::Prepared;
use super::{AssessError, Unwatched, Watch};
use crate::plan::Plan;
use crate::replication::{ReplicationError, Sampling, Trace, Unobserved};
use crate::results::Results;
use crate::story::{Chosen, incidents, stories};
use crate::system::System;
use crate::variance::Scheme;

/// Incidents kept in all.
pub const INCIDENTS_KEPT: usize = 100_000;

/// The incidents of replications, in the order of `reps`, as many as are kept.
fn chosen(system: &System, sampling: Sampling, reps: &[u64]) -> Result<Vec<Chosen>, ReplicationError> {
    let (mut chosen, mut left) = (Vec::new(), INCIDENTS_KEPT);
    let read =
        |of: &System, (trace, _): (&Trace, &mut Unobserved), rep: u64| Chosen { rep, incidents: incidents(of, trace) };
    again((system, sampling), reps, (|_: &System| Unobserved, read), |mut one| {
        one.incidents.truncate(left);
        left -= one.incidents.len();
        chosen.push(one);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(chosen)
}

/// How the replications of a run of this plan draw.
///
/// # Errors
/// [`AssessError`] if the plan cannot be carried out.
pub fn sampling(system: &System, plan: &Plan, watch: &dyn Watch) -> Result<Sampling, AssessError> {
    Ok(Scheme::decide(system, plan, Prepared::of(system, plan)?.possible, watch)?.sampling)
}

/// Fills the table `incident_events` of an assessment: the stories of its incidents, the worst replication first until
/// the [events](crate::story::EVENTS_REPLAYED_MAX) or the [rows](crate::story::ROWS_KEPT) are used up. They are not told
/// before, as replaying by events takes longer than counting.
///
/// # Errors
/// [`AssessError`] as the assessment itself.
pub fn tell(system: &System, plan: &Plan, results: &mut Results) -> Result<(), AssessError> {
    let sampling = sampling(system, plan, &Unwatched)?;
    let reps = kept(results.outcome.replications, results.worst_replication);
    let chosen = chosen(system, sampling, &reps)?;
    let mut rows = stories(system, sampling, &chosen)?;
    rows.sort_by(|a, b| (a.rep, &a.journey, a.incident, a.seq).cmp(&(b.rep, &b.journey, b.incident, b.seq)));
    results.incident_events = rows;
    Ok(())
}
