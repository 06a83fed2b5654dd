//! Backtest from rolling origins: each method forecasts from many moments of the past, and what it missed is kept.

use super::{ForecastError, HORIZON_MAX, Method, Series};

/// Most origins of a backtest. With 24, the 20th smallest of the absolute errors bounds an 80 % interval exactly.
pub const ORIGINS_MAX: usize = 24;

/// Errors of one method from every origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Backtest {
    /// The method.
    pub method: Method,
    /// Value − forecast: a row of `horizon` errors for each origin, oldest origin first.
    pub errors: Vec<Vec<f64>>,
}

impl Backtest {
    /// Forecasts `horizon` steps from each of the `origins` (values known there) and compares.
    ///
    /// # Errors
    /// Those of [`Method::forecast`]; [`ForecastError::TooShort`] for an origin whose horizon ends after the history.
    pub fn run(method: Method, series: &Series, (origins, horizon): (&[usize], usize)) -> Result<Self, ForecastError> {
        let from = |&origin: &usize| {
            let known = series.first(origin)?;
            let ahead = method.forecast(&known, horizon)?;
            series.at_least(origin + horizon)?;
            let seen = &series.values()[origin..origin + horizon];
            Ok(seen.iter().zip(&ahead).map(|(value, forecast)| value - forecast).collect())
        };
        Ok(Self { method, errors: origins.iter().map(from).collect::<Result<_, _>>()? })
    }

    /// Mean absolute error over origins and steps, in the unit of the history.
    pub fn mean_absolute_error(&self) -> f64 {
        let all = self.errors.iter().flatten();
        let (count, sum) = all.fold((0_u32, 0.0), |(count, sum), error| (count + 1, sum + error.abs()));
        sum / f64::from(count.max(1))
    }
}

/// What a backtest chose.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    points: Vec<f64>,
    /// Backtests of all methods that could be asked, the least mean absolute error first.
    pub ranked: Vec<Backtest>,
    /// Methods that could not be asked, and why.
    pub left_out: Vec<(Method, ForecastError)>,
}

impl Chosen {
    /// The chosen method.
    pub fn method(&self) -> Method {
        self.best().method
    }

    /// Its forecast from the end of the history, in the unit of the history.
    pub fn points(&self) -> &[f64] {
        &self.points
    }

    /// Its backtest.
    pub fn best(&self) -> &Backtest {
        &self.ranked[0]
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
/// the one whose mean absolute error is least; of equals, the simpler one.
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
        match Backtest::run(method, series, (&origins, horizon)) {
            Ok(backtest) => ranked.push(backtest),
            Err(why) => left_out.push((method, why)),
        }
    }
    ranked.sort_by(|a, b| a.mean_absolute_error().total_cmp(&b.mean_absolute_error()));
    let Some(best) = ranked.first() else {
        let why = left_out.into_iter().next().map(|(_, why)| why);
        return Err(why.unwrap_or(ForecastError::Lengths { forecast: 0, actual: horizon }));
    };
    let points = best.method.forecast(series, horizon)?;
    Ok(Chosen { points, ranked, left_out })
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
