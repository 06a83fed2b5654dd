//! The history of a demand at equal steps of time.

use super::ForecastError;

/// Values at equal steps, oldest first, and how many steps make a season (1: none). There may be several seasons, as of
/// hours in days and weeks.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    values: Vec<f64>,
    seasons: Vec<usize>,
}

impl Series {
    /// A history; its unit is the unit of every forecast made from it.
    ///
    /// # Errors
    /// [`ForecastError::Value`] for a value that is negative or not finite, [`ForecastError::Season`] for a season of 0
    /// steps, [`ForecastError::TooShort`] for no values.
    pub fn new(values: Vec<f64>, season: usize) -> Result<Self, ForecastError> {
        Self::with_seasons(values, vec![season])
    }

    /// A history with several seasons, each longer than the one before. Methods of one season know the first alone.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`ForecastError::Season`] also for none, or one that is not longer than the one before.
    pub fn with_seasons(values: Vec<f64>, seasons: Vec<usize>) -> Result<Self, ForecastError> {
        if let Some((index, &value)) = values.iter().enumerate().find(|(_, v)| !(v.is_finite() && **v >= 0.0)) {
            return Err(ForecastError::Value { index, value });
        }
        if seasons.first().is_none_or(|first| *first == 0) || !seasons.is_sorted_by(|a, b| a < b) {
            return Err(ForecastError::Season);
        }
        let series = Self { values, seasons };
        series.at_least(1)?;
        Ok(series)
    }

    /// The values, oldest first.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// What is left of a history without its seasons: it may be negative.
    pub(super) fn adjusted(values: Vec<f64>) -> Self {
        Self { values, seasons: vec![1] }
    }

    /// Steps of the shortest season.
    pub fn season(&self) -> usize {
        self.seasons[0]
    }

    /// Steps of every season, the shortest first; at least one.
    pub fn seasons(&self) -> &[usize] {
        &self.seasons
    }

    /// The first `steps` values as a series of their own.
    ///
    /// # Errors
    /// [`ForecastError::TooShort`] if there are not that many, or none are asked for.
    pub fn first(&self, steps: usize) -> Result<Self, ForecastError> {
        self.at_least(steps.max(1))?;
        Self::with_seasons(self.values[..steps].to_vec(), self.seasons.clone())
    }

    /// Mean absolute difference of values one (the shortest) season apart: what the seasonal naive forecast errs by within the history,
    /// and the unit of MASE. Nothing for a history of one season or less, or one that repeats exactly.
    pub fn naive_scale(&self) -> Option<f64> {
        let pairs = self.values.iter().zip(self.values.iter().skip(self.season()));
        let (count, sum) = pairs.fold((0_u32, 0.0), |(n, sum), (a, b)| (n + 1, sum + (b - a).abs()));
        (sum > 0.0).then(|| sum / f64::from(count))
    }

    pub(super) fn last(&self) -> f64 {
        *self.values.last().expect("bug: a series has a value")
    }

    pub(super) fn at_least(&self, need: usize) -> Result<(), ForecastError> {
        let have = self.values.len();
        if have < need { Err(ForecastError::TooShort { have, need }) } else { Ok(()) }
    }

    pub(super) fn positive(&self) -> Result<(), ForecastError> {
        match self.values.iter().position(|value| *value <= 0.0) {
            Some(index) => Err(ForecastError::Zero { index }),
            None => Ok(()),
        }
    }
}
