//! What methods of variance reduction gain: the same observations alone, by blocks, and beside their control variate.

use ninefold_sim_core::interval::Estimate;
use ninefold_sim_core::moments::{CoMoment, Moments};
use ninefold_sim_core::sample::Sample;
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, overlap};
use crate::replication::{Blocks, Trace};
use crate::system::{System, TrackedId};
use crate::variance::{Control, PILOT};

/// One entity over replications: its downtime, or its time to the first failure where a run waits for it.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Entity {
    /// As if every replication were a block of its own.
    alone: Moments,
    /// By the blocks of the run.
    blocks: Moments,
    /// The same after the pilot, and the downtime of the relaxation beside it.
    after: Moments,
    relaxed: Moments,
    both: CoMoment,
}

/// Every tracked entity; empty in a run of independent replications without a control variate.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Gain {
    entities: Vec<Entity>,
}

impl Metric for Gain {
    fn new(_: &System) -> Self {
        Self::default()
    }

    fn record(&mut self, system: &System, index: u64, trace: &Trace) {
        if trace.blocks != Blocks::Independent || !trace.relaxed.is_empty() {
            self.add(system, trace, index >= PILOT);
        }
    }

    fn merge(&mut self, later: Self) {
        self.entities.resize(self.entities.len().max(later.entities.len()), Entity::default());
        for (mine, other) in self.entities.iter_mut().zip(&later.entities) {
            mine.alone.merge(&other.alone);
            mine.blocks.merge(&other.blocks);
            mine.after.merge(&other.after);
            mine.relaxed.merge(&other.relaxed);
            mine.both.merge(&other.both);
        }
    }

    fn fits(&self, system: &System) -> bool {
        self.entities.is_empty() || self.entities.len() == system.tracked.len()
    }
}

impl Gain {
    /// Counts one replication; `compare` says whether beside its control variate too.
    pub(crate) fn add(&mut self, system: &System, trace: &Trace, compare: bool) {
        self.entities.resize(system.tracked.len(), Entity::default());
        for (id, (entity, outages)) in self.entities.iter_mut().zip(&trace.outages).enumerate() {
            let relaxed = trace.relaxed.get(id).map_or(0, |down| down.get());
            if outages.is_empty() && relaxed == 0 {
                continue;
            }
            let value = if system.spec.time.until_first_failure {
                outages.first().map_or(Tick::ZERO, |outage| outage.start).get()
            } else {
                overlap(outages, system.warmup, trace.end).get()
            };
            entity.alone.push(value);
            entity.blocks.push_within(trace.block, value);
            if compare {
                entity.after.push_within(trace.block, value);
                entity.relaxed.push_within(trace.block, relaxed);
                entity.both.push_within(trace.block, value, relaxed);
            }
        }
    }

    /// Variance of independent replications ÷ the variance that the blocks of the run show; `None` if nothing varied.
    pub fn of_blocks(&self, id: TrackedId, sample: Sample) -> Option<f64> {
        let entity = self.entities.get(id as usize)?;
        finite(entity.alone.variance(sample.replications) / entity.blocks.variance(sample))
    }

    /// Standard error ÷ mean; `None` if nothing was seen.
    pub(crate) fn relative_error(&self, id: TrackedId, sample: Sample) -> Option<f64> {
        let entity = self.entities.get(id as usize)?;
        finite(entity.blocks.standard_error(sample) / entity.blocks.mean(sample.replications))
    }

    /// Variance without the control variate ÷ the variance with it, over the replications after the pilot.
    pub(crate) fn of_control(&self, id: TrackedId, after: Sample, control: &Control) -> Option<f64> {
        let entity = self.entities.get(id as usize)?;
        finite(entity.after.variance(after) / entity.residual(after, control.coefficient(id)?))
    }

    /// The coefficient with which the control variate leaves the least variance; `None` if it never varied.
    pub(crate) fn coefficient(&self, id: TrackedId, sample: Sample) -> Option<f64> {
        let entity = self.entities.get(id as usize)?;
        finite(entity.both.covariance(&entity.after, &entity.relaxed, sample) / entity.relaxed.variance(sample))
    }

    /// What `coefficient` leaves of the variance, as its inverse: variance without ÷ with.
    pub(crate) fn at_coefficient(&self, id: TrackedId, sample: Sample, coefficient: f64) -> Option<f64> {
        let entity = self.entities.get(id as usize)?;
        finite(entity.after.variance(sample) / entity.residual(sample, coefficient))
    }

    /// Share of the measured time down, from the replications after the pilot: `mean(Y) − β (mean(C) − E[C])`.
    pub(crate) fn controlled(&self, id: TrackedId, of: &Controlled<'_>) -> Option<Estimate> {
        let (entity, coefficient) = (self.entities.get(id as usize)?, of.control.coefficient(id)?);
        let (n, unit) = (of.after.replications, of.measured.get() as f64);
        if of.after.blocks() < 2 || entity.after.sum() == 0 {
            return None;
        }
        let surplus = entity.relaxed.mean(n) / unit - of.control.expected(id)?;
        let value = entity.after.mean(n) / unit - coefficient * surplus;
        // What alone takes the entity down does so in the relaxation too, and 1 − β of it is left.
        let floor = of.floors[id as usize] * (1.0 - coefficient) * (1.0 - coefficient);
        let variance = entity.residual(of.after, coefficient).max(floor);
        let estimate = Estimate::student(value, (variance / n as f64).sqrt() / unit, of.after, of.confidence);
        // Few and unlucky replications may be corrected past the ends of what a share can be.
        (value > 0.0 && value < 1.0).then(|| Estimate {
            lo: estimate.lo.max(0.0),
            hi: estimate.hi.min(1.0),
            ..estimate
        })
    }
}

/// What the read-out of a controlled estimate needs.
#[derive(Debug)]
pub(crate) struct Controlled<'a> {
    pub(crate) control: &'a Control,
    /// The replications after the pilot.
    pub(crate) after: Sample,
    pub(crate) measured: Tick,
    pub(crate) confidence: f64,
    /// For each tracked entity, the least variance of its downtime; 0 where nothing is known.
    pub(crate) floors: &'a [f64],
}

impl Entity {
    /// Var(Y − βC) = Var Y − 2β Cov(Y, C) + β² Var C, of an observation.
    fn residual(&self, sample: Sample, coefficient: f64) -> f64 {
        let covariance = self.both.covariance(&self.after, &self.relaxed, sample);
        let squared = coefficient * coefficient * self.relaxed.variance(sample);
        (self.after.variance(sample) - 2.0 * coefficient * covariance + squared).max(0.0)
    }
}

fn finite(ratio: f64) -> Option<f64> {
    (ratio.is_finite() && ratio >= 0.0).then_some(ratio)
}
