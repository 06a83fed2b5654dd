//! The edges through which a journey is down in one state of a system.
//!
//! The journey carries weight 1 and passes it in equal parts to what is down of its path; a component in equal parts to
//! itself, if too few of its units serve, and to what it needs hard and is down. What a component takes on itself ends at
//! the edges that led to it, in proportion to what came through them.

use std::collections::{BTreeMap, BTreeSet};

use super::recovery::startable;
use crate::system::{NamedPath, Need, Path, Side, System};

/// An edge: who needs whom; `None` is the journey.
pub(super) type Edge = (Option<u32>, u32);

/// What goes through an edge, and what of it goes no further.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Weight {
    pub(super) through: f64,
    pub(super) ends: f64,
}

/// The hard edges of a system.
#[derive(Debug)]
pub(super) struct Edges {
    /// For each component, what it needs hard.
    hard: Vec<Vec<u32>>,
    /// Components, each after all it needs.
    order: Vec<usize>,
}

/// Which gates of a component are down: both sides of a quorum, reads, writes.
pub(super) type Down<'a> = &'a dyn Fn(u32, Side) -> bool;

impl Edges {
    pub(super) fn of(system: &System) -> Self {
        let names = system.spec.components.iter().enumerate();
        let index: BTreeMap<&str, usize> = names.map(|(place, component)| (component.name.as_str(), place)).collect();
        let mut needed = vec![Vec::new(); index.len()];
        for edge in system.spec.dependencies.iter().filter(|edge| edge.need == Need::Hard) {
            needed[index[edge.from.as_str()]].push(index[edge.to.as_str()]);
        }
        let order = startable(&needed);
        let hard = needed.iter().map(|targets| targets.iter().map(|&target| target as u32).collect()).collect();
        Self { hard, order }
    }

    /// The weights of the edges of journey `journey`; none if no component of its path is down.
    pub(super) fn weights(&self, system: &System, journey: usize, down: Down<'_>) -> BTreeMap<Edge, Weight> {
        let needed = &system.journeys[journey].served.components;
        let without = vec![false; self.hard.len()];
        let mut state = State { system, edges: self, needed, down, without, named_down: BTreeSet::new() };
        for &component in self.order.iter().filter(|&&component| needed.binary_search(&(component as u32)).is_ok()) {
            state.without[component] = state.lacks(component as u32);
        }
        let mut weights: BTreeMap<Edge, Weight> = BTreeMap::new();
        // Sides of a quorum count where the path asks for them, so what an entry passes on is kept by side.
        let mut left: Vec<Vec<(Edge, Side, f64)>> = vec![Vec::new(); self.hard.len()];
        let path = &system.spec.journeys[journey].path;
        let named = path.named_parts();
        for part in &named {
            if state.path_is_down(&part.path) {
                state.named_down.insert(&part.name);
            }
        }
        if state.path_is_down(path) {
            state.pass((path, &named), &mut left);
        }
        for &component in self.order.iter().rev() {
            for (edge, side, weight) in std::mem::take(&mut left[component]) {
                let booked = weights.entry(edge).or_default();
                booked.through += weight;
                let component = component as u32;
                let own = down(component, side);
                let targets = || self.hard[component as usize].iter().filter(|&&target| state.is_down(target));
                let part = weight / (usize::from(own) + targets().count()) as f64;
                if own {
                    booked.ends += part;
                }
                targets().for_each(|&target| left[target as usize].push(((Some(component), target), Side::Both, part)));
            }
        }
        weights
    }
}

struct State<'a> {
    system: &'a System,
    edges: &'a Edges,
    /// Components that the journey needs hard, ascending.
    needed: &'a [u32],
    down: Down<'a>,
    /// For each component, whether anything it needs hard is down.
    without: Vec<bool>,
    /// The named parts of the path that are down.
    named_down: BTreeSet<&'a str>,
}

impl<'a> State<'a> {
    fn lacks(&self, component: u32) -> bool {
        self.edges.hard[component as usize].iter().any(|&target| self.is_down(target))
    }

    fn is_down(&self, component: u32) -> bool {
        (self.down)(component, Side::Both) || self.without[component as usize]
    }

    /// The component an entry stands for, if the journey needs it.
    fn entry(&self, name: &str) -> Option<u32> {
        let place = self.needed.iter().find(|&&c| self.system.spec.components[c as usize].name == name);
        place.copied()
    }

    fn path_is_down(&self, path: &Path) -> bool {
        match path {
            Path::Component { name, side } => self
                .entry(name)
                .is_some_and(|component| (self.down)(component, *side) || self.without[component as usize]),
            Path::All(parts) | Path::AtOnce(parts) => parts.iter().any(|part| self.path_is_down(part)),
            Path::KOf { need, branches } => {
                let up = branches.iter().filter(|branch| !self.path_is_down(branch)).count();
                up < *need as usize
            }
            Path::Named(part) => self.named_down.contains(part.name.as_str()),
        }
    }

    /// Passes a weight of 1 down a path that is down; what has a name waits until all of its own has come.
    fn pass(&self, (path, named): (&'a Path, &[&'a NamedPath]), left: &mut [Vec<(Edge, Side, f64)>]) {
        let mut waiting = BTreeMap::new();
        self.path((path, 1.0), left, &mut waiting);
        for part in named.iter().rev() {
            if let Some(weight) = waiting.remove(part.name.as_str()) {
                self.path((&part.path, weight), left, &mut waiting);
            }
        }
    }

    /// Passes `weight` down a path that is down.
    fn path(
        &self,
        (path, weight): (&'a Path, f64),
        left: &mut [Vec<(Edge, Side, f64)>],
        waiting: &mut BTreeMap<&'a str, f64>,
    ) {
        match path {
            Path::Named(part) => *waiting.entry(&part.name).or_default() += weight,
            Path::Component { name, side } => {
                let component = self.entry(name).expect("bug: what is not needed is not down");
                left[component as usize].push(((None, component), *side, weight));
            }
            Path::All(parts) | Path::AtOnce(parts) | Path::KOf { branches: parts, .. } => {
                let down = || parts.iter().filter(|part| self.path_is_down(part));
                let part = weight / down().count() as f64;
                down().for_each(|one| self.path((one, part), left, waiting));
            }
        }
    }
}
