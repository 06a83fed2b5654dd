//! What load tests show.

use super::Estimated;

/// One step of a load test, over all replications.
#[derive(Clone, Debug)]
pub struct LoadTestRow {
    /// The experiment.
    pub experiment: String,
    /// The journey.
    pub journey: String,
    /// Number of the step, from 0.
    pub step: u64,
    /// When it begins, in hours since the start.
    pub from_h: f64,
    /// How long it lasts.
    pub seconds: f64,
    /// Requests a second that are to come.
    pub offered: f64,
    /// Requests a second that came.
    pub arrivals: Estimated,
    /// Answers a second in it.
    pub throughput: Estimated,
    /// Share of those that came in it that were answered; `None` if none came.
    pub answered: Option<Estimated>,
    /// Share of those that came in it that were answered in time, where there is a target.
    pub in_time: Option<Estimated>,
    /// The share that is to be.
    pub target: Option<f64>,
    /// Median of the time to an answer, in seconds, of those that came in it.
    pub p50: Option<Estimated>,
    /// The same, of 95 %.
    pub p95: Option<Estimated>,
    /// The same, of 99 %.
    pub p99: Option<Estimated>,
    /// Whether it is the step of most power.
    pub is_knee: bool,
}

impl LoadTestRow {
    /// Whether its target is met; `None` where there is none, or none came.
    pub fn is_met(&self) -> Option<bool> {
        Some(self.in_time.as_ref()?.value >= self.target?)
    }
}
