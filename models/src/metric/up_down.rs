//! Ups and downs: unavailability, failures and their ratios.

use ninefold_sim_core::interval::{self, Estimate, RatioOf};
use ninefold_sim_core::moments::{CoMoment, Cubes, Moments};
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading, overlap};
use crate::replication::Trace;
use crate::results::{Measured, ReliabilityRow};
use crate::system::{System, TrackedId};
use crate::units::HOURS_PER_YEAR;

/// Minutes in a year of 8760 h.
pub const MINUTES_PER_YEAR: f64 = HOURS_PER_YEAR * 60.0;

/// Downtime and failures of one entity over replications.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Downs {
    down: Moments,
    cubes: Cubes,
    failures: Moments,
    both: CoMoment,
}

impl Downs {
    /// Up-to-down transitions over all replications.
    fn events(&self) -> u64 {
        self.failures.sum().unsigned_abs() as u64
    }
}

/// Downtime and failures of every tracked entity.
#[derive(Debug, Serialize, Deserialize)]
pub struct UpDown {
    downs: Vec<Downs>,
}

impl Metric for UpDown {
    fn new(system: &System) -> Self {
        Self { downs: vec![Downs::default(); system.tracked.len()] }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for (downs, outages) in self.downs.iter_mut().zip(&trace.outages) {
            if outages.is_empty() {
                continue;
            }
            let down = overlap(outages, system.warmup, trace.end).get();
            // Down from the very start is a state, not a transition to it.
            let began = |start: Tick| start >= system.warmup && start > Tick::ZERO;
            let failures = outages.iter().filter(|outage| began(outage.start)).count() as i64;
            downs.down.push_within(trace.block, down);
            downs.cubes.push_within(trace.block, down);
            downs.failures.push_within(trace.block, failures);
            downs.both.push_within(trace.block, down, failures);
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.downs.iter_mut().zip(&later.downs) {
            mine.down.merge(&other.down);
            mine.cubes.merge(&other.cubes);
            mine.failures.merge(&other.failures);
            mine.both.merge(&other.both);
        }
    }
}

impl UpDown {
    /// The same of the first entities alone.
    #[must_use]
    pub fn of_first(&self, most: usize) -> Self {
        Self { downs: self.downs[..most.min(self.downs.len())].to_vec() }
    }

    /// Share of the measured time in which an entity is down, and the skewness of a replication's share.
    pub fn unavailability(&self, id: TrackedId, reading: Reading<'_>) -> (Estimate, f64) {
        let downs = &self.downs[id as usize];
        if let Some(Some(estimate)) = reading.controlled.get(id as usize) {
            let estimate = interval::widened(*estimate, (downs.events(), reading.sample()), 1.0, reading.confidence);
            return (estimate, downs.cubes.skewness(&downs.down, reading.sample()));
        }
        let unit = reading.system.measured().get() as f64;
        let estimate = interval::mean_above(
            &downs.down,
            reading.sample(),
            (unit, 1.0),
            (reading.confidence, reading.floors[id as usize]),
        );
        let estimate = interval::widened(estimate, (downs.events(), reading.sample()), 1.0, reading.confidence);
        (estimate, downs.cubes.skewness(&downs.down, reading.sample()))
    }

    /// Up-to-down transitions a year.
    pub fn failure_rate(&self, id: TrackedId, reading: Reading<'_>) -> Estimate {
        let downs = &self.downs[id as usize];
        let years = reading.system.measured().hours() / HOURS_PER_YEAR;
        let sample = reading.sample();
        let exposure = years * sample.worth();
        let events = downs.events();
        let estimate = interval::mean(&downs.failures, reading.sample(), (years, f64::INFINITY), reading.confidence);
        if events >= interval::EXACT_COUNT_BELOW {
            return estimate;
        }
        let (lo, hi) = interval::poisson(events as f64 / sample.worst, reading.confidence);
        let (lo, hi) = (lo / exposure, hi / exposure);
        if events == 0 {
            Estimate { lo, hi, ..estimate }
        } else {
            Estimate { lo: lo.min(estimate.lo), hi: hi.max(estimate.hi), ..estimate }
        }
    }

    fn ratios(&self, id: TrackedId, reading: Reading<'_>) -> [Estimate; 3] {
        let downs = &self.downs[id as usize];
        let (n, tick) = (reading.sample(), Tick::from_hours(1.0).get() as f64);
        let measured = reading.system.measured().hours() * reading.replications as f64;
        let down = downs.down.sum() as f64 / tick;
        let variance = downs.down.variance(n).max(reading.floors[id as usize]) / (tick * tick);
        let covariance = downs.both.covariance(&downs.down, &downs.failures, n) / tick;
        let ratio = |total, variance, covariance| {
            interval::ratio(RatioOf { total, variance, covariance, events: &downs.failures }, n, reading.confidence)
        };
        let mttr = if downs.failures.sum() == 0 {
            let hi = reading.system.measured().hours();
            Estimate { value: f64::NAN, standard_error: f64::NAN, lo: 0.0, hi }
        } else {
            ratio(down, variance, covariance)
        };
        [ratio(measured, 0.0, 0.0), ratio(measured - down, variance, -covariance), mttr]
    }

    /// Adds the measures of an entity.
    pub fn measures(&self, id: TrackedId, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let entity = reading.system.tracked[id as usize].entity();
        let downs = &self.downs[id as usize];
        let seen = downs.events();
        let (unavailability, _) = self.unavailability(id, reading);
        let [mtbf, up, mttr] = self.ratios(id, reading);
        let rows = [
            ("unavailability", "1", unavailability),
            ("downtime", "min/year", unavailability.scaled(MINUTES_PER_YEAR)),
            ("failure_rate", "1/year", self.failure_rate(id, reading)),
            ("mtbf", "h", mtbf),
            ("mut", "h", up),
            ("mttr", "h", mttr),
        ];
        for (measure, unit, estimate) in rows {
            // Down all the time without a transition is seen all the same.
            let seen = if seen == 0 && downs.down.sum() > 0 { 1 } else { seen };
            into.push(Measured { seen, ..reading.measured(entity, (measure, unit), estimate) });
        }
    }

    /// The row of `reliability_metrics` of an entity.
    pub fn reliability(&self, id: TrackedId, reading: Reading<'_>) -> ReliabilityRow {
        let entity = reading.system.tracked[id as usize].entity();
        let [mtbf, up, mttr] = self.ratios(id, reading);
        ReliabilityRow {
            entity: entity.to_owned(),
            failures_seen: self.downs[id as usize].events(),
            failures_per_year: self.failure_rate(id, reading).into(),
            mtbf_h: mtbf.into(),
            mut_h: up.into(),
            mttr_h: mttr.into(),
            mttf_h: None,
            mttf_exact_h: reading.exact.get(entity, "mttf", None).map(|(hours, _)| hours),
            nines: nines(self.unavailability(id, reading).0.value),
        }
    }
}

/// −log₁₀ of a ratio; infinite at 0.
pub fn nines(ratio: f64) -> f64 {
    -libm::log10(ratio)
}
