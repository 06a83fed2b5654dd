//! Drift forecast: the line through the first and the last value, `ŷ(n + h) = y(n) + h (y(n) − y(1))/(n − 1)`.
//!
//! Source: Hyndman and Athanasopoulos, *Forecasting: Principles and Practice*, 3rd ed. (2021), section 5.2.

use super::{ForecastError, Series};

pub(super) fn forecast(series: &Series, horizon: usize) -> Result<Vec<f64>, ForecastError> {
    series.at_least(2)?;
    let values = series.values();
    let slope = (series.last() - values[0]) / (values.len() - 1) as f64;
    Ok((1..=horizon).map(|h| series.last() + slope * h as f64).collect())
}
