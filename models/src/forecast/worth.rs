//! What the intervals of a backtest are worth, each judged by errors that it was not made from.

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
    /// Judges intervals of `level`: the half-widths for the errors of one origin come from all other origins.
    ///
    /// # Errors
    /// Those of [`Conformal::of`] with one origin fewer than the backtest has.
    pub fn of(backtest: &Backtest, level: f64) -> Result<Self, ForecastError> {
        let (mut inside, mut score, mut count) = (0_u64, 0.0, 0_u64);
        for (nth, errors) in backtest.errors.iter().enumerate() {
            let mut others = backtest.errors.clone();
            others.remove(nth);
            let bands = Conformal::of(&Backtest { method: backtest.method, errors: others }, level)?;
            for (error, half) in errors.iter().zip(bands.half_widths()) {
                let outside = (error.abs() - half).max(0.0);
                inside += u64::from(outside == 0.0);
                score += 2.0 * half + 2.0 / (1.0 - level) * outside;
                count += 1;
            }
        }
        if count == 0 {
            return Err(ForecastError::TooFewErrors { errors: 0, level });
        }
        Ok(Self { coverage: inside as f64 / count as f64, interval_score: score / count as f64 })
    }
}
