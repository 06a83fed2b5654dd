//! When requests are simulated one by one: always, or for a while from the opening of an incident on.
//!
//! An episode begins with queues as they are in the long run at the load just before its first instant, by the units that
//! served then. They are filled by simulating the time before it from empty, at that load, for eight relaxation times:
//! what is left of having been empty fades as e⁻⁸.
//!
//! # Source
//! Relaxation time of M/M/1: 1 ÷ (μ(1 − √ρ)²), Cohen, *The Single Server Queue* (1982), II.2.

use ninefold_sim_core::calendar::Calendar;
use ninefold_sim_core::tick::Tick;

use super::instant::Instant;
use super::job::Doing;
use super::tally::{Spans, microseconds};
use super::{Traffic, is_users, load_test, promise, promises};
use crate::mechanism::Moment;
use crate::system::{Around, Arrivals, System};

/// Relaxation times for which queues fill.
const RELAXATIONS: f64 = 8.0;

/// What is simulated request by request of one replication.
#[derive(Clone, Copy, Debug)]
pub(super) struct Episodes {
    is_on: bool,
    /// While queues fill, the instant until which they do.
    filling: Tick,
    from: Tick,
    until: Tick,
    /// What was asked for until when, and how much in all; what was simulated.
    wanted_until: Tick,
    wanted: i128,
    simulated: i128,
}

impl Default for Episodes {
    fn default() -> Self {
        let (filling, from, until) = (Tick::NEVER, Tick::NEVER, Tick::NEVER);
        Self { is_on: false, filling, from, until, wanted_until: Tick::ZERO, wanted: 0, simulated: 0 }
    }
}

impl Episodes {
    /// Since when is counted.
    pub(super) const fn from(&self) -> Tick {
        self.from
    }

    /// When the episode under way ends.
    pub(super) const fn until(&self) -> Tick {
        self.until
    }

    /// The instant until which queues fill, if they do.
    pub(super) fn filling(&self) -> Option<Tick> {
        (!self.filling.is_never()).then_some(self.filling)
    }

    /// Requests are simulated; they count from an instant on.
    pub(super) const fn begin(&mut self, from: Tick, until: Tick) {
        (self.is_on, self.filling, self.from, self.until) = (true, Tick::NEVER, from, until);
    }

    /// Asks for the time until an instant.
    fn want(&mut self, now: Tick, until: Tick, system: &System) {
        let (from, to) = (now.max(self.wanted_until).max(system.warmup), until.min(system.end));
        self.wanted += i128::from(to.since(from).get().max(0));
        self.wanted_until = self.wanted_until.max(until);
    }

    /// Time that was asked for and that was simulated.
    pub(super) fn spans(&self) -> Spans {
        Spans { wanted: microseconds(self.wanted), simulated: microseconds(self.simulated) }
    }
}

impl Traffic {
    /// An incident opens: from now on it goes request by request.
    pub(crate) fn incident_opens(&mut self, at: Moment<'_>) {
        let Some(around) = &at.system.requests.around else { return };
        let until = at.now.after(around.hold);
        self.episodes.want(at.now, until, at.system);
        if until <= at.system.warmup || self.jobs.begun() > around.most {
            return;
        }
        if !self.episodes.is_on && !self.fill(around, at) {
            return;
        }
        self.episodes.until = until;
    }

    /// Fills the queues; whether that took no more requests than there may be.
    fn fill(&mut self, around: &Around, at: Moment<'_>) -> bool {
        let begins = Tick::new(at.now.get() - self.filling_time(around, at).get());
        self.jobs.clear();
        self.calendar.clear();
        self.stations.iter_mut().for_each(|station| station.empty(begins));
        self.episodes.filling = at.now;
        let mut instant = Instant { now: begins, ..Instant::of(at, Tick::NEVER) };
        self.sources_begin(instant);
        while let Some(event) = self.calendar.pop_until(Tick::new(at.now.get() - 1)) {
            instant.now = event.time;
            self.happens(event, instant);
            self.settle(instant);
            if self.jobs.begun() > around.most {
                self.abandon(instant.now);
                return false;
            }
        }
        let instant = Instant::of(at, at.now.max(at.system.warmup));
        self.episodes.begin(instant.from, Tick::NEVER);
        for (number, source) in (0..).zip(&at.system.requests.sources) {
            if matches!(source.arrivals, Arrivals::Open(_)) {
                self.comes_next(number, instant);
            }
        }
        true
    }

