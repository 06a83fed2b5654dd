//! What requests meet: waits, losses and loads of stations, answers and times of users.

mod breaker;
mod ratio;
mod rows;

use ninefold_sim_core::batched_histogram::BatchedHistogram;
use ninefold_sim_core::interval::{self, Estimate};
use serde::{Deserialize, Serialize};

use breaker::Breaker;
pub(super) use ratio::Ratio;
use rows::Rows;

use crate::metric::{Metric, Reading};
use crate::replication::Trace;
use crate::requests::{QUALITY_ONE, StationTally, StationTimes, UsersTally};
use crate::results::Measured;
use crate::system::{OnFailure, Station as Declared, StationOwner, System, Tracked, TrackedId, Turn};

/// Microseconds in a second.
const MICRO: f64 = 1e6;

/// Shares are kept in billionths.
const BILLION: i128 = 1_000_000_000;

/// Scale and largest value of a share of events, of a number of things for each, of a time of each.
const SHARE: (f64, f64) = (1.0, 1.0);
const COUNT: (f64, f64) = (1.0, f64::INFINITY);
const TIME: (f64, f64) = (MICRO, f64::INFINITY);

/// When something happens first, over the replications in which it does.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct FirstTime(Ratio);

impl FirstTime {
    fn push(&mut self, block: u64, value: i64) {
        self.0.push(block, value.max(0), i64::from(value >= 0));
    }

    /// Its mean over the replications that have one, in seconds.
    fn estimate(&self, reading: Reading<'_>) -> Option<Estimate> {
        let sample = reading.sample();
        if self.0.events.sum() == i128::from(sample.replications) {
            return Some(interval::mean(&self.0.total, sample, (MICRO, f64::INFINITY), reading.confidence));
        }
        self.0.estimate((MICRO, f64::INFINITY), reading)
    }
}

/// A station over replications.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Station {
    blocked: Ratio,
    delayed: Ratio,
    left: Ratio,
    expired: Ratio,
    shed: Ratio,
    lost: Ratio,
    timed_out: Ratio,
    attempts: Ratio,
    waited: Ratio,
    stayed: Ratio,
    came: Ratio,
    served: Ratio,
    line: Ratio,
    present: Ratio,
    busy: Ratio,
    all_busy_after: FirstTime,
    full_after: FirstTime,
    wait: BatchedHistogram,
    sojourn: BatchedHistogram,
}

/// The users of a journey over replications.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Users {
    answered: Ratio,
    /// The least and the greatest share answered of a replication, in billionths.
    extremes: Option<(i64, i64)>,
    took: Ratio,
    quality: Ratio,
    served: Ratio,
    open: Ratio,
    latency: BatchedHistogram,
}

/// Every station and every journey that sends requests.
#[derive(Debug, Serialize, Deserialize)]
pub struct Requests {
    stations: Vec<Station>,
    users: Vec<Users>,
    breakers: Vec<Breaker>,
    caches: Vec<Ratio>,
    /// Time that was simulated of that for which it was to be.
    followed: Ratio,
}

impl Station {
    fn push(&mut self, block: u64, (of, times): (&StationTally, &StationTimes), simulated: i64) {
        let admitted = of.came - of.blocked;
        self.blocked.push(block, of.blocked, of.came);
        self.delayed.push(block, of.delayed, admitted);
        self.left.push(block, of.left, admitted);
        self.expired.push(block, of.expired, admitted);
        self.shed.push(block, of.shed, of.came);
        self.lost.push(block, of.lost, admitted);
        self.timed_out.push(block, of.timed_out, of.came);
        self.attempts.push(block, of.attempts, of.first_attempts);
        self.waited.push(block, of.waited, admitted);
        self.stayed.push(block, of.stayed, admitted);
        let over_time = [&mut self.came, &mut self.served, &mut self.line, &mut self.present, &mut self.busy];
        let values = [of.came, of.served, of.waited, of.stayed, of.busy];
        over_time.into_iter().zip(values).for_each(|(ratio, value)| ratio.push(block, value, simulated));
        self.all_busy_after.push(block, of.all_busy_after);
        self.full_after.push(block, of.full_after);
        self.wait.add(block, &times.wait, &times.open);
        self.sojourn.add(block, &times.took, &times.open);
    }

    fn merge(&mut self, later: &Self) {
        let mut ratios = [
            (&mut self.blocked, &later.blocked),
            (&mut self.delayed, &later.delayed),
            (&mut self.left, &later.left),
            (&mut self.expired, &later.expired),
            (&mut self.shed, &later.shed),
            (&mut self.lost, &later.lost),
            (&mut self.timed_out, &later.timed_out),
            (&mut self.attempts, &later.attempts),
            (&mut self.waited, &later.waited),
            (&mut self.stayed, &later.stayed),
            (&mut self.came, &later.came),
            (&mut self.served, &later.served),
            (&mut self.line, &later.line),
            (&mut self.present, &later.present),
            (&mut self.busy, &later.busy),
        ];
        ratios.iter_mut().for_each(|(mine, other)| mine.merge(other));
        self.all_busy_after.0.merge(&later.all_busy_after.0);
        self.full_after.0.merge(&later.full_after.0);
        self.wait.merge(&later.wait);
        self.sojourn.merge(&later.sojourn);
    }
}

