//! One station in a replication: its servers, its line, and what is counted there.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use super::budget::Bucket;
use super::line::WaitingLine;
use super::servers::Servers;
use super::tally::{StationTally, Times, UsersTally, measured, microseconds};
use crate::system::{Line, Station as Declared, System};

/// A station.
#[derive(Debug)]
pub(super) struct Station {
    pub(super) queue: Option<Queue>,
    pub(super) calls: Vec<CallState>,
    pub(super) tally: StationTally,
    pub(super) users: UsersTally,
    pub(super) wait: Times,
    pub(super) took: Times,
    took_ticks: i128,
}

/// What one of its calls remembers.
#[derive(Debug)]
pub(super) struct CallState {
    pub(super) stream: Stream,
    pub(super) bucket: Bucket,
}

/// A line and its servers.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) servers: Servers,
    pub(super) line: WaitingLine,
    /// Those in line and in service.
    pub(super) present: u64,
    pub(super) service: Stream,
    pub(super) patience: Stream,
    /// Until when its times are booked.
    booked: Tick,
    waited: i128,
    busy: i128,
}

impl Queue {
    fn new(line: &Line, units: usize) -> Self {
        Self {
            servers: Servers::new(units, line.concurrency),
            line: WaitingLine::new(line.ranks),
            present: 0,
            service: Stream::new(line.service_stream),
            patience: Stream::new(line.patience_stream),
            booked: Tick::ZERO,
            waited: 0,
            busy: 0,
        }
    }

    /// Books the time until now; called before anybody comes or goes.
    pub(super) fn book(&mut self, now: Tick, warmup: Tick) {
        let span = measured(self.booked, now, warmup);
        self.booked = now;
        if span > 0 {
            let waiting = self.line.waiting();
            self.waited += span * i128::from(waiting);
            self.busy += span * i128::from(self.present - waiting);
        }
    }
}

impl Station {
    pub(super) fn new(declared: &Declared, system: &System) -> Self {
        use crate::system::StationOwner::{Component, Users};
        let units = match declared.owner {
            Component(component, _) => system.components[component as usize].units.len(),
            Users(_) => 0,
        };
        let call = |call: &crate::system::Call| CallState {
            stream: Stream::new(call.stream),
            bucket: Bucket::new(call.budget),
        };
        Self {
            queue: declared.line.as_ref().map(|line| Queue::new(line, units)),
            calls: declared.calls.iter().map(call).collect(),
            tally: StationTally::default(),
            users: UsersTally::default(),
            wait: Times::default(),
            took: Times::default(),
            took_ticks: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        if let Some(queue) = &mut self.queue {
            queue.servers.clear();
            queue.line.clear();
            queue.service.rewind();
            queue.patience.rewind();
            (queue.present, queue.booked, queue.waited, queue.busy) = (0, Tick::ZERO, 0, 0);
        }
        for call in &mut self.calls {
            call.stream.rewind();
            call.bucket.clear();
        }
        (self.tally, self.users) = (StationTally::default(), UsersTally::default());
        self.wait.clear();
        self.took.clear();
        self.took_ticks = 0;
    }

    /// A request of the users ends.
    pub(super) fn ended(&mut self, took: Tick, is_answered: bool) {
        self.users.ended += 1;
        if is_answered {
            self.users.answered += 1;
            self.took_ticks += i128::from(took.get());
            self.took.push(took);
        }
    }

    /// What was counted until now.
    pub(super) fn counted(&mut self, now: Tick, warmup: Tick) -> (StationTally, UsersTally) {
        if let Some(queue) = &mut self.queue {
            queue.book(now, warmup);
            self.tally.waited = microseconds(queue.waited);
            self.tally.busy = microseconds(queue.busy);
        }
        let quantiles = self.took.quantiles();
        (self.tally.wait, self.tally.sojourn) = (self.wait.quantiles(), quantiles);
        (self.users.took, self.users.latency) = (microseconds(self.took_ticks), quantiles);
        (self.tally, self.users)
    }
}
