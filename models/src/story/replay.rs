//! Replaying replications to tell the stories of their incidents.

use std::collections::BTreeMap;

use super::cone::Cone;
use super::incident::{Incident, incidents};
use super::names::Names;
use super::recorder::Recorder;
use super::tell::Telling;
use crate::replication::{ReplicationError, Sampling, World};
use crate::results::IncidentEventRow;
use crate::system::System;
use crate::uncertainty::DrawnWorld;

/// Events that are replayed for the stories of a run, about; what is left is not told.
pub const EVENTS_REPLAYED_MAX: u64 = 5_000_000;

/// Rows of stories that a run keeps.
pub const ROWS_KEPT: usize = 200_000;

/// Incidents of a replication that are to be told.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub(crate) rep: u64,
    pub(crate) incidents: Vec<Incident>,
}

/// The incidents of one replication.
///
/// # Errors
/// [`ReplicationError`] if it cannot be finished.
pub fn incidents_of(system: &System, sampling: Sampling, rep: u64) -> Result<Vec<Incident>, ReplicationError> {
    let mut world = DrawnWorld::new(system, None);
    let (of, trace) = world.run(sampling, rep)?;
    Ok(incidents(of, trace))
}

/// The story of one incident; `None` if more happens in it than is [written down](super::TRANSITIONS_MAX).
///
/// # Errors
/// [`ReplicationError`] if the replication cannot be finished.
pub fn story(
    system: &System,
    sampling: Sampling,
    (rep, incident): (u64, Incident),
) -> Result<Option<Vec<IncidentEventRow>>, ReplicationError> {
    let by_events = alone(system.of_replication(rep));
    let names = Names::of(&by_events);
    let mut world = World::observed(&by_events, Recorder::new(&names));
    let mut cones = BTreeMap::new();
    let chosen = Chosen { rep, incidents: vec![incident] };
    Ok(replay(&mut world, (sampling, &names), &chosen, &mut cones)?.0)
}

/// The stories of chosen incidents, whole replications in the given order until the [events](EVENTS_REPLAYED_MAX) or the
/// [rows](ROWS_KEPT) are used up.
pub(crate) fn stories(
    system: &System,
    sampling: Sampling,
    chosen: &[Chosen],
) -> Result<Vec<IncidentEventRow>, ReplicationError> {
    let (mut rows, mut events) = (Vec::new(), 0);
    let draw = |one: &Chosen| system.of_replication(one.rep);
    for alike in chosen.chunk_by(|a, b| std::ptr::eq(draw(a), draw(b))) {
        let by_events = alone(draw(&alike[0]));
        let names = Names::of(&by_events);
        let mut world = World::observed(&by_events, Recorder::new(&names));
        let mut cones = BTreeMap::new();
        for one in alike.iter().filter(|one| !one.incidents.is_empty()) {
            let (told, spent) = replay(&mut world, (sampling, &names), one, &mut cones)?;
            events += spent;
            let told = told.unwrap_or_default();
            if rows.len() + told.len() > ROWS_KEPT {
                return Ok(rows);
            }
            rows.extend(told);
            if events > EVENTS_REPLAYED_MAX {
                return Ok(rows);
            }
        }
    }
    Ok(rows)
}

/// A system without its draws, all of it by events: on a timeline hidden spells are not shown.
fn alone(system: &System) -> System {
    System { drawn: Vec::new(), ..system.clone() }.by_events()
}

/// Runs a replication before the recorder and tells its incidents; returns the events that took as well.
fn replay<'a>(
    world: &mut World<'a, Recorder<'_>>,
    (sampling, names): (Sampling, &Names),
    chosen: &Chosen,
    cones: &mut BTreeMap<u32, Cone>,
) -> Result<(Option<Vec<IncidentEventRow>>, u64), ReplicationError> {
    let system = world.system();
    world.observer().tell(chosen.incidents.iter().map(|one| (one.outage.start, one.outage.end)).collect());
    let events = world.run(sampling, chosen.rep)?.events;
    let Some(transitions) = world.observer().transitions() else { return Ok((None, events)) };
    let telling = Telling { system, names, rep: chosen.rep };
    let told = chosen.incidents.iter().flat_map(|incident| {
        let cone = cones.entry(incident.journey).or_insert_with(|| Cone::of(system, incident.journey));
        telling.story(incident, cone, transitions)
    });
    Ok((Some(told.collect()), events))
}
