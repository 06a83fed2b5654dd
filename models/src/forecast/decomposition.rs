//! Classical decomposition: the shape of the season about a centred moving average.
//!
//! Additive: `y = trend + season`, the season sums to 0. Multiplicative: `y = trend × season`, its mean is 1.
//!
//! Source: Hyndman and Athanasopoulos, *Forecasting: Principles and Practice*, 3rd ed. (2021), section 3.4.

use super::{ForecastError, Season, Series};

/// The season's shape from step 0 of the series on, one number a step of the season; of none, the neutral shape.
pub(super) fn shape(series: &Series, season: Season) -> Result<Vec<f64>, ForecastError> {
    let (values, steps) = (series.values(), series.season());
    let neutral = if season == Season::Multiplicative { 1.0 } else { 0.0 };
    if season == Season::None || steps == 1 {
        return Ok(vec![neutral; steps]);
    }
    series.at_least(2 * steps)?;
    if season == Season::Multiplicative {
        series.positive()?;
    }
    let (mut sums, mut counts) = (vec![0.0; steps], vec![0_u32; steps]);
    for (at, trend) in moving_average(values, steps) {
        sums[at % steps] += if season == Season::Multiplicative { values[at] / trend } else { values[at] - trend };
        counts[at % steps] += 1;
    }
    let mut shape: Vec<f64> = sums.iter().zip(&counts).map(|(sum, count)| sum / f64::from((*count).max(1))).collect();
    let mean = shape.iter().sum::<f64>() / steps as f64;
    shape.iter_mut().for_each(|part| {
        *part = if season == Season::Multiplicative { *part / mean } else { *part - mean };
    });
    Ok(shape)
}

/// Places and values of the moving average over a season; an even season takes half of each end.
fn moving_average(values: &[f64], steps: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
    let half = steps / 2;
    (half..values.len().saturating_sub(half)).map(move |at| {
        let window = &values[at - half..=at + half];
        let sum: f64 = window.iter().sum();
        let ends = if steps.is_multiple_of(2) { (window[0] + window[2 * half]) / 2.0 } else { 0.0 };
        (at, (sum - ends) / steps as f64)
    })
}
