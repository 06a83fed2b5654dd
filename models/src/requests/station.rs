//! One station in a replication: its servers, its line, and what is counted there.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use super::breaker::Fuse;
use super::budget::Bucket;
use super::job::{Doing, Job, NOWHERE};
use super::line::WaitingLine;
use super::littles_law::Ledger;
use super::servers::Servers;
use super::tally::{BreakerTally, QUALITY_ONE, StationTally, StationTimes, UsersTally, microseconds, push};
use crate::system::{Line, Station as Declared, System};

/// A station.
#[derive(Debug)]
pub(super) struct Station {
    pub(super) queue: Option<Queue>,
    pub(super) calls: Vec<CallState>,
    pub(super) tally: StationTally,
    pub(super) users: UsersTally,
    pub(super) times: StationTimes,
    took_ticks: i128,
}

/// What one of its calls remembers.
#[derive(Debug)]
pub(super) struct CallState {
    pub(super) stream: Stream,
    pub(super) bucket: Bucket,
    pub(super) fuse: Option<Fuse>,
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
    pub(super) ledger: Ledger,
    /// When a request first took the last free server, and the last room.
    pub(super) all_busy: Tick,
    pub(super) full: Tick,
}

impl Queue {
    fn new(line: &Line, units: usize) -> Self {
        Self {
            servers: Servers::new(units, line.concurrency),
            line: WaitingLine::new(line.ranks),
            present: 0,
            service: Stream::new(line.service_stream),
            patience: Stream::new(line.patience_stream),
            ledger: Ledger::default(),
            all_busy: Tick::NEVER,
            full: Tick::NEVER,
        }
    }

    fn clear(&mut self) {
        self.servers.clear();
        self.line.clear();
        self.service.rewind();
        self.patience.rewind();
        (self.present, self.ledger) = (0, Ledger::default());
        (self.all_busy, self.full) = (Tick::NEVER, Tick::NEVER);
    }

    /// Books the time until now; called before anybody comes or goes.
    pub(super) fn book(&mut self, now: Tick, warmup: Tick) {
        let waiting = self.line.waiting();
        self.ledger.book(now, warmup, (waiting, self.present - waiting));
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
            fuse: call.breaker.map(Fuse::new),
        };
        Self {
            queue: declared.line.as_ref().map(|line| Queue::new(line, units)),
            calls: declared.calls.iter().map(call).collect(),
            tally: StationTally::default(),
            users: UsersTally::default(),
            times: StationTimes::default(),
            took_ticks: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        if let Some(queue) = &mut self.queue {
            queue.clear();
        }
        for call in &mut self.calls {
            call.stream.rewind();
            call.bucket.clear();
            call.fuse.iter_mut().for_each(Fuse::clear);
        }
        (self.tally, self.users) = (StationTally::default(), UsersTally::default());
        self.times.clear();
        self.took_ticks = 0;
    }

    /// A request of the users ends, answered with a quality or not at all.
    pub(super) fn ended(&mut self, took: Tick, answer: Option<f64>) {
        self.users.ended += 1;
        if let Some(quality) = answer {
            self.users.answered += 1;
            self.users.quality += (quality * QUALITY_ONE + 0.5) as i64;
            self.took_ticks += i128::from(took.get());
            push(&mut self.times.took, took);
        }
    }

    /// A job is still there at the end.
    pub(super) fn remains(&mut self, job: &Job, now: Tick, warmup: Tick) {
        match (&mut self.queue, job.server, job.doing) {
            (Some(queue), NOWHERE, Doing::Waiting) => queue.ledger.waited(job.since, now, warmup),
            (Some(_), NOWHERE, _) | (None, _, Doing::Thinking) => {}
            (Some(queue), _, _) => queue.ledger.served(job.since, now, warmup),
            (None, _, _) if job.came >= warmup => {
                self.users.open += 1;
                push(&mut self.times.open, now.since(job.came));
            }
            (None, _, _) => {}
        }
    }

    /// What was counted until now.
    pub(super) fn counted(&mut self, now: Tick, warmup: Tick) -> (StationTally, UsersTally) {
        let after = |at: Tick| if at.is_never() { -1 } else { microseconds(i128::from(at.since(warmup).get())) };
        if let Some(queue) = &mut self.queue {
            queue.book(now, warmup);
            let spent = queue.ledger.spent();
            (self.tally.waited, self.tally.busy) = (microseconds(spent.waiting), microseconds(spent.served));
            (self.tally.all_busy_after, self.tally.full_after) = (after(queue.all_busy), after(queue.full));
        }
        self.users.took = microseconds(self.took_ticks);
        (self.tally, self.users)
    }
    /// What was counted of its circuit breakers until now.
    pub(super) fn breakers(&mut self, now: Tick, warmup: Tick) -> impl Iterator<Item = BreakerTally> + '_ {
        self.calls.iter_mut().filter_map(move |call| Some(call.fuse.as_mut()?.counted(now, warmup)))
    }
}
