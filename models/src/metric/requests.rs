//! What requests meet: waits, losses and loads of stations, answers and times of users.

use ninefold_sim_core::interval::{self, Estimate, RatioOf};
use ninefold_sim_core::moments::{CoMoment, Moments};
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading};
use crate::replication::Trace;
use crate::requests::{StationTally, TIME_QUANTILES, UsersTally};
use crate::results::Measured;
use crate::system::{OnFailure, Station as Declared, System, Tracked, TrackedId};

/// Microseconds in a second.
const MICRO: f64 = 1e6;

/// Shares are kept in billionths.
const BILLION: i128 = 1_000_000_000;

/// What a formula that only approximates says of itself.
const APPROXIMATE: &str = "approximation";

/// Scale and largest value of a share of events, of a number of things for each, of a time of each.
const SHARE: (f64, f64) = (1.0, 1.0);
const COUNT: (f64, f64) = (1.0, f64::INFINITY);
const TIME: (f64, f64) = (MICRO, f64::INFINITY);

/// A sum per replication over a number of events per replication.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Ratio {
    total: Moments,
    events: Moments,
    both: CoMoment,
}

impl Ratio {
    fn push(&mut self, block: u64, total: i64, events: i64) {
        self.total.push_within(block, total);
        self.events.push_within(block, events);
        self.both.push_within(block, total, events);
    }

    fn merge(&mut self, later: &Self) {
        self.total.merge(&later.total);
        self.events.merge(&later.events);
        self.both.merge(&later.both);
    }

    /// Total per event, with the total in so many of a unit and at most `largest` an event; `None` if there was no event.
    fn estimate(&self, (scale, largest): (f64, f64), reading: Reading<'_>) -> Option<Estimate> {
        let (sample, total) = (reading.sample(), self.total.sum());
        if self.events.sum() == 0 {
            return None;
        }
        if total == 0 {
            let hi = largest * interval::unseen(sample, reading.confidence);
            return Some(Estimate { value: 0.0, standard_error: f64::NAN, lo: 0.0, hi });
        }
        let of = RatioOf {
            total: total as f64 / scale,
            variance: self.total.variance(sample) / (scale * scale),
            covariance: self.both.covariance(&self.total, &self.events, sample) / scale,
            events: &self.events,
        };
        let estimate = interval::ratio(of, sample, reading.confidence);
        if largest == 1.0 && total == self.events.sum() {
            let lo = 1.0 - interval::unseen(sample, reading.confidence);
            return Some(Estimate { standard_error: f64::NAN, lo, hi: 1.0, ..estimate });
        }
        Some(Estimate { hi: estimate.hi.min(largest), ..estimate })
    }
}

/// A quantile of times in each replication, over replications in which there was any.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Quantile(Ratio);

impl Quantile {
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
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Station {
    blocked: Ratio,
    delayed: Ratio,
    left: Ratio,
    expired: Ratio,
    lost: Ratio,
    timed_out: Ratio,
    attempts: Ratio,
    waited: Ratio,
    stayed: Ratio,
    came: Moments,
    served: Moments,
    line: Moments,
    present: Moments,
    busy: Moments,
    wait: [Quantile; 3],
    sojourn: [Quantile; 3],
}

/// The users of a journey over replications.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Users {
    answered: Ratio,
    /// The least and the greatest share answered of a replication, in billionths.
    extremes: Option<(i64, i64)>,
    took: Ratio,
    served: Moments,
    latency: [Quantile; 3],
}

/// Every station and every journey that sends requests.
#[derive(Debug, Serialize, Deserialize)]
pub struct Requests {
    stations: Vec<Station>,
    users: Vec<Users>,
}

