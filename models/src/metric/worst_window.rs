//! The worst window of each size: minimal cumulative ratio.
//!
//! # Source
//! Hauer, Hoffmann, Lunney, Ardelean, Diwan, *Meaningful availability*, NSDI'20. Oracle: golden check G20.

use ninefold_sim_core::histogram::LogHistogram;
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading};
use crate::replication::{Outage, Trace};
use crate::results::WindowedRow;
use crate::system::System;

/// Window sizes below an hour; from an hour on they double up to the measured time.
const SIZES_BELOW_AN_HOUR_S: [f64; 3] = [60.0, 300.0, 900.0];

/// The most downtime in any window of each size, per journey, as distributions over replications.
#[derive(Debug, Serialize, Deserialize)]
pub struct WorstWindow {
    #[serde(skip)]
    sizes: Vec<Tick>,
    worst: Vec<LogHistogram>,
}

impl Metric for WorstWindow {
    fn new(system: &System) -> Self {
        let hours = SIZES_BELOW_AN_HOUR_S.into_iter().map(|seconds| seconds / 3600.0);
        let doubling = std::iter::successors(Some(1.0), |hours: &f64| Some(hours * 2.0));
        let sizes = hours.chain(doubling).map(Tick::from_hours).take_while(|&size| size <= system.measured());
        let sizes: Vec<Tick> = if system.spec.time.until_first_failure { Vec::new() } else { sizes.collect() };
        Self { worst: vec![LogHistogram::default(); sizes.len() * system.journeys.len()], sizes }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        let journeys = trace.outages[..system.journeys.len()].iter();
        for (outages, worst) in journeys.zip(self.worst.chunks_mut(self.sizes.len().max(1))) {
            for (&size, histogram) in self.sizes.iter().zip(worst) {
                histogram.push(most_downtime(outages, size, (system.warmup, trace.end)).get() as u64, 1);
            }
        }
    }

    fn merge(&mut self, later: Self) {
        self.worst.iter_mut().zip(&later.worst).for_each(|(mine, other)| mine.merge(other));
    }
}

/// The most downtime in any window of `size` inside `[from, to)`: such a window starts or ends with an outage.
fn most_downtime(outages: &[Outage], size: Tick, (from, to): (Tick, Tick)) -> Tick {
    let last = Tick::new(to.get() - size.get());
    let most = |starts: &mut dyn Iterator<Item = Tick>| {
        let (mut before, mut through) = (Elapsed::of(outages), Elapsed::of(outages));
        let starts = starts.map(|start| start.clamp(from, last));
        starts.map(|start| through.down_until(start.after(size)) - before.down_until(start)).max().unwrap_or(0)
    };
    let starting = most(&mut outages.iter().map(|outage| outage.start));
    let ending = most(&mut outages.iter().map(|outage| Tick::new(outage.end.get() - size.get())));
    Tick::new(starting.max(ending))
}

/// Downtime from the beginning on, asked for at later and later times: the outages are gone through once.
struct Elapsed<'a> {
    left: &'a [Outage],
    passed: i64,
}

impl<'a> Elapsed<'a> {
    const fn of(outages: &'a [Outage]) -> Self {
        Self { left: outages, passed: 0 }
    }

    fn down_until(&mut self, time: Tick) -> i64 {
        while let [first, rest @ ..] = self.left
            && first.end <= time
        {
            self.passed += first.end.since(first.start).get();
            self.left = rest;
        }
        let under_way = self.left.first().map_or(0, |outage| time.since(outage.start).get().max(0));
        self.passed + under_way
    }
}

impl WorstWindow {
    /// The table `availability_windowed`.
    pub fn rows(&self, reading: Reading<'_>) -> Vec<WindowedRow> {
        let mut rows = Vec::new();
        for (journey, worst) in self.worst.chunks(self.sizes.len().max(1)).enumerate() {
            for (size, histogram) in self.sizes.iter().zip(worst) {
                // Much downtime is a low ratio: the 5 % quantile of one is the 95 % quantile of the other.
                let ratio = |share: f64| {
                    let rank = (share * (histogram.total().saturating_sub(1)) as f64).round() as u64;
                    histogram.at_rank(rank).map_or(f64::NAN, |down| (1.0 - down / size.get() as f64).max(0.0))
                };
                rows.push(WindowedRow {
                    entity: reading.system.tracked[journey].entity().to_owned(),
                    window_s: size.hours() * 3600.0,
                    mcr_p05: ratio(0.95),
                    mcr_p50: ratio(0.50),
                    mcr_p95: ratio(0.05),
                });
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::metric::overlap;

    fn outage(from_min: i64, to_min: i64) -> Outage {
        let tick = |minutes: i64| Tick::new(minutes * 60_000_000_000);
        Outage { start: tick(from_min), end: tick(to_min), cause: 0 }
    }

    fn minutes(outages: &[Outage], size_min: i64) -> f64 {
        let month = Tick::from_hours(720.0);
        most_downtime(outages, Tick::new(size_min * 60_000_000_000), (Tick::ZERO, month)).hours() * 60.0
    }

    #[test]
    fn golden_check_g20() {
        let block = [outage(10_000, 10_240)];
        let minute_each: Vec<Outage> = (0..240).map(|i| outage(180 * i + 90, 180 * i + 91)).collect();
        assert_eq!((minutes(&block, 60), minutes(&block, 240)), (60.0, 240.0));
        assert_eq!((minutes(&minute_each, 60), minutes(&minute_each, 240)), (1.0, 2.0));
    }

    /// The definition: the downtime of each window that starts or ends with an outage, added up anew.
    fn by_definition(outages: &[Outage], size: Tick, (from, to): (Tick, Tick)) -> Tick {
        let last = Tick::new(to.get() - size.get());
        let starts = outages.iter().flat_map(|outage| [outage.start, Tick::new(outage.end.get() - size.get())]);
        let down = starts.map(|start| start.clamp(from, last)).map(|start| overlap(outages, start, start.after(size)));
        down.max().unwrap_or(Tick::ZERO)
    }

    proptest! {
        #[test]
        fn going_through_once_is_the_definition(
            spans in proptest::collection::vec((0i64..50, 1i64..20), 0..20),
            size in 1i64..200,
            warmup in 0i64..60,
        ) {
            let mut now = 0;
            let outages: Vec<Outage> = spans
                .into_iter()
                .map(|(up, down)| {
                    let start = now + up;
                    now = start + down;
                    outage(start, now)
                })
                .collect();
            let minutes = |minutes: i64| Tick::new(minutes * 60_000_000_000);
            let within = (minutes(warmup), minutes(now.max(warmup) + 200));
            let size = minutes(size);
            prop_assert_eq!(most_downtime(&outages, size, within), by_definition(&outages, size, within));
        }
    }
}
