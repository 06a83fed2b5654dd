//! The choice from rolling origins: each method forecasts from many moments of the past, and what it missed decides.

use super::combination::best_mean;
use super::{Backtest, ForecastError, HORIZON_MAX, Method, Series};

/// Most origins of a backtest. With 24, the 20th smallest of the absolute errors bounds an 80 % interval exactly.
pub const ORIGINS_MAX: usize = 24;

/// What a backtest chose.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    points: Vec<f64>,
    best: Backtest,
    /// Backtests of all methods that could be asked, the least mean absolute error first.
    pub ranked: Vec<Backtest>,
    /// Methods that could not be asked, and why.
    pub left_out: Vec<(Method, ForecastError)>,
}

impl Chosen {
    /// The forecast from the end of the history, in the unit of the history.
    pub fn points(&self) -> &[f64] {
        &self.points
    }

    /// The backtest of what was chosen: a method, or the mean of a few.
    pub const fn best(&self) -> &Backtest {
        &self.best
    }
}

/// As [`choose_among`] all [candidates](Method::candidates).
///
/// # Errors
/// Those of [`choose_among`].
pub fn choose(series: &Series, horizon: usize) -> Result<Chosen, ForecastError> {
    choose_among(series, horizon, Method::candidates(series.season()))
}

/// Backtests every one of `methods` over the second half of the history, from up to [`ORIGINS_MAX`] origins, and forecasts with
/// the mean of the best of them, of as many (1 to 5) as have the least mean absolute error together; of equals, the fewer
/// and the simpler.
///
/// # Errors
/// [`ForecastError::Horizon`]; [`ForecastError::TooShort`] if no origin has two seasons and a step (at least three
/// values) before it and `horizon` steps after it; the error of the first method where none can be asked.
pub fn choose_among(series: &Series, horizon: usize, methods: Vec<Method>) -> Result<Chosen, ForecastError> {
    if !(1..=HORIZON_MAX).contains(&horizon) {
        return Err(ForecastError::Horizon { horizon });
    }
    let origins = origins(series, horizon)?;
    let (mut ranked, mut left_out) = (Vec::new(), Vec::new());
    for method in methods {
        // A method that can be asked in the past and not now is of no use now.
        let asked = Backtest::run(method, series, (&origins, horizon))
            .and_then(|backtest| Ok((method.forecast(series, horizon)?, backtest)));
        match asked {
            Ok(asked) => ranked.push(asked),
            Err(why) => left_out.push((method, why)),
        }
    }
    ranked.sort_by(|a, b| a.1.mean_absolute_error().total_cmp(&b.1.mean_absolute_error()));
    let (points, ranked): (Vec<Vec<f64>>, Vec<Backtest>) = ranked.into_iter().unzip();
    if ranked.is_empty() {
        let why = left_out.into_iter().next().map(|(_, why)| why);
        return Err(why.unwrap_or(ForecastError::Lengths { forecast: 0, actual: horizon }));
    }
    let best = best_mean(&ranked);
    let averaged = &points[..best.methods.len()];
    let mean = |step: usize| averaged.iter().map(|one| one[step] / averaged.len() as f64).sum();
    Ok(Chosen { points: (0..horizon).map(mean).collect(), best, ranked, left_out })
}

/// Equally spaced origins, the last as late as the horizon allows, the first not before half of the history.
fn origins(series: &Series, horizon: usize) -> Result<Vec<usize>, ForecastError> {
    let shortest = (2 * series.season() + 1).max(3);
    series.at_least(shortest + horizon)?;
    let last = series.values().len() - horizon;
    let first = shortest.max(series.values().len() / 2).min(last);
    let count = (last - first + 1).min(ORIGINS_MAX);
    let steps = count.max(2) - 1;
    Ok((0..count).map(|at| last - (count - 1 - at) * (last - first) / steps).collect())
}
