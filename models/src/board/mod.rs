//! The board: effects with their causes, and the states that follow from them.
//!
//! Mechanisms place and lift effects; only [`Board::settle`] turns them into states, level by level, touching what is
//! dirty. Attribution of downtime reads the same board.

mod attribution;
mod fact;
mod levels;
mod places;
mod served;
mod settle;
mod suppose;
mod wiring;

pub use attribution::Attribution;
pub use fact::{FACT_KINDS, Fact, FactKind, FactSet};
pub use places::PlaceLoad;
pub use served::Service;
pub use wiring::{Act, Acts, Looks, Wiring};

use std::ops::Range;

use crate::system::{GateId, SlotId, System, TrackedId, UnitId};

/// An effect placed on a unit or lifted from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The slot: which unit, what is done to it, and by what cause.
    pub slot: SlotId,
    /// Placed, or lifted.
    pub placed: bool,
}

/// A gate that is up; a byte, so that eight can be looked at in one.
const UP: u8 = 1;

/// What effects have made of a unit.
#[derive(Clone, Copy, Debug)]
struct UnitState {
    /// Effects that hold it down.
    holds: u32,
    able: bool,
    dormant: bool,
    /// Waits to be settled.
    queued: bool,
}

/// The settled state of one replication.
#[derive(Clone, Debug)]
pub struct Board {
    active: Vec<bool>,
    units: Vec<UnitState>,
    dirty: Vec<UnitId>,
    /// For each gate, [`UP`] or 0.
    up: Vec<u8>,
    /// Children up beyond those needed; below 0, a gate is down.
    spare: Vec<i32>,
    levels: Vec<Vec<GateId>>,
    /// Gates in `levels`.
    to_settle: u32,
    in_level: Vec<bool>,
    rates: levels::Rates,
    capacity: Vec<f64>,
    errors: Vec<f64>,
    /// Loads of groups, where some are told apart; else empty.
    places: Vec<PlaceLoad>,
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
        let apart = system.components.iter().any(|component| component.apart);
        let spare = |gate| system.structure.children(gate).len() as i32 - system.structure.need(gate) as i32;
        let mut board = Self {
            active: vec![false; system.units.slots.len()],
            units: vec![UnitState { holds: 0, able: true, dormant: false, queued: false }; units],
            dirty: Vec::new(),
            up: vec![UP; gates],
            spare: (0..gates as GateId).map(spare).collect(),
            levels: vec![Vec::new(); system.structure.levels()],
            to_settle: 0,
            in_level: vec![false; gates],
            rates: levels::Rates::of(system),
            capacity: vec![f64::INFINITY; system.components.len()],
            errors: vec![0.0; system.components.len()],
            places: vec![PlaceLoad::default(); if apart { system.groups.len() } else { 0 }],
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
        self.copy_from(&pristine);
        self.pristine = Some(pristine);
    }

    /// Takes over the settled state of another board of the same system.
    pub(crate) fn copy_from(&mut self, other: &Self) {
        self.active.copy_from_slice(&other.active);
        self.units.copy_from_slice(&other.units);
        self.up.copy_from_slice(&other.up);
        self.spare.copy_from_slice(&other.spare);
        self.rates.copy_from(&other.rates);
        self.capacity.copy_from_slice(&other.capacity);
        self.errors.copy_from_slice(&other.errors);
        self.places.copy_from_slice(&other.places);
        self.service.copy_from_slice(&other.service);
        self.dirty.clear();
        self.clear_changes();
    }

    /// Takes effects over; the states follow at the next [`Board::settle`].
    #[inline]
    pub fn apply(&mut self, system: &System, wiring: &Wiring, effects: &mut Vec<Effect>) {
        for &Effect { slot, placed } in effects.iter() {
            let active = &mut self.active[slot as usize];
            if *active == placed {
                continue;
            }
            *active = placed;
            self.disturbed = true;
            let Acts { unit, act, gate } = wiring.acts(slot);
            let state = &mut self.units[unit as usize];
            match act {
                Act::Down if placed => state.holds += 1,
                Act::Down => state.holds -= 1,
                Act::Dormant => state.dormant = placed,
                Act::Degrade => {}
            }
            if let Some(gate) = gate {
                state.able = state.holds == 0;
                let serving = state.able && !state.dormant;
                self.serves(system, (unit, gate), serving);
            } else if !state.queued {
                state.queued = true;
                self.dirty.push(unit);
            }
        }
        effects.clear();
    }

    /// Whether a slot's effect is in place.
    pub fn is_active(&self, slot: SlotId) -> bool {
        self.active[slot as usize]
    }

    /// Whether a unit is healthy and every domain it sits in is up.
    #[inline]
    pub fn is_able(&self, unit: UnitId) -> bool {
        self.units[unit as usize].able
    }

    /// Whether a unit stands by.
    #[inline]
    pub fn is_dormant(&self, unit: UnitId) -> bool {
        self.units[unit as usize].dormant
    }

    /// Whether a gate is up.
    #[inline]
    pub fn is_up(&self, gate: GateId) -> bool {
        self.up[gate as usize] == UP
    }

    /// Calls `each` with those of a row of gates that are down, ascending. Most are up, and are passed over by eights.
    #[inline]
    pub fn each_down(&self, gates: Range<GateId>, mut each: impl FnMut(GateId)) {
        const ALL_UP: u64 = u64::from_ne_bytes([UP; 8]);
        let (eights, rest) = self.up[gates.start as usize..gates.end as usize].as_chunks::<8>();
        let mut first = gates.start;
        for eight in eights {
            if u64::from_ne_bytes(*eight) != ALL_UP {
                (first..).zip(eight).filter(|(_, up)| **up != UP).for_each(|(gate, _)| each(gate));
            }
            first += 8;
        }
        (first..).zip(rest).filter(|(_, up)| **up != UP).for_each(|(gate, _)| each(gate));
    }

    /// Children of a gate that are down.
    pub fn down_children(&self, system: &System, gate: GateId) -> usize {
        let up = self.spare[gate as usize] + system.structure.need(gate) as i32;
        system.structure.children(gate).len() - up as usize
    }

    /// What a journey asks for now; 0 where it has no demand.
    pub fn demand(&self, journey: u32) -> f64 {
        self.rates.demand(journey)
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

    /// Whether [`Board::settle`] has nothing to do.
    #[inline]
    pub const fn is_settled(&self) -> bool {
        self.dirty.is_empty() && self.to_settle == 0 && self.stale.is_empty()
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
