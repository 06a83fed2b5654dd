//! Loss of domains: a domain that is down takes down every replica inside it; they serve again the instant it is up.

use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::system::System;

/// Domains taking down what is inside them. A lost parent does not stop a child's clock.
#[derive(Debug)]
pub(super) struct DomainLoss {
    used: bool,
}

impl Mechanism for DomainLoss {
    const LISTENS: FactSet = FactSet::of(&[FactKind::UnitDown, FactKind::UnitUp]);

    fn new(system: &System) -> Self {
        let units = &system.units;
        Self { used: units.modes.iter().any(|mode| units.is_domain(mode.unit)) }
    }

    fn listens(&self) -> FactSet {
        if self.used { Self::LISTENS } else { FactSet::NONE }
    }

    fn start(&mut self, _: Moment<'_>, _: &mut Out) {}

    fn event(&mut self, kind: Kind, _: u32, _: Moment<'_>, _: &mut Out) {
        unreachable!("bug: domain loss owns no events, got {kind:?}");
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        let units = &at.system.units;
        if !units.is_domain(fact.subject) {
            return;
        }
        for &slot in &units.inside[fact.subject as usize - units.replicas] {
            if fact.kind == FactKind::UnitDown { out.place(slot) } else { out.lift(slot) }
        }
    }
}
