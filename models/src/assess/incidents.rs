//! The incidents of the replications that are kept, and their stories: run again, since a replication is a function of its
//! index.

use crate::assess::prepared::Prepared;
use crate::assess::{AssessError, Unwatched, Watch};
use crate::plan::Plan;
use crate::replication::{ReplicationError, Sampling};
use crate::results::{IncidentRow, Results};
use crate::story::{Chosen, incidents, stories};
use crate::system::System;
use crate::uncertainty::DrawnWorld;
use crate::variance::Scheme;

/// The first replications, whose incidents are kept.
pub const REPLICATIONS_KEPT: u64 = 64;

/// Incidents kept in all.
pub const INCIDENTS_KEPT: usize = 100_000;

/// Incidents of the first replications and of the worst one, in order of replication, journey and time.
pub(super) fn rows(
    system: &System,
    sampling: Sampling,
    replications: u64,
    worst: Option<u64>,
) -> Result<Vec<IncidentRow>, ReplicationError> {
    let mut rows = Vec::new();
    for Chosen { rep, incidents } in kept(system, sampling, replications, worst)? {
        let of = system.of_replication(rep);
        rows.extend(incidents.iter().map(|incident| incident.row(of, rep)));
    }
    rows.sort_by(|a, b| (a.rep, &a.journey, a.seq).cmp(&(b.rep, &b.journey, b.seq)));
    Ok(rows)
}

/// The worst first, so that no limit cuts it.
fn kept(
    system: &System,
    sampling: Sampling,
    replications: u64,
    worst: Option<u64>,
) -> Result<Vec<Chosen>, ReplicationError> {
    let mut world = DrawnWorld::new(system, None);
    let (mut chosen, mut left) = (Vec::new(), INCIDENTS_KEPT);
    let others = (0..replications.min(REPLICATIONS_KEPT)).filter(|&rep| Some(rep) != worst);
    for rep in worst.into_iter().chain(others) {
        let (of, trace) = world.run(sampling, rep)?;
        let mut incidents = incidents(of, trace);
        incidents.truncate(left);
        left -= incidents.len();
        chosen.push(Chosen { rep, incidents });
        if left == 0 {
            break;
        }
    }
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
    let chosen = kept(system, sampling, results.outcome.replications, results.worst_replication)?;
    let mut rows = stories(system, sampling, &chosen)?;
    rows.sort_by(|a, b| (a.rep, &a.journey, a.incident, a.seq).cmp(&(b.rep, &b.journey, b.incident, b.seq)));
    results.incident_events = rows;
    Ok(())
}
