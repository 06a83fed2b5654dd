//! The board: effects with their causes, and the states that follow from them.
//!
//! Mechanisms place and lift effects; only [`Board::settle`] turns them into states, level by level, touching what is
//! dirty. Attribution of downtime reads the same board.

mod attribution;
mod fact;
mod served;
mod settle;
mod wiring;

pub use attribution::Attribution;
pub use fact::{FACT_KINDS, Fact, FactKind, FactSet};
pub use served::Service;
pub use wiring::Wiring;

use crate::system::{GateId, SlotEffect, SlotId, System, TrackedId, UnitId};

/// An effect placed on a unit or lifted from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The slot: which unit, what is done to it, and by what cause.
    pub slot: SlotId,
    /// Placed, or lifted.
    pub placed: bool,
}

/// The settled state of one replication.
#[derive(Clone, Debug)]
pub struct Board {
    active: Vec<bool>,
    down_effects: Vec<u32>,
    able: Vec<bool>,
    dormant: Vec<bool>,
    queued: Vec<bool>,
    dirty: Vec<UnitId>,
    up: Vec<bool>,
    up_children: Vec<u32>,
    levels: Vec<Vec<GateId>>,
    in_level: Vec<bool>,
    capacity: Vec<f64>,
    errors: Vec<f64>,
    touched: Vec<u32>,
    is_touched: Vec<bool>,
    service: Vec<Service>,
    stale: Vec<u32>,
    is_stale: Vec<bool>,
    changed: Vec<TrackedId>,
    is_changed: Vec<bool>,
    disturbed: bool,
    pristine: Option<Box<Board>>,
}

impl Board {
    /// A board on which nothing is wrong.
    pub fn new(system: &System) -> Self {
        let (units, gates) = (system.units.units.len(), system.structure.len());
        let mut board = Self {
            active: vec![false; system.units.slots.len()],
            down_effects: vec![0; units],
            able: vec![true; units],
            dormant: vec![false; units],
            queued: vec![false; units],
            dirty: Vec::new(),
            up: vec![true; gates],
            up_children: (0..gates).map(|gate| system.structure.children(gate as GateId).len() as u32).collect(),
            levels: vec![Vec::new(); system.structure.levels()],
            in_level: vec![false; gates],
            capacity: vec![f64::INFINITY; system.components.len()],
            errors: vec![0.0; system.components.len()],
            touched: Vec::new(),
            is_touched: vec![false; system.components.len()],
            service: vec![Service::FULL; system.journeys.len()],
            stale: Vec::new(),
            is_stale: vec![false; system.journeys.len()],
            changed: Vec::new(),
            is_changed: vec![false; system.tracked.len()],
            disturbed: false,
            pristine: None,
        };
        for component in 0..system.components.len() {
            board.recompute_component(system, component as u32);
        }
        for journey in 0..system.journeys.len() {
            board.service[journey] = board.serve(system, journey);
        }
        board.pristine = Some(Box::new(board.clone()));
        board
    }

    /// Back to nothing being wrong, keeping the memory.
    pub fn reset(&mut self) {
        let pristine = self.pristine.take().expect("bug: every board keeps its first state");
        self.active.copy_from_slice(&pristine.active);
        self.down_effects.copy_from_slice(&pristine.down_effects);
        self.able.copy_from_slice(&pristine.able);
        self.dormant.copy_from_slice(&pristine.dormant);
        self.queued.copy_from_slice(&pristine.queued);
        self.up.copy_from_slice(&pristine.up);
        self.up_children.copy_from_slice(&pristine.up_children);
        self.capacity.copy_from_slice(&pristine.capacity);
        self.errors.copy_from_slice(&pristine.errors);
        self.service.copy_from_slice(&pristine.service);
        self.dirty.clear();
        self.clear_changes();
        self.pristine = Some(pristine);
    }

    /// Takes effects over; the states follow at the next [`Board::settle`].
    pub fn apply(&mut self, system: &System, effects: &mut Vec<Effect>) {
        for Effect { slot, placed } in effects.drain(..) {
            let active = &mut self.active[slot as usize];
            if *active == placed {
                continue;
            }
            *active = placed;
            self.disturbed = true;
            let slot = system.units.slots[slot as usize];
            let unit = slot.unit as usize;
            match slot.effect {
                SlotEffect::Failed | SlotEffect::Lost(_) if placed => self.down_effects[unit] += 1,
                SlotEffect::Failed | SlotEffect::Lost(_) => self.down_effects[unit] -= 1,
                SlotEffect::Dormant => self.dormant[unit] = placed,
                SlotEffect::Degraded { .. } => {}
            }
            if !self.queued[unit] {
                self.queued[unit] = true;
                self.dirty.push(slot.unit);
            }
        }
    }

    /// Whether a slot's effect is in place.
    pub fn is_active(&self, slot: SlotId) -> bool {
        self.active[slot as usize]
    }

    /// Whether a unit is healthy and every domain it sits in is up.
    #[inline]
    pub fn is_able(&self, unit: UnitId) -> bool {
        self.able[unit as usize]
    }

    /// Whether a unit stands by.
    #[inline]
    pub fn is_dormant(&self, unit: UnitId) -> bool {
        self.dormant[unit as usize]
    }

    /// Whether a gate is up.
    #[inline]
    pub fn is_up(&self, gate: GateId) -> bool {
        self.up[gate as usize]
    }

    /// What a journey serves.
    #[inline]
    pub fn service(&self, journey: u32) -> Service {
        self.service[journey as usize]
    }

    /// Tracked entities that changed since [`Board::clear_changes`], in no particular order, each once.
    pub fn changed(&self) -> &[TrackedId] {
        &self.changed
    }

    /// Whether any effect changed since [`Board::clear_changes`].
    pub const fn is_disturbed(&self) -> bool {
        self.disturbed
    }

    /// Starts collecting changes anew.
    pub fn clear_changes(&mut self) {
        for tracked in self.changed.drain(..) {
            self.is_changed[tracked as usize] = false;
        }
        self.disturbed = false;
    }

    fn note_change(&mut self, tracked: TrackedId) {
        if !self.is_changed[tracked as usize] {
            self.is_changed[tracked as usize] = true;
            self.changed.push(tracked);
        }
    }
}
