//! One station in a replication: its queues, its calls, and what is counted there.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use super::breaker::Fuse;
use super::budget::Bucket;
use super::cache::Filling;
use super::instant::Instant;
use super::job::{Doing, Job, NOWHERE};
use super::queue::Queue;
use super::tally::{BreakerTally, CacheTally, QUALITY_ONE, StationTally, StationTimes, UsersTally, microseconds, push};
use crate::system::{Call, Line, Station as Declared, StationOwner, System};

/// A station.
#[derive(Debug)]
pub(super) struct Station {
    /// One before all units, or one before each; none where it takes no time.
    pub(super) queues: Vec<Queue>,
    /// Whether its component is up.
    pub(super) is_up: bool,
    pub(super) streams: Option<Streams>,
    /// Since when its units fill their caches, where it has any.
    pub(super) filling: Filling,
    /// Which branch is called, where there are several.
    pub(super) choice: Option<Stream>,
    pub(super) calls: Vec<CallState>,
    pub(super) tally: StationTally,
    pub(super) users: UsersTally,
    pub(super) times: StationTimes,
    took_ticks: i128,
}

/// What is drawn at a line.
#[derive(Debug)]
pub(super) struct Streams {
    pub(super) service: Stream,
    pub(super) patience: Stream,
    pub(super) queue: Stream,
}

/// What one of its calls remembers.
#[derive(Debug)]
pub(super) struct CallState {
    pub(super) stream: Stream,
    pub(super) bucket: Bucket,
    pub(super) fuse: Option<Fuse>,
    pub(super) looked: CacheTally,
}

impl Station {
    pub(super) fn new(declared: &Declared, system: &System) -> Self {
        let units = match declared.owner {
            StationOwner::Component(component, _) => system.components[component as usize].units.len(),
            StationOwner::Users(_) | StationOwner::Branches => 0,
        };
        let queues = |line: &Line| match line.per_unit {
            true => (0..units).map(|_| Queue::new(line, 1)).collect(),
            false => vec![Queue::new(line, units)],
        };
        let streams = |line: &Line| Streams {
            service: Stream::new(line.service_stream),
            patience: Stream::new(line.patience_stream),
            queue: Stream::new(line.queue_stream),
        };
        let call = |call: &Call| CallState {
            stream: Stream::new(call.stream),
            bucket: Bucket::new(call.budget),
            fuse: call.breaker.map(Fuse::new),
            looked: CacheTally::default(),
        };
        Self {
            queues: declared.line.as_ref().map_or_else(Vec::new, queues),
            is_up: true,
            streams: declared.line.as_ref().map(streams),
            filling: Filling::new(if declared.calls.iter().any(|call| call.cache.is_some()) { units } else { 0 }),
            choice: declared.at_once.map(|of| Stream::new(of.stream)),
            calls: declared.calls.iter().map(call).collect(),
            tally: StationTally::default(),
            users: UsersTally::default(),
            times: StationTimes::default(),
            took_ticks: 0,
        }
    }

    /// As at the start of a replication: every unit serves.
    pub(super) fn clear(&mut self) {
        self.is_up = true;
        self.filling.clear();
        self.queues.iter_mut().for_each(Queue::clear);
        self.choice.iter_mut().for_each(Stream::rewind);
        if let Some(streams) = &mut self.streams {
            [&mut streams.service, &mut streams.patience, &mut streams.queue].into_iter().for_each(Stream::rewind);
        }
        for call in &mut self.calls {
            call.stream.rewind();
            call.bucket.clear();
            call.fuse.iter_mut().for_each(Fuse::clear);
            call.looked = CacheTally::default();
        }
        (self.tally, self.users) = (StationTally::default(), UsersTally::default());
        self.times.clear();
        self.took_ticks = 0;
    }

    /// Nobody is there from now on; what was counted stays.
    pub(super) fn empty(&mut self, now: Tick) {
        self.queues.iter_mut().for_each(|queue| queue.empty(now));
        for call in &mut self.calls {
            call.bucket.clear();
            call.fuse.iter_mut().for_each(|fuse| fuse.restart(now));
        }
    }

    /// The queue and the place in it that a unit has.
    pub(super) const fn place_of(&self, unit: usize) -> (usize, usize) {
        if self.queues.len() == 1 { (0, unit) } else { (unit, 0) }
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
    pub(super) fn remains(&mut self, job: &Job, is_users: bool, at: Instant<'_>) {
        if let Some(queue) = self.queues.get_mut(job.queue as usize) {
            match (job.server, job.doing) {
                (NOWHERE, Doing::Waiting) => queue.ledger.waited(job.since, at),
                (NOWHERE, _) => {}
                _ => queue.ledger.served(job.since, at),
            }
        } else if is_users && job.doing != Doing::Thinking && job.came >= at.from {
            self.users.open += 1;
            push(&mut self.times.open, at.now.since(job.came));
        }
    }

    /// Counts the time that was spent until now, the end of the time that is simulated in one piece.
    pub(super) fn close(&mut self, at: Instant<'_>) {
        let after = |first: Tick| match first.is_never() {
            true => -1,
            false => microseconds(i128::from(first.since(at.from).get())),
        };
        let (mut waiting, mut served, mut busy) = (0, 0, 0);
        let (mut all_busy, mut full) = (Tick::NEVER, Tick::NEVER);
        for queue in &mut self.queues {
            queue.book(at);
            let spent = queue.ledger.spent();
            (waiting, served) = (waiting + spent.waiting, served + spent.served);
            busy += queue.shared.as_ref().map_or(spent.served, |shared| shared.busy());
            (all_busy, full) = (all_busy.min(queue.all_busy), full.min(queue.full));
        }
        self.calls.iter_mut().filter_map(|call| call.fuse.as_mut()).for_each(|fuse| fuse.book(at));
        let of = &mut self.tally;
        of.waited += microseconds(waiting);
        of.stayed += microseconds(waiting + served);
        of.busy += microseconds(busy);
        (of.all_busy_after, of.full_after) = (after(all_busy), after(full));
    }

    /// All that was counted.
    pub(super) fn counted(&mut self) -> (StationTally, UsersTally) {
        self.users.took = microseconds(self.took_ticks);
        (self.tally, self.users)
    }

    /// What was counted of its caches until now.
    pub(super) fn caches<'a>(&'a self, declared: &'a Declared) -> impl Iterator<Item = CacheTally> + 'a {
        let cached = self.calls.iter().zip(&declared.calls).filter(|(_, call)| call.cache.is_some());
        cached.map(|(call, _)| call.looked)
    }

    /// What was counted of its circuit breakers until now.
    pub(super) fn breakers(&self) -> impl Iterator<Item = BreakerTally> + '_ {
        self.calls.iter().filter_map(|call| Some(call.fuse.as_ref()?.counted()))
    }
}
