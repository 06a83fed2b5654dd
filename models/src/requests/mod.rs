//! Requests one by one: each comes, waits, is served, calls on, is given up and tried again.
//!
//! A request is a tree of jobs: its users call stations, which after their service call others, one call after the other.
//! A caller waits for the answer of one attempt at a time; it holds no server meanwhile, but for a thread. An attempt that is
//! given up goes on without anybody who waits for it, unless its station drops what has expired.
//!
//! # Source
//! Bronson, Aghayev, Charapko, Zhu, *Metastable failures in distributed systems*, HotOS (2021), for what retries do.

mod branches;
mod breaker;
mod budget;
mod cache;
mod calls;
mod episode;
mod failing;
mod instant;
mod job;
mod line;
mod littles_law;
mod load_test;
pub(crate) mod promise;
mod queue;
mod servers;
mod service;
mod shared;
mod sharing;
mod shedding;
mod source;
mod station;
mod tally;

use ninefold_sim_core::calendar::{Calendar, Event, HeapCalendar};
use ninefold_sim_core::stream::{Replication, Stream};
use ninefold_sim_core::tick::Tick;

use crate::mechanism::Moment;
use crate::system::{Arrivals, GateId, LoadTest, RequestPromise, Source, StationOwner, System};
use episode::Episodes;
use instant::Instant;
use job::{Doing, JobId, Jobs, NOBODY};
pub use load_test::StepTally;
pub use promise::Stretch;
use source::Clock;
use station::Station;
pub use tally::{BreakerTally, CacheTally, QUALITY_ONE, Requested, Spans, StationTally, StationTimes, UsersTally};

/// What happens to a job, in the order in which it does at one instant.
#[derive(Clone, Copy, Debug)]
#[repr(u16)]
enum Happens {
    /// Its service, its pause or its thinking ends.
    Ends,
    /// Somebody who shares servers may be done.
    IsShared,
    /// It gives up the attempt it waits for.
    GivesUp,
    /// It leaves the line.
    Leaves,
    /// A source sends the next request.
    Comes,
}

/// What is to be done yet at this instant.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// A job goes on with its next call.
    GoesOn(JobId),
    /// The call a job waits for was answered.
    Answered(JobId),
    /// The attempt a job waits for has failed.
    Missed(JobId),
    /// A job has failed.
    Fails(JobId),
}

/// All requests of one world.
#[derive(Debug)]
pub(crate) struct Traffic {
    jobs: Jobs,
    stations: Vec<Station>,
    /// For each station, the number of its first queue over all stations.
    first_queue: Vec<u32>,
    clocks: Vec<Clock>,
    calendar: HeapCalendar,
    steps: Vec<Step>,
    /// Memory for those who are put out of shared servers, and for choices.
    put_out: Vec<(JobId, Tick)>,
    weights: Vec<f64>,
    /// By promise, what was kept of it.
    kept: Vec<Vec<Stretch>>,
    /// By load test, its steps.
    steps_of: Vec<Vec<StepTally>>,
    episodes: Episodes,
    /// Who draws.
    replication: Replication,
}

impl Traffic {
    pub(crate) fn new(system: &System) -> Self {
        let of = &system.requests;
        let stations: Vec<Station> = of.stations.iter().map(|declared| Station::new(declared, system)).collect();
        let first_queue = stations.iter().scan(0, |next, station| {
            let first = *next;
            *next += station.queues.len() as u32;
            Some(first)
        });
        Self {
            jobs: Jobs::default(),
            first_queue: first_queue.collect(),
            stations,
            clocks: of.sources.iter().map(|source| Clock::new(Stream::new(source.stream))).collect(),
            calendar: HeapCalendar::default(),
            steps: Vec::new(),
            put_out: Vec::new(),
            weights: Vec::new(),
            kept: vec![Vec::new(); of.promises.len()],
            steps_of: of.load_tests.iter().map(|test| vec![StepTally::default(); test.steps()]).collect(),
            episodes: Episodes::default(),
            replication: Replication::new(0, 0),
        }
    }

    /// Whether there is none in this system.
    pub(crate) fn is_none(&self) -> bool {
        self.stations.is_empty()
    }