impl Metric for Requests {
    fn new(system: &System) -> Self {
        let of = &system.requests;
        let users = of.sources.len();
        let is_of_component = |station: &&Declared| matches!(station.owner, StationOwner::Component(..));
        let breakers = of.stations.iter().flat_map(|station| &station.calls).filter(|call| call.breaker.is_some());
        Self {
            stations: vec![Station::default(); of.stations.iter().filter(is_of_component).count()],
            users: vec![Users::default(); users],
            breakers: vec![Breaker::default(); breakers.count()],
            caches: vec![Ratio::default(); breaker::edges(system, |call| call.cache.is_some()).count()],
            followed: Ratio::default(),
        }
    }

    fn record(&mut self, _: &System, _: u64, trace: &Trace) {
        let (block, of, simulated) = (trace.block, &trace.requested, trace.requested.spans.simulated);
        self.followed.push(block, simulated, of.spans.wanted);
        let of_stations = of.stations.iter().zip(&of.times);
        self.stations.iter_mut().zip(of_stations).for_each(|(mine, of)| mine.push(block, of, simulated));
        self.breakers.iter_mut().zip(&of.breakers).for_each(|(mine, of)| mine.push(block, of, simulated));
        self.caches.iter_mut().zip(&of.caches).for_each(|(mine, of)| mine.push(block, of.hits, of.asked));
        for (mine, (of, times)) in self.users.iter_mut().zip(of.users.iter().zip(&of.times[of.stations.len()..])) {
            let UsersTally { ended, answered, took, quality, open } = *of;
            mine.answered.push(block, answered, ended);
            if ended > 0 {
                let share = (i128::from(answered) * BILLION / i128::from(ended)) as i64;
                mine.saw((share, share));
            }
            mine.took.push(block, took, answered);
            mine.quality.push(block, quality, answered);
            mine.served.push(block, answered, simulated);
            mine.open.push(block, open, ended + open);
            mine.latency.add(block, &times.took, &times.open);
        }
    }

    fn merge(&mut self, later: Self) {
        self.followed.merge(&later.followed);
        self.stations.iter_mut().zip(&later.stations).for_each(|(mine, other)| mine.merge(other));
        self.breakers.iter_mut().zip(&later.breakers).for_each(|(mine, other)| mine.merge(other));
        self.caches.iter_mut().zip(&later.caches).for_each(|(mine, other)| mine.merge(other));
        for (mine, other) in self.users.iter_mut().zip(&later.users) {
            mine.quality.merge(&other.quality);
            mine.answered.merge(&other.answered);
            other.extremes.into_iter().for_each(|extremes| mine.saw(extremes));
            mine.took.merge(&other.took);
            mine.served.merge(&other.served);
            mine.open.merge(&other.open);
            mine.latency.merge(&other.latency);
        }
    }
}

impl Requests {
    /// Adds how much of the time around incidents was simulated request by request.
    pub fn followed(&self, reading: Reading<'_>, into: &mut Vec<Measured>) {
        if reading.system.requests.around.is_some() {
            let mut rows = Rows { entity: "system", reading, into };
            rows.ratio(("request_level_ratio", "1"), &self.followed, SHARE);
        }
    }

    /// Adds the measures of calls with a circuit breaker, and of those with a cache.
    pub fn breakers(&self, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let edges = breaker::edges(reading.system, |call| call.breaker.is_some()).zip(&self.breakers);
        edges.for_each(|(entity, breaker)| breaker.measures(&entity, reading, into));
        for (entity, hits) in breaker::edges(reading.system, |call| call.cache.is_some()).zip(&self.caches) {
            Rows { entity: &entity, reading, into }.ratio(("hit_ratio", "1"), hits, SHARE);
        }
    }

    /// Adds the measures of an entity, if it is a component that is called, or a journey that sends requests.
    pub fn measures(&self, id: TrackedId, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let system = reading.system;
        let entity = system.tracked[id as usize].entity();
        match &system.tracked[id as usize] {
            Tracked::Journey { journey, .. } => {
                let place = system.requests.sources.iter().position(|source| source.journey == *journey);
                if let Some(users) = place.and_then(|place| self.users.get(place)) {
                    users.measures(entity, reading, into);
                }
            }
            Tracked::Gate { component, .. } if id as usize == system.journeys.len() + *component as usize => {
                let Some(&Some(place)) = system.requests.station_of.get(*component as usize) else { return };
                if let Some(station) = self.stations.get(place as usize) {
                    let declared = &system.requests.stations[place as usize];
                    station.measures(entity, (declared, reading), into);
                }
            }
            Tracked::Gate { .. } => {}
        }
    }
}

