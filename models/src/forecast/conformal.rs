//! Conformal intervals: as wide as the errors of the backtest were, step by step, whatever their law.
//!
//! Of `K` absolute errors of a step the `⌈(K + 1) · level⌉`-th smallest is the half-width: a new error of the same law is
//! at most that with probability ≥ `level`. Errors are taken in the [scale](super::error_scale) of their forecast, and those
//! of the steps just before and after count, too: the same share of three times as many, for a steadier width. Errors of
//! neighbouring origins depend on each other, and the law may change, so the level holds about, not exactly;
//! [`coverage`](super::coverage) measures it.
//!
//! Source: Vovk, Gammerman and Shafer, *Algorithmic Learning in a Random World* (2005), chapter 2, normalised as in section
//! 2.3; Stankevičiūtė, Alaa and van der Schaar, *NeurIPS* (2021) for forecasts of many steps.

use super::accuracy::open_level;
use super::{Backtest, ForecastError, error_scale};

/// An interval of one step, in the unit of the history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Lower end, ≥ 0.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Half-widths of a level for each step, in the scale of a forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct Conformal {
    relative: Vec<f64>,
}

impl Conformal {
    /// Half-widths that cover `level` of the errors.
    ///
    /// # Errors
    /// [`ForecastError::Parameter`] for a level that is not between 0 and 1; [`ForecastError::TooFewErrors`] where the
    /// backtest had fewer than `level/(1 − level)` origins.
    pub fn of(backtest: &Backtest, level: f64) -> Result<Self, ForecastError> {
        open_level(level)?;
        let count = backtest.errors.len();
        if count == 0 {
            return Err(ForecastError::TooFewErrors { errors: 0, level });
        }
        // The rank is that of the exact product: 25 × 0.8 is a little above 20 in floating point.
        let rank = ((count + 1) as f64 * level - 1e-9).ceil().max(1.0) as usize;
        if rank > count {
            return Err(ForecastError::TooFewErrors { errors: count, level });
        }
        let rows = backtest.errors.iter().zip(&backtest.forecasts);
        let rows: Vec<Vec<f64>> = rows.map(|(errors, forecast)| error_scale::relative(errors, forecast)).collect();
        let steps = backtest.errors[0].len();
        let half_width = |step: usize| {
            let near = step.saturating_sub(1)..(step + 2).min(steps);
            let mut errors: Vec<f64> = rows.iter().flat_map(|row| row[near.clone()].iter().map(|e| e.abs())).collect();
            errors.sort_by(f64::total_cmp);
            errors[rank * near.len() - 1]
        };
        Ok(Self { relative: (0..steps).map(half_width).collect() })
    }

    /// Half the width of each step about `points`, in the unit of the history; as many as both have steps.
    pub fn half_widths(&self, points: &[f64]) -> Vec<f64> {
        error_scale::of(points).iter().zip(&self.relative).map(|(scale, half)| scale * half).collect()
    }

    /// Intervals about `points`, cut at 0; as many as both have steps.
    pub fn about(&self, points: &[f64]) -> Vec<Band> {
        let band = |(point, half): (&f64, f64)| Band { low: (point - half).max(0.0), high: (point + half).max(0.0) };
        points.iter().zip(self.half_widths(points)).map(band).collect()
    }
}
