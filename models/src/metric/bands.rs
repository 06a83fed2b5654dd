//! Means over the time up of what differs from state to state: how long writes wait, how many reads may be stale.

use serde::{Deserialize, Serialize};

use super::recovery_point::Spans;
use crate::metric::{Metric, Reading, overlap};
use crate::replication::Trace;
use crate::results::Measured;
use crate::system::{Banded, System, TrackedId};

/// Ticks in a millisecond: what time is counted in.
const MILLISECOND: i64 = 1_000_000;

/// For each banded measure, the time up and as much of it as its value is of the largest.
#[derive(Debug, Serialize, Deserialize)]
pub struct Bands {
    all: Vec<Spans>,
}

/// The largest value, by which others are measured; 1 if all are 0.
fn largest(banded: &Banded) -> f64 {
    let most = banded.bands.iter().map(|&(_, value)| value).fold(0.0, f64::max);
    if most > 0.0 { most } else { 1.0 }
}

impl Metric for Bands {
    fn new(system: &System) -> Self {
        Self { all: vec![Spans::default(); system.bands.len()] }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        let measured = trace.end.since(system.warmup).get();
        for (spans, banded) in self.all.iter_mut().zip(&system.bands) {
            let (mut weighed, mut before, most) = (0.0, 0, largest(banded));
            for &(id, value) in &banded.bands {
                let down = overlap(&trace.outages[id as usize], system.warmup, trace.end).get();
                let up = (measured - down) / MILLISECOND;
                weighed += (up - before) as f64 * (value / most);
                before = up;
            }
            spans.push_sums(trace.block, (libm::round(weighed) as i64, before));
        }
    }

    fn merge(&mut self, later: Self) {
        self.all.iter_mut().zip(&later.all).for_each(|(mine, other)| mine.merge(other));
    }
}

impl Bands {
    /// Adds the measures of an entity.
    pub fn measures(&self, id: TrackedId, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let is_of = |banded: &Banded| banded.bands.last().is_some_and(|&(last, _)| last == id);
        for (spans, banded) in self.all.iter().zip(&reading.system.bands).filter(|(_, banded)| is_of(banded)) {
            if spans.count.sum() > 0 {
                let mean = spans.mean(largest(banded).recip(), reading);
                let entity = reading.system.tracked[id as usize].entity();
                into.push(reading.measured(entity, banded.named, mean));
            }
        }
    }
}
