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
    /// For each journey, whether it is counted as up.
    is_up: Vec<bool>,
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
        let is_up = vec![true; components_of.len()];
        Some(Self { components_of, journeys_up: journeys.clone(), journeys, is_up })
    }

    /// Begins a replication.
    pub(super) fn start(&mut self, board: &Board) {
        self.journeys_up.fill(0);
        for (journey, components) in self.components_of.iter().enumerate() {
            let is_up = board.service(journey as u32).up;
            self.is_up[journey] = is_up;
            components.iter().for_each(|&component| self.journeys_up[component as usize] += u32::from(is_up));
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

    /// A journey came up or went down, or, within one instant, both: what counts is how it is now. Whether that is new.
    pub(super) fn turns(&mut self, journey: u32, is_up: bool) -> bool {
        if std::mem::replace(&mut self.is_up[journey as usize], is_up) == is_up {
            return false;
        }
        for &component in &self.components_of[journey as usize] {
            let count = &mut self.journeys_up[component as usize];
            *count = if is_up { *count + 1 } else { *count - 1 };
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journey_that_goes_up_and_down_within_an_instant_is_counted_as_it_is() {
        let (components_of, journeys, journeys_up) = (vec![vec![0], vec![0]], vec![2], vec![0]);
        let mut clocks = ServiceClocks { components_of, journeys, journeys_up, is_up: vec![false; 2] };
        // Told that it went down and that it came up, in this order, of a journey that is down before and after.
        assert!(!clocks.turns(0, false) && !clocks.turns(0, false) && !clocks.runs(0));
        assert!(clocks.turns(1, true) && !clocks.turns(1, true) && clocks.runs(0));
        assert!(clocks.turns(1, false) && !clocks.runs(0));
    }
}