    /// Begins a replication; every unit serves.
    pub(crate) fn start(&mut self, at: Moment<'_>) {
        self.replication = at.replication;
        self.jobs.reset();
        self.calendar.clear();
        self.stations.iter_mut().for_each(Station::clear);
        self.kept.iter_mut().for_each(Vec::clear);
        self.steps_of.iter_mut().flatten().for_each(StepTally::clear);
        self.clocks.iter_mut().for_each(Clock::rewind);
        self.episodes = Episodes::default();
        if at.system.requests.around.is_none() {
            self.episodes.begin(at.system.warmup, Tick::NEVER);
            self.sources_begin(Instant::of(at, at.system.warmup));
        }
    }

    /// Every source begins.
    fn sources_begin(&mut self, at: Instant<'_>) {
        for (number, source) in (0..).zip(&at.system.requests.sources) {
            match &source.arrivals {
                Arrivals::Open(_) => self.comes_next(number, at),
                Arrivals::Closed(users, _) => {
                    for _ in 0..*users {
                        let user = self.jobs.begin((source.station, source.journey), NOBODY, at.now);
                        self.thinks(user, source, at);
                    }
                }
            }
        }
    }

    /// When something happens next.
    pub(crate) fn next(&mut self) -> Tick {
        self.calendar.peek().map_or(Tick::NEVER, |event| event.time).min(self.episodes.until())
    }

    /// Everything that happens now.
    pub(crate) fn go_on(&mut self, at: Moment<'_>) {
        let instant = Instant::of(at, self.episodes.from());
        while let Some(event) = self.calendar.pop_until(at.now) {
            self.happens(event, instant);
            self.settle(instant);
        }
        self.may_close(instant);
    }

    /// A gate has come up or gone down.
    pub(crate) fn gate_changed(&mut self, gate: GateId, at: Moment<'_>) {
        let instant = Instant::of(at, self.episodes.from());
        self.follow(gate, at.board, instant);
        self.settle(instant);
    }

    /// What was counted until now, the end of the replication.
    pub(crate) fn counted(&mut self, end: Tick, system: &System, into: &mut Requested) {
        self.close(Instant { system, now: end, from: self.episodes.from(), replication: self.replication });
        into.spans = self.episodes.spans();
        into.promises.resize_with(self.kept.len(), Vec::new);
        into.promises.iter_mut().zip(&mut self.kept).for_each(|(into, kept)| std::mem::swap(into, kept));
        into.load_tests.clone_from(&self.steps_of);
        into.times.resize_with(self.stations.len(), StationTimes::default);
        for (place, (station, declared)) in self.stations.iter_mut().zip(&system.requests.stations).enumerate() {
            std::mem::swap(&mut into.times[place], &mut station.times);
            into.breakers.extend(station.breakers());
            into.caches.extend(station.caches(declared));
            let (tally, users) = station.counted();
            match declared.owner {
                StationOwner::Component(..) => into.stations.push(tally),
                StationOwner::Users(_) => into.users.push(users),
                StationOwner::Branches => {}
            }
        }
    }

    fn schedule(&mut self, at: Tick, happens: Happens, entity: u32) {
        if !at.is_never() {
            self.calendar.push(Event::new(at, happens as u16, entity));
        }
    }

    /// An event; what is due at another time by now is none.
    fn happens(&mut self, event: Event, at: Instant<'_>) {
        let id = event.entity();
        if event.kind() == Happens::IsShared as u16 {
            return self.is_shared(id, at);
        }
        if event.kind() == Happens::Comes as u16 {
            self.comes_next(id, at);
            let source = &at.system.requests.sources[id as usize];
            let request = self.jobs.begin((source.station, source.journey), NOBODY, at.now);
            return self.steps.push(Step::GoesOn(request));
        }
        let job = *self.jobs.at(id);
        if event.kind() == Happens::Ends as u16 && job.ends == at.now {
            self.jobs.of(id).ends = Tick::NEVER;
            match job.doing {
                Doing::Served => self.served(id, at),
                Doing::Pausing => self.attempt(id, at),
                Doing::Thinking => {
                    let user = self.jobs.of(id);
                    (user.doing, user.came, user.call, user.times) = (Doing::Calling, at.now, 0, 0);
                    user.quality = 1.0;
                    self.steps.push(Step::GoesOn(id));
                }
                Doing::Nothing | Doing::Waiting | Doing::Left | Doing::Calling | Doing::Over => {}
            }
        } else if event.kind() == Happens::GivesUp as u16 && job.gives_up == at.now {
            self.gives_up(id, at);
        } else if event.kind() == Happens::Leaves as u16 && job.leaves == at.now && job.doing == Doing::Waiting {
            self.leaves(id, at);
        }
    }