impl Station {
    fn push(&mut self, block: u64, of: &StationTally) {
        let admitted = of.came - of.blocked;
        self.blocked.push(block, of.blocked, of.came);
        self.delayed.push(block, of.delayed, admitted);
        self.left.push(block, of.left, admitted);
        self.expired.push(block, of.expired, admitted);
        self.lost.push(block, of.lost, admitted);
        self.timed_out.push(block, of.timed_out, of.came);
        self.attempts.push(block, of.attempts, of.first_attempts);
        self.waited.push(block, of.waited, admitted);
        self.stayed.push(block, of.waited.saturating_add(of.busy), admitted);
        let means = [&mut self.came, &mut self.served, &mut self.line, &mut self.present, &mut self.busy];
        let values = [of.came, of.served, of.waited, of.waited.saturating_add(of.busy), of.busy];
        means.into_iter().zip(values).for_each(|(moments, value)| moments.push_within(block, value));
        self.wait.iter_mut().zip(of.wait).for_each(|(quantile, value)| quantile.push(block, value));
        self.sojourn.iter_mut().zip(of.sojourn).for_each(|(quantile, value)| quantile.push(block, value));
    }

    fn merge(&mut self, later: &Self) {
        let mut ratios = [
            (&mut self.blocked, &later.blocked),
            (&mut self.delayed, &later.delayed),
            (&mut self.left, &later.left),
            (&mut self.expired, &later.expired),
            (&mut self.lost, &later.lost),
            (&mut self.timed_out, &later.timed_out),
            (&mut self.attempts, &later.attempts),
            (&mut self.waited, &later.waited),
            (&mut self.stayed, &later.stayed),
        ];
        ratios.iter_mut().for_each(|(mine, other)| mine.merge(other));
        self.came.merge(&later.came);
        self.served.merge(&later.served);
        self.line.merge(&later.line);
        self.present.merge(&later.present);
        self.busy.merge(&later.busy);
        self.wait.iter_mut().zip(&later.wait).for_each(|(mine, other)| mine.0.merge(&other.0));
        self.sojourn.iter_mut().zip(&later.sojourn).for_each(|(mine, other)| mine.0.merge(&other.0));
    }
}

impl Metric for Requests {
    fn new(system: &System) -> Self {
        let of = &system.requests;
        let users = of.sources.len();
        Self { stations: vec![Station::default(); of.stations.len() - users], users: vec![Users::default(); users] }
    }

    fn record(&mut self, _: &System, _: u64, trace: &Trace) {
        let (block, of) = (trace.block, &trace.requested);
        self.stations.iter_mut().zip(&of.stations).for_each(|(mine, of)| mine.push(block, of));
        for (mine, of) in self.users.iter_mut().zip(&of.users) {
            let UsersTally { ended, answered, took, latency } = *of;
            mine.answered.push(block, answered, ended);
            if ended > 0 {
                let share = (i128::from(answered) * BILLION / i128::from(ended)) as i64;
                mine.saw((share, share));
            }
            mine.took.push(block, took, answered);
            mine.served.push_within(block, answered);
            mine.latency.iter_mut().zip(latency).for_each(|(quantile, value)| quantile.push(block, value));
        }
    }

    fn merge(&mut self, later: Self) {
        self.stations.iter_mut().zip(&later.stations).for_each(|(mine, other)| mine.merge(other));
        for (mine, other) in self.users.iter_mut().zip(&later.users) {
            mine.answered.merge(&other.answered);
            other.extremes.into_iter().for_each(|extremes| mine.saw(extremes));
            mine.took.merge(&other.took);
            mine.served.merge(&other.served);
            mine.latency.iter_mut().zip(&other.latency).for_each(|(mine, other)| mine.0.merge(&other.0));
        }
    }
}

impl Requests {
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

/// Rows of one entity.
struct Rows<'a, 'b> {
    entity: &'a str,
    reading: Reading<'a>,
    into: &'b mut Vec<Measured>,
}

impl Rows<'_, '_> {
    /// A row, with the answer of a formula beside it where there is one that does not only approximate.
    fn push(&mut self, of: (&'static str, &'static str), estimate: Estimate, seen: u64) -> &mut Measured {
        let row = self.reading.measured(self.entity, of, estimate);
        let mut known = self.reading.exact.queues().iter().filter(|known| known.entity == self.entity);
        let known =
            known.find(|known| known.measure == of.0 && known.at_h.is_none() && !known.method.contains(APPROXIMATE));
        let exact = known.and_then(|known| Some((known.value?, known.method)));
        let (exact, exact_method) = (exact.map(|(value, _)| value), exact.map(|(_, method)| method));
        self.into.push(Measured { seen, exact, exact_method, ..row });
        self.into.last_mut().expect("bug: it was just pushed")
    }