impl Users {
    fn saw(&mut self, (least, greatest): (i64, i64)) {
        let (low, high) = self.extremes.unwrap_or((least, greatest));
        self.extremes = Some((low.min(least), high.max(greatest)));
    }

    fn measures(&self, entity: &str, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let mut rows = Rows { entity, reading, into };
        rows.ratio(("answered_ratio", "1"), &self.answered, SHARE);
        if let Some((least, greatest)) = self.extremes {
            // What was seen bounds what can be from one side only.
            let [least, greatest] = [least, greatest].map(|share| share as f64 / BILLION as f64);
            let bound = |value, lo, hi| Estimate { value, standard_error: f64::NAN, lo, hi };
            rows.push(("answered_ratio_least", "1"), bound(least, 0.0, least), 1);
            rows.push(("answered_ratio_greatest", "1"), bound(greatest, greatest, 1.0), 1);
        }
        rows.over_time(("answered_rate", "1/s"), &self.served, 1.0);
        rows.ratio(("sojourn_mean", "s"), &self.took, TIME);
        rows.quantiles(["sojourn_p50", "sojourn_p95", "sojourn_p99"], &self.latency);
        if self.open.total.sum() > 0 {
            rows.ratio(("unended_ratio", "1"), &self.open, SHARE);
        }
        let stations = &reading.system.requests.stations;
        if stations.iter().flat_map(|station| &station.calls).any(|call| call.fallback_quality < 1.0) {
            rows.ratio(("quality_mean", "1"), &self.quality, (QUALITY_ONE, 1.0));
        }
    }
}

impl Station {
    fn measures(&self, entity: &str, (declared, reading): (&Declared, Reading<'_>), into: &mut Vec<Measured>) {
        let mut rows = Rows { entity, reading, into };
        // Of several queues, what one of them meets; so do the formulas.
        let line = declared.line.as_ref();
        let queues = line.filter(|line| line.per_unit).map_or(1.0, |line| f64::from(line.servers / line.concurrency));
        rows.over_time(("arrival_rate", "1/s"), &self.came, queues);
        rows.over_time(("throughput", "1/s"), &self.served, queues);
        if self.attempts.events.sum() > 0 {
            rows.ratio(("attempts_per_call", "1"), &self.attempts, COUNT);
        }
        if is_given_up(declared, reading.system) {
            rows.ratio(("p_timeout", "1"), &self.timed_out, SHARE);
        }
        let Some(line) = line else { return };
        // Where servers are shared nobody waits.
        let is_line = line.turn != Turn::Shared;
        if is_line {
            rows.ratio(("wait_mean", "s"), &self.waited, TIME);
            rows.quantiles(["wait_p50", "wait_p95", "wait_p99"], &self.wait);
        }
        rows.ratio(("sojourn_mean", "s"), &self.stayed, TIME);
        rows.quantiles(["sojourn_p50", "sojourn_p95", "sojourn_p99"], &self.sojourn);
        if is_line {
            rows.over_time(("queue_length", "1"), &self.line, MICRO * queues);
        }
        rows.over_time(("in_system", "1"), &self.present, MICRO * queues);
        rows.over_time(("utilisation", "1"), &self.busy, MICRO * f64::from(line.servers));
        if is_line {
            rows.ratio(("p_wait", "1"), &self.delayed, SHARE);
        }
        rows.after("all_busy_after", &self.all_busy_after);
        rows.after("full_after", &self.full_after);
        // What cannot happen is no estimate.
        if line.room != u64::MAX {
            rows.ratio(("p_block", "1"), &self.blocked, SHARE);
        }
        if line.patience.is_some() {
            rows.ratio(("p_abandon", "1"), &self.left, SHARE);
        }
        if line.drops_expired {
            rows.ratio(("p_expired", "1"), &self.expired, SHARE);
        }
        if line.sheds.is_some() {
            rows.ratio(("p_shed", "1"), &self.shed, SHARE);
        }
        if line.on_failure == OnFailure::Lost {
            rows.ratio(("p_lost", "1"), &self.lost, SHARE);
        }
    }
}

/// Whether a caller of a station may give an attempt up.
fn is_given_up(declared: &Declared, system: &System) -> bool {
    let stations = &system.requests.stations;
    let calls = stations.iter().flat_map(|station| &station.calls).filter(|call| !call.timeout.is_never());
    let mut called = calls.map(|call| stations[call.to as usize].owner);
    called.any(|owner| owner == declared.owner)
}
