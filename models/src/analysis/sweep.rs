//! The states of a replication in order of time, and whose the downtime in each of them is.
//!
//! Every span of constant state is split in whole ticks, what is left to the first, so that the parts add up to the
//! downtime exactly.

use std::collections::{BTreeMap, BTreeSet};

use ninefold_sim_core::tick::Tick;

use super::edges::{Edge, Edges, Weight};
use super::failed_sets::FailedSets;
use super::losses::{Losses, StandbyAs};
use crate::replication::Trace;
use crate::system::{Side, System, Tracked, TrackedId, Watched};

/// Whose downtime it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// All of these are down; empty: no cut set has failed, or too many at once to tell.
    Set(u32, Vec<usize>, &'static str),
    /// What goes through an edge.
    Through(u32, Edge),
    /// What goes through an edge and no further.
    Ends(u32, Edge),
    /// What goes through no edge.
    Service(u32),
}

/// Goes through the states of a replication in order of time.
pub(super) struct Sweep<'a> {
    system: &'a System,
    watched: &'a Watched,
    edges: Edges,
    /// For each journey, its cut sets, where they can be had.
    sets: Vec<Option<FailedSets>>,
    /// For each domain, those around it.
    around: Vec<Vec<usize>>,
    /// For each tracked entity of the watched system, whether it is down.
    down: Vec<bool>,
}

impl<'a> Sweep<'a> {
    pub(super) fn of(system: &'a System, watched: &'a Watched) -> Self {
        let losses = Losses::of(system, StandbyAs::Whole);
        let sets = system
            .journeys
            .iter()
            .map(|journey| FailedSets::of(&losses.structure, losses.gate(journey.served.gate)).ok());
        let (sets, down) = (sets.collect(), vec![false; watched.system.tracked.len()]);
        Self { system, watched, edges: Edges::of(system), sets, around: around(system), down }
    }

    /// Ticks of downtime within the measured time of one replication.
    pub(super) fn book(&mut self, trace: &Trace) -> BTreeMap<Key, i64> {
        let mut changes: Vec<(Tick, bool, TrackedId)> = Vec::new();
        for (id, outages) in trace.outages.iter().enumerate() {
            // What lasted no time leaves no trace.
            for outage in outages.iter().filter(|outage| outage.end > outage.start) {
                changes.push((outage.start, true, id as TrackedId));
                changes.push((outage.end, false, id as TrackedId));
            }
        }
        changes.sort_unstable();
        self.down.fill(false);
        let (mut booked, mut since) = (BTreeMap::new(), Tick::ZERO);
        let mut journeys: BTreeSet<u32> = BTreeSet::new();
        for same in changes.chunk_by(|a, b| a.0 == b.0) {
            let now = same[0].0;
            let span = now.since(since.max(self.system.warmup)).get();
            if span > 0 {
                journeys.iter().for_each(|&journey| self.span(journey, span, &mut booked));
            }
            for &(_, down, id) in same {
                self.down[id as usize] = down;
                if let Tracked::Journey { journey, .. } = self.watched.system.tracked[id as usize] {
                    if down {
                        journeys.insert(journey)
                    } else {
                        journeys.remove(&journey)
                    };
                }
            }
            since = now;
        }
        booked
    }

    /// Books a span in which a journey was down and nothing changed.
    fn span(&mut self, journey: u32, span: i64, booked: &mut BTreeMap<Key, i64>) {
        let mut book = |key: Key, ticks: i64| *booked.entry(key).or_default() += ticks;
        let sets = self.failed(journey);
        let count = sets.len() as i64;
        for (place, key) in sets.into_iter().enumerate() {
            let part = span / count;
            book(key, if place == 0 { span - part * (count - 1) } else { part });
        }
        let components = &self.watched.components;
        let down = |component: u32, side: Side| {
            let [both, read, write] = components[component as usize];
            let gate = match side {
                Side::Both => both,
                Side::Read => read,
                Side::Write => write,
            };
            self.down[gate as usize]
        };
        let weights = self.edges.weights(self.system, journey as usize, &down);
        let Some(first) = weights.iter().find(|(_, weight)| weight.ends > 0.0).map(|(&edge, _)| edge) else {
            return book(Key::Service(journey), span);
        };
        let mut left = span;
        for (&edge, &Weight { through, ends }) in &weights {
            book(Key::Through(journey, edge), (span as f64 * through + 0.5) as i64);
            if edge != first {
                let part = ((span as f64 * ends) as i64).min(left);
                left -= part;
                book(Key::Ends(journey, edge), part);
            }
        }
        book(Key::Ends(journey, first), left);
    }

    /// The cut sets of a journey that have failed, as keys: at least one.
    fn failed(&mut self, journey: u32) -> Vec<Key> {
        let Some(sets) = &mut self.sets[journey as usize] else {
            return vec![Key::Set(journey, Vec::new(), "the cut sets could not be found")];
        };
        let (system, watched, state, around) = (self.system, self.watched, &self.down, &self.around);
        let lost = |unit: usize| {
            let replicas = system.units.replicas;
            let is_down = |domain: usize| watched.domains[domain].is_some_and(|id| state[id as usize]);
            // Inside of a lost domain nobody looks.
            if let Some(domain) = unit.checked_sub(replicas) {
                return is_down(domain) && !around[domain].iter().any(|&domain| is_down(domain));
            }
            let mut domains = system.units.ancestors[unit].iter().map(|&domain| domain as usize - replicas);
            state[watched.replicas[unit] as usize] && !domains.any(is_down)
        };
        let is_down = |variable: usize| match variable.checked_sub(system.units.units.len()) {
            Some(group) => state[watched.groups[group] as usize],
            None => lost(variable),
        };
        let down: Vec<usize> = sets.variables.iter().copied().filter(|&variable| is_down(variable)).collect();
        match sets.within(&down) {
            None => vec![Key::Set(journey, Vec::new(), "too much is down at once")],
            Some([]) => vec![Key::Set(journey, Vec::new(), "capacity or errors")],
            Some(sets) => sets.iter().map(|set| Key::Set(journey, set.clone(), "")).collect(),
        }
    }
}

/// For each domain, the domains around it.
fn around(system: &System) -> Vec<Vec<usize>> {
    let domains = &system.spec.domains;
    let index: BTreeMap<&str, usize> =
        domains.iter().enumerate().map(|(i, domain)| (domain.name.as_str(), i)).collect();
    let parent = |&at: &usize| domains[at].parent.as_ref().map(|name| index[name.as_str()]);
    (0..domains.len()).map(|domain| std::iter::successors(parent(&domain), parent).collect()).collect()
}
