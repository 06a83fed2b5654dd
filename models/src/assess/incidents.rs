//! The incidents of the replications that are kept, and their stories: run again, since a replication is a function of its
//! index.

use crate::assess::headroom::Headroom;
use crate::assess::prepared::Prepared;
use crate::assess::{AssessError, Unwatched, Watch};
use crate::plan::Plan;
use crate::replication::{Observe, ReplicationError, Sampling, Unobserved, World};
use crate::results::{HeadroomRow, IncidentRow, Results};
use crate::story::{Chosen, incidents, stories};
use crate::system::System;
use crate::variance::Scheme;

/// The first replications, whose incidents are kept.
pub const REPLICATIONS_KEPT: u64 = 64;

/// Incidents kept in all.
pub const INCIDENTS_KEPT: usize = 100_000;

/// Incidents of the first replications and of the worst one, in order of replication, journey and time; and what components
/// had left meanwhile.
pub(super) fn rows(
    system: &System,
    sampling: Sampling,
    which: (u64, Option<u64>),
    confidence: f64,
) -> Result<(Vec<IncidentRow>, Vec<HeadroomRow>), ReplicationError> {
    let mut rows = Vec::new();
    let (chosen, headroom) = kept(system, sampling, which, Headroom::of(system))?;
    for Chosen { rep, incidents } in chosen {
        let of = system.of_replication(rep);
        rows.extend(incidents.iter().map(|incident| incident.row(of, rep)));
    }
    rows.sort_by(|a, b| (a.rep, &a.journey, a.seq).cmp(&(b.rep, &b.journey, b.seq)));
    Ok((rows, headroom.rows(confidence)))
}

/// The worst first, so that no limit cuts it.
fn kept<O: Observe>(
    system: &System,
    sampling: Sampling,
    (replications, worst): (u64, Option<u64>),
    observer: O,
) -> Result<(Vec<Chosen>, O), ReplicationError> {
    let mut world = World::observed(system.of_replication(0), observer);
    let (mut chosen, mut left) = (Vec::new(), INCIDENTS_KEPT);
    let others = (0..replications.min(REPLICATIONS_KEPT)).filter(|&rep| Some(rep) != worst);
    for rep in worst.into_iter().chain(others) {
        let of = system.of_replication(rep);
        if !std::ptr::eq(of, world.system()) {
            world = World::observed(of, world.into_observer());
        }
        let trace = world.run(sampling, rep)?;
        let mut incidents = incidents(of, trace);
        incidents.truncate(left);
        left -= incidents.len();
        chosen.push(Chosen { rep, incidents });
        if left == 0 {
            break;
        }
    }
    Ok((chosen, world.into_observer()))
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
    let which = (results.outcome.replications, results.worst_replication);
    let (chosen, _) = kept(system, sampling, which, Unobserved)?;
    let mut rows = stories(system, sampling, &chosen)?;
    rows.sort_by(|a, b| (a.rep, &a.journey, a.incident, a.seq).cmp(&(b.rep, &b.journey, b.incident, b.seq)));
    results.incident_events = rows;
    Ok(())
}
