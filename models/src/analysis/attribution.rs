//! Downtime by cut set and by edge: replications run again with everything in sight, and each state of an outage booked
//! to the cut sets that have failed in it and to the edges it came through.
//!
//! A replication is a function of its index, and its draws of the names of units alone, so what is run again is what was
//! run, and all of its downtime is booked.

use std::collections::BTreeMap;

use ninefold_sim_core::interval;
use ninefold_sim_core::moments::Moments;

use super::edges::Edge;
use super::losses::name;
use super::sweep::{Key, Sweep};
use crate::metric::Reading;
use crate::metric::up_down::MINUTES_PER_YEAR;
use crate::replication::{ReplicationError, Sampling, World};
use crate::results::{CutSetDowntimeRow, EdgeDowntimeRow};
use crate::system::{System, SystemError};

/// Most replications whose downtime is attributed.
pub const ATTRIBUTED_MAX: u64 = 10_000;

/// The tables `downtime_by_cut_set` and `downtime_by_edge`.
#[derive(Clone, Debug, Default)]
pub struct Attributed {
    /// By journey, the largest first.
    pub sets: Vec<CutSetDowntimeRow>,
    /// By journey, what ends at them the largest first.
    pub edges: Vec<EdgeDowntimeRow>,
}

/// Why downtime cannot be attributed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AttributionError {
    /// A replication cannot be finished.
    #[error(transparent)]
    Replication(#[from] ReplicationError),
    /// The system cannot be watched.
    #[error(transparent)]
    System(#[from] SystemError),
    /// A state does not show which shock it came from.
    #[error("not supported yet together with shared risks and hazards")]
    SharedRisk,
    /// A state does not show which reclaim it came from.
    #[error("not supported yet together with spot capacity of which much is reclaimed at once")]
    Spot,
    /// A state does not show what was done on purpose.
    #[error("not supported yet together with experiments")]
    Experiment,
    /// A state does not show who led, nor whose side it was.
    #[error("not supported yet together with an election, or with a journey that says `from`")]
    Quorum,
    /// Every draw is another system.
    #[error("not supported yet together with parameter draws")]
    Draws,
    /// There is no downtime before the first failure.
    #[error("a run to the first failure has no downtime")]
    FirstFailure,
}

/// Attributes the downtime of journeys in the first `replications` replications to cut sets and edges.
///
/// # Errors
/// [`AttributionError`] if a replication cannot be finished.
pub(crate) fn attribute(
    (reading, sampling): (Reading<'_>, Sampling),
    replications: u64,
) -> Result<Attributed, AttributionError> {
    let system = reading.system;
    attributable(system)?;
    let watched = system.watched()?;
    let mut world = World::new(&watched.system);
    let mut sweep = Sweep::of(system, &watched);
    let mut booked: BTreeMap<Key, Moments> = BTreeMap::new();
    for index in 0..replications {
        let trace = world.run(sampling, index)?;
        for (key, ticks) in sweep.book(trace) {
            booked.entry(key).or_default().push_within(trace.block, ticks);
        }
    }
    let sample = sampling.blocks.sample(replications);
    let unit = system.measured().get() as f64;
    let minutes = |moments: &Moments| {
        interval::mean(moments, sample, (unit, 1.0), reading.confidence).scaled(MINUTES_PER_YEAR).into()
    };
    Ok(read_out(system, &booked, &minutes))
}

/// Refuses what cannot be attributed.
///
/// # Errors
/// [`AttributionError`], but for its first two.
pub(crate) fn attributable(system: &System) -> Result<(), AttributionError> {
    if !system.drawn.is_empty() {
        return Err(AttributionError::Draws);
    }
    if system.spec.time.until_first_failure {
        return Err(AttributionError::FirstFailure);
    }
    if !system.spec.quorums.elections.is_empty() || !system.spec.quorums.views.is_empty() {
        return Err(AttributionError::Quorum);
    }
    if !system.experiments.is_empty() {
        return Err(AttributionError::Experiment);
    }
    if !system.shocks.is_empty() {
        return Err(AttributionError::SharedRisk);
    }
    if system.spots.iter().any(|spot| spot.spec.reclaims.is_some()) {
        return Err(AttributionError::Spot);
    }
    Ok(())
}

type Minutes<'a> = &'a dyn Fn(&Moments) -> crate::results::Estimated;

fn read_out(system: &System, booked: &BTreeMap<Key, Moments>, minutes: Minutes<'_>) -> Attributed {
    let mut found = Attributed::default();
    let component = |index: u32| format!("components.{}", system.spec.components[index as usize].name);
    for journey in 0..system.journeys.len() as u32 {
        let entity = system.tracked[journey as usize].entity().to_owned();
        let sets = booked.iter().filter_map(|(key, moments)| match key {
            Key::Set(of, members, instead) if *of == journey => Some((members, *instead, moments)),
            _ => None,
        });
        let mut sets: Vec<_> = sets.collect();
        let total: i128 = sets.iter().map(|(_, _, moments)| moments.sum()).sum();
        sets.sort_by_key(|(_, _, moments)| -moments.sum());
        found.sets.extend(sets.into_iter().map(|(members, instead, moments)| CutSetDowntimeRow {
            journey: entity.clone(),
            order: members.len() as u64,
            members: members.iter().map(|&variable| name(system, variable)).collect(),
            instead,
            minutes_per_year: minutes(moments),
            share: moments.sum() as f64 / total as f64,
        }));
        let nothing = Moments::default();
        let mut edges: Vec<(Option<Edge>, &Moments, &Moments)> = Vec::new();
        for (key, moments) in booked {
            match key {
                Key::Through(of, edge) if *of == journey => {
                    let ends = booked.get(&Key::Ends(journey, *edge)).unwrap_or(&nothing);
                    edges.push((Some(*edge), moments, ends));
                }
                Key::Service(of) if *of == journey => edges.push((None, moments, moments)),
                _ => {}
            }
        }
        edges.sort_by_key(|(_, through, ends)| (-ends.sum(), -through.sum()));
        found.edges.extend(edges.into_iter().map(|(edge, through, ends)| EdgeDowntimeRow {
            journey: entity.clone(),
            from: edge.and_then(|(from, _)| from).map_or_else(|| entity.clone(), component),
            to: edge.map_or_else(|| "capacity or errors".to_owned(), |(_, to)| component(to)),
            minutes_through: minutes(through),
            share_through: through.sum() as f64 / total as f64,
            minutes_ending: minutes(ends),
            share_ending: ends.sum() as f64 / total as f64,
        }));
    }
    found
}
