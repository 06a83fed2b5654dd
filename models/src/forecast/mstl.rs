//! MSTL: several seasons at once, each parted from the series by [STL](super::stl) in turn, twice; and a forecast that
//! continues what is left by exponential smoothing and repeats the last round of every season.
//!
//! The window of the `i`-th season, the shortest first, is `7 + 4 i`, as in R's `forecast::mstl`.
//!
//! Source: Bandara, Hyndman and Bergmeir, *Int. J. Operational Research* (2021), arXiv 2107.13462.

use ninefold_sim_core::special::exp::exp;
use ninefold_sim_core::special::ln::ln;

use super::{ForecastError, HoltWinters, Season, Series, Trend, stl};

const ROUNDS: usize = 2;

/// A series in parts that add up to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// What moves slowly.
    pub trend: Vec<f64>,
    /// One for each season, in the order of [`Series::seasons`].
    pub seasons: Vec<Vec<f64>>,
    /// What is left.
    pub remainder: Vec<f64>,
}

/// Parts a history by its seasons, which are at least 2 steps long.
///
/// # Errors
/// [`ForecastError::TooShort`] for less than two rounds of the longest season; [`ForecastError::Season`] for a season of
/// 1 step.
pub fn decompose(series: &Series) -> Result<Parts, ForecastError> {
    parts(series.values(), series.seasons(), series)
}

fn parts(values: &[f64], seasons: &[usize], series: &Series) -> Result<Parts, ForecastError> {
    if seasons.contains(&1) {
        return Err(ForecastError::Season);
    }
    series.at_least(2 * seasons.iter().max().copied().unwrap_or(1) + 1)?;
    let mut found = vec![vec![0.0; values.len()]; seasons.len()];
    let (mut left, mut trend) = (values.to_vec(), Vec::new());
    for _ in 0..ROUNDS {
        for (nth, (&period, season)) in seasons.iter().zip(&mut found).enumerate() {
            left.iter_mut().zip(season.iter()).for_each(|(left, part)| *left += part);
            (trend, *season) = stl::part(&left, period, 11 + 4 * nth);
            left.iter_mut().zip(season.iter()).for_each(|(left, part)| *left -= part);
        }
    }
    left.iter_mut().zip(&trend).for_each(|(left, trend)| *left -= trend);
    Ok(Parts { trend, seasons: found, remainder: left })
}

/// Continues trend and remainder by smoothing with this trend, and repeats the seasons; of logarithms if `log`.
pub(super) fn forecast(
    series: &Series,
    (trend, log): (Trend, bool),
    horizon: usize,
) -> Result<Vec<f64>, ForecastError> {
    let mut values = series.values().to_vec();
    if log {
        series.positive()?;
        values.iter_mut().for_each(|value| *value = ln(*value));
    }
    let parts = parts(&values, series.seasons(), series)?;
    let adjusted = parts.trend.iter().zip(&parts.remainder).map(|(trend, left)| trend + left).collect();
    let form = HoltWinters { trend, season: Season::None, log: false };
    let mut ahead = form.fit(&Series::adjusted(adjusted))?.forecast(horizon);
    for (season, &period) in parts.seasons.iter().zip(series.seasons()) {
        let last = &season[season.len() - period..];
        ahead.iter_mut().zip(last.iter().cycle()).for_each(|(value, part)| *value += part);
    }
    if log {
        ahead.iter_mut().for_each(|value| *value = exp(*value));
    }
    Ok(ahead)
}
