//! Distributions over replications: downtime in the measured time, and the longest outage.

use ninefold_sim_core::histogram::LogHistogram;
use ninefold_sim_core::interval::{self, Estimate};
use ninefold_sim_core::special::normal;
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading, overlap};
use crate::replication::Trace;
use crate::results::{ExceedanceRow, Measured};
use crate::system::System;

/// The quantiles that are reported.
const QUANTILES: [f64; 4] = [0.05, 0.50, 0.95, 0.99];

/// Rows of an exceedance curve, at most.
const CURVE_ROWS_MAX: usize = 120;

/// Downtime and longest outage of every journey.
#[derive(Debug, Serialize, Deserialize)]
pub struct Distribution {
    downtime: Vec<LogHistogram>,
    longest: Vec<LogHistogram>,
}

impl Metric for Distribution {
    fn new(system: &System) -> Self {
        let empty = vec![LogHistogram::default(); system.journeys.len()];
        Self { downtime: empty.clone(), longest: empty }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for (journey, (downtime, longest)) in self.downtime.iter_mut().zip(&mut self.longest).enumerate() {
            let outages = &trace.outages[journey];
            downtime.push(overlap(outages, system.warmup, trace.end).get() as u64, 1);
            let within = outages.iter().map(|outage| outage.end.since(outage.start.max(system.warmup)).get());
            longest.push(within.max().unwrap_or(0).max(0) as u64, 1);
        }
    }

    fn merge(&mut self, later: Self) {
        self.downtime.iter_mut().zip(&later.downtime).for_each(|(mine, other)| mine.merge(other));
        self.longest.iter_mut().zip(&later.longest).for_each(|(mine, other)| mine.merge(other));
    }
}

/// A quantile with the interval between the order statistics that hold it at this confidence; the standard error is
/// what a normal law of that width would have.
pub(super) fn quantile(histogram: &LogHistogram, p: f64, reading: Reading<'_>) -> Estimate {
    let (n, confidence) = (histogram.total() as f64, reading.confidence);
    let z = normal::quantile_upper((1.0 - confidence) / 2.0);
    // Dependent replications are worth fewer independent ones, among which the ranks lie further apart.
    let spread = z * (n * p * (1.0 - p) * reading.sample().worst).sqrt();
    let minute = Tick::from_hours(1.0).get() as f64 / 60.0;
    let at = |rank: f64| {
        let rank = rank.clamp(0.0, n - 1.0) as u64;
        histogram.at_rank(rank).map_or(f64::NAN, |ticks| ticks / minute)
    };
    let value = at((p * n).ceil() - 1.0);
    let (lo, hi) = (at((p * n - spread).floor() - 1.0).min(value), at((p * n + spread).ceil()).max(value));
    Estimate { value, standard_error: (hi - lo) / (2.0 * z), lo, hi }
}

impl Distribution {
    /// Adds the quantiles of a journey.
    pub fn measures(&self, journey: u32, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let entity = reading.system.tracked[journey as usize].entity();
        let both = [("longest_outage", &self.longest), ("downtime_in_window", &self.downtime)];
        for (measure, histograms) in both {
            let histogram = &histograms[journey as usize];
            let above_zero =
                histogram.above().next().map_or(0, |(value, above)| if value == 0 { above } else { histogram.total() });
            for p in QUANTILES {
                let estimate = quantile(histogram, p, reading);
                let row = reading.measured(entity, (measure, "min"), estimate);
                into.push(Measured { quantile: Some(p), seen: above_zero, exact: None, exact_method: None, ..row });
            }
        }
    }

    /// The table `availability_distribution`: P(downtime > x) at values that were seen.
    pub fn exceedance(&self, reading: Reading<'_>) -> Vec<ExceedanceRow> {
        let minute = Tick::from_hours(1.0).get() as f64 / 60.0;
        let mut rows = Vec::new();
        for (journey, histogram) in self.downtime.iter().enumerate() {
            let points: Vec<(u64, u64)> = histogram.above().collect();
            let every = points.len().div_ceil(CURVE_ROWS_MAX).max(1);
            let last = points.len().saturating_sub(1);
            for (i, (ticks, above)) in points.into_iter().enumerate() {
                if i % every == 0 || i == last {
                    rows.push(ExceedanceRow {
                        entity: reading.system.tracked[journey].entity().to_owned(),
                        downtime_min: ticks as f64 / minute,
                        p_exceed: interval::share(above, reading.sample(), reading.confidence).into(),
                    });
                }
            }
        }
        rows
    }
}
