//! How the forecasts of a backtest scored as distributions: those of each origin, made from the errors of the origins before it
//! alone, as they would have been made then.

use super::score::{crps_sample, pit_of_sample};
use super::{Backtest, Conformal, ForecastError, error_scale};

/// Bins of the histogram of probability integral transforms.
pub const PIT_BINS: usize = 10;

/// Level whose intervals are counted.
pub const SCORED_LEVEL: f64 = 0.8;

/// Scores over the origins that have at least 4 before them, and some steps ahead.
#[derive(Clone, Debug, PartialEq)]
pub struct Scorecard {
    /// First and last step ahead, from 1.
    pub steps: (usize, usize),
    /// Values that were forecast.
    pub count: u64,
    /// Mean continuous ranked probability score, in the unit of the history; less is better.
    pub crps: f64,
    /// Share of values in 80 % intervals.
    pub inside: f64,
    /// How much of the values falls into each tenth of the distributions forecast of them; it sums to `count`. Even is
    /// right; high at both ends is too sure, high in the middle too timid, high at one end biased.
    pub pit: [f64; PIT_BINS],
    /// Mean place of the values in the distributions; ½ is right, above it forecasts were too low.
    pub pit_mean: f64,
    /// Mean squared error of the probability that a step is above the capacity; nothing without one.
    pub brier: Option<f64>,
}

/// Sums so far.
#[derive(Default)]
struct Sums {
    count: u64,
    crps: f64,
    inside: u64,
    pit: [f64; PIT_BINS],
    pit_mean: f64,
    brier: f64,
}

impl Scorecard {
    /// Scores the steps `first` to `last` (from 1), beside a `capacity` if there is one.
    ///
    /// # Errors
    /// [`ForecastError::TooFewErrors`] for fewer than 5 origins; [`ForecastError::Horizon`] for steps that the backtest has
    /// not; those of [`Conformal::of`].
    pub fn of(
        backtest: &Backtest,
        (first, last): (usize, usize),
        capacity: Option<f64>,
    ) -> Result<Self, ForecastError> {
        let horizon = backtest.errors.first().map_or(0, Vec::len);
        if !(1 <= first && first <= last && last <= horizon) {
            return Err(ForecastError::Horizon { horizon: last });
        }
        let mut sums = Sums::default();
        for nth in 0..backtest.errors.len() {
            let before = backtest.until(nth);
            let bands = match Conformal::of(&before, SCORED_LEVEL) {
                Ok(conformal) => conformal.about(&backtest.forecasts[nth]),
                Err(ForecastError::TooFewErrors { .. }) => continue,
                Err(wrong) => return Err(wrong),
            };
            let (points, scale) = (&backtest.forecasts[nth], error_scale::of(&backtest.forecasts[nth]));
            let rows = before.errors.iter().zip(&before.forecasts);
            let rows: Vec<Vec<f64>> = rows.map(|(errors, forecast)| error_scale::relative(errors, forecast)).collect();
            for step in first - 1..last {
                let value = points[step] + backtest.errors[nth][step];
                let mut sample: Vec<f64> =
                    rows.iter().map(|row| (points[step] + row[step] * scale[step]).max(0.0)).collect();
                sums.inside += u64::from(bands[step].low <= value && value <= bands[step].high);
                sums.add(&mut sample, value, capacity)?;
            }
        }
        sums.card((first, last), capacity.is_some(), backtest.errors.len())
    }
}

impl Sums {
    fn add(&mut self, sample: &mut [f64], value: f64, capacity: Option<f64>) -> Result<(), ForecastError> {
        self.count += 1;
        self.crps += crps_sample(sample, value)?;
        let (from, to) = pit_of_sample(sample, value);
        self.pit_mean += f64::midpoint(from, to);
        for (bin, mass) in self.pit.iter_mut().enumerate() {
            let edge = |bin: usize| bin as f64 / PIT_BINS as f64;
            *mass += (edge(bin + 1).min(to) - edge(bin).max(from)).max(0.0) / (to - from);
        }
        if let Some(capacity) = capacity {
            let above = sample.iter().filter(|x| **x > capacity).count() as f64 / sample.len() as f64;
            let missed = above - f64::from(u8::from(value > capacity));
            self.brier += missed * missed;
        }
        Ok(())
    }

    fn card(self, steps: (usize, usize), brier: bool, errors: usize) -> Result<Scorecard, ForecastError> {
        if self.count == 0 {
            return Err(ForecastError::TooFewErrors { errors, level: SCORED_LEVEL });
        }
        let count = self.count as f64;
        Ok(Scorecard {
            steps,
            count: self.count,
            crps: self.crps / count,
            inside: self.inside as f64 / count,
            pit: self.pit,
            pit_mean: self.pit_mean / count,
            brier: brier.then(|| self.brier / count),
        })
    }
}
