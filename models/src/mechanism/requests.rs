//! Requests one by one, among the failures of the units that serve them.

use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::requests::{Requested, Traffic};
use crate::system::System;
use ninefold_sim_core::tick::Tick;

/// The requests of one world.
#[derive(Debug)]
pub(super) struct Requests {
    traffic: Traffic,
    around_incidents: bool,
}

impl Requests {
    /// What was counted until now, the end of the replication.
    pub(super) fn counted(&mut self, end: Tick, system: &System, into: &mut Requested) {
        self.traffic.counted(end, system, into);
    }

    fn await_next(&mut self, at: Moment<'_>, out: &mut Out) {
        let next = self.traffic.next();
        out.schedule(if next <= at.system.end { next } else { Tick::NEVER }, Kind::RequestsGoOn, 0);
    }
}

impl Mechanism for Requests {
    const LISTENS: FactSet = FactSet::of(&[FactKind::GateChanged]);

    fn new(system: &System) -> Self {
        Self { traffic: Traffic::new(system), around_incidents: system.requests.around.is_some() }
    }

    fn listens(&self) -> FactSet {
        match (self.traffic.is_none(), self.around_incidents) {
            (true, _) => FactSet::NONE,
            (false, false) => Self::LISTENS,
            (false, true) => Self::LISTENS.and(FactSet::of(&[FactKind::JourneyDown])),
        }
    }

    fn start(&mut self, at: Moment<'_>, out: &mut Out) {
        if !self.traffic.is_none() {
            self.traffic.start(at);
            self.await_next(at, out);
        }
    }

    fn event(&mut self, _: Kind, _: u32, at: Moment<'_>, out: &mut Out) {
        self.traffic.go_on(at);
        self.await_next(at, out);
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        match fact.kind {
            FactKind::JourneyDown => self.traffic.incident_opens(at),
            _ => self.traffic.gate_changed(fact.subject, at),
        }
        self.await_next(at, out);
    }
}
