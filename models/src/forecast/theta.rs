//! Theta: half the slope of a straight line through the history, added to simple exponential smoothing.
//!
//! The history without its season has the least-squares slope `b` and the smoothed level `l` with weight α; then
//! `ŷ(n + h) = l + b/2 · (h − 1 + (1 − (1 − α)ⁿ)/α)`, and the season is put back.
//!
//! Source: Assimakopoulos and Nikolopoulos, *Int. J. Forecasting* 16 (2000); Hyndman and Billah, 19 (2003), equation 3.

use super::{ForecastError, Season, Series, decomposition, simple_smoothing};

pub(super) fn forecast(series: &Series, season: Season, horizon: usize) -> Result<Vec<f64>, ForecastError> {
    series.at_least(3)?;
    let shape = decomposition::shape(series, season)?;
    let part = |at: usize| shape[at % shape.len()];
    let without = |(at, value): (usize, &f64)| match season {
        Season::Multiplicative => value / part(at),
        Season::None | Season::Additive => value - part(at),
    };
    let level: Vec<f64> = series.values().iter().enumerate().map(without).collect();
    let n = level.len();
    let (alpha, last) = simple_smoothing::fit(&level);
    let start = (1.0 - libm::pow(1.0 - alpha, n as f64)) / alpha;
    let half = slope(&level) / 2.0;
    let ahead = |h: usize| {
        let plain = last + half * (h as f64 - 1.0 + start);
        match season {
            Season::Multiplicative => plain * part(n + h - 1),
            Season::None | Season::Additive => plain + part(n + h - 1),
        }
    };
    Ok((1..=horizon).map(ahead).collect())
}

/// Least-squares slope over the steps.
fn slope(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let (middle, mean) = ((n - 1.0) / 2.0, values.iter().sum::<f64>() / n);
    let (mut above, mut below) = (0.0, 0.0);
    for (at, value) in values.iter().enumerate() {
        let off = at as f64 - middle;
        above += off * (value - mean);
        below += off * off;
    }
    above / below
}
