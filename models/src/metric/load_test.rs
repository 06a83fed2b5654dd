//! What load tests show: throughput and latency by offered load.

use ninefold_sim_core::batched_histogram::BatchedHistogram;
use ninefold_sim_core::interval;
use ninefold_sim_core::moments::Moments;
use serde::{Deserialize, Serialize};

use super::requests::Ratio;
use crate::metric::{Metric, Reading};
use crate::replication::Trace;
use crate::requests::StepTally;
use crate::results::{Estimated, LoadTestRow};
use crate::system::System;

/// Microseconds in a second.
const MICRO: f64 = 1e6;

/// One step over replications.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Step {
    came: Moments,
    answers: Moments,
    answered: Ratio,
    in_time: Ratio,
    times: BatchedHistogram,
}

impl Step {
    fn push(&mut self, block: u64, of: &StepTally) {
        self.came.push_within(block, of.came);
        self.answers.push_within(block, of.answers);
        self.answered.push(block, of.answered, of.came);
        self.in_time.push(block, of.in_time, of.came);
        self.times.add(block, &of.times, &of.open);
    }

    fn merge(&mut self, later: &Self) {
        self.came.merge(&later.came);
        self.answers.merge(&later.answers);
        self.answered.merge(&later.answered);
        self.in_time.merge(&later.in_time);
        self.times.merge(&later.times);
    }
}

/// Every step of every load test.
#[derive(Debug, Serialize, Deserialize)]
pub struct LoadTests {
    steps: Vec<Step>,
}

impl Metric for LoadTests {
    fn new(system: &System) -> Self {
        let steps = system.requests.load_tests.iter().map(|test| test.steps()).sum();
        Self { steps: vec![Step::default(); steps] }
    }

    fn record(&mut self, _: &System, _: u64, trace: &Trace) {
        let of = trace.requested.load_tests.iter().flatten();
        self.steps.iter_mut().zip(of).for_each(|(mine, of)| mine.push(trace.block, of));
    }

    fn merge(&mut self, later: Self) {
        self.steps.iter_mut().zip(&later.steps).for_each(|(mine, other)| mine.merge(other));
    }
}

impl LoadTests {
    /// Table `load_tests`.
    pub fn rows(&self, reading: Reading<'_>) -> Vec<LoadTestRow> {
        let (mut rows, mut next) = (Vec::new(), 0);
        for (declared, test) in reading.system.spec.queueing.load_tests.iter().zip(&reading.system.requests.load_tests)
        {
            let first = rows.len();
            for (place, (bounds, &(from, offered))) in test.bounds.windows(2).zip(&declared.steps).enumerate() {
                let step = &self.steps[next];
                next += 1;
                let seconds = bounds[1].since(bounds[0]).hours() * 3600.0;
                let rate = |moments: &Moments| -> Estimated {
                    interval::mean(moments, reading.sample(), (seconds, f64::INFINITY), reading.confidence).into()
                };
                let time = |p: f64| {
                    let time = step.times.quantile(p, reading.sample(), reading.confidence)?;
                    Some(Estimated::from(time.scaled(1.0 / MICRO)))
                };
                let share = |ratio: &Ratio| ratio.estimate((1.0, 1.0), reading).map(Estimated::from);
                rows.push(LoadTestRow {
                    experiment: declared.name.clone(),
                    journey: declared.journey.clone(),
                    step: place as u64,
                    from_h: from.get(),
                    seconds,
                    offered,
                    arrivals: rate(&step.came),
                    throughput: rate(&step.answers),
                    answered: share(&step.answered),
                    in_time: declared.target.and_then(|_| share(&step.in_time)),
                    target: declared.target.map(|(share, _)| share),
                    p50: time(0.5),
                    p95: time(0.95),
                    p99: time(0.99),
                    is_knee: false,
                });
            }
            mark_knee(&mut rows[first..]);
        }
        rows
    }
}

/// Marks the step of most power: throughput ÷ time to an answer, of which the median is taken.
fn mark_knee(rows: &mut [LoadTestRow]) {
    let power = |row: &LoadTestRow| row.throughput.value / row.p50.as_ref().map_or(f64::INFINITY, |time| time.value);
    let best = rows.iter().map(power).fold(0.0, f64::max);
    if let Some(row) = rows.iter_mut().find(|row| best > 0.0 && power(row) == best) {
        row.is_knee = true;
    }
}
