//! Warm-up: a unit that begins to serve serves less at first.
//!
//! It is a failure mode that degrades its unit and whose clock never runs: this is what strikes it.

use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::system::{ModeId, ModeSpec, System};

/// The units of one world that warm up.
#[derive(Debug)]
pub(super) struct WarmUp {
    /// For each replica, its warm-up; empty where none has one.
    of_unit: Vec<Option<ModeId>>,
}

impl Mechanism for WarmUp {
    const LISTENS: FactSet = FactSet::of(&[FactKind::UnitUp, FactKind::Activated]);

    fn new(system: &System) -> Self {
        let place = |component: u32| {
            let modes = &system.spec.components[component as usize].modes;
            modes.iter().position(ModeSpec::is_warm_up).map(|place| place as ModeId)
        };
        let of = |unit: &crate::system::Unit| Some(unit.modes.start + place(unit.component?)?);
        let any = system.spec.components.iter().any(|component| component.modes.iter().any(ModeSpec::is_warm_up));
        let replicas = if any { &system.units.units[..system.units.replicas] } else { &[] };
        Self { of_unit: replicas.iter().map(of).collect() }
    }

    fn listens(&self) -> FactSet {
        if self.of_unit.is_empty() { FactSet::NONE } else { Self::LISTENS }
    }

    fn start(&mut self, _: Moment<'_>, _: &mut Out) {}

    fn event(&mut self, kind: Kind, _: u32, _: Moment<'_>, _: &mut Out) {
        unreachable!("bug: warm-up owns no events, got {kind:?}");
    }

    /// A unit is able again, or was started. One that is away, or on its way, is not warm before it serves.
    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        let serves = fact.kind == FactKind::Activated || !at.board.is_dormant(fact.subject);
        if let Some(&Some(mode)) = self.of_unit.get(fact.subject as usize).filter(|_| serves) {
            out.note(FactKind::Struck, mode);
        }
    }
}
