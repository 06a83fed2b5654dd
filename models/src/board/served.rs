//! What a journey serves: its share of demand, its quality, and whether that counts as up.

use crate::board::{Board, PlaceLoad};
use crate::system::{Component, Flow, ROUTED_PLACES_MAX, Routing, Served, SlotEffect, System};

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

    /// Capacity and errors of a component from its serving units in groups that are up; whether the load of a group that is
    /// told apart differs from what it was.
    pub(super) fn recompute_component(&mut self, system: &System, index: u32) -> bool {
        let component = &system.components[index as usize];
        if let Some(router) = component.routed {
            let routing = &system.routings[router as usize];
            return self.recompute_routed(system, index, routing);
        }
        let mut sums = (0.0, 0.0);
        for group in component.groups.clone() {
            let before = sums.0;
            self.add_group(system, (index, group), &mut sums);
            if component.apart {
                self.places[group as usize].serves = sums.0 - before;
            }
        }
        let (capacity, failing) = sums;
        self.errors[index as usize] = if capacity > 0.0 { failing / capacity } else { 0.0 };
        self.capacity[index as usize] = match self.is_up(component.read) || self.is_up(component.write) {
            false => 0.0,
            true if component.capacity_per_unit.is_none() => f64::INFINITY,
            true => self.scaled(component, index, capacity),
        };
        component.apart && self.share_load(component, self.rates.load(index))
    }

    /// The same where a router says how much comes to each group: what is sent to one that is down fails, and what is more
    /// than one can serve is lost, whatever the others could. Where nothing is lost, nothing limits.
    fn recompute_routed(&mut self, system: &System, index: u32, routing: &Routing) -> bool {
        let component = &system.components[index as usize];
        let load = self.rates.load(index);
        let (mut failing, mut reached, mut in_all) = (0.0, 0.0, 0.0);
        let mut places = [PlaceLoad::default(); ROUTED_PLACES_MAX];
        for (place, group) in component.groups.clone().enumerate() {
            let sent = self.rates.sent(routing)[place];
            let mut sums = (0.0, 0.0);
            self.add_group(system, (index, group), &mut sums);
            let (capacity, errors) = sums;
            if capacity > 0.0 {
                failing += sent * (errors / capacity);
                reached += sent;
                let units_serve = match component.capacity_per_unit {
                    Some(_) => self.scaled(component, index, capacity),
                    None => f64::INFINITY,
                };
                let serves = match component.scaled {
                    true => units_serve + routing.reserve(place),
                    false => units_serve.min(routing.limit(place)),
                };
                in_all += serves;
                places[place] = PlaceLoad { arrives: sent * load, carries: sent * load, units_serve, serves };
            } else {
                failing += sent;
                places[place].arrives = sent * load;
            }
        }
        let (short, differs) = self.hand_on(component, routing, &places[..routing.weights.len()]);
        self.errors[index as usize] = failing.min(1.0);
        self.capacity[index as usize] = match self.is_up(component.gate) {
            false => 0.0,
            true if component.capacity_per_unit.is_none() && short == 0.0 => f64::INFINITY,
            true if load == 0.0 => in_all,
            true if short == 0.0 => f64::INFINITY,
            true => load * (1.0 - short / (reached * load)).max(0.0),
        };
        differs
    }

    /// What the places of a router serve together, whoever is sent where.
    pub(super) fn capacity_of_places(&self, system: &System, index: u32) -> f64 {
        let component = &system.components[index as usize];
        let of_one = |group| {
            let mut sums = (0.0, 0.0);
            self.add_group(system, (index, group), &mut sums);
            self.scaled(component, index, sums.0)
        };
        component.groups.clone().map(of_one).sum()
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
