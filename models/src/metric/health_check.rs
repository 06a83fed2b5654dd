//! What health checks do: how soon they find failures, and what their errors cost.

use ninefold_sim_core::interval::{self, RatioOf};
use ninefold_sim_core::moments::{CoMoment, Moments};
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading};
use crate::replication::Trace;
use crate::results::Measured;
use crate::system::{System, Tracked, TrackedId};
use crate::units::HOURS_PER_YEAR;

/// One health check over replications.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Tally {
    false_ejections: Moments,
    mass_ejections: Moments,
    wasted: Moments,
    unseen: Moments,
    detected: Moments,
    detecting: Moments,
    both: CoMoment,
}

/// Every health check.
#[derive(Debug, Serialize, Deserialize)]
pub struct HealthChecks {
    checks: Vec<Tally>,
}

impl Metric for HealthChecks {
    fn new(system: &System) -> Self {
        Self { checks: vec![Tally::default(); system.checks.len()] }
    }

    fn record(&mut self, _: &System, _: u64, trace: &Trace) {
        for (tally, checked) in self.checks.iter_mut().zip(&trace.checked) {
            let detected = checked.detected as i64;
            tally.false_ejections.push_within(trace.block, checked.false_ejections as i64);
            tally.mass_ejections.push_within(trace.block, checked.mass_ejections as i64);
            tally.wasted.push_within(trace.block, checked.wasted);
            tally.unseen.push_within(trace.block, checked.unseen);
            tally.detected.push_within(trace.block, detected);
            tally.detecting.push_within(trace.block, checked.detecting);
            tally.both.push_within(trace.block, checked.detecting, detected);
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.checks.iter_mut().zip(&later.checks) {
            mine.false_ejections.merge(&other.false_ejections);
            mine.mass_ejections.merge(&other.mass_ejections);
            mine.wasted.merge(&other.wasted);
            mine.unseen.merge(&other.unseen);
            mine.detected.merge(&other.detected);
            mine.detecting.merge(&other.detecting);
            mine.both.merge(&other.both);
        }
    }
}

impl HealthChecks {
    /// Adds the measures of an entity, if it is a component that is probed.
    pub fn measures(&self, id: TrackedId, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let system = reading.system;
        let Tracked::Gate { component, .. } = &system.tracked[id as usize] else { return };
        if id as usize != system.journeys.len() + *component as usize {
            return;
        }
        let Some(place) = system.checks.iter().position(|check| check.component == *component) else { return };
        let Some(tally) = self.checks.get(place) else { return };
        let entity = system.tracked[id as usize].entity();
        let years = system.measured().hours() / HOURS_PER_YEAR;
        let seen = |moments: &Moments| moments.sum().unsigned_abs() as u64;
        let mut yearly = |measure, moments: &Moments| {
            let estimate = interval::mean(moments, reading.sample(), (years, f64::INFINITY), reading.confidence);
            let row = reading.measured(entity, (measure, "1/year"), estimate);
            into.push(Measured { seen: seen(moments), ..row });
        };
        yearly("false_ejections", &tally.false_ejections);
        yearly("mass_ejections", &tally.mass_ejections);
        let units = system.components[*component as usize].units.len() as f64;
        let all = system.measured().get() as f64 * units;
        let mut share = |measure, moments: &Moments| {
            let estimate = interval::mean(moments, reading.sample(), (all, 1.0), reading.confidence);
            let row = reading.measured(entity, (measure, "1"), estimate);
            into.push(Measured { seen: u64::from(moments.sum() > 0), ..row });
        };
        share("ejected_ratio", &tally.wasted);
        if system.checks[place].seen.is_some() {
            share("unseen_ratio", &tally.unseen);
        }
        if tally.detected.sum() > 0 {
            let second = Tick::from_hours(1.0).get() as f64 / 3600.0;
            let sample = reading.sample();
            let of = RatioOf {
                total: tally.detecting.sum() as f64 / second,
                variance: tally.detecting.variance(sample) / (second * second),
                covariance: tally.both.covariance(&tally.detecting, &tally.detected, sample) / second,
                events: &tally.detected,
            };
            let row = reading.measured(entity, ("time_to_eject", "s"), interval::ratio(of, sample, reading.confidence));
            into.push(Measured { seen: seen(&tally.detected), ..row });
        }
    }
}