    /// A share of events, or a time of each in seconds.
    fn ratio(&mut self, of: (&'static str, &'static str), ratio: &Ratio, scale: (f64, f64)) {
        if let Some(estimate) = ratio.estimate(scale, self.reading) {
            self.push(of, estimate, seen(&ratio.total));
        }
    }

    fn mean(&mut self, of: (&'static str, &'static str), moments: &Moments, unit: f64) {
        let estimate = interval::mean(moments, self.reading.sample(), (unit, f64::INFINITY), self.reading.confidence);
        self.push(of, estimate, seen(moments));
    }

    fn quantiles(&mut self, names: [&'static str; 3], quantiles: &[Quantile; 3]) {
        for ((name, quantile), p) in names.into_iter().zip(quantiles).zip(TIME_QUANTILES) {
            if let Some(estimate) = quantile.estimate(self.reading) {
                self.push((name, "s"), estimate, seen(&quantile.0.events)).quantile = Some(p);
            }
        }
    }
}

fn seen(moments: &Moments) -> u64 {
    u64::try_from(moments.sum()).unwrap_or(u64::MAX)
}

impl Users {
    fn saw(&mut self, (least, greatest): (i64, i64)) {
        let (low, high) = self.extremes.unwrap_or((least, greatest));
        self.extremes = Some((low.min(least), high.max(greatest)));
    }

    fn measures(&self, entity: &str, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let seconds = reading.system.measured().hours() * 3600.0;
        let mut rows = Rows { entity, reading, into };
        rows.ratio(("answered_ratio", "1"), &self.answered, SHARE);
        if let Some((least, greatest)) = self.extremes {
            // What was seen bounds what can be from one side only.
            let [least, greatest] = [least, greatest].map(|share| share as f64 / BILLION as f64);
            let bound = |value, lo, hi| Estimate { value, standard_error: f64::NAN, lo, hi };
            rows.push(("answered_ratio_least", "1"), bound(least, 0.0, least), 1);
            rows.push(("answered_ratio_greatest", "1"), bound(greatest, greatest, 1.0), 1);
        }
        rows.mean(("answered_rate", "1/s"), &self.served, seconds);
        rows.ratio(("sojourn_mean", "s"), &self.took, TIME);
        rows.quantiles(["sojourn_p50", "sojourn_p95", "sojourn_p99"], &self.latency);
    }
}

impl Station {
    fn measures(&self, entity: &str, (declared, reading): (&Declared, Reading<'_>), into: &mut Vec<Measured>) {
        let seconds = reading.system.measured().hours() * 3600.0;
        let mut rows = Rows { entity, reading, into };
        rows.mean(("arrival_rate", "1/s"), &self.came, seconds);
        rows.mean(("throughput", "1/s"), &self.served, seconds);
        if self.attempts.events.sum() > 0 {
            rows.ratio(("attempts_per_call", "1"), &self.attempts, COUNT);
        }
        if is_given_up(declared, reading.system) {
            rows.ratio(("p_timeout", "1"), &self.timed_out, SHARE);
        }
        let Some(line) = &declared.line else { return };
        rows.ratio(("wait_mean", "s"), &self.waited, TIME);
        rows.quantiles(["wait_p50", "wait_p95", "wait_p99"], &self.wait);
        rows.ratio(("sojourn_mean", "s"), &self.stayed, TIME);
        rows.quantiles(["sojourn_p50", "sojourn_p95", "sojourn_p99"], &self.sojourn);
        rows.mean(("queue_length", "1"), &self.line, seconds * MICRO);
        rows.mean(("in_system", "1"), &self.present, seconds * MICRO);
        rows.mean(("utilisation", "1"), &self.busy, seconds * MICRO * f64::from(line.servers));
        rows.ratio(("p_wait", "1"), &self.delayed, SHARE);
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
