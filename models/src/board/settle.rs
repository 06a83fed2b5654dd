//! Settling: effects become states of units, gates and journeys, level by level, touching what is dirty.

use crate::board::{Board, Fact, FactKind, Looks, Wiring};
use crate::system::{GateId, System, UnitId};

impl Board {
    /// Brings every state up to date and adds the facts that somebody listens to.
    pub fn settle(&mut self, system: &System, wiring: &Wiring, facts: &mut Vec<Fact>) {
        while let Some(unit) = self.dirty.pop() {
            self.settle_unit(system, wiring, unit, facts);
        }
        if self.to_settle > 0 {
            self.settle_gates(system, wiring, facts);
        }
        while let Some(component) = self.touched.pop() {
            self.is_touched[component as usize] = false;
            if self.recompute_component(system, component) && wiring.listeners(FactKind::LoadChanged) != 0 {
                facts.push(Fact { kind: FactKind::LoadChanged, subject: component });
            }
        }
        while let Some(journey) = self.stale.pop() {
            self.is_stale[journey as usize] = false;
            self.settle_journey(system, wiring, journey, facts);
        }
    }

    /// Lower levels first, so that a gate is settled once.
    fn settle_gates(&mut self, system: &System, wiring: &Wiring, facts: &mut Vec<Fact>) {
        for level in 1..self.levels.len() {
            let mut gates = std::mem::take(&mut self.levels[level]);
            for &gate in &gates {
                self.in_level[gate as usize] = false;
                let up = self.spare[gate as usize] >= 0;
                if up != self.is_up(gate) {
                    self.flip(system, wiring, (gate, up), facts);
                }
            }
            self.to_settle -= gates.len() as u32;
            gates.clear();
            self.levels[level] = gates;
        }
    }

    #[inline]
    fn settle_unit(&mut self, system: &System, wiring: &Wiring, unit: UnitId, facts: &mut Vec<Fact>) {
        let state = &mut self.units[unit as usize];
        state.queued = false;
        let able = state.holds == 0;
        let serving = able && !state.dormant;
        if able != state.able {
            state.able = able;
            let kind = if able { FactKind::UnitUp } else { FactKind::UnitDown };
            if wiring.listeners(kind) != 0 {
                facts.push(Fact { kind, subject: unit });
            }
        }
        match wiring.looks(unit) {
            Looks::Nobody => {}
            Looks::OneGate(gate) => self.serves(system, (unit, gate), serving),
            Looks::Many(component) => {
                if serving != self.is_up(unit) {
                    self.flip(system, wiring, (unit, serving), facts);
                }
                self.touch(wiring, component);
            }
        }
    }

    /// A unit at which one gate looks, and nobody else, serves or does not.
    #[inline]
    pub(super) fn serves(&mut self, system: &System, (unit, gate): (UnitId, GateId), serving: bool) {
        if serving != self.is_up(unit) {
            self.up[unit as usize] = u8::from(serving);
            self.count(system, gate, serving);
        }
    }

    /// Numbers of a component are to be computed again, if anybody reads them.
    fn touch(&mut self, wiring: &Wiring, component: u32) {
        if !wiring.readers(component).is_empty() && !self.is_touched[component as usize] {
            self.is_touched[component as usize] = true;
            self.touched.push(component);
            for &journey in wiring.readers(component) {
                self.mark_stale(journey);
            }
        }
    }

    /// A child of a gate came up or went down. A gate whose threshold is not crossed is settled where it stands.
    #[inline]
    fn count(&mut self, system: &System, gate: GateId, up: bool) {
        let spare = &mut self.spare[gate as usize];
        *spare += if up { 1 } else { -1 };
        let crossed = *spare == if up { 0 } else { -1 };
        if crossed && !self.in_level[gate as usize] {
            self.in_level[gate as usize] = true;
            self.levels[system.structure.level(gate) as usize].push(gate);
            self.to_settle += 1;
        }
    }

    fn flip(&mut self, system: &System, wiring: &Wiring, (gate, up): (GateId, bool), facts: &mut Vec<Fact>) {
        self.up[gate as usize] = u8::from(up);
        if wiring.listeners(FactKind::GateChanged) != 0 {
            facts.push(Fact { kind: FactKind::GateChanged, subject: gate });
        }
        for &parent in wiring.parents(gate) {
            self.count(system, parent, up);
        }
        for &tracked in wiring.watchers(gate) {
            self.note_change(tracked);
        }
        for &journey in wiring.journeys_at(gate) {
            self.mark_stale(journey);
        }
    }

    pub(super) fn mark_stale(&mut self, journey: u32) {
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
        if wiring.listeners(FactKind::ServiceChanged) != 0 {
            facts.push(Fact { kind: FactKind::ServiceChanged, subject: journey });
        }
        if now.up != before.up {
            let kind = if now.up { FactKind::JourneyUp } else { FactKind::JourneyDown };
            if wiring.listeners(kind) != 0 {
                facts.push(Fact { kind, subject: journey });
            }
        }
    }
}
