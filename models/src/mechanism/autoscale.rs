//! Autoscaling: looks at a load, and replicas that come and go.
//!
//! A look is due at every multiple of the interval, but once a decision rests none is taken until what it sees changes;
//! those passed over would have come to the same.

mod fleet;
mod floor;
mod looks;
mod nodes;

use ninefold_sim_core::tick::Tick;

use self::looks::Looks;
use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::replication::{Pooled, Scaled, Stand};
use crate::scaling::Decision;
use crate::system::{System, UnitId};

/// The autoscalers of one world.
#[derive(Debug)]
pub(super) struct Autoscale {
    scalers: Vec<Looks>,
    /// For each component, the first of its autoscalers, if it has any.
    of: Vec<Option<u32>>,
    /// For each unit of a component with several, its autoscaler; empty if there is none.
    of_unit: Vec<u32>,
    decisions: Vec<Scaled>,
    /// Whether some autoscaler can lose its metrics.
    can_be_blind: bool,
}

impl Autoscale {
    /// What the autoscalers changed; where they tell all, also what they decided otherwise than the time before.
    pub(super) fn decisions(&self) -> &[Scaled] {
        &self.decisions
    }

    /// Load and replicas by autoscaler, at every change.
    pub(super) fn stands(&self) -> impl Iterator<Item = &[Stand]> {
        self.scalers.iter().map(|scaler| &scaler.stands[..])
    }

    /// Something that a scaler sees may have changed.
    fn changed(&mut self, place: u32, at: Moment<'_>, out: &mut Out) {
        let declared = &at.system.autoscalers[place as usize];
        let scaler = &mut self.scalers[place as usize];
        scaler.note(declared, at);
        if let Some(next) = scaler.wake(declared, at).filter(|&next| next <= at.system.end) {
            out.schedule(next, Kind::ScalerLooks, place);
        }
    }

    fn look(&mut self, place: u32, at: Moment<'_>, out: &mut Out) {
        let declared = &at.system.autoscalers[place as usize];
        let scaler = &mut self.scalers[place as usize];
        scaler.note(declared, at);
        let before = scaler.last_decision();
        let decision = scaler.look(declared, at);
        if decision.to != decision.from {
            scaler.fleet.resize(((declared, place), decision.to), at, out);
            scaler.note(declared, at);
        }
        let is_other = declared.tells_all && before.is_none_or(|before| is_other(&before, &decision));
        if decision.to != decision.from || is_other {
            self.decisions.push(Scaled { of: place, at: at.now, decision });
        }
        let next = scaler.next(declared, at.now);
        if next <= at.system.end {
            out.schedule(next, Kind::ScalerLooks, place);
        }
    }

    /// What was counted of the nodes under each, until the end of the replication.
    pub(super) fn pooled(&mut self, end: Tick, warmup: Tick) -> impl Iterator<Item = Pooled> + '_ {
        self.scalers.iter_mut().map(move |scaler| scaler.fleet.pooled(end, warmup))
    }

    /// Something happens to the nodes of an autoscaler.
    fn nodes(&mut self, kind: Kind, place: u32, at: Moment<'_>, out: &mut Out) {
        let declared = &at.system.autoscalers[place as usize];
        let fleet = &mut self.scalers[place as usize].fleet;
        match kind {
            Kind::NodesScanned => fleet.scan((declared, place), at, out),
            _ => fleet.short((declared, place), at, out),
        }
    }

    fn node_comes(&mut self, node: u32, at: Moment<'_>, out: &mut Out) {
        let all = (0..).zip(&at.system.autoscalers);
        let pools = all.filter_map(|(place, declared)| Some((place, declared, declared.nodes.as_ref()?)));
        let of = pools.filter(|(.., pool)| pool.first <= node).last();
        let (place, declared, pool) = of.expect("bug: every node is of a pool");
        let node = (node - pool.first) as usize;
        self.scalers[place as usize].fleet.node_comes(node, (declared, place), at, out);
    }

    /// The autoscaler of a unit.
    fn scaler_of(&self, unit: UnitId, system: &System) -> Option<u32> {
        let component = system.units.units[unit as usize].component?;
        let first = self.of[component as usize]?;
        Some(self.of_unit.get(unit as usize).copied().filter(|&place| place != u32::MAX).unwrap_or(first))
    }

    /// Every scaler of a component.
    fn load_changed(&mut self, component: u32, at: Moment<'_>, out: &mut Out) {
        let Some(first) = self.of[component as usize] else { return };
        let more = at.system.components[component as usize].groups.len() as u32;
        if more == 1 {
            return self.changed(first, at, out);
        }
        for place in first..self.scalers.len() as u32 {
            if at.system.autoscalers[place as usize].component == component {
                self.changed(place, at, out);
            }
        }
    }

    /// Every scaler whose metrics come through a gate.
    fn metrics_changed(&mut self, gate: u32, at: Moment<'_>, out: &mut Out) {
        for place in 0..self.scalers.len() {
            if at.system.autoscalers[place].metrics == Some(gate) {
                self.changed(place as u32, at, out);
            }
        }
    }
}

