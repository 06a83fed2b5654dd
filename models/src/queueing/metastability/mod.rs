//! Metastable failures: whether a system that retries comes back after a trigger, by the load and the size of the trigger.
//!
//! The dynamics are those of the fluid limit: many requests, each of which changes nothing by itself. Demand, retries and
//! service are rates; a request that comes when so much stands before it is answered in time with the probability that its
//! service is short enough for what its wait left of the timeout. So fluctuations of a small system, which may tip without
//! any trigger, are left out; the [fixed points](super::retry) know them in the mean.
//!
//! # Source
//! Bronson, Aghayev, Charapko, Zhu, *Metastable failures in distributed systems*, HotOS (2021), for the regions; Huang et
//! al., *Metastable failures in the wild*, OSDI (2022), for the two kinds of trigger. Oracle: a simulation of single requests,
//! evenly spaced, in the tests of `fluid.rs`, and the simulation request by request.

mod fluid;
mod fuse;
mod map;
mod pending;

pub use map::{Cell, LoadLine, Map, map};

use super::error::{self, QueueError};
use crate::scaling::circuit_breaker::BreakerSpec;

/// Most attempts of a request.
pub const ATTEMPTS_MAX: u32 = 32;

/// Steps that a timeout is cut into.
pub(super) const STEPS_OF_TIMEOUT: usize = 64;

/// Most steps of one course of events.
pub(super) const STEPS_MAX: usize = 4_000_000;

/// The pause before a retry: `base × 2ᵏ` up to `cap`, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pause {
    /// The first.
    pub base: f64,
    /// The longest.
    pub cap: f64,
    /// Whether it is uniform between 0 and that.
    pub has_jitter: bool,
}

/// A caller and a server, with what each does under load. Times in seconds.
#[derive(Clone, Debug)]
pub struct Storm {
    /// Requests a second that the server completes while busy, > 0.
    pub capacity: f64,
    /// P(a service takes longer than the timeout × (1 − i ÷ 64)), for i from 0 to 64: what a wait of so much leaves.
    pub late: Vec<f64>,
    /// How long the caller waits, > 0.
    pub timeout: f64,
    /// Attempts in all, 1 to [`ATTEMPTS_MAX`].
    pub attempts: u32,
    /// The pause before a retry; `None` is none.
    pub pause: Option<Pause>,
    /// Ratio and cap of the retry budget.
    pub budget: Option<(f64, f64)>,
    /// The circuit breaker of the call.
    pub breaker: Option<BreakerSpec>,
    /// Requests that can wait.
    pub places: Option<u64>,
    /// Whether the last who came is served first.
    pub newest_first: bool,
    /// Whether a request whose caller has given up is dropped when its turn comes.
    pub drops_expired: bool,
}

/// What happens to it, for so many seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trigger {
    /// Nothing is served.
    Outage(f64),
    /// The demand is so many times as large.
    Spike(f64, f64),
}

impl Trigger {
    /// How long it lasts, in seconds.
    pub const fn lasts(self) -> f64 {
        match self {
            Self::Outage(seconds) | Self::Spike(_, seconds) => seconds,
        }
    }

    /// The same, for as long as said.
    #[must_use]
    pub const fn lasting(self, seconds: f64) -> Self {
        match self {
            Self::Outage(_) => Self::Outage(seconds),
            Self::Spike(times, _) => Self::Spike(times, seconds),
        }
    }
}

/// Where a system is on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// It comes back from every trigger.
    Stable,
    /// It comes back from this one, and would not from a larger one.
    Vulnerable,
    /// It stays down after the trigger has gone.
    Metastable,
    /// It is down without any trigger.
    Overloaded,
}

impl Region {
    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Vulnerable => "vulnerable",
            Self::Metastable => "metastable",
            Self::Overloaded => "overloaded",
        }
    }
}

impl Storm {
    /// [`Storm::late`] of a survival function of seconds.
    pub fn late_of(timeout: f64, survival: impl Fn(f64) -> f64) -> Vec<f64> {
        let left = |i: usize| timeout * (1.0 - i as f64 / STEPS_OF_TIMEOUT as f64);
        (0..=STEPS_OF_TIMEOUT).map(|i| survival(left(i))).collect()
    }

    fn check(&self) -> Result<(), QueueError> {
        error::positive("capacity", self.capacity)?;
        error::positive("timeout", self.timeout)?;
        if !(1..=ATTEMPTS_MAX).contains(&self.attempts) {
            let value = f64::from(self.attempts);
            return Err(QueueError::OutOfRange { what: "attempts", value, allowed: "1 to 32" });
        }
        assert_eq!(self.late.len(), STEPS_OF_TIMEOUT + 1, "bug: a probability for each step of the timeout");
        Ok(())
    }

    /// Seconds of a step.
    fn step(&self) -> f64 {
        self.timeout / STEPS_OF_TIMEOUT as f64
    }

    /// Steps of the pause after so many attempts, at least one; with jitter the longest.
    fn pause_steps(&self, attempts: u32) -> usize {
        let Some(pause) = self.pause else { return 1 };
        let longest = (pause.base * libm::ldexp(1.0, attempts.saturating_sub(1) as i32)).min(pause.cap);
        ((longest / self.step() + 0.5) as usize).max(1)
    }

    /// Steps from a first attempt to the end of the last, a pause of the breaker included.
    fn chain_steps(&self) -> usize {
        let pauses: usize = (1..self.attempts).map(|attempts| self.pause_steps(attempts)).sum();
        let open = self.breaker.map_or(0.0, |of| of.wait.hours() * 3600.0 / self.step());
        STEPS_OF_TIMEOUT * (self.attempts as usize + 1) + pauses + open as usize
    }

    /// Whether it comes back from everything, where that has a closed form: nothing is shed, and what comes while all
    /// attempts fail, the demand × attempts (or 1 + the budget's ratio), is below the capacity or not.
    fn always_recovers(&self, demand: f64) -> Option<bool> {
        let sheds = self.breaker.is_some() || self.places.is_some() || self.newest_first || self.drops_expired;
        let most = self.budget.map_or(f64::INFINITY, |(ratio, _)| 1.0 + ratio).min(f64::from(self.attempts));
        (!sheds).then_some(demand * most < self.capacity)
    }
}

#[cfg(test)]
mod tests;
