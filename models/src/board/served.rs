//! What a journey serves: its share of demand, its quality, and whether that counts as up.

use crate::board::Board;
use crate::system::{Component, Flow, Routing, Served, SlotEffect, System};

/// The numbers of a journey at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Service {
    /// Counts as up.
    pub up: bool,
    /// Share of demand served, 0..=1.
    pub served: f64,
    /// Quality of what is served, 0..=1.
    pub quality: f64,
}

impl Service {
    /// Everything served in full quality.
    pub const FULL: Self = Self { up: true, served: 1.0, quality: 1.0 };
}

impl Board {
    /// Evaluates a journey on the settled board.
    pub(super) fn serve(&self, system: &System, journey: usize) -> Service {
        let demand = self.rates.demand(journey as u32);
        let journey = &system.journeys[journey];
        let up = self.is_up(journey.served.gate);
        let mut quality = 1.0;
        for target in &journey.soft {
            let served = self.served(&target.served, demand, journey.partial);
            quality *= 1.0 - (1.0 - served) * (1.0 - target.fallback_quality);
        }
        let served = self.served(&journey.served, demand, journey.partial);
        let enough =
            journey.rule.capacity_at_least.is_none_or(|least| self.capacity_of(&journey.served.flow, demand) >= least);
        Service { up: up && served >= journey.rule.success && enough, served, quality }
    }

    fn served(&self, part: &Served, demand: f64, partial: bool) -> f64 {
        if !self.is_up(part.gate) {
            return 0.0;
        }
        if !partial {
            return 1.0;
        }
        self.capacity_share(part, demand) * self.error_free(part)
    }

    /// min(1, capacity ÷ demand); 1 where nothing is asked for.
    pub(super) fn capacity_share(&self, part: &Served, demand: f64) -> f64 {
        if demand > 0.0 { (self.capacity_of(&part.flow, demand) / demand).min(1.0) } else { 1.0 }
    }

    /// Product over the components that are up of 1 − errors.
    pub(super) fn error_free(&self, part: &Served) -> f64 {
        part.components.iter().map(|&component| 1.0 - self.errors[component as usize]).product()
    }

    /// Capacity along a flow for a journey of this demand, requests per second; infinite where nothing limits it.
    pub(super) fn capacity_of(&self, flow: &Flow, demand: f64) -> f64 {
        match flow {
            Flow::Component(component) => self.capacity[*component as usize] * self.rates.share(demand, *component),
            Flow::Least(parts) => parts.iter().map(|part| self.capacity_of(part, demand)).fold(f64::INFINITY, f64::min),
            Flow::Sum(branches) => branches
                .iter()
                .filter(|(gate, _)| self.is_up(*gate))
                .map(|(_, part)| self.capacity_of(part, demand))
                .sum(),
        }
    }

    /// Capacity and errors of a component from its serving units in groups that are up.
    pub(super) fn recompute_component(&mut self, system: &System, index: u32) {
        let component = &system.components[index as usize];
        if let Some(router) = component.routed {
            let routing = &system.routings[router as usize];
            return self.recompute_routed(system, index, routing);
        }
        let mut sums = (0.0, 0.0);
        for group in component.groups.clone() {
            self.add_group(system, (index, group), &mut sums);
        }
        let (capacity, failing) = sums;
        self.errors[index as usize] = if capacity > 0.0 { failing / capacity } else { 0.0 };
        self.capacity[index as usize] = match self.is_up(component.read) || self.is_up(component.write) {
            false => 0.0,
            true if component.capacity_per_unit.is_none() => f64::INFINITY,
            true => self.scaled(component, index, capacity),
        };
    }

    /// The same where a router says how much comes to each group: what is sent to one that is down fails, and what is more
    /// than one can serve is lost, whatever the others could. Where nothing is lost, nothing limits.
    fn recompute_routed(&mut self, system: &System, index: u32, routing: &Routing) {
        let component = &system.components[index as usize];
        let load = self.rates.load(index);
        let (mut failing, mut reached, mut short, mut in_all) = (0.0, 0.0, 0.0, 0.0);
        for (place, group) in component.groups.clone().enumerate() {
            let sent = self.rates.sent(routing)[place];
            let mut sums = (0.0, 0.0);
            self.add_group(system, (index, group), &mut sums);
            let (capacity, errors) = sums;
            if capacity > 0.0 {
                failing += sent * (errors / capacity);
                reached += sent;
                let capacity = match component.capacity_per_unit {
                    Some(_) => self.scaled(component, index, capacity).min(routing.limit(place)),
                    None => routing.limit(place),
                };
                in_all += capacity;
                short += (sent * load - capacity).max(0.0);
            } else {
                failing += sent;
            }
        }
        self.errors[index as usize] = failing.min(1.0);
        self.capacity[index as usize] = match self.is_up(component.gate) {
            false => 0.0,
            true if component.capacity_per_unit.is_none() && short == 0.0 => f64::INFINITY,
            true if load == 0.0 => in_all,
            true if short == 0.0 => f64::INFINITY,
            true => load * (1.0 - short / (reached * load)).max(0.0),
        };
    }

    /// Adds the capacity of a group by its units, and as much of it as its errors take.
    ///
    /// Errors are those of its serving units, weighted by capacity: traffic goes where capacity is. A unit that is probed and
    /// not ejected gets its share of the traffic whether it serves or not, and if not, all of that fails.
    fn add_group(&self, system: &System, (index, group): (u32, u32), (capacity, failing): &mut (f64, f64)) {
        let (probed, group) = (system.components[index as usize].probed, &system.groups[group as usize]);
        if !self.is_up(group.serves) {
            return;
        }
        for &unit in group.units.iter().filter(|&&unit| self.is_up(unit) || probed && !self.is_dormant(unit)) {
            let (factor, errors) = if self.is_up(unit) { self.degradation(system, unit) } else { (1.0, 1.0) };
            let unit_capacity = self.rates.per_unit(index) * factor;
            *capacity += unit_capacity;
            *failing += unit_capacity * errors;
        }
    }

    /// What units of so much capacity serve together.
    fn scaled(&self, component: &Component, index: u32, capacity: f64) -> f64 {
        let per_unit = self.rates.per_unit(index);
        match &component.scaling {
            None => capacity,
            Some(law) if per_unit > 0.0 => law.capacity(capacity / per_unit) * (per_unit / law.rate),
            Some(_) => 0.0,
        }
    }

    fn degradation(&self, system: &System, unit: u32) -> (f64, f64) {
        let (mut factor, mut good) = (1.0, 1.0);
        for mode in system.units.units[unit as usize].modes.clone() {
            if let SlotEffect::Degraded { capacity, errors } = system.units.slots[mode as usize].effect
                && self.is_active(mode)
            {
                factor *= capacity;
                good *= 1.0 - errors;
            }
        }
        (factor, 1.0 - good)
    }
}
