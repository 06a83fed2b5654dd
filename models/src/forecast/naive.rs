//! Naive forecast: every step is the last value, `ŷ(n + h) = y(n)`. Best for a random walk.
//!
//! Source: Hyndman and Athanasopoulos, *Forecasting: Principles and Practice*, 3rd ed. (2021), section 5.2.

use super::Series;

pub(super) fn forecast(series: &Series, horizon: usize) -> Vec<f64> {
    vec![series.last(); horizon]
}
