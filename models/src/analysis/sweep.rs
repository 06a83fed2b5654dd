//! The states of a replication in order of time, and whose the downtime in each of them is.
//!
//! Every span in which a journey is down for the same losses is split in whole ticks, what is left to the first, so that
//! the parts add up to the downtime exactly.

use std::collections::{BTreeMap, BTreeSet};

use ninefold_sim_core::tick::Tick;

use super::edges::{Edge, Edges, Weight};
use super::failed_sets::FailedSets;
use super::holds::Holds;
use super::losses::{Losses, Seen, first_risk, group_variable};
use super::stakes::Stakes;
use crate::board::Board;
use crate::mechanism::{Mechanisms, Moment};
use crate::replication::Observe;
use crate::system::{GateId, Side, System};

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

/// Why a journey is down, and since when that has been so.
#[derive(Debug)]
struct Open {
    since: Tick,
    sets: Vec<Key>,
    weights: BTreeMap<Edge, Weight>,
}

/// Goes through the states of a replication in order of time.
#[derive(Debug)]
pub(super) struct Sweep<'a> {
    system: &'a System,
    holds: &'a Holds,
    losses: Losses,
    edges: Edges,
    /// For each journey and component, the gates its users see.
    seen: Vec<Vec<[GateId; 3]>>,
    /// For each journey, its cut sets, where they can be had.
    sets: Vec<Option<FailedSets>>,
    stakes: Stakes<'a>,
    begun: bool,
    /// For each journey that is down, why.
    open: Vec<Option<Open>>,
    booked: BTreeMap<Key, i64>,
}

impl<'a> Sweep<'a> {
    /// Nothing seen yet; `stakes` is what the importance of these is found by.
    pub(super) fn of(system: &'a System, holds: &'a Holds, stakes: Stakes<'a>) -> Self {
        let losses = Losses::of(system, Seen::InRuns(holds));
        let sets = system
            .journeys
            .iter()
            .map(|journey| FailedSets::of(&losses.structure, losses.gate(journey.served.gate)).ok());
        let sets = sets.collect();
        Self {
            system,
            holds,
            edges: Edges::of(system),
            seen: system.seen(),
            sets,
            losses,
            stakes,
            begun: false,
            open: system.journeys.iter().map(|_| None).collect(),
            booked: BTreeMap::new(),
        }
    }

    /// Ticks of downtime within the measured time of the replication that is over.
    pub(super) const fn booked(&self) -> &BTreeMap<Key, i64> {
        &self.booked
    }

