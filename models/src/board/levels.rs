//! Rates as they are now: what journeys ask for, what a unit can serve, and what loads a component.

use crate::board::{Board, Wiring};
use crate::system::{LevelOf, Routing, System};

/// The rates of a board.
#[derive(Clone, Debug)]
pub(super) struct Rates {
    /// Demand by journey; 0 where it has none.
    demand: Vec<f64>,
    /// Demand on each component by all journeys that load it.
    load: Vec<f64>,
    /// Share of its router's clients that are sent to each place, by place over all routers.
    sent: Vec<f64>,
    /// Capacity of one unit in full order, by component; 1 where none is given.
    per_unit: Vec<f64>,
}

impl Rates {
    /// Every level without its course.
    pub(super) fn of(system: &System) -> Self {
        let demand = system.journeys.iter().map(|journey| journey.demand.unwrap_or(0.0)).collect();
        let per_unit = system.components.iter().map(|component| component.capacity_per_unit.unwrap_or(1.0)).collect();
        let sent = system.routings.iter().flat_map(|routing| routing.weights.iter().copied()).collect();
        let mut rates = Self { demand, load: vec![0.0; system.components.len()], sent, per_unit };
        (0..system.components.len()).for_each(|component| rates.add_up(system, component));
        rates
    }

    pub(super) fn copy_from(&mut self, other: &Self) {
        self.demand.copy_from_slice(&other.demand);
        self.load.copy_from_slice(&other.load);
        self.sent.copy_from_slice(&other.sent);
        self.per_unit.copy_from_slice(&other.per_unit);
    }

    fn add_up(&mut self, system: &System, component: usize) {
        let by = system.loaded_by[component].iter();
        self.load[component] = by.map(|&(journey, visits)| self.demand[journey as usize] * visits).sum();
    }

    pub(super) fn demand(&self, journey: u32) -> f64 {
        self.demand[journey as usize]
    }

    pub(super) fn per_unit(&self, component: u32) -> f64 {
        self.per_unit[component as usize]
    }

    /// Demand on a component by all journeys that load it.
    pub(super) fn load(&self, component: u32) -> f64 {
        self.load[component as usize]
    }

    /// Shares of its clients that a router sends to its places.
    pub(super) fn sent(&self, routing: &Routing) -> &[f64] {
        &self.sent[routing.places.start as usize..routing.places.end as usize]
    }

    /// The part of a component that is left to a journey of this demand.
    pub(super) fn share(&self, demand: f64, component: u32) -> f64 {
        let load = self.load[component as usize];
        if demand > 0.0 && load > 0.0 { demand / load } else { 1.0 }
    }
}

impl Board {
    /// Demand on a component by all journeys that load it, per second.
    pub fn load(&self, component: u32) -> f64 {
        self.rates.load[component as usize]
    }

    /// A level changes: from now on it is this factor times what it is without its course; a share is the factor itself.
    pub fn set_level(&mut self, system: &System, wiring: &Wiring, (of, factor): (LevelOf, f64)) {
        self.disturbed = true;
        match of {
            LevelOf::Demand(journey) => {
                let of = &system.journeys[journey as usize];
                self.rates.demand[journey as usize] = of.demand.unwrap_or(0.0) * factor;
                for &component in &of.loads {
                    self.rates.add_up(system, component as usize);
                    if system.components[component as usize].follows_load() {
                        self.recompute_component(system, component);
                    }
                    self.mark_readers(wiring, component);
                }
            }
            LevelOf::Capacity(component) => {
                let level = system.components[component as usize].capacity_per_unit.unwrap_or(1.0);
                self.rates.per_unit[component as usize] = level * factor;
                self.recompute_component(system, component);
                self.mark_readers(wiring, component);
            }
            LevelOf::Sent(place) => {
                self.rates.sent[place as usize] = factor;
                let of = system.routings.iter().find(|routing| routing.places.contains(&place));
                let component = of.expect("bug: every place is of a router").to;
                self.recompute_component(system, component);
                self.mark_readers(wiring, component);
            }
        }
    }

    fn mark_readers(&mut self, wiring: &Wiring, component: u32) {
        for &journey in wiring.readers(component) {
            self.mark_stale(journey);
        }
    }
}
