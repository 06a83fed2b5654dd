//! What is done twice because nobody knew of a failover, and what is not because somebody did.

use ninefold_sim_core::moments::Moments;
use serde::{Deserialize, Serialize};

use super::a_year;
use crate::metric::{Metric, Reading};
use crate::replication::Trace;
use crate::results::Measured;
use crate::system::System;

/// Work done again, and spared, by plan.
#[derive(Debug, Serialize, Deserialize)]
pub struct DuplicateWork {
    plans: Vec<[Moments; 2]>,
}

impl Metric for DuplicateWork {
    fn new(system: &System) -> Self {
        let plans = if system.spec.status.is_some() { system.spec.failovers.len() } else { 0 };
        Self { plans: vec![<[Moments; 2]>::default(); plans] }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for (plan, moments) in self.plans.iter_mut().enumerate() {
            let of_plan = system.plans.instances.iter().zip(&trace.doubled).filter(|(of, _)| of.plan as usize == plan);
            let (twice, saved) = of_plan.fold((0_i64, 0_i64), |sum, (_, one)| (sum.0 + one.twice, sum.1 + one.saved));
            moments[0].push_within(trace.block, twice);
            moments[1].push_within(trace.block, saved);
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.plans.iter_mut().flatten().zip(later.plans.iter().flatten()) {
            mine.merge(other);
        }
    }

    fn fits(&self, system: &System) -> bool {
        self.plans.len() == Self::new(system).plans.len()
    }
}

impl DuplicateWork {
    /// Adds the measures of every plan.
    pub fn measures(&self, reading: Reading<'_>, into: &mut Vec<Measured>) {
        for (moments, spec) in self.plans.iter().zip(&reading.system.spec.failovers) {
            let entity = format!("failovers.{}", spec.name);
            for (measure, moments) in ["duplicate_work", "duplicate_work_saved"].into_iter().zip(moments) {
                let row = reading.measured(&entity, (measure, "min/year"), a_year(moments, "min/year", reading));
                into.push(Measured { seen: u64::from(moments.sum() > 0), ..row });
            }
        }
    }
}
