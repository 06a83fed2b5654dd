//! A total per event, over replications.

use ninefold_sim_core::interval::{self, Estimate, RatioOf};
use ninefold_sim_core::moments::{CoMoment, Moments};
use serde::{Deserialize, Serialize};

use crate::metric::Reading;

/// A sum per replication over a number of events per replication.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(in crate::metric) struct Ratio {
    pub(super) total: Moments,
    pub(super) events: Moments,
    both: CoMoment,
}

impl Ratio {
    pub(in crate::metric) fn push(&mut self, block: u64, total: i64, events: i64) {
        self.total.push_within(block, total);
        self.events.push_within(block, events);
        self.both.push_within(block, total, events);
    }

    pub(in crate::metric) fn merge(&mut self, later: &Self) {
        self.total.merge(&later.total);
        self.events.merge(&later.events);
        self.both.merge(&later.both);
    }

    /// Total per event, with the total in so many of a unit and at most `largest` an event; `None` if there was no event.
    pub(in crate::metric) fn estimate(&self, (scale, largest): (f64, f64), reading: Reading<'_>) -> Option<Estimate> {
        let (sample, total) = (reading.sample(), self.total.sum());
        if self.events.sum() == 0 {
            return None;
        }
        if total == 0 {
            let hi = largest * interval::unseen(sample, reading.confidence);
            return Some(Estimate { value: 0.0, standard_error: f64::NAN, lo: 0.0, hi });
        }
        let of = RatioOf {
            total: total as f64 / scale,
            variance: self.total.variance(sample) / (scale * scale),
            covariance: self.both.covariance(&self.total, &self.events, sample) / scale,
            events: &self.events,
        };
        let estimate = interval::ratio(of, sample, reading.confidence);
        if largest == 1.0 && total == self.events.sum() {
            let lo = 1.0 - interval::unseen(sample, reading.confidence);
            return Some(Estimate { standard_error: f64::NAN, lo, hi: 1.0, ..estimate });
        }
        Some(Estimate { hi: estimate.hi.min(largest), ..estimate })
    }
}