    /// How long queues fill: at most as long as what follows.
    fn filling_time(&self, around: &Around, at: Moment<'_>) -> Tick {
        let requests = &at.system.requests;
        let mut on_the_way = 0.0;
        let mut offered = vec![0.0; self.stations.len()];
        for (source, clock) in requests.sources.iter().zip(&self.clocks) {
            let mut takes = match &source.arrivals {
                Arrivals::Closed(_, think) => think.mean().get(),
                Arrivals::Open(_) => 0.0,
            };
            for &(station, visits) in &source.visits {
                let Some(line) = &requests.stations[station as usize].line else { continue };
                let rate = line.rate_of[source.journey as usize];
                takes += visits / rate;
                if let Arrivals::Open(rates) = &source.arrivals {
                    offered[station as usize] += clock.rate_before(rates, at.now) * visits / rate;
                }
            }
            on_the_way = f64::max(on_the_way, takes);
        }
        let mut relaxes: f64 = 0.0;
        for (station, &offered) in self.stations.iter().zip(&offered).filter(|(_, offered)| **offered > 0.0) {
            let serving: u32 = station.queues.iter().map(|queue| queue.servers.serving()).sum();
            let load = offered / f64::from(serving.max(1));
            let idle = 1.0 - load.sqrt();
            // Of servers that work side by side, none is slower than all of them together.
            relaxes = relaxes.max(if idle > 0.0 { on_the_way / (idle * idle) } else { f64::INFINITY });
        }
        Tick::from_hours((RELAXATIONS * (on_the_way + relaxes)).min(around.hold.hours())).max(Tick::new(1))
    }

    /// Ends an episode whose time is over, or that would take too many requests.
    pub(super) fn may_close(&mut self, at: Instant<'_>) {
        let is_over = at.now >= self.episodes.until;
        let most = at.system.requests.around.as_ref().map_or(u64::MAX, |around| around.most);
        if self.episodes.is_on && (is_over || self.jobs.begun() > most) {
            self.close(at);
        }
    }

    /// Counts those who are still there, and ends the episode under way.
    pub(super) fn close(&mut self, at: Instant<'_>) {
        if !self.episodes.is_on {
            return;
        }
        self.episodes.simulated += i128::from(at.now.since(at.from).get().max(0));
        for job in self.jobs.alive() {
            let of_users = is_users(job.station, at.system);
            self.stations[job.station as usize].remains(job, of_users, at);
            let age = at.now.since(job.came);
            let tests = at.system.requests.load_tests.iter().zip(&mut self.steps_of);
            tests
                .filter(|(test, _)| of_users && test.journey == job.journey && job.doing != Doing::Thinking)
                .for_each(|(test, steps)| load_test::remains((test, steps), (job.came, age)));
            if of_users && job.doing != Doing::Thinking {
                let late = promises(job.journey, at.system, &mut self.kept);
                late.filter(|(of, _)| age > of.within)
                    .for_each(|(of, kept)| promise::count(kept, of, (job.came, age), false));
            }
        }
        self.stations.iter_mut().for_each(|station| station.close(at));
        self.abandon(at.now);
    }

    /// Nobody is there any more.
    fn abandon(&mut self, now: Tick) {
        self.stations.iter_mut().for_each(|station| station.empty(now));
        let Episodes { wanted_until, wanted, simulated, .. } = self.episodes;
        self.episodes = Episodes { wanted_until, wanted, simulated, ..Episodes::default() };
        self.jobs.clear();
        self.calendar.clear();
    }
}
