//! Observations that have been checked and sorted, as the families want them.

use super::FitError;

/// One observed duration, or one that was still running when it was last seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The duration, finite and > 0, in the unit of the caller's choice: every answer that has a unit is in the same.
    pub value: f64,
    /// Right-censored: the true duration is larger than `value`.
    pub censored: bool,
}

impl Observation {
    /// A duration seen to its end.
    pub const fn complete(value: f64) -> Self {
        Self { value, censored: false }
    }

    /// A duration known to be larger than `value`.
    pub const fn censored(value: f64) -> Self {
        Self { value, censored: true }
    }
}

/// A checked sample: complete and censored values apart, each in ascending order.
#[derive(Clone, Debug)]
pub struct Sample {
    complete: Vec<f64>,
    censored: Vec<f64>,
    sum_log_complete: f64,
}

impl Sample {
    /// Sorts and checks.
    ///
    /// # Errors
    /// [`FitError::NoCompleteValue`] without a single complete observation, [`FitError::Value`] for one that is not
    /// finite and positive.
    pub fn new(observations: &[Observation]) -> Result<Self, FitError> {
        if let Some((index, bad)) =
            observations.iter().enumerate().find(|(_, o)| !(o.value > 0.0 && o.value.is_finite()))
        {
            return Err(FitError::Value { index, value: bad.value });
        }
        let sorted = |censored: bool| {
            let mut values: Vec<f64> =
                observations.iter().filter(|o| o.censored == censored).map(|o| o.value).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let (complete, censored) = (sorted(false), sorted(true));
        if complete.is_empty() {
            return Err(FitError::NoCompleteValue { censored: censored.len() });
        }
        let sum_log_complete = complete.iter().map(|x| libm::log(*x)).sum();
        Ok(Self { complete, censored, sum_log_complete })
    }

    /// Complete values, ascending; never empty.
    pub fn complete(&self) -> &[f64] {
        &self.complete
    }

    /// Censored values, ascending.
    pub fn censored(&self) -> &[f64] {
        &self.censored
    }

    /// Number of observations of both kinds.
    pub fn len(&self) -> usize {
        self.complete.len() + self.censored.len()
    }

    /// Always false: a sample holds a complete value.
    pub fn is_empty(&self) -> bool {
        self.complete.is_empty()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = f64> + '_ {
        self.complete.iter().chain(&self.censored).copied()
    }

    pub(super) fn events(&self) -> f64 {
        self.complete.len() as f64
    }

    /// Sum of all values: the time on test.
    pub(super) fn total(&self) -> f64 {
        self.all().sum()
    }

    pub(super) fn sum_log_complete(&self) -> f64 {
        self.sum_log_complete
    }

    pub(super) fn mean_log_complete(&self) -> f64 {
        self.sum_log_complete / self.events()
    }

    /// Standard deviation of the logarithms of the complete values.
    pub(super) fn sd_log_complete(&self) -> f64 {
        let mean = self.mean_log_complete();
        let square = |x: &f64| {
            let d = libm::log(*x) - mean;
            d * d
        };
        libm::sqrt(self.complete.iter().map(square).sum::<f64>() / self.events())
    }

    /// A law of two parameters has a best one only if two complete values differ.
    pub(super) fn require_spread(&self) -> Result<(), FitError> {
        let (first, last) = (self.complete[0], self.complete[self.complete.len() - 1]);
        // Spread below rounding of the logarithms cannot be told from none.
        if last - first <= 1e-9 * last { Err(FitError::NoSpread { value: first }) } else { Ok(()) }
    }
}
