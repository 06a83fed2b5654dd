//! Requests one by one: each comes, waits, is served, calls on, is given up and tried again.
//!
//! A request is a tree of jobs: its users call stations, which after their service call others, one call after the other.
//! A caller waits for the answer of one attempt at a time; it holds no server meanwhile, but for a thread. An attempt that is
//! given up goes on without anybody who waits for it, unless its station drops what has expired.
//!
//! # Source
//! Bronson, Aghayev, Charapko, Zhu, *Metastable failures in distributed systems*, HotOS (2021), for what retries do.

mod breaker;
mod budget;
mod calls;
mod job;
mod line;
mod littles_law;
pub(crate) mod promise;
mod servers;
mod service;
mod source;
mod station;
mod tally;

use ninefold_sim_core::calendar::{Calendar, Event, HeapCalendar};
use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::mechanism::Moment;
use crate::system::{Arrivals, RequestPromise, Source, StationOwner, System};
use job::{Doing, JobId, Jobs, NOBODY};
pub use promise::Stretch;
use source::Clock;
use station::Station;
pub use tally::{BreakerTally, QUALITY_ONE, Requested, StationTally, StationTimes, UsersTally};

/// What happens to a job, in the order in which it does at one instant.
#[derive(Clone, Copy, Debug)]
#[repr(u16)]
enum Happens {
    /// Its service, its pause or its thinking ends.
    Ends,
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
    clocks: Vec<Clock>,
    calendar: HeapCalendar,
    steps: Vec<Step>,
    /// By promise, what was kept of it.
    kept: Vec<Vec<Stretch>>,
}

impl Traffic {
    pub(crate) fn new(system: &System) -> Self {
        let of = &system.requests;
        Self {
            jobs: Jobs::default(),
            stations: of.stations.iter().map(|declared| Station::new(declared, system)).collect(),
            clocks: of.sources.iter().map(|source| Clock::new(Stream::new(source.stream))).collect(),
            calendar: HeapCalendar::default(),
            steps: Vec::new(),
            kept: vec![Vec::new(); of.promises.len()],
        }
    }

    /// Whether there is none in this system.
    pub(crate) fn is_none(&self) -> bool {
        self.stations.is_empty()
    }

    /// Begins a replication; every unit serves.
    pub(crate) fn start(&mut self, at: Moment<'_>) {
        self.jobs.clear();
        self.calendar.clear();
        self.stations.iter_mut().for_each(Station::clear);
        self.kept.iter_mut().for_each(Vec::clear);
        for (number, source) in (0..).zip(&at.system.requests.sources) {
            self.clocks[number as usize].rewind();
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
        self.calendar.peek().map_or(Tick::NEVER, |event| event.time)
    }

    /// Everything that happens now.
    pub(crate) fn go_on(&mut self, at: Moment<'_>) {
        while let Some(event) = self.calendar.pop_until(at.now) {
            self.happens(event, at);
            self.settle(at);
        }
    }

    /// A unit has begun or stopped to serve.
    pub(crate) fn unit_changed(&mut self, unit: u32, at: Moment<'_>) {
        let Some(component) = at.system.units.units[unit as usize].component else { return };
        let Some(station) = at.system.requests.station_of[component as usize] else { return };
        let place = (unit - at.system.components[component as usize].units.start) as usize;
        if at.board.is_able(unit) {
            self.unit_serves(station, place, at);
        } else {
            self.unit_stops(station, place, at);
        }
        self.settle(at);
    }

    /// What was counted until now, the end of the replication.
    pub(crate) fn counted(&mut self, end: Tick, system: &System, into: &mut Requested) {
        for job in self.jobs.alive() {
            self.stations[job.station as usize].remains(job, end, system.warmup);
            let age = end.since(job.came);
            if job.doing != Doing::Thinking && is_users(job.station, system) {
                let late = promises(job.journey, system, &mut self.kept);
                late.filter(|(of, _)| age > of.within)
                    .for_each(|(of, kept)| promise::count(kept, of, (job.came, age), false));
            }
        }
        into.promises.resize_with(self.kept.len(), Vec::new);
        into.promises.iter_mut().zip(&mut self.kept).for_each(|(into, kept)| std::mem::swap(into, kept));
        into.times.resize_with(self.stations.len(), StationTimes::default);
        for (place, (station, declared)) in self.stations.iter_mut().zip(&system.requests.stations).enumerate() {
            std::mem::swap(&mut into.times[place], &mut station.times);
            into.breakers.extend(station.breakers(end, system.warmup));
            let (tally, users) = station.counted(end, system.warmup);
            match declared.owner {
                StationOwner::Component(..) => into.stations.push(tally),
                StationOwner::Users(_) => into.users.push(users),
            }
        }
    }

    fn schedule(&mut self, at: Tick, happens: Happens, entity: u32) {
        if !at.is_never() {
            self.calendar.push(Event::new(at, happens as u16, entity));
        }
    }

    /// An event; what is due at another time by now is none.
    fn happens(&mut self, event: Event, at: Moment<'_>) {
        let id = event.entity();
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
                Doing::Nothing | Doing::Waiting | Doing::Left | Doing::Calling => {}
            }
        } else if event.kind() == Happens::GivesUp as u16 && job.gives_up == at.now {
            self.gives_up(id, at);
        } else if event.kind() == Happens::Leaves as u16 && job.leaves == at.now && job.doing == Doing::Waiting {
            self.leaves(id, at);
        }
    }

    fn settle(&mut self, at: Moment<'_>) {
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
    fn comes_next(&mut self, number: u32, at: Moment<'_>) {
        if let Arrivals::Open(rates) = &at.system.requests.sources[number as usize].arrivals {
            let comes = self.clocks[number as usize].next(at.now, rates, at.replication);
            self.schedule(comes, Happens::Comes, number);
        }
    }

    /// A user thinks before the next request.
    fn thinks(&mut self, user: JobId, source: &Source, at: Moment<'_>) {
        let Arrivals::Closed(_, think) = &source.arrivals else { return };
        let station = source.station - at.system.requests.sources[0].station;
        let uniform = self.clocks[station as usize].stream.open01(at.replication);
        let ends = at.now.after(Tick::from_hours(think.quantile(uniform).get()).max(Tick::new(1)));
        (self.jobs.of(user).doing, self.jobs.of(user).ends) = (Doing::Thinking, ends);
        self.schedule(ends, Happens::Ends, user);
    }

    /// A request of the users is over.
    fn ends(&mut self, request: JobId, is_answered: bool, at: Moment<'_>) {
        let job = *self.jobs.at(request);
        if job.came >= at.system.warmup {
            self.stations[job.station as usize].ended(at.now.since(job.came), is_answered.then_some(job.quality));
            let took = (job.came, at.now.since(job.came));
            promises(job.journey, at.system, &mut self.kept)
                .for_each(|(of, kept)| promise::count(kept, of, took, is_answered));
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
