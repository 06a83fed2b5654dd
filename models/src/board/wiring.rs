//! Who looks at what: gates to tracked entities and journeys, components to the journeys that read their numbers.

use crate::board::{FACT_KINDS, FactKind};
use crate::system::{GateId, System, Tracked, TrackedId};

/// Reverse look-ups over a system, made once a world.
#[derive(Debug)]
pub struct Wiring {
    watchers: Vec<Vec<TrackedId>>,
    journeys_at: Vec<Vec<u32>>,
    readers: Vec<Vec<u32>>,
    standby_at: Vec<Option<u32>>,
    listeners: [u32; FACT_KINDS],
}

impl Wiring {
    /// The look-ups of `system`; `listeners[kind]` is a bit mask of the mechanisms that hear a kind of fact.
    pub fn new(system: &System, listeners: [u32; FACT_KINDS]) -> Self {
        let gates = system.structure.len();
        let mut wiring = Self {
            watchers: vec![Vec::new(); gates],
            journeys_at: vec![Vec::new(); gates],
            readers: vec![Vec::new(); system.components.len()],
            standby_at: vec![None; gates],
            listeners,
        };
        for (id, tracked) in system.tracked.iter().enumerate() {
            if let Tracked::Gate { gate, .. } = tracked {
                wiring.watchers[*gate as usize].push(id as TrackedId);
            }
        }
        for (id, journey) in system.journeys.iter().enumerate() {
            wiring.journeys_at[journey.served.gate as usize].push(id as u32);
            for target in &journey.soft {
                wiring.journeys_at[target.served.gate as usize].push(id as u32);
            }
            if journey.partial {
                journey.reads.iter().for_each(|&component| wiring.readers[component as usize].push(id as u32));
            }
        }
        for (id, group) in system.groups.iter().enumerate() {
            if group.standby.is_some() {
                wiring.standby_at[group.gate as usize] = Some(id as u32);
            }
        }
        wiring
    }

    /// Tracked entities whose state is a gate's.
    pub fn watchers(&self, gate: GateId) -> &[TrackedId] {
        &self.watchers[gate as usize]
    }

    /// Journeys whose service depends on a gate directly.
    pub fn journeys_at(&self, gate: GateId) -> &[u32] {
        &self.journeys_at[gate as usize]
    }

    /// Journeys that read a component's capacity or errors.
    pub fn readers(&self, component: u32) -> &[u32] {
        &self.readers[component as usize]
    }

    /// The standby group whose state is a gate's.
    pub fn standby_at(&self, gate: GateId) -> Option<u32> {
        self.standby_at[gate as usize]
    }

    /// Mechanisms that hear a kind of fact, as a bit mask.
    pub const fn listeners(&self, kind: FactKind) -> u32 {
        self.listeners[kind as usize]
    }
}
