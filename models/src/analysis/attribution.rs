//! Downtime by cut set and by edge, and importance: replications run again with everything in sight, and each state of an
//! outage booked to the cut sets that have failed in it and to the edges it came through.
//!
//! A replication is a function of its index, so what is run again is what was run, and all of its downtime is booked.

use std::collections::BTreeMap;

use ninefold_sim_core::checkpoints::CHUNK;
use ninefold_sim_core::interval;
use ninefold_sim_core::moments::Moments;

use super::edges::Edge;
use super::holds::Holds;
use super::importance::Tally;
use super::stakes::{Candidate, Stakes, candidates};
use super::sweep::{Key, Sweep};
use crate::metric::Reading;
use crate::metric::up_down::MINUTES_PER_YEAR;
use crate::replication::{ReplicationError, Sampling, World};
use crate::results::{CutSetDowntimeRow, EdgeDowntimeRow, ImportanceRow};
use crate::system::System;

/// Most replications whose downtime is attributed.
pub const ATTRIBUTED_MAX: u64 = 10_000;

/// Pairs of a journey and a component or domain whose importance is estimated; journeys beyond are left out.
pub const PAIRS_MAX: usize = 10_000;

/// The tables `downtime_by_cut_set` and `downtime_by_edge`, and what is missing in `importance`.
#[derive(Clone, Debug, Default)]
pub struct Attributed {
    /// By journey, the largest first.
    pub sets: Vec<CutSetDowntimeRow>,
    /// By journey, what ends at them the largest first.
    pub edges: Vec<EdgeDowntimeRow>,
    /// By journey, for those without an exact importance.
    pub importance: Vec<ImportanceRow>,
}

/// Why downtime cannot be attributed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AttributionError {
    /// A replication cannot be finished.
    #[error(transparent)]
    Replication(#[from] ReplicationError),
    /// There is no downtime before the first failure.
    #[error("a run to the first failure has no downtime")]
    FirstFailure,
}

/// Attributes the downtime of journeys in the first `most` replications (rounded to whole blocks, and to as many of every
/// draw) to cut sets and edges, and estimates the importance that has no exact answer.
///
/// # Errors
/// [`AttributionError`] if a replication cannot be finished.
pub(crate) fn attribute(
    (reading, sampling): (Reading<'_>, Sampling),
    most: u64,
) -> Result<Attributed, AttributionError> {
    let system = reading.system;
    attributable(system)?;
    let by_draw = replications(system, most.min(reading.replications), sampling.blocks.size());
    let holds = Holds::of(system);
    let asked = asked(system, &holds, reading);
    let mut booked: BTreeMap<Key, Moments> = BTreeMap::new();
    let mut tally = Tally::of(&asked);
    for indices in &by_draw {
        let Some(&first) = indices.first() else { continue };
        // Timelines do not show what is hidden behind something else.
        let of = System { drawn: Vec::new(), ..system.of_replication(first).clone() }.by_events();
        let mut world = World::observed(&of, Sweep::of(&of, &holds, Stakes::of(&of, &asked)));
        for &index in indices {
            let block = world.run(sampling, index)?.block;
            let sweep = world.observer();
            for (key, &ticks) in sweep.booked() {
                booked.entry(key.clone()).or_default().push_within(block, ticks);
            }
            tally.add(block, sweep.stakes().ticks());
        }
    }
    let sample = sampling.blocks.sample(by_draw.iter().map(|indices| indices.len() as u64).sum());
    let unit = system.measured().get() as f64;
    let minutes = |moments: &Moments| {
        interval::mean(moments, sample, (unit, 1.0), reading.confidence).scaled(MINUTES_PER_YEAR).into()
    };
    let mut found = read_out((system, &holds), &booked, &minutes);
    found.importance = tally.rows((system, &asked), sample, reading.confidence);
    Ok(found)
}

/// Refuses what cannot be attributed.
///
/// # Errors
/// [`AttributionError::FirstFailure`].
pub(crate) const fn attributable(system: &System) -> Result<(), AttributionError> {
    if system.spec.time.until_first_failure { Err(AttributionError::FirstFailure) } else { Ok(()) }
}

/// The replications that are run again, by parameter draw: as many of each, whole blocks.
fn replications(system: &System, most: u64, block: u64) -> Vec<Vec<u64>> {
    let draws = system.drawn.len().max(1) as u64;
    let each = most.div_ceil(draws).max(block) / block * block;
    let alone = system.drawn.is_empty();
    let place = |draw: u64, of: u64| if alone { of } else { (of / CHUNK * draws + draw) * CHUNK + of % CHUNK };
    (0..draws).map(|draw| (0..each).map(|of| place(draw, of)).collect()).collect()
}

/// What importance is asked for: of journeys that have none that is exact.
fn asked(system: &System, holds: &Holds, reading: Reading<'_>) -> Vec<Candidate> {
    let has = |journey: &u32| {
        let entity = system.tracked[*journey as usize].entity();
        reading.exact.importance().iter().any(|row| row.journey == entity)
    };
    let mut without: Vec<u32> = (0..system.journeys.len() as u32).filter(|journey| !has(journey)).collect();
    loop {
        let asked = candidates(system, holds, &without);
        if asked.iter().map(|one| one.journeys.len()).sum::<usize>() <= PAIRS_MAX {
            return asked;
        }
        without.truncate(without.len() / 2);
    }
}

type Minutes<'a> = &'a dyn Fn(&Moments) -> crate::results::Estimated;

fn read_out((system, holds): (&System, &Holds), booked: &BTreeMap<Key, Moments>, minutes: Minutes<'_>) -> Attributed {
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
            members: members.iter().map(|&member| holds.name(system, member)).collect(),
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
