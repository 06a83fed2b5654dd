//! The scale of the errors of a forecast: they grow with what is forecast.
//!
//! Errors of earlier origins are carried over to a forecast in proportion to it. Where a season falls towards 0 errors do not
//! vanish with it, so the scale of a step is at least half the mean of all steps of the same forecast; a forecast of nothing
//! has the scale 1.

use super::backtest::mean;

/// Least scale of a step, as a share of the mean of the forecast.
const LEAST: f64 = 0.5;

/// The scale of each step of one forecast, above 0.
pub(super) fn of(forecast: &[f64]) -> Vec<f64> {
    let least = LEAST * mean(forecast.iter().copied());
    if !(least > 0.0) {
        return vec![1.0; forecast.len()];
    }
    forecast.iter().map(|value| value.max(least)).collect()
}

/// Errors of a forecast in its scale.
pub(super) fn relative(errors: &[f64], forecast: &[f64]) -> Vec<f64> {
    errors.iter().zip(of(forecast)).map(|(error, scale)| error / scale).collect()
}
