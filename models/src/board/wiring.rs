//! Who looks at what: slots to units, gates to tracked entities and journeys, components to the journeys that read their
//! numbers.

use std::ops::Range;

use crate::board::{FACT_KINDS, FactKind};
use crate::system::{GateId, Lists, Slot, SlotEffect, SlotId, System, Tracked, TrackedId, UnitId};

/// Reverse look-ups over a system, made once a world.
#[derive(Debug)]
pub struct Wiring {
    acts: Vec<Acts>,
    looks: Vec<Looks>,
    parents: Lists<GateId>,
    /// For each gate, its children, if they are gates in a row.
    in_a_row: Vec<Option<(GateId, GateId)>>,
    watchers: Lists<TrackedId>,
    journeys_at: Lists<u32>,
    readers: Lists<u32>,
    scheme_at: Vec<Option<u32>>,
    listeners: [u32; FACT_KINDS],
}

/// Who looks at a unit, so that the usual case is settled by this alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// Nobody: it is a domain.
    Nobody,
    /// One gate and nothing else.
    OneGate(GateId),
    /// Several gates, entities, journeys, or those who read numbers of this component.
    Many(u32),
}

/// What a slot does to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acts {
    /// Its unit.
    pub unit: UnitId,
    /// What it does.
    pub act: Act,
    /// The one gate that looks at the unit, if nobody else does and nobody hears of it: it is settled where it stands.
    pub gate: Option<GateId>,
}

/// What a slot does to its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Holds it down.
    Down,
    /// Keeps it dormant.
    Dormant,
    /// Changes its numbers.
    Degrade,
}

impl Wiring {
    /// The look-ups of `system`; `listeners[kind]` is a bit mask of the mechanisms that hear a kind of fact.
    pub fn new(system: &System, listeners: [u32; FACT_KINDS]) -> Self {
        let gates = system.structure.len();
        let (mut watchers, mut journeys_at) = (vec![Vec::new(); gates], vec![Vec::new(); gates]);
        let mut readers = vec![Vec::new(); system.components.len()];
        for (id, tracked) in system.tracked.iter().enumerate() {
            if let Tracked::Gate { gate, .. } = tracked {
                watchers[*gate as usize].push(id as TrackedId);
            }
        }
        for (id, journey) in system.journeys.iter().enumerate() {
            journeys_at[journey.served.gate as usize].push(id as u32);
            for target in &journey.soft {
                journeys_at[target.served.gate as usize].push(id as u32);
            }
            if journey.partial {
                journey.reads.iter().for_each(|&component| readers[component as usize].push(id as u32));
            }
        }
        let mut scheme_at = vec![None; gates];
        for (id, group) in system.groups.iter().enumerate() {
            let scaled = system.components[group.component as usize].scaled;
            if group.standby.is_some() || group.coverage.is_some() || scaled {
                scheme_at[group.gate as usize] = Some(id as u32);
            }
        }
        let parents: Vec<Vec<GateId>> =
            (0..gates as GateId).map(|gate| system.structure.parents(gate).to_vec()).collect();
        let told = |component: u32| {
            let component = &system.components[component as usize];
            component.routed.is_some() || component.serves_requests
        };
        let looks = |unit: usize| {
            let Some(component) = system.units.units[unit].component else { return Looks::Nobody };
            let seen = !watchers[unit].is_empty() || !journeys_at[unit].is_empty();
            match parents[unit][..] {
                [gate] if !seen && readers[component as usize].is_empty() && !told(component) => Looks::OneGate(gate),
                _ => Looks::Many(component),
            }
        };
        let looks: Vec<Looks> = (0..system.units.units.len()).map(looks).collect();
        let heard = listeners[FactKind::UnitDown as usize] | listeners[FactKind::UnitUp as usize] != 0;
        let acts = |slot: &Slot| match looks[slot.unit as usize] {
            Looks::OneGate(gate) if !heard => Acts { unit: slot.unit, act: act(slot.effect), gate: Some(gate) },
            _ => Acts { unit: slot.unit, act: act(slot.effect), gate: None },
        };
        Self {
            acts: system.units.slots.iter().map(acts).collect(),
            looks,
            parents: Lists::pack(&parents),
            in_a_row: (0..gates as GateId).map(|gate| in_a_row(system.structure.children(gate))).collect(),
            watchers: Lists::pack(&watchers),
            journeys_at: Lists::pack(&journeys_at),
            readers: Lists::pack(&readers),
            scheme_at,
            listeners,
        }
    }

    /// What a slot does, and to whom.
    #[inline]
    pub fn acts(&self, slot: SlotId) -> Acts {
        self.acts[slot as usize]
    }

    /// Gates over a gate.
    #[inline]
    pub fn parents(&self, gate: GateId) -> &[GateId] {
        self.parents.get(gate)
    }

    /// Who looks at a unit.
    #[inline]
    pub fn looks(&self, unit: UnitId) -> Looks {
        self.looks[unit as usize]
    }

    /// The children of a gate, if they are gates in a row.
    #[inline]
    pub fn in_a_row(&self, gate: GateId) -> Option<Range<GateId>> {
        self.in_a_row[gate as usize].map(|(first, after)| first..after)
    }

    /// Tracked entities whose state is a gate's.
    #[inline]
    pub fn watchers(&self, gate: GateId) -> &[TrackedId] {
        self.watchers.get(gate)
    }

    /// Journeys whose service depends on a gate directly.
    #[inline]
    pub fn journeys_at(&self, gate: GateId) -> &[u32] {
        self.journeys_at.get(gate)
    }

    /// Journeys that read a component's capacity or errors.
    #[inline]
    pub fn readers(&self, component: u32) -> &[u32] {
        self.readers.get(component)
    }

    /// The group whose state is a gate's, if able units of it may be kept from serving: by a standby scheme, or by a
    /// failure that is being dealt with.
    pub fn scheme_at(&self, gate: GateId) -> Option<u32> {
        self.scheme_at[gate as usize]
    }

    /// Mechanisms that hear a kind of fact, as a bit mask.
    #[inline]
    pub const fn listeners(&self, kind: FactKind) -> u32 {
        self.listeners[kind as usize]
    }
}

/// First and after the last, if each is one more than the one before.
fn in_a_row(gates: &[GateId]) -> Option<(GateId, GateId)> {
    let (&first, &last) = (gates.first()?, gates.last()?);
    gates.windows(2).all(|pair| pair[1] == pair[0] + 1).then_some((first, last + 1))
}

const fn act(effect: SlotEffect) -> Act {
    match effect {
        SlotEffect::Failed | SlotEffect::Lost(_) | SlotEffect::Reclaimed(_) => Act::Down,
        SlotEffect::Dormant
        | SlotEffect::Ejected(_)
        | SlotEffect::Away(_)
        | SlotEffect::Electing(_)
        | SlotEffect::TwoWriters(_) => Act::Dormant,
        SlotEffect::Degraded { .. }
        | SlotEffect::Waiting(_)
        | SlotEffect::Awaiting(..)
        | SlotEffect::Reconfiguring(_)
        | SlotEffect::Withdrawn(_)
        | SlotEffect::Plan { .. } => Act::Degrade,
    }
}
