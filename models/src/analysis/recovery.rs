//! Recovery order: everything is down at once; what comes back when, and which chain decides it.
//!
//! A component begins to start once everything it cannot start without is up: its hard targets, its soft ones without a
//! fallback, and as many of its places (domains) as its redundancy needs. It then takes the mean repair of one of its
//! units; units are repaired side by side. A domain takes its own mean repair from the beginning. A journey is up with
//! the first of its branches that suffice. Times are means added up along the longest chain, as in the critical path
//! method (Kelley, Walker, *Proc. EJCC* (1959)): no distribution, and no waiting for crews.

use std::collections::BTreeMap;

use crate::results::RecoveryRow;
use crate::system::{Effect, GateId, Need, System, UnitId};

/// Components up to which the order is made.
pub const COMPONENTS_MAX: usize = 10_000;

/// Members of a critical path that are shown; the last ones where it is longer.
const PATH_MAX: usize = 50;

/// When everything of a system is up again, in that order; nothing above [`COMPONENTS_MAX`] components or domains.
pub fn recovery_order(system: &System) -> Vec<RecoveryRow> {
    if system.components.len() > COMPONENTS_MAX || system.spec.domains.len() > COMPONENTS_MAX {
        return Vec::new();
    }
    let mut order = Order { system, nodes: Vec::new() };
    order.add_domains();
    order.add_components();
    order.add_journeys();
    order.rows()
}

/// Something that comes back.
struct Node {
    entity: String,
    step: u64,
    waits_for: Vec<usize>,
    takes: f64,
    starts: f64,
    up: f64,
    /// Who decides when it starts; `None` if nobody does.
    after: Option<usize>,
}

struct Order<'a> {
    system: &'a System,
    /// Domains, then components, then journeys, each in written order.
    nodes: Vec<Node>,
}

