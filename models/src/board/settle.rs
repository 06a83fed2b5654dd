//! Settling: effects become states of units, gates and journeys, level by level, touching what is dirty.

use crate::board::{Board, Fact, FactKind, Wiring};
use crate::system::{GateId, System, UnitId};

impl Board {
    /// Brings every state up to date and adds the facts that somebody listens to.
    pub fn settle(&mut self, system: &System, wiring: &Wiring, facts: &mut Vec<Fact>) {
        while let Some(unit) = self.dirty.pop() {
            self.settle_unit(system, wiring, unit, facts);
        }
        for level in 1..self.levels.len() {
            let mut gates = std::mem::take(&mut self.levels[level]);
            for gate in gates.drain(..) {
                self.in_level[gate as usize] = false;
                let up = self.up_children[gate as usize] >= system.structure.need(gate);
                if up != self.up[gate as usize] {
                    self.flip(system, wiring, gate, up);
                }
            }
            self.levels[level] = gates;
        }
        while let Some(component) = self.touched.pop() {
            self.is_touched[component as usize] = false;
            self.recompute_component(system, component);
        }
        while let Some(journey) = self.stale.pop() {
            self.is_stale[journey as usize] = false;
            self.settle_journey(system, wiring, journey, facts);
        }
    }

    fn settle_unit(&mut self, system: &System, wiring: &Wiring, unit: UnitId, facts: &mut Vec<Fact>) {
        let index = unit as usize;
        self.queued[index] = false;
        let able = self.down_effects[index] == 0;
        if able != self.able[index] {
            self.able[index] = able;
            let kind = if able { FactKind::UnitUp } else { FactKind::UnitDown };
            if wiring.listeners(kind) != 0 {
                facts.push(Fact { kind, subject: unit });
            }
        }
        let Some(component) = system.units.units[index].component else { return };
        let serving = able && !self.dormant[index];
        if serving != self.up[index] {
            self.flip(system, wiring, unit, serving);
        }
        if !wiring.readers(component).is_empty() && !self.is_touched[component as usize] {
            self.is_touched[component as usize] = true;
            self.touched.push(component);
            for &journey in wiring.readers(component) {
                self.mark_stale(journey);
            }
        }
    }

    fn flip(&mut self, system: &System, wiring: &Wiring, gate: GateId, up: bool) {
        self.up[gate as usize] = up;
        for &parent in system.structure.parents(gate) {
            let count = &mut self.up_children[parent as usize];
            *count = if up { *count + 1 } else { *count - 1 };
            // A parent that does not cross its threshold is settled where it stands.
            let parent_up = *count >= system.structure.need(parent);
            if parent_up != self.up[parent as usize] && !self.in_level[parent as usize] {
                self.in_level[parent as usize] = true;
                self.levels[system.structure.level(parent) as usize].push(parent);
            }
        }
        for &tracked in wiring.watchers(gate) {
            self.note_change(tracked);
        }
        for &journey in wiring.journeys_at(gate) {
            self.mark_stale(journey);
        }
    }

    fn mark_stale(&mut self, journey: u32) {
        if !self.is_stale[journey as usize] {
            self.is_stale[journey as usize] = true;
            self.stale.push(journey);
        }
    }

    fn settle_journey(&mut self, system: &System, wiring: &Wiring, journey: u32, facts: &mut Vec<Fact>) {
        let before = self.service[journey as usize];
        let now = self.serve(system, journey as usize);
        if now == before {
            return;
        }
        self.service[journey as usize] = now;
        self.note_change(journey);
        if now.up != before.up {
            let kind = if now.up { FactKind::JourneyUp } else { FactKind::JourneyDown };
            if wiring.listeners(kind) != 0 {
                facts.push(Fact { kind, subject: journey });
            }
        }
    }
}
