//! Service clocks: they also stand still while every journey through the component is down.

use crate::board::Board;
use crate::system::{Clock, Journey, System};

/// Journeys through the components that have a mode with a service clock.
#[derive(Debug)]
pub(super) struct ServiceClocks {
    /// For each journey, those components.
    components_of: Vec<Vec<u32>>,
    /// For each component, journeys through it, and how many of them are up.
    journeys: Vec<u32>,
    journeys_up: Vec<u32>,
}

impl ServiceClocks {
    /// Those of `system`; `None` if it has none.
    pub(super) fn of(system: &System) -> Option<Self> {
        let units = &system.units;
        let mut serviced = vec![false; system.components.len()];
        for mode in units.modes.iter().filter(|mode| mode.clock == Clock::Service) {
            if let Some(component) = units.units[mode.unit as usize].component {
                serviced[component as usize] = true;
            }
        }
        if !serviced.contains(&true) {
            return None;
        }
        let through = |journey: &Journey| -> Vec<u32> {
            journey.reads.iter().copied().filter(|&component| serviced[component as usize]).collect()
        };
        let components_of: Vec<Vec<u32>> = system.journeys.iter().map(through).collect();
        let mut journeys = vec![0; system.components.len()];
        components_of.iter().flatten().for_each(|&component| journeys[component as usize] += 1);
        Some(Self { components_of, journeys_up: journeys.clone(), journeys })
    }

    /// Begins a replication.
    pub(super) fn start(&mut self, board: &Board) {
        self.journeys_up.fill(0);
        for (journey, components) in self.components_of.iter().enumerate() {
            let up = u32::from(board.service(journey as u32).up);
            components.iter().for_each(|&component| self.journeys_up[component as usize] += up);
        }
    }

    /// Whether a component is in service: some journey through it is up, or there is none.
    pub(super) fn runs(&self, component: u32) -> bool {
        self.journeys[component as usize] == 0 || self.journeys_up[component as usize] > 0
    }

    /// The components with service clocks that a journey leads through, one after the other.
    pub(super) fn component(&self, journey: u32, place: usize) -> Option<u32> {
        self.components_of[journey as usize].get(place).copied()
    }

    /// A journey through `component` came up or went down.
    pub(super) fn count(&mut self, component: u32, up: bool) {
        let count = &mut self.journeys_up[component as usize];
        *count = if up { *count + 1 } else { *count - 1 };
    }
}
