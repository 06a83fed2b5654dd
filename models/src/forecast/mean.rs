//! Mean forecast: every step is the mean of the history. Best for noise about a constant level.
//!
//! Source: Hyndman and Athanasopoulos, *Forecasting: Principles and Practice*, 3rd ed. (2021), section 5.2.

use super::Series;

pub(super) fn forecast(series: &Series, horizon: usize) -> Vec<f64> {
    let values = series.values();
    vec![values.iter().sum::<f64>() / values.len() as f64; horizon]
}
