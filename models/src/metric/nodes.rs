//! Nodes under autoscalers: how many, who waits for one, and how often replicas are moved.

use ninefold_sim_core::interval;
use ninefold_sim_core::moments::Moments;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading};
use crate::replication::Trace;
use crate::results::Measured;
use crate::system::{System, TrackedId};
use crate::units::HOURS_PER_YEAR;

/// The nodes under one autoscaler over replications.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Tally {
    nodes: Moments,
    most: Moments,
    waiting: Moments,
    evictions: Moments,
    refused: Moments,
    given_up: Moments,
}

/// The nodes under every autoscaler.
#[derive(Debug, Serialize, Deserialize)]
pub struct NodePools {
    pools: Vec<Tally>,
}

impl Metric for NodePools {
    fn new(system: &System) -> Self {
        Self { pools: vec![Tally::default(); system.autoscalers.len()] }
    }

    fn record(&mut self, _: &System, _: u64, trace: &Trace) {
        for (tally, pooled) in self.pools.iter_mut().zip(&trace.pooled) {
            tally.nodes.push_within(trace.block, pooled.nodes);
            tally.most.push_within(trace.block, i64::from(pooled.most));
            tally.waiting.push_within(trace.block, pooled.waiting);
            tally.evictions.push_within(trace.block, pooled.evictions as i64);
            tally.refused.push_within(trace.block, pooled.refused as i64);
            tally.given_up.push_within(trace.block, pooled.given_up as i64);
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.pools.iter_mut().zip(&later.pools) {
            mine.nodes.merge(&other.nodes);
            mine.most.merge(&other.most);
            mine.waiting.merge(&other.waiting);
            mine.evictions.merge(&other.evictions);
            mine.refused.merge(&other.refused);
            mine.given_up.merge(&other.given_up);
        }
    }
}

impl NodePools {
    /// Adds the measures of an entity, if it is a component whose replicas need nodes.
    pub fn measures(&self, id: TrackedId, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let system = reading.system;
        let Some(place) = system.autoscaler(id) else { return };
        let Some((tally, pool)) = self.pools.get(place).zip(system.autoscalers[place].nodes.as_ref()) else { return };
        let (measured, days) = (system.measured().get() as f64, system.measured().hours() / 24.0);
        let years = system.measured().hours() / HOURS_PER_YEAR;
        let (nodes, units) = (f64::from(pool.spec.max), system.autoscalers[place].units.len() as f64);
        let rows = [
            ("nodes_mean", "1", &tally.nodes, (measured, nodes)),
            ("nodes_peak", "1", &tally.most, (1.0, nodes)),
            ("waiting_mean", "1", &tally.waiting, (measured, units)),
            ("evictions", "1/day", &tally.evictions, (days, f64::INFINITY)),
            ("nodes_refused", "1/year", &tally.refused, (years, f64::INFINITY)),
            ("nodes_given_up", "1/year", &tally.given_up, (years, f64::INFINITY)),
        ];
        let entity = system.tracked[id as usize].entity();
        for (measure, unit, moments, scale) in rows {
            let estimate = interval::mean(moments, reading.sample(), scale, reading.confidence);
            let seen = moments.sum().unsigned_abs() as u64;
            into.push(Measured { seen, ..reading.measured(entity, (measure, unit), estimate) });
        }
    }
}
