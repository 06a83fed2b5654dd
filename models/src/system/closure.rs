//! What a journey needs: the closure of its path over dependencies.

use std::collections::{BTreeMap, BTreeSet};

use super::error::SystemError;
use super::spec::{Need, SystemSpec};
use super::units::unknown;

/// Dependencies by component index.
#[derive(Debug)]
pub(super) struct Dependencies {
    index: BTreeMap<String, u32>,
    edges: Vec<Vec<Edge>>,
}

/// An edge out of a component.
#[derive(Clone, Copy, Debug)]
struct Edge {
    to: u32,
    need: Need,
    quality: f64,
    /// Whether the caller cannot start without it: hard, or soft without a fallback.
    starts: bool,
}

impl Dependencies {
    pub(super) fn build(spec: &SystemSpec) -> Result<Self, SystemError> {
        let mut index = BTreeMap::new();
        for (i, component) in spec.components.iter().enumerate() {
            if index.insert(component.name.clone(), i as u32).is_some() {
                return Err(SystemError::Duplicate { what: "component", name: component.name.clone() });
            }
        }
        let mut all = Self { index, edges: vec![Vec::new(); spec.components.len()] };
        for edge in &spec.dependencies {
            let (from, to) = (all.component(&edge.from)?, all.component(&edge.to)?);
            let quality = edge.fallback_quality.unwrap_or(1.0);
            let starts = edge.need == Need::Hard || edge.need == Need::Soft && edge.fallback_quality.is_none();
            all.edges[from as usize].push(Edge { to, need: edge.need, quality, starts });
        }
        if let Some(cycle) = all.cycle(spec, |edge| edge.need == Need::Hard) {
            return Err(SystemError::DependencyCycle(cycle));
        }
        if let Some(cycle) = all.cycle(spec, |edge| edge.starts) {
            return Err(SystemError::StartupCycle(cycle));
        }
        Ok(all)
    }

    /// The index of a component.
    pub(super) fn component(&self, name: &str) -> Result<u32, SystemError> {
        self.index.get(name).copied().ok_or_else(|| unknown("component", name))
    }

    /// `component` and everything it needs hard, directly or not, ascending.
    pub(super) fn hard_closure(&self, component: u32) -> BTreeSet<u32> {
        let (mut met, mut left) = (BTreeSet::from([component]), vec![component]);
        while let Some(at) = left.pop() {
            for edge in self.edges[at as usize].iter().filter(|edge| edge.need == Need::Hard) {
                if met.insert(edge.to) {
                    left.push(edge.to);
                }
            }
        }
        met
    }

    /// Soft and async targets of `callers` outside them, each with the least quality any edge falls back to.
    pub(super) fn soft_targets(&self, callers: &BTreeSet<u32>) -> BTreeMap<u32, f64> {
        let mut targets = BTreeMap::new();
        for edge in callers.iter().flat_map(|&caller| &self.edges[caller as usize]) {
            if edge.need != Need::Hard && !callers.contains(&edge.to) {
                let quality: &mut f64 = targets.entry(edge.to).or_insert(edge.quality);
                *quality = quality.min(edge.quality);
            }
        }
        targets
    }

    /// How an entry of a path is needed: as the strongest edge from an earlier entry says, else hard.
    pub(super) fn need_of_entry(&self, entry: u32, earlier: &[u32]) -> Need {
        let edges = earlier.iter().flat_map(|&from| &self.edges[from as usize]);
        edges.filter(|edge| edge.to == entry).map(|edge| edge.need).min().unwrap_or(Need::Hard)
    }

    /// The names around a cycle of those edges that hold, if there is one.
    fn cycle(&self, spec: &SystemSpec, holds: fn(&Edge) -> bool) -> Option<Vec<String>> {
        // 0 unseen, 1 on the way down, 2 done.
        let mut state = vec![0u8; self.edges.len()];
        for start in 0..self.edges.len() {
            let mut way: Vec<(usize, usize)> = Vec::new();
            if state[start] == 0 {
                state[start] = 1;
                way.push((start, 0));
            }
            while let Some((at, next)) = way.pop() {
                let Some(edge) = self.edges[at].get(next) else {
                    state[at] = 2;
                    continue;
                };
                way.push((at, next + 1));
                let to = edge.to as usize;
                if holds(edge) && state[to] == 1 {
                    let from = way.iter().position(|&(node, _)| node == to).expect("bug: on the way down");
                    let mut names: Vec<String> =
                        way[from..].iter().map(|&(node, _)| spec.components[node].name.clone()).collect();
                    names.push(names[0].clone());
                    return Some(names);
                }
                if holds(edge) && state[to] == 0 {
                    state[to] = 1;
                    way.push((to, 0));
                }
            }
        }
        None
    }
}
