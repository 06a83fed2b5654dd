//! Probes: how one that may be bad is found to be so, by so many in a row.

use ninefold_sim_core::tick::Tick;

use super::error::SystemError;
use super::runs::{RUN_MAX, Runs, mean_trials};
use crate::units::Hours;

/// Least time between two probes of one target: a millisecond.
pub const PROBE_INTERVAL_MIN: Hours = Hours::new(1e-3 / 3600.0);

/// How something is probed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProbeSpec {
    /// Time between two probes of one target, at least [`PROBE_INTERVAL_MIN`].
    pub interval: Hours,
    /// Time after which a probe without an answer has failed, 0 to `interval`.
    pub timeout: Hours,
    /// Failed probes in a row after which a target is judged bad, 1 to 16.
    pub unhealthy_after: u32,
    /// Good probes in a row after which it is judged good again, 1 to 16.
    pub healthy_after: u32,
    /// Probability that a probe of a good target fails, 0..=1.
    pub false_positive: f64,
    /// Probability that a probe of a bad one passes, 0..=1.
    pub false_negative: f64,
}

impl ProbeSpec {
    /// # Errors
    /// [`SystemError::OutOfRange`] if a number is outside its range.
    pub(super) fn check(&self, name: &str) -> Result<(), SystemError> {
        let (least, interval) = (PROBE_INTERVAL_MIN.get(), self.interval.get());
        let runs = format!("1 to {RUN_MAX}");
        let run = |times: u32| (1..=RUN_MAX as u32).contains(&times);
        let ratio = |ratio: f64| (0.0..=1.0).contains(&ratio);
        let ratios = || "0 to 1".to_owned();
        let within = |value: f64, (from, to): (f64, f64)| from <= value && value <= to;
        let timeout = self.timeout.get();
        let checks = [
            ("interval", interval, within(interval, (least, f64::MAX)), "1 ms or more".to_owned()),
            ("timeout", timeout, within(timeout, (0.0, interval)), format!("0 to {interval} h")),
            ("unhealthy_after", f64::from(self.unhealthy_after), run(self.unhealthy_after), runs.clone()),
            ("healthy_after", f64::from(self.healthy_after), run(self.healthy_after), runs),
            ("false_positive", self.false_positive, ratio(self.false_positive), ratios()),
            ("false_negative", self.false_negative, ratio(self.false_negative), ratios()),
        ];
        match checks.into_iter().find(|(_, _, good, _)| !good) {
            None => Ok(()),
            Some((what, value, _, allowed)) => {
                Err(SystemError::OutOfRange { what, name: name.to_owned(), value, allowed })
            }
        }
    }

    /// Verdicts on one good target that are wrong or take a wrong one back, expected within a time.
    pub(super) fn expected_events(&self, horizon: Hours) -> f64 {
        let probes = mean_trials(self.false_positive, self.unhealthy_after);
        2.0 * horizon.get() / (self.interval.get() * probes)
    }
}

/// How something is probed, compiled.
#[derive(Clone, Debug)]
pub struct Probing {
    /// Time between two probes of one target.
    pub interval: Tick,
    /// Time after which a probe has failed.
    pub timeout: Tick,
    /// Probes until a target is judged bad: of a good one, of a bad one.
    pub ejects: [Runs; 2],
    /// Probes until it is judged good again: of a good one, of a bad one.
    pub returns: [Runs; 2],
}

impl Probing {
    pub(super) fn new(spec: &ProbeSpec) -> Self {
        let ProbeSpec { unhealthy_after, healthy_after, false_positive, false_negative, .. } = *spec;
        Self {
            interval: Tick::from_hours(spec.interval.get()),
            timeout: Tick::from_hours(spec.timeout.get()),
            ejects: [false_positive, 1.0 - false_negative].map(|p| Runs::new(p, unhealthy_after)),
            returns: [1.0 - false_positive, false_negative].map(|p| Runs::new(p, healthy_after)),
        }
    }
}
