//! Rows of measures, each with the answer of a formula beside it where there is one.

use ninefold_sim_core::batched_histogram::BatchedHistogram;
use ninefold_sim_core::interval::{self, Estimate};
use ninefold_sim_core::moments::Moments;

use super::ratio::Ratio;
use super::{FirstTime, MICRO};
use crate::metric::Reading;
use crate::results::Measured;

/// Shares of requests whose times are asked for.
const TIME_QUANTILES: [f64; 3] = [0.5, 0.95, 0.99];

/// What a formula that only approximates says of itself.
const APPROXIMATE: &str = "approximation";

/// Rows of one entity.
pub(super) struct Rows<'a, 'b> {
    pub(super) entity: &'a str,
    pub(super) reading: Reading<'a>,
    pub(super) into: &'b mut Vec<Measured>,
}

impl Rows<'_, '_> {
    /// A row, with the answer of a formula beside it where there is one that does not only approximate.
    pub(super) fn push(&mut self, of: (&'static str, &'static str), estimate: Estimate, seen: u64) -> &mut Measured {
        let row = self.reading.measured(self.entity, of, estimate);
        let mut known = self.reading.exact.queues().iter().filter(|known| known.entity == self.entity);
        let known =
            known.find(|known| known.measure == of.0 && known.at_h.is_none() && !known.method.contains(APPROXIMATE));
        // What is met around incidents is not what is met in the long run.
        let known = known.filter(|_| self.reading.system.requests.around.is_none());
        let exact = known.and_then(|known| Some((known.value?, known.method)));
        let (exact, exact_method) = (exact.map(|(value, _)| value), exact.map(|(_, method)| method));
        self.into.push(Measured { seen, exact, exact_method, ..row });
        self.into.last_mut().expect("bug: it was just pushed")
    }

    /// A share of events, or a time of each in seconds.
    pub(super) fn ratio(&mut self, of: (&'static str, &'static str), ratio: &Ratio, scale: (f64, f64)) {
        if let Some(estimate) = ratio.estimate(scale, self.reading) {
            self.push(of, estimate, seen(&ratio.total));
        }
    }

    pub(super) fn mean(&mut self, of: (&'static str, &'static str), moments: &Moments, unit: f64) {
        let estimate = interval::mean(moments, self.reading.sample(), (unit, f64::INFINITY), self.reading.confidence);
        self.push(of, estimate, seen(moments));
    }

    /// What there is a second of the time that was simulated, in so many of a unit.
    pub(super) fn over_time(&mut self, of: (&'static str, &'static str), ratio: &Ratio, unit: f64) {
        if self.reading.system.requests.around.is_none() {
            let seconds = self.reading.system.measured().hours() * 3600.0;
            return self.mean(of, &ratio.total, seconds * unit);
        }
        if let Some(estimate) = ratio.estimate((unit / MICRO, f64::INFINITY), self.reading) {
            self.push(of, estimate, seen(&ratio.total));
        }
    }

    /// The mean time until something happens first, over the replications in which it does.
    pub(super) fn after(&mut self, name: &'static str, times: &FirstTime) {
        if let Some(estimate) = times.estimate(self.reading) {
            self.push((name, "s"), estimate, seen(&times.0.events));
        }
    }

    /// Quantiles of times in microseconds, by [`TIME_QUANTILES`].
    pub(super) fn quantiles(&mut self, names: [&'static str; 3], times: &BatchedHistogram) {
        for (name, p) in names.into_iter().zip(TIME_QUANTILES) {
            if let Some(estimate) = times.quantile(p, self.reading.sample(), self.reading.confidence) {
                self.push((name, "s"), estimate.scaled(1.0 / MICRO), times.seen()).quantile = Some(p);
            }
        }
    }
}

fn seen(moments: &Moments) -> u64 {
    u64::try_from(moments.sum()).unwrap_or(u64::MAX)
}