    fn settle(&mut self, at: Instant<'_>) {
        while let Some(step) = self.steps.pop() {
            match step {
                Step::GoesOn(job) => self.goes_on(job, at),
                Step::Answered(job) => self.answered(job, at),
                Step::Missed(job) => self.missed(job, at),
                Step::Fails(job) => self.fails(job, at),
            }
        }
    }

    /// A source sends its next request.
    fn comes_next(&mut self, number: u32, at: Instant<'_>) {
        if let Arrivals::Open(rates) = &at.system.requests.sources[number as usize].arrivals {
            let clock = &mut self.clocks[number as usize];
            let comes = match self.episodes.filling() {
                None => clock.next(at.now, rates, at.replication),
                Some(end) => clock.next_at(at.now, clock.rate_before(rates, end), at.replication),
            };
            // What would come after the queues have filled comes at the rates from then on.
            if self.episodes.filling().is_none_or(|end| comes < end) {
                self.schedule(comes, Happens::Comes, number);
            }
        }
    }

    /// A user thinks before the next request.
    fn thinks(&mut self, user: JobId, source: &Source, at: Instant<'_>) {
        let Arrivals::Closed(_, think) = &source.arrivals else { return };
        let station = source.station - at.system.requests.sources[0].station;
        let uniform = self.clocks[station as usize].stream.open01(at.replication);
        let ends = at.now.after(Tick::from_hours(think.quantile(uniform).get()).max(Tick::new(1)));
        (self.jobs.of(user).doing, self.jobs.of(user).ends) = (Doing::Thinking, ends);
        self.schedule(ends, Happens::Ends, user);
    }

    /// The load tests of a journey, and what was counted of them.
    fn load_tests<'a>(
        &'a mut self,
        journey: u32,
        system: &'a System,
    ) -> impl Iterator<Item = (&'a LoadTest, &'a mut [StepTally])> {
        let all = system.requests.load_tests.iter().zip(&mut self.steps_of);
        all.filter(move |(test, _)| test.journey == journey).map(|(test, steps)| (test, steps.as_mut_slice()))
    }

    /// A request of the users is over.
    fn ends(&mut self, request: JobId, is_answered: bool, at: Instant<'_>) {
        let job = *self.jobs.at(request);
        if job.came >= at.from {
            self.stations[job.station as usize].ended(at.now.since(job.came), is_answered.then_some(job.quality));
            let took = (job.came, at.now.since(job.came));
            promises(job.journey, at.system, &mut self.kept)
                .for_each(|(of, kept)| promise::count(kept, of, took, is_answered));
        }
        for test in self.load_tests(job.journey, at.system) {
            load_test::ended(test, (job.came, at.now.since(job.came)), is_answered);
        }
        let source = at.system.requests.sources.iter().find(|source| source.station == job.station);
        match source.filter(|source| matches!(source.arrivals, Arrivals::Closed(..))) {
            Some(source) => self.thinks(request, source, at),
            None => self.jobs.end(request),
        }
    }
}

/// What is agreed of the requests of a journey, and what was kept of it.
fn promises<'a>(
    journey: u32,
    system: &'a System,
    kept: &'a mut [Vec<Stretch>],
) -> impl Iterator<Item = (&'a RequestPromise, &'a mut Vec<Stretch>)> {
    system.requests.promises.iter().zip(kept).filter(move |(of, _)| of.journey == journey)
}

fn is_users(station: u32, system: &System) -> bool {
    matches!(system.requests.stations[station as usize].owner, StationOwner::Users(_))
}
