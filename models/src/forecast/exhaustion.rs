//! When demand first passes a capacity, and by when more has to be ordered.
//!
//! Each sample path says at which step its demand is above the capacity for the first time, if it is within the horizon.
//! The share of paths that have passed it by a step is the probability of exhaustion by then: a statement about whole
//! paths, which bands of single steps cannot make.

use ninefold_sim_core::interval::{Estimate, share};
use ninefold_sim_core::stream::Replication;

use super::{ForecastError, SamplePaths};

/// First passages of a capacity over many paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exhaustion {
    /// How many paths have passed the capacity by each step.
    passed: Vec<u64>,
    paths: u32,
}

impl Exhaustion {
    /// Draws `count` paths under `seed` and looks for the first step at which demand is above `capacity`, in the unit of
    /// the history.
    ///
    /// # Errors
    /// [`ForecastError::Parameter`] for a capacity that is negative or NaN, or no paths.
    pub fn of(paths: &SamplePaths, capacity: f64, (seed, count): (u64, u32)) -> Result<Self, ForecastError> {
        if !(capacity >= 0.0) {
            return Err(ForecastError::Parameter { what: "capacity", value: capacity, allowed: "at least 0" });
        }
        if count == 0 {
            return Err(ForecastError::Parameter { what: "paths", value: 0.0, allowed: "at least 1" });
        }
        let mut passed = vec![0_u64; paths.horizon()];
        for index in 0..count {
            let path = paths.draw(Replication::new(seed, index));
            if let Some(first) = path.iter().position(|demand| *demand > capacity) {
                passed[first] += 1;
            }
        }
        let mut so_far = 0;
        passed.iter_mut().for_each(|now| {
            so_far += *now;
            *now = so_far;
        });
        Ok(Self { passed, paths: count })
    }

    /// Probability that the capacity is passed at step `step` (from 1) or before, with an interval of this confidence for
    /// the paths drawn; nothing beyond the horizon.
    pub fn by(&self, step: usize, confidence: f64) -> Option<Estimate> {
        let passed = self.passed.get(step.checked_sub(1)?)?;
        Some(share(*passed, u64::from(self.paths), confidence))
    }

    /// The step (from 1) from which on more capacity has to serve, if exhaustion before it may have probability `risk` at
    /// most; nothing if that holds to the end of the horizon.
    ///
    /// # Errors
    /// [`ForecastError::Parameter`] for a risk that is not in 0 to 1.
    pub fn needed_at(&self, risk: f64) -> Result<Option<usize>, ForecastError> {
        if !(0.0..=1.0).contains(&risk) {
            return Err(ForecastError::Parameter { what: "risk", value: risk, allowed: "0 to 1" });
        }
        let beyond = |passed: &u64| *passed as f64 > risk * f64::from(self.paths);
        Ok(self.passed.iter().position(beyond).map(|at| at + 1))
    }

    /// The last step at which capacity that takes `lead` steps to come can be ordered to be there when
    /// [needed](Self::needed_at); 0 is the end of the history, and below 0 it is too late.
    ///
    /// # Errors
    /// As [`needed_at`](Self::needed_at).
    pub fn order_by(&self, risk: f64, lead: u32) -> Result<Option<i64>, ForecastError> {
        Ok(self.needed_at(risk)?.map(|step| step as i64 - i64::from(lead)))
    }
}
