//! Points in time: reliability, availability and interval availability at the times a scenario asks for.

use ninefold_sim_core::interval::{self, Estimate};
use ninefold_sim_core::moments::Moments;
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading, overlap};
use crate::replication::{Outage, Trace};
use crate::results::Measured;
use crate::system::{System, TrackedId};

/// One entity at one time over replications.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Cell {
    failed_before: u64,
    down: u64,
    downtime: Moments,
}

/// Every tracked entity at every report time, entity by entity.
#[derive(Debug, Serialize, Deserialize)]
pub struct Points {
    #[serde(skip)]
    times: Vec<Tick>,
    cells: Vec<Cell>,
}

impl Metric for Points {
    fn new(system: &System) -> Self {
        let times: Vec<Tick> = system.spec.time.report_at.iter().map(|at| Tick::from_hours(at.get())).collect();
        Self { cells: vec![Cell::default(); times.len() * system.tracked.len()], times }
    }

    fn record(&mut self, _: &System, _: u64, trace: &Trace) {
        if self.times.is_empty() {
            return;
        }
        for (outages, cells) in trace.outages.iter().zip(self.cells.chunks_mut(self.times.len())) {
            let Some(first) = outages.first() else { continue };
            for (&time, cell) in self.times.iter().zip(cells) {
                cell.failed_before += u64::from(first.start <= time);
                // What ends with the replication goes on beyond it.
                let over = |outage: &Outage| outage.end <= time && outage.end < trace.end;
                let next = outages.partition_point(over);
                cell.down += u64::from(outages.get(next).is_some_and(|outage| outage.start <= time));
                cell.downtime.push_within(trace.block, overlap(outages, Tick::ZERO, time).get());
            }
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.cells.iter_mut().zip(&later.cells) {
            mine.failed_before += other.failed_before;
            mine.down += other.down;
            mine.downtime.merge(&other.downtime);
        }
    }
}

impl Points {
    /// Adds the point measures of an entity. A run to the first failure has reliability alone.
    pub fn measures(&self, id: TrackedId, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let (system, n) = (reading.system, reading.sample());
        let entity = system.tracked[id as usize].entity();
        let cells = &self.cells[id as usize * self.times.len()..];
        for ((cell, &time), hours) in cells.iter().zip(&self.times).zip(&system.spec.time.report_at) {
            let survived = complement(interval::share(cell.failed_before, n, reading.confidence));
            let mut rows = vec![("reliability_at", survived, cell.failed_before)];
            if !system.spec.time.until_first_failure {
                let up = complement(interval::share(cell.down, n, reading.confidence));
                rows.push(("availability_at", up, cell.down));
                if time > Tick::ZERO {
                    let down = interval::mean(&cell.downtime, n, (time.get() as f64, 1.0), reading.confidence);
                    let seen = u64::from(cell.downtime.sum() > 0);
                    rows.push(("interval_availability_at", complement(down), seen));
                }
            }
            for (measure, estimate, seen) in rows {
                let exact = reading.exact.get(entity, measure, Some(hours.get()));
                into.push(Measured {
                    seen,
                    at_h: Some(hours.get()),
                    exact: exact.map(|(value, _)| value),
                    exact_method: exact.map(|(_, method)| method),
                    ..reading.measured(entity, (measure, "1"), estimate)
                });
            }
        }
    }
}

fn complement(estimate: Estimate) -> Estimate {
    Estimate { value: 1.0 - estimate.value, lo: 1.0 - estimate.hi, hi: 1.0 - estimate.lo, ..estimate }
}
