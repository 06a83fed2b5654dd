//! One queue in a replication: its line, its servers, and the time that is spent there.

use ninefold_sim_core::tick::Tick;

use super::instant::Instant;
use super::line::WaitingLine;
use super::littles_law::Ledger;
use super::servers::Servers;
use super::shared::Shared;
use super::shedding::Shedder;
use crate::system::{Line, Turn};

/// A line and its servers.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) servers: Servers,
    pub(super) line: WaitingLine,
    /// Those who share the servers, where they are shared.
    pub(super) shared: Option<Shared>,
    /// What is shed by what is measured.
    pub(super) shedder: Option<Shedder>,
    /// Those in line and in service.
    pub(super) present: u64,
    pub(super) ledger: Ledger,
    /// When a request first took the last free server, and the last room.
    pub(super) all_busy: Tick,
    pub(super) full: Tick,
}

impl Queue {
    pub(super) fn new(line: &Line, units: usize) -> Self {
        Self {
            servers: Servers::new(units, line.concurrency),
            line: WaitingLine::new(line.ranks, line.turn == Turn::LastCome),
            shared: (line.turn == Turn::Shared).then(Shared::default),
            shedder: line.sheds.map(Shedder::new),
            present: 0,
            ledger: Ledger::default(),
            all_busy: Tick::NEVER,
            full: Tick::NEVER,
        }
    }

    /// Nobody is there; every unit serves.
    pub(super) fn clear(&mut self) {
        self.servers.clear();
        self.empty(Tick::ZERO);
    }

    /// Nobody is there from now on; nothing was counted.
    pub(super) fn empty(&mut self, now: Tick) {
        self.servers.empty();
        self.line.clear();
        self.shedder.iter_mut().for_each(Shedder::clear);
        (self.present, self.ledger) = (0, Ledger::from(now));
        (self.all_busy, self.full) = (Tick::NEVER, Tick::NEVER);
        if let Some(shared) = &mut self.shared {
            shared.clear(now);
            shared.serve_with(self.servers.serving());
        }
    }

    /// Books the time until now; called before anybody comes or goes.
    pub(super) fn book(&mut self, at: Instant<'_>) {
        let waiting = self.line.waiting();
        self.ledger.book(at.now, at.from, (waiting, self.present - waiting));
        if let Some(shared) = &mut self.shared {
            shared.book(at.now, at.from);
        }
    }

    /// Notes when the last free server was first taken; called when somebody begins.
    pub(super) fn note_busy(&mut self, at: Instant<'_>) {
        let is_busy = match &self.shared {
            Some(_) => self.present >= u64::from(self.servers.serving()),
            None => !self.servers.is_any_free(),
        };
        if is_busy && self.all_busy.is_never() && at.is_measured() {
            self.all_busy = at.now;
        }
    }
}
