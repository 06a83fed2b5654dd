//! Simple exponential smoothing: a level that follows the values, `l(t) = α y(t) + (1 − α) l(t − 1)`, started at the first.
//!
//! Source: Hyndman et al., *Forecasting with Exponential Smoothing* (2008), section 2.3.1.

use super::holt_winters::{open_share, unbounded};
use super::nelder_mead::minimise;

/// The weight α of the least sum of squared one-step errors, and the level after the last value.
pub(super) fn fit(values: &[f64]) -> (f64, f64) {
    let [free] = minimise([unbounded(0.3)], 1.0, |[free]: &[f64; 1]| run(values, open_share(*free)).1);
    let alpha = open_share(free);
    (alpha, run(values, alpha).0)
}

/// The last level and the sum of squared one-step errors.
fn run(values: &[f64], alpha: f64) -> (f64, f64) {
    values[1..].iter().fold((values[0], 0.0), |(level, squares), value| {
        let error = value - level;
        (level + alpha * error, squares + error * error)
    })
}
