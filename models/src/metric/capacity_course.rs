//! Load and capacity of scaled components over the measured time, in parts of equal length.

use ninefold_sim_core::interval;
use ninefold_sim_core::moments::Moments;
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading};
use crate::replication::{Stand, Trace};
use crate::results::{CapacityRow, Estimated};
use crate::scaling::MILLIONTHS;
use crate::system::System;

/// Most parts of the measured time.
pub const PARTS_MAX: usize = 400;

/// Lengths of a part, h: the first that leaves at most [`PARTS_MAX`] of them.
const LENGTHS_H: [f64; 9] = [1.0 / 60.0, 1.0 / 12.0, 0.25, 1.0, 6.0, 24.0, 168.0, 672.0, 8760.0];

/// Means over one part, in millionths.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Part {
    demand: Moments,
    capacity: Moments,
    unserved: Moments,
    replicas: Moments,
}

/// Every scaled component.
#[derive(Debug, Serialize, Deserialize)]
pub struct CapacityCourse {
    scalers: Vec<Vec<Part>>,
}

/// The beginnings of the parts, and the end of the last.
pub(crate) fn edges(system: &System) -> impl Iterator<Item = Tick> + '_ {
    let hours = system.measured().hours();
    let fits = |length: &&f64| hours / **length <= PARTS_MAX as f64;
    let length = LENGTHS_H.iter().find(fits).copied().unwrap_or(hours / PARTS_MAX as f64);
    let parts = libm::ceil(hours / length - 1e-9).max(1.0) as i64;
    let length = Tick::from_hours(length).get();
    (0..=parts).map(move |part| Tick::new(system.warmup.get() + part * length).min(system.end))
}

/// Sums over a part, in millionths × ticks.
#[derive(Clone, Copy, Default)]
struct Sums {
    demand: i128,
    capacity: i128,
    unserved: i128,
    replicas: i128,
}

impl Sums {
    fn add(&mut self, stand: &Stand, span: i64, per_replica: u64) {
        let capacity = u64::from(stand.serving) * per_replica;
        let times = |value: u64| i128::from(value) * i128::from(span);
        self.demand += times(stand.demand);
        self.capacity += times(capacity);
        self.unserved += times(stand.demand.saturating_sub(capacity));
        self.replicas += times(u64::from(stand.replicas) * MILLIONTHS);
    }
}

impl Metric for CapacityCourse {
    fn new(system: &System) -> Self {
        let parts = edges(system).count() - 1;
        Self { scalers: vec![vec![Part::default(); parts]; system.autoscalers.len()] }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for ((parts, stands), declared) in self.scalers.iter_mut().zip(&trace.stands).zip(&system.autoscalers) {
            let mut next = 0;
            for (part, (from, to)) in parts.iter_mut().zip(edges(system).zip(edges(system).skip(1))) {
                let mut sums = Sums::default();
                let mut now = from;
                while now < to {
                    while stands.get(next + 1).is_some_and(|after| after.at <= now) {
                        next += 1;
                    }
                    let Some(stand) = stands.get(next) else { break };
                    let end = stands.get(next + 1).map_or(to, |after| after.at.min(to));
                    sums.add(stand, end.since(now).get(), declared.per_replica);
                    now = end;
                }
                let mean = |sum: i128| (sum / i128::from(to.since(from).get().max(1))) as i64;
                part.demand.push_within(trace.block, mean(sums.demand));
                part.capacity.push_within(trace.block, mean(sums.capacity));
                part.unserved.push_within(trace.block, mean(sums.unserved));
                part.replicas.push_within(trace.block, mean(sums.replicas));
            }
        }
    }

    fn merge(&mut self, later: Self) {
        let mine = self.scalers.iter_mut().flatten();
        for (part, other) in mine.zip(later.scalers.iter().flatten()) {
            part.demand.merge(&other.demand);
            part.capacity.merge(&other.capacity);
            part.unserved.merge(&other.unserved);
            part.replicas.merge(&other.replicas);
        }
    }

    fn fits(&self, system: &System) -> bool {
        let parts = edges(system).count() - 1;
        self.scalers.len() == system.autoscalers.len() && self.scalers.iter().all(|of| of.len() == parts)
    }
}

impl CapacityCourse {
    /// One row a component, or its state in a domain, and part.
    pub(crate) fn rows(&self, reading: Reading<'_>) -> Vec<CapacityRow> {
        let system = reading.system;
        let estimate = |moments: &Moments| -> Estimated {
            interval::mean(moments, reading.sample(), (MILLIONTHS as f64, f64::INFINITY), reading.confidence).into()
        };
        let of = |(parts, declared): (&Vec<Part>, &crate::system::Autoscale)| -> Vec<CapacityRow> {
            let row = |(part, (from, to)): (&Part, (Tick, Tick))| CapacityRow {
                entity: declared.entity.clone(),
                at_h: from.hours(),
                span_h: to.since(from).hours(),
                demand: estimate(&part.demand),
                capacity: estimate(&part.capacity),
                unserved: estimate(&part.unserved),
                replicas: estimate(&part.replicas),
            };
            parts.iter().zip(edges(system).zip(edges(system).skip(1))).map(row).collect()
        };
        self.scalers.iter().zip(&system.autoscalers).flat_map(of).collect()
    }
}
