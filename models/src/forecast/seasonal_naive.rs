//! Seasonal naive forecast: every step is the last value of the same place in the season,
//! `ŷ(n + h) = y(n + h − m·⌈h/m⌉)`. What a better method has to beat.
//!
//! Source: Hyndman and Athanasopoulos, *Forecasting: Principles and Practice*, 3rd ed. (2021), section 5.2.

use super::{ForecastError, Series};

pub(super) fn forecast(series: &Series, horizon: usize) -> Result<Vec<f64>, ForecastError> {
    let season = series.season();
    series.at_least(season)?;
    let last = &series.values()[series.values().len() - season..];
    Ok((0..horizon).map(|h| last[h % season]).collect())
}
