//! Mean time to first failure, from replications that each run to it.

use ninefold_sim_core::interval::{self, Estimate};
use ninefold_sim_core::moments::{Cubes, Moments};
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading};
use crate::replication::Trace;
use crate::results::Measured;
use crate::system::{System, TrackedId};

/// Times to first failure of what a run waits for: journeys, or components where there is no journey.
#[derive(Debug, Serialize, Deserialize)]
pub struct FirstFailure {
    targets: Vec<(Moments, Cubes)>,
}

impl Metric for FirstFailure {
    fn new(system: &System) -> Self {
        let targets = match (system.spec.time.until_first_failure, system.journeys.len()) {
            (false, _) => 0,
            (true, 0) => system.components.len(),
            (true, journeys) => journeys,
        };
        Self { targets: vec![(Moments::default(), Cubes::default()); targets] }
    }

    fn record(&mut self, _: &System, _: u64, trace: &Trace) {
        for ((moments, cubes), outages) in self.targets.iter_mut().zip(&trace.outages) {
            let first = outages.first().expect("bug: a run to the first failure has one").start.get();
            moments.push_within(trace.block, first);
            cubes.push_within(trace.block, first);
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.targets.iter_mut().zip(&later.targets) {
            mine.0.merge(&other.0);
            mine.1.merge(&other.1);
        }
    }
}

impl FirstFailure {
    /// The same of the first entities alone.
    #[must_use]
    pub fn of_first(&self, most: usize) -> Self {
        Self { targets: self.targets[..most.min(self.targets.len())].to_vec() }
    }

    /// How many entities the run waited for: the first so many tracked ones.
    pub const fn targets(&self) -> usize {
        self.targets.len()
    }

    /// Mean time to first failure in hours, and the skewness of a replication's; `None` if the run did not wait for it.
    pub fn mttf(&self, id: TrackedId, reading: Reading<'_>) -> Option<(Estimate, f64)> {
        let (moments, cubes) = self.targets.get(id as usize)?;
        let hour = Tick::from_hours(1.0).get() as f64;
        let estimate = interval::mean(moments, reading.sample(), (hour, f64::INFINITY), reading.confidence);
        Some((estimate, cubes.skewness(moments, reading.sample())))
    }

    /// Adds the measure of an entity.
    pub fn measures(&self, id: TrackedId, reading: Reading<'_>, into: &mut Vec<Measured>) {
        if let Some((estimate, _)) = self.mttf(id, reading) {
            let entity = reading.system.tracked[id as usize].entity();
            into.push(Measured { seen: reading.replications, ..reading.measured(entity, ("mttf", "h"), estimate) });
        }
    }
}
