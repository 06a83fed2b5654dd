//! Autoscaling: looks at a load, and replicas that come and go.
//!
//! A look is due at every multiple of the interval, but once a decision rests ([`Hpa::rests`]) none is taken until what it
//! sees changes; those passed over would have come to the same.

mod fleet;

use ninefold_sim_core::tick::Tick;

use self::fleet::Fleet;
use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::replication::{Scaled, Stand};
use crate::scaling::hpa::Hpa;
use crate::scaling::{Decision, Load, Reading, Seen, Wanted};
use crate::system::{Autoscale as Declared, System, in_millionths};

/// One autoscaler.
#[derive(Debug)]
struct Scaler {
    hpa: Hpa,
    wanted: Wanted,
    fleet: Fleet,
    readings: [Reading; 1],
    /// Load and replicas at every change, from the start.
    stands: Vec<Stand>,
    /// When anything that a look sees last changed.
    changed: Tick,
    /// The last look, and what it came to; none before the first.
    last: Option<(Tick, Decision)>,
    /// No look is waited for.
    is_at_rest: bool,
}

/// The autoscalers of one world.
#[derive(Debug)]
pub(super) struct Autoscale {
    scalers: Vec<Scaler>,
    /// For each component, its autoscaler.
    of: Vec<Option<u32>>,
    changes: Vec<Scaled>,
}

impl Scaler {
    fn new(system: &System, declared: &Declared) -> Self {
        let wanted = declared.spec.policy.targets.first().map_or(Wanted::Total, Wanted::of);
        Self {
            hpa: Hpa::new(declared.spec.policy.clone(), Default::default()),
            wanted,
            fleet: Fleet::new(system, declared),
            readings: [Reading::Failed { ready: 0 }],
            stands: Vec::new(),
            changed: Tick::ZERO,
            last: None,
            is_at_rest: false,
        }
    }

    /// Writes down what there is now, if it is not what there was.
    fn note(&mut self, declared: &Declared, at: Moment<'_>) {
        let demand = in_millionths(at.board.load(declared.component));
        let (serving, replicas) = (self.fleet.serving(at.board), self.fleet.replicas());
        let spot = self.fleet.spot();
        let stand = Stand { at: at.now, demand, serving, replicas, spot };
        match self.stands.last_mut() {
            Some(last) if Stand { at: at.now, ..*last } == stand => {}
            Some(last) if last.at == at.now => *last = stand,
            _ => self.stands.push(stand),
        }
    }

    /// The load at an instant; before the start as at the start.
    fn demand_at(&self, instant: Tick) -> u64 {
        let after = self.stands.partition_point(|stand| stand.at <= instant);
        self.stands[after.saturating_sub(1)].demand
    }

    /// The next look, if nothing was waited for.
    fn wake(&mut self, declared: &Declared, at: Moment<'_>) -> Option<Tick> {
        if !std::mem::replace(&mut self.is_at_rest, false) {
            return None;
        }
        let interval = declared.interval.get();
        // Rounded up: now is not before the start.
        let next = Tick::new((at.now.get() + interval - 1) / interval * interval);
        let after = self.last.map_or(Tick::ZERO, |(last, _)| last.after(declared.interval));
        Some(next.max(after))
    }

    fn look(&mut self, declared: &Declared, at: Moment<'_>) -> Decision {
        let now = at.now;
        if let Some((last, decision)) = &self.last {
            let before = now.since(declared.interval);
            if before > *last {
                self.hpa.passed_over(decision, before);
            }
        }
        let taken = now.since(declared.metric_delay);
        let current = self.fleet.replicas();
        let load = Load {
            demand: self.demand_at(taken),
            sampled: self.fleet.serving_since(taken, at.board),
            ready: self.fleet.serving(at.board),
            current,
            per_replica: declared.per_replica,
        };
        load.show(self.wanted, &mut self.readings[0]);
        let decision = self.hpa.look(&Seen { now, current, readings: &self.readings });
        self.last = Some((now, decision));
        self.is_at_rest = self.changed <= taken && self.hpa.rests(&decision) && !declared.every_look;
        decision
    }
}

impl Autoscale {
    /// What the autoscalers changed within the measured time.
    pub(super) fn changes(&self) -> &[Scaled] {
        &self.changes
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
        scaler.changed = at.now;
        if let Some(next) = scaler.wake(declared, at).filter(|&next| next <= at.system.end) {
            out.schedule(next, Kind::ScalerLooks, place);
        }
    }

    fn look(&mut self, place: u32, at: Moment<'_>, out: &mut Out) {
        let declared = &at.system.autoscalers[place as usize];
        let scaler = &mut self.scalers[place as usize];
        scaler.note(declared, at);
        let decision = scaler.look(declared, at);
        if decision.to != decision.from {
            scaler.fleet.resize((declared, decision.to), at, out);
            scaler.note(declared, at);
            self.changes.push(Scaled { of: place, at: at.now, decision });
        }
        let next = at.now.after(declared.interval);
        if !scaler.is_at_rest && next <= at.system.end {
            out.schedule(next, Kind::ScalerLooks, place);
        }
    }
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
            of[declared.component as usize] = Some(place);
        }
        let scalers = system.autoscalers.iter().map(|declared| Scaler::new(system, declared)).collect();
        Self { scalers, of, changes: Vec::new() }
    }

    fn listens(&self) -> FactSet {
        if self.scalers.is_empty() { FactSet::NONE } else { Self::LISTENS }
    }

    fn start(&mut self, at: Moment<'_>, out: &mut Out) {
        self.changes.clear();
        for (place, declared) in (0..).zip(&at.system.autoscalers) {
            let scaler = &mut self.scalers[place as usize];
            scaler.hpa.forget();
            scaler.stands.clear();
            (scaler.changed, scaler.last, scaler.is_at_rest) = (Tick::ZERO, None, false);
            scaler.fleet.start(declared, at, out);
            out.schedule(Tick::ZERO, Kind::ScalerLooks, place);
        }
    }

    fn event(&mut self, kind: Kind, entity: u32, at: Moment<'_>, out: &mut Out) {
        match kind {
            // It looks once the board is settled.
            Kind::ScalerLooks => out.note(FactKind::LookDue, entity),
            _ => {
                let component = at.system.units.units[entity as usize].component;
                if let Some(&Some(place)) = component.and_then(|component| self.of.get(component as usize)) {
                    self.scalers[place as usize].fleet.booted(entity, at, out);
                }
            }
        }
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        let component = match fact.kind {
            FactKind::LookDue => return self.look(fact.subject, at, out),
            FactKind::LoadChanged => Some(fact.subject),
            _ => at.system.units.units[fact.subject as usize].component,
        };
        if let Some(&Some(place)) = component.and_then(|component| self.of.get(component as usize)) {
            if fact.kind == FactKind::UnitUp {
                self.scalers[place as usize].fleet.returned(fact.subject, at);
            }
            self.changed(place, at, out);
        }
    }
}