/// Whether a decision is told beside the one before: it came to something else, or for another reason.
fn is_other(before: &Decision, decision: &Decision) -> bool {
    let Decision { to, raw, stabilised, limit, .. } = *before;
    (to, raw, stabilised, limit) != (decision.to, decision.raw, decision.stabilised, decision.limit)
}

impl Mechanism for Autoscale {
    const LISTENS: FactSet = FactSet::of(&[
        FactKind::UnitDown,
        FactKind::UnitUp,
        FactKind::Activated,
        FactKind::StoodDown,
        FactKind::LoadChanged,
        FactKind::LookDue,
    ]);

    fn new(system: &System) -> Self {
        let mut of = if system.autoscalers.is_empty() { Vec::new() } else { vec![None; system.components.len()] };
        for (place, declared) in (0..).zip(&system.autoscalers) {
            of[declared.component as usize].get_or_insert(place);
        }
        let several =
            |declared: &&crate::system::Autoscale| system.components[declared.component as usize].groups.len() > 1;
        let mut of_unit = Vec::new();
        for (place, declared) in (0..).zip(&system.autoscalers).filter(|(_, declared)| several(declared)) {
            of_unit.resize(system.units.replicas, u32::MAX);
            declared.units.iter().for_each(|&unit| of_unit[unit as usize] = place);
        }
        let scalers = system.autoscalers.iter().map(|declared| Looks::new(system, declared)).collect();
        let can_be_blind = system.autoscalers.iter().any(|declared| declared.metrics.is_some());
        Self { scalers, of, of_unit, decisions: Vec::new(), can_be_blind }
    }

    fn listens(&self) -> FactSet {
        match (self.scalers.is_empty(), self.can_be_blind) {
            (true, _) => FactSet::NONE,
            (_, true) => Self::LISTENS.and(FactSet::of(&[FactKind::GateChanged])),
            (_, false) => Self::LISTENS,
        }
    }

    fn start(&mut self, at: Moment<'_>, out: &mut Out) {
        self.decisions.clear();
        for (place, declared) in (0..).zip(&at.system.autoscalers) {
            let scaler = &mut self.scalers[place as usize];
            scaler.start(declared);
            scaler.fleet.start((declared, place), at, out);
            out.schedule(Tick::ZERO, Kind::ScalerLooks, place);
        }
    }

    fn event(&mut self, kind: Kind, entity: u32, at: Moment<'_>, out: &mut Out) {
        match kind {
            // It looks once the board is settled.
            Kind::ScalerLooks => out.note(FactKind::LookDue, entity),
            Kind::NodeComes => self.node_comes(entity, at, out),
            Kind::NodesShort | Kind::NodesScanned => self.nodes(kind, entity, at, out),
            _ => {
                if let Some(place) = self.scaler_of(entity, at.system) {
                    self.scalers[place as usize].fleet.booted(entity, at, out);
                }
            }
        }
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        let place = match fact.kind {
            FactKind::LookDue => return self.look(fact.subject, at, out),
            FactKind::GateChanged => return self.metrics_changed(fact.subject, at, out),
            FactKind::LoadChanged => return self.load_changed(fact.subject, at, out),
            _ => self.scaler_of(fact.subject, at.system),
        };
        if let Some(place) = place {
            if fact.kind == FactKind::UnitUp {
                self.scalers[place as usize].fleet.returned(fact.subject, at);
            }
            self.changed(place, at, out);
        }
    }
}
