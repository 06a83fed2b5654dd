//! Names of what has none of its own: gates, and the groups of places.

use crate::system::{GateId, System, Tracked};

/// For each gate that is spoken of, the entity whose state it is: components, their parts by domain, and within paths the
/// choices between branches.
#[derive(Debug)]
pub(super) struct Names {
    gates: Vec<Option<String>>,
    /// For each place, its group.
    groups: Vec<u32>,
}

impl Names {
    pub(super) fn of(system: &System) -> Self {
        let mut gates: Vec<Option<String>> = vec![None; system.structure.len()];
        for tracked in &system.tracked {
            if let Tracked::Gate { entity, gate, .. } = tracked {
                gates[*gate as usize].get_or_insert_with(|| entity.clone());
            }
        }
        for component in 0..system.components.len() {
            let name = &system.spec.components[component].name;
            let sides = &system.components[component];
            for (gate, side) in [(sides.read, "reads"), (sides.write, "writes")] {
                gates[gate as usize].get_or_insert_with(|| format!("components.{name} ({side})"));
            }
        }
        // Journeys share gates; a choice between branches is named after the first that has it.
        for (journey, declared) in system.journeys.iter().zip(&system.spec.journeys) {
            let mut left = vec![journey.served.gate];
            while let Some(gate) = left.pop() {
                if gates[gate as usize].is_some() || system.structure.is_leaf(gate) {
                    continue;
                }
                let children = system.structure.children(gate);
                if (system.structure.need(gate) as usize) < children.len() {
                    gates[gate as usize] = Some(format!("journeys.{} (branches)", declared.name));
                }
                left.extend_from_slice(children);
            }
        }
        let mut groups = vec![0; system.places as usize];
        for (group, index) in system.groups.iter().zip(0..) {
            if let Some(standby) = &group.standby {
                groups[standby.places.start as usize..standby.places.end as usize].fill(index);
            }
        }
        Self { gates, groups }
    }

    /// The name of a gate, if it has one.
    pub(super) fn get(&self, gate: GateId) -> Option<&str> {
        self.gates[gate as usize].as_deref()
    }

    /// The group that a place belongs to.
    pub(super) fn group_of(&self, place: u32) -> u32 {
        self.groups[place as usize]
    }
}
