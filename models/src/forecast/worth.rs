//! What the intervals of a backtest are worth: those of each origin, made from the errors of the origins before it alone, as
//! they would have been made then. (By the errors of all others as many would be covered as the ranks say, whatever the
//! method.)

use super::{Backtest, Conformal, ForecastError};

/// Coverage and mean interval score of a method's intervals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Worth {
    /// Share of errors within, 0 to 1.
    pub coverage: f64,
    /// Mean interval score, in the unit of the history; less is better. Before the cut at 0, which only narrows.
    pub interval_score: f64,
}

impl Worth {
    /// Judges intervals of `level` by the origins that have at least `level/(1 − level)` before them.
    ///
    /// # Errors
    /// [`ForecastError::TooFewErrors`] where there is no such origin; [`ForecastError::Parameter`] for a level that is not
    /// between 0 and 1.
    pub fn of(backtest: &Backtest, level: f64) -> Result<Self, ForecastError> {
        let (mut inside, mut score, mut count) = (0_u64, 0.0, 0_u64);
        for (nth, errors) in backtest.errors.iter().enumerate() {
            let bands = match Conformal::of(&backtest.until(nth), level) {
                Ok(bands) => bands,
                Err(ForecastError::TooFewErrors { .. }) => continue,
                Err(wrong) => return Err(wrong),
            };
            for (error, half) in errors.iter().zip(bands.half_widths(&backtest.forecasts[nth])) {
                let outside = (error.abs() - half).max(0.0);
                inside += u64::from(outside == 0.0);
                score += 2.0 * half + 2.0 / (1.0 - level) * outside;
                count += 1;
            }
        }
        if count == 0 {
            return Err(ForecastError::TooFewErrors { errors: backtest.errors.len(), level });
        }
        Ok(Self { coverage: inside as f64 / count as f64, interval_score: score / count as f64 })
    }
}