    pub(super) const fn stakes(&self) -> &Stakes<'a> {
        &self.stakes
    }

    /// Looks why journeys are down. What is booked does not depend on instants at which that did not change.
    fn look(&mut self, at: Moment<'_>) {
        let mut touched = BTreeMap::new();
        for journey in 0..self.open.len() as u32 {
            if at.board.service(journey).up {
                self.close(journey, at.now);
                continue;
            }
            let sets = self.failed(journey, at.board);
            let weights = self.weights(journey, at.board);
            if self.stakes.asks(journey) {
                touched.insert(journey, self.touched(journey, at.board));
            }
            let same = |open: &Open| open.sets == sets && open.weights == weights;
            if !self.open[journey as usize].as_ref().is_some_and(same) {
                self.close(journey, at.now);
                self.open[journey as usize] = Some(Open { since: at.now, sets, weights });
            }
        }
        self.stakes.look(at, &touched);
    }

    /// Books the span until now of a journey that was down.
    fn close(&mut self, journey: u32, now: Tick) {
        let Some(open) = self.open[journey as usize].take() else { return };
        let span = now.since(open.since.max(self.system.warmup)).get();
        if span <= 0 {
            return;
        }
        let mut book = |key: Key, ticks: i64| *self.booked.entry(key).or_default() += ticks;
        let count = open.sets.len() as i64;
        for (place, key) in open.sets.into_iter().enumerate() {
            let part = span / count;
            book(key, if place == 0 { span - part * (count - 1) } else { part });
        }
        let Some(first) = open.weights.iter().find(|(_, weight)| weight.ends > 0.0).map(|(&edge, _)| edge) else {
            return book(Key::Service(journey), span);
        };
        let mut left = span;
        for (&edge, &Weight { through, ends }) in &open.weights {
            book(Key::Through(journey, edge), (span as f64 * through + 0.5) as i64);
            if edge != first {
                let part = ((span as f64 * ends) as i64).min(left);
                left -= part;
                book(Key::Ends(journey, edge), part);
            }
        }
        book(Key::Ends(journey, first), left);
    }

    fn weights(&self, journey: u32, board: &Board) -> BTreeMap<Edge, Weight> {
        let seen = &self.seen[journey as usize];
        let down = |component: u32, side: Side| !board.is_up(seen[component as usize][side as usize]);
        self.edges.weights(self.system, journey as usize, &down)
    }

    /// The cut sets of a journey that have failed, as keys: at least one.
    fn failed(&mut self, journey: u32, board: &Board) -> Vec<Key> {
        let Some(sets) = &mut self.sets[journey as usize] else {
            return vec![Key::Set(journey, Vec::new(), "the cut sets could not be found")];
        };
        let state = State { system: self.system, holds: self.holds, board };
        // Inside of a lost domain nobody looks.
        let is_seen = |&variable: &usize| state.is_down(variable) && !state.is_inside_lost(variable);
        let down: Vec<usize> = sets.variables.iter().copied().filter(is_seen).collect();
        let found = match sets.within(&down) {
            None => self.sources_alone(journey, &down),
            Some([]) => return vec![Key::Set(journey, Vec::new(), "capacity or errors")],
            Some(sets) => minimal(sets.iter().map(|set| self.holds.members(set)).collect()),
        };
        if found.is_empty() {
            return vec![Key::Set(journey, Vec::new(), "too much is down at once")];
        }
        found.into_iter().map(|set| Key::Set(journey, set, "")).collect()
    }

    /// Of all that is down at once, the sources that would have taken the journey down alone.
    fn sources_alone(&self, journey: u32, down: &[usize]) -> Vec<Vec<usize>> {
        let root = self.losses.gate(self.system.journeys[journey as usize].served.gate);
        let sources: BTreeSet<usize> = down.iter().filter_map(|&variable| self.holds.source(variable)).collect();
        let fails = |source: &usize| {
            let is_up =
                |variable| down.binary_search(&variable).is_err() || self.holds.source(variable) != Some(*source);
            !self.losses.structure.works(root, is_up)
        };
        sources.into_iter().filter(fails).map(|source| vec![source]).collect()
    }

    /// The variables of a journey that are in a cut set that has failed, whatever is lost around them; all that are down
    /// where there are too many sets to tell.
    fn touched(&mut self, journey: u32, board: &Board) -> BTreeSet<usize> {
        let Some(sets) = &mut self.sets[journey as usize] else { return BTreeSet::new() };
        let state = State { system: self.system, holds: self.holds, board };
        let down: Vec<usize> = sets.variables.iter().copied().filter(|&variable| state.is_down(variable)).collect();
        match sets.within(&down) {
            None => down.into_iter().collect(),
            Some(sets) => sets.iter().flatten().copied().collect(),
        }
    }
}

impl Observe for Sweep<'_> {
    fn begins(&mut self, _: Moment<'_>, _: &Mechanisms) {
        self.begun = false;
        self.open.fill_with(|| None);
        self.booked.clear();
        self.stakes.begin();
    }

    fn passed(&mut self, at: Moment<'_>) {
        let changed = at.board.is_disturbed() || !at.board.changed().is_empty();
        if changed || !self.begun {
            self.begun = true;
            self.look(at);
        }
    }

    fn ends(&mut self, end: Tick) {
        (0..self.open.len() as u32).for_each(|journey| self.close(journey, end));
        self.stakes.end(end);
    }
}

/// A state of the system, by what can be lost.
struct State<'a> {
    system: &'a System,
    holds: &'a Holds,
    board: &'a Board,
}

impl State<'_> {
    fn group(&self, variable: usize) -> Option<usize> {
        let group = variable.checked_sub(group_variable(self.system, 0))?;
        (variable < first_risk(self.system)).then_some(group)
    }

    fn is_down(&self, variable: usize) -> bool {
        match self.group(variable) {
            Some(group) => !self.board.is_up(self.system.groups[group].gate),
            None => self.holds.is_down(variable, self.board),
        }
    }

    /// Whether a domain around the unit of a variable is lost.
    fn is_inside_lost(&self, variable: usize) -> bool {
        let around = || self.holds.around(variable).iter();
        self.group(variable).is_none() && around().any(|&domain| !self.board.is_able(domain))
    }
}

/// Those that hold no other of them, each once.
fn minimal(mut sets: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    sets.sort_unstable();
    sets.dedup();
    let within = |a: &[usize], b: &[usize]| a.len() < b.len() && a.iter().all(|member| b.binary_search(member).is_ok());
    let is_minimal = |set: &&Vec<usize>| !sets.iter().any(|other| within(other, set));
    sets.iter().filter(is_minimal).cloned().collect()
}