impl Order<'_> {
    fn add_domains(&mut self) {
        for (place, domain) in self.system.spec.domains.iter().enumerate() {
            let takes = self.mean_repair((self.system.units.replicas + place) as UnitId);
            let entity = format!("domains.{}", domain.name);
            let (waits_for, after) = (Vec::new(), None);
            self.nodes.push(Node { entity, step: 1, waits_for, takes, starts: 0.0, up: takes, after });
        }
    }

    fn add_components(&mut self) {
        let system = self.system;
        let first = self.nodes.len();
        let places = self.gate_hours(|unit| self.place_up(unit));
        let needed = self.needed();
        for (component, declared) in system.spec.components.iter().enumerate() {
            let mut waits_for = self.failing_domains(component);
            waits_for.extend(needed[component].iter().map(|&target| first + target));
            let takes = self.mean_repair(system.components[component].units.start);
            let entity = format!("components.{}", declared.name);
            self.nodes.push(Node { entity, step: 0, waits_for, takes, starts: 0.0, up: 0.0, after: None });
        }
        for component in startable(&needed) {
            let place = places[system.components[component].gate as usize];
            let node = &self.nodes[first + component];
            let step = 1 + node.waits_for.iter().map(|&other| self.nodes[other].step).max().unwrap_or(0);
            let targets = node.waits_for.iter().filter(|&&other| other >= first);
            let starts = targets.map(|&other| self.nodes[other].up).fold(place, f64::max);
            let after = node.waits_for.iter().copied().find(|&other| self.nodes[other].up == starts && starts > 0.0);
            let node = &mut self.nodes[first + component];
            (node.step, node.starts, node.up, node.after) = (step, starts, starts + node.takes, after);
        }
    }

    fn add_journeys(&mut self) {
        let first = self.system.spec.domains.len();
        let up = |unit: UnitId| {
            let component = self.system.units.units[unit as usize].component.map_or(0, |component| component as usize);
            self.nodes[first + component].up.max(self.place_up(unit))
        };
        let hours = self.gate_hours(up);
        for (declared, journey) in self.system.spec.journeys.iter().zip(&self.system.journeys) {
            let waits_for: Vec<usize> = journey.served.components.iter().map(|&c| first + c as usize).collect();
            let up = hours[journey.served.gate as usize];
            let step = 1 + waits_for.iter().map(|&other| self.nodes[other].step).max().unwrap_or(0);
            let after = waits_for.iter().copied().find(|&other| self.nodes[other].up == up && up > 0.0);
            let entity = format!("journeys.{}", declared.name);
            self.nodes.push(Node { entity, step, waits_for, takes: 0.0, starts: up, up, after });
        }
    }

    /// For each component, those it cannot start without.
    fn needed(&self) -> Vec<Vec<usize>> {
        let names = self.system.spec.components.iter().enumerate();
        let index: BTreeMap<&str, usize> = names.map(|(place, component)| (component.name.as_str(), place)).collect();
        let mut needed = vec![Vec::new(); index.len()];
        for edge in &self.system.spec.dependencies {
            if edge.need == Need::Hard || edge.need == Need::Soft && edge.fallback_quality.is_none() {
                needed[index[edge.from.as_str()]].push(index[edge.to.as_str()]);
            }
        }
        needed
    }

    /// Domains with failure modes that units of a component sit in, ascending.
    fn failing_domains(&self, component: usize) -> Vec<usize> {
        let units = &self.system.units;
        let of = self.system.components[component].units.clone();
        let domains = of.flat_map(|unit| &units.ancestors[unit as usize]);
        let mut domains: Vec<usize> = domains.map(|&domain| domain as usize - units.replicas).collect();
        domains.sort_unstable();
        domains.dedup();
        domains.retain(|&domain| self.nodes[domain].takes > 0.0);
        domains
    }

    /// When all domains of a replica are up.
    fn place_up(&self, unit: UnitId) -> f64 {
        let domains = self.system.units.ancestors[unit as usize].iter();
        domains.map(|&domain| self.nodes[domain as usize - self.system.units.replicas].up).fold(0.0, f64::max)
    }

    /// When each gate is up, given when each replica is: with the last of the children it needs.
    fn gate_hours(&self, replica: impl Fn(UnitId) -> f64) -> Vec<f64> {
        let structure = &self.system.structure;
        let mut hours: Vec<f64> = Vec::with_capacity(structure.len());
        for gate in 0..structure.len() as GateId {
            let up = if structure.is_leaf(gate) {
                replica(gate)
            } else {
                let mut of: Vec<f64> = structure.children(gate).iter().map(|&child| hours[child as usize]).collect();
                of.sort_by(f64::total_cmp);
                structure.need(gate).checked_sub(1).map_or(0.0, |last| of[last as usize])
            };
            hours.push(up);
        }
        hours
    }

    /// Mean repair of a unit in hours, over the modes that take it down, each as often as it occurs; 0 if there is none,
    /// infinite if none is ever repaired.
    fn mean_repair(&self, unit: UnitId) -> f64 {
        let units = &self.system.units;
        let modes = units.units[unit as usize].modes.clone().filter(|&mode| !self.system.is_injected(mode));
        let modes = modes.map(|mode| &units.modes[mode as usize]);
        let down: Vec<_> = modes.filter(|mode| mode.effect == Effect::Down).collect();
        let mean = |law: u32| units.laws[law as usize].mean().get();
        let supply = |mode: &crate::system::Mode| {
            let place = mode.crew.and_then(|crew| crew.supply);
            place.map_or(0.0, |place| units.supplies[place as usize].mean())
        };
        let takes = |mode: &crate::system::Mode| mode.repair.map(|law| mean(law) + supply(mode));
        let repaired = || down.iter().filter_map(|mode| Some((1.0 / mean(mode.time_to_failure), takes(mode)?)));
        if repaired().next().is_none() {
            return if down.is_empty() { 0.0 } else { f64::INFINITY };
        }
        let rates: f64 = repaired().map(|(rate, _)| rate).sum();
        if rates > 0.0 && rates.is_finite() {
            repaired().filter(|(rate, _)| *rate > 0.0).map(|(rate, repair)| rate / rates * repair).sum()
        } else {
            // Lives without a mean, or of no length: no mode is known to be the more frequent.
            repaired().map(|(_, repair)| repair).sum::<f64>() / repaired().count() as f64
        }
    }

    fn rows(&self) -> Vec<RecoveryRow> {
        let domains = self.system.spec.domains.len();
        let shown = (0..self.nodes.len()).filter(|&node| node >= domains || self.nodes[node].takes > 0.0);
        let mut shown: Vec<usize> = shown.collect();
        shown.sort_by(|&a, &b| {
            let (a, b) = (&self.nodes[a], &self.nodes[b]);
            a.up.total_cmp(&b.up).then(a.step.cmp(&b.step))
        });
        let minutes = |hours: f64| hours.is_finite().then_some(hours * 60.0);
        let row = |node: usize| {
            let Node { entity, step, waits_for, takes, starts, up, .. } = &self.nodes[node];
            RecoveryRow {
                entity: entity.clone(),
                step: *step,
                waits_for: waits_for.iter().map(|&other| self.nodes[other].entity.clone()).collect(),
                takes_min: minutes(*takes),
                starts_min: minutes(*starts),
                up_min: minutes(*up),
                critical_path: self.critical_path(node),
            }
        };
        shown.into_iter().map(row).collect()
    }

    fn critical_path(&self, node: usize) -> Vec<String> {
        let way = std::iter::successors(Some(node), |&at| self.nodes[at].after);
        let timed = way.filter(|&at| self.nodes[at].takes > 0.0).take(PATH_MAX);
        let mut path: Vec<String> = timed.map(|at| self.nodes[at].entity.clone()).collect();
        path.reverse();
        path
    }
}

/// Components such that each comes after all it needs.
pub(super) fn startable(needed: &[Vec<usize>]) -> Vec<usize> {
    let mut missing: Vec<usize> = needed.iter().map(Vec::len).collect();
    let mut callers = vec![Vec::new(); needed.len()];
    for (caller, targets) in needed.iter().enumerate() {
        targets.iter().for_each(|&target: &usize| callers[target].push(caller));
    }
    let mut order: Vec<usize> = (0..needed.len()).filter(|&component| missing[component] == 0).collect();
    let mut next = 0;
    while let Some(&target) = order.get(next) {
        next += 1;
        for &caller in &callers[target] {
            missing[caller] -= 1;
            if missing[caller] == 0 {
                order.push(caller);
            }
        }
    }
    assert!(order.len() == needed.len(), "bug: a system with a cycle was built");
    order
}
