//! The cone of a journey: the gates, units and domains that can take it down.

use super::transition::Subject;
use crate::system::{GateId, System, UnitId};

/// What a journey stands on.
#[derive(Debug)]
pub(super) struct Cone {
    journey: u32,
    gates: Vec<bool>,
    units: Vec<bool>,
    places: Vec<bool>,
}

impl Cone {
    /// The cone of a journey, its soft and async targets left out: they cannot take it down.
    pub(super) fn of(system: &System, journey: u32) -> Self {
        let served = &system.journeys[journey as usize].served;
        let mut gates = vec![false; system.structure.len()];
        let mut left: Vec<GateId> = vec![served.gate];
        // Components it reads numbers of stand on their units too.
        left.extend(served.components.iter().map(|&component| system.components[component as usize].gate));
        while let Some(gate) = left.pop() {
            if !std::mem::replace(&mut gates[gate as usize], true) {
                left.extend_from_slice(system.structure.children(gate));
            }
        }
        let mut units = vec![false; system.units.units.len()];
        let mut places = vec![false; system.places as usize];
        for unit in (0..system.units.replicas).filter(|&unit| gates[unit]) {
            units[unit] = true;
            system.units.ancestors[unit].iter().for_each(|&domain| units[domain as usize] = true);
            if let Some(standby) = &system.groups[system.group_of[unit] as usize].standby {
                places[standby.places.start as usize..standby.places.end as usize].fill(true);
            }
        }
        // Whether several sides write is nobody's gate, and belongs to the story of those who write.
        for seat in &system.leaderships {
            let stands = system.components[seat.component as usize].units.clone().any(|unit| units[unit as usize]);
            if let Some(slot) = seat.two_writers.filter(|_| stands) {
                units[system.units.slots[slot as usize].unit as usize] = true;
            }
        }
        Self { journey, gates, units, places }
    }

    /// Whether a subject is in it.
    pub(super) fn holds(&self, system: &System, subject: Subject) -> bool {
        match subject {
            Subject::Slot(slot) => self.has_unit(system.units.slots[slot as usize].unit),
            Subject::Place(place) => self.places[place as usize],
            Subject::Plan(plan) | Subject::Step(plan, _) => {
                let groups = &system.plans.instances[plan as usize].groups;
                let units = groups.iter().flat_map(|&group| &system.groups[group as usize].units);
                units.into_iter().any(|&unit| self.has_unit(unit))
            }
            Subject::Gate(gate) => self.gates[gate as usize],
            Subject::Journey(journey) => journey == self.journey,
        }
    }

    fn has_unit(&self, unit: UnitId) -> bool {
        self.units[unit as usize]
    }
}
