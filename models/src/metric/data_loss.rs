//! Loss of data: in how many replications, and the mean time to it where that is known exactly.

use ninefold_sim_core::interval;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading};
use crate::replication::Trace;
use crate::results::{Engine, Estimated, Measured};
use crate::system::{System, Tracked, TrackedId};

/// Replications in which the data of each component were lost before the horizon.
#[derive(Debug, Serialize, Deserialize)]
pub struct DataLosses {
    lost: Vec<u64>,
}

impl Metric for DataLosses {
    fn new(system: &System) -> Self {
        Self { lost: vec![0; system.data.len()] }
    }

    fn record(&mut self, _: &System, _: u64, trace: &Trace) {
        for (lost, at) in self.lost.iter_mut().zip(&trace.data_lost) {
            *lost += u64::from(*at <= trace.end);
        }
    }

    fn merge(&mut self, later: Self) {
        self.lost.iter_mut().zip(later.lost).for_each(|(mine, other)| *mine += other);
    }
}

impl DataLosses {
    /// Adds the measures of an entity, if it is a component that may lose data.
    pub fn measures(&self, id: TrackedId, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let system = reading.system;
        let Tracked::Gate { entity, component, .. } = &system.tracked[id as usize] else { return };
        let whole = id as usize == system.journeys.len() + *component as usize;
        let place = system.data.iter().position(|data| whole && data.component == *component);
        let Some(&lost) = place.and_then(|place| self.lost.get(place)) else { return };
        let share = interval::share(lost, reading.sample(), reading.confidence);
        into.push(Measured { seen: lost, ..reading.measured(entity, ("loss_probability", "1"), share) });
        // Too rare to wait for: a mean time to it is exact or not there.
        if let Some((hours, _)) = reading.exact.get(entity, "mttdl", None) {
            let estimate = Estimated { value: hours, standard_error: 0.0, lo: hours, hi: hours };
            let row = reading.measured(entity, ("mttdl", "h"), share);
            into.push(Measured { estimate, engine: Engine::Exact, seen: reading.replications, ..row });
        }
    }
}
