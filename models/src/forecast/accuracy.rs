//! How far forecasts were off: errors, scaled errors, percentages, and what intervals were worth.

use super::{Band, ForecastError, Series};

/// Accuracy of forecasts of values that have since been seen. An error is forecast − value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accuracy {
    /// Mean absolute error, in the unit of the values.
    pub mae: f64,
    /// Root of the mean squared error, in the unit of the values.
    pub rmse: f64,
    /// Mean absolute error ÷ [`Series::naive_scale`] of the history: below 1 it is less than the seasonal naive forecast
    /// errs by one season ahead within the history. Nothing where that scale is 0.
    ///
    /// Source: Hyndman and Koehler, *Int. J. Forecasting* 22 (2006).
    pub mase: Option<f64>,
    /// Mean of `200 |e| / (|y| + |f|)`, per cent: the definition of the M4 competition. A term with `y = f = 0` is 0 in
    /// all three.
    pub smape_m4: f64,
    /// Mean of `2 |e| / (|y| + |f|)`: the definition of Prophet.
    pub smape_prophet: f64,
    /// Mean of `|e| / (|y| + |f|)`: the definition of Nixtla's libraries.
    pub smape_nixtla: f64,
    /// Mean error, in the unit of the values: above 0 the forecasts were too high.
    pub bias: f64,
}

impl Accuracy {
    /// Compares `forecast` with the values that followed `history`.
    ///
    /// # Errors
    /// [`ForecastError::Lengths`] if they differ in length or are empty.
    pub fn of(history: &Series, forecast: &[f64], actual: &[f64]) -> Result<Self, ForecastError> {
        same_length(forecast.len(), actual.len())?;
        let mean = |of: fn(f64, f64) -> f64| {
            forecast.iter().zip(actual).map(|(f, y)| of(*f, *y)).sum::<f64>() / actual.len() as f64
        };
        let mae = mean(|f, y| (f - y).abs());
        let share = mean(|f, y| if f == y { 0.0 } else { (f - y).abs() / (f.abs() + y.abs()) });
        Ok(Self {
            mae,
            rmse: mean(|f, y| (f - y) * (f - y)).sqrt(),
            mase: history.naive_scale().map(|scale| mae / scale),
            smape_m4: 200.0 * share,
            smape_prophet: 2.0 * share,
            smape_nixtla: share,
            bias: mean(|f, y| f - y),
        })
    }
}

/// Share of the values that lie in their intervals, ends included.
///
/// # Errors
/// [`ForecastError::Lengths`] if they differ in length or are empty.
pub fn coverage(bands: &[Band], actual: &[f64]) -> Result<f64, ForecastError> {
    same_length(bands.len(), actual.len())?;
    let inside = bands.iter().zip(actual).filter(|(band, value)| band.low <= **value && **value <= band.high).count();
    Ok(inside as f64 / actual.len() as f64)
}

/// Mean interval score of intervals of level `level`, in the unit of the values, less is better: the width, and
/// `2/(1 − level)` times the distance of a value that lies outside.
///
/// Source: Gneiting and Raftery, *J. American Statistical Association* 102 (2007), equation 43.
///
/// # Errors
/// [`ForecastError::Lengths`] if they differ in length or are empty; [`ForecastError::Parameter`] for a level that is
/// not between 0 and 1.
pub fn interval_score(bands: &[Band], actual: &[f64], level: f64) -> Result<f64, ForecastError> {
    same_length(bands.len(), actual.len())?;
    open_level(level)?;
    let score = |(band, value): (&Band, &f64)| {
        let outside = (band.low - value).max(value - band.high).max(0.0);
        band.high - band.low + 2.0 / (1.0 - level) * outside
    };
    Ok(bands.iter().zip(actual).map(score).sum::<f64>() / actual.len() as f64)
}

pub(super) fn open_level(level: f64) -> Result<(), ForecastError> {
    if level > 0.0 && level < 1.0 {
        return Ok(());
    }
    Err(ForecastError::Parameter { what: "level", value: level, allowed: "above 0 and below 1" })
}

const fn same_length(forecast: usize, actual: usize) -> Result<(), ForecastError> {
    if forecast == actual && actual > 0 { Ok(()) } else { Err(ForecastError::Lengths { forecast, actual }) }
}
