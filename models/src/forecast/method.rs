//! The methods there are, and one way to ask each for a forecast.

use std::fmt;

use super::holt_winters::{HoltWinters, Smoothing, Trend};
use super::{ForecastError, HORIZON_MAX, Series, drift, mean, mstl, naive, seasonal_naive, theta};

/// How a season acts on the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    /// There is none.
    None,
    /// It is added.
    Additive,
    /// It multiplies; the values have to be above 0.
    Multiplicative,
}

/// A method of forecasting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// The last value.
    Naive,
    /// The line through the first and the last value.
    Drift,
    /// The mean of the history.
    Mean,
    /// The last season again.
    SeasonalNaive,
    /// The theta method about this season.
    Theta(Season),
    /// Exponential smoothing after Holt and Winters.
    HoltWinters(HoltWinters),
    /// The same with given weights.
    Weighted(HoltWinters, Smoothing),
    /// Every season parted off by MSTL, and exponential smoothing of what is left.
    Mstl {
        /// How the trend of what is left goes on.
        trend: Trend,
        /// Whether the logarithm of the values is parted; they have to be above 0.
        log: bool,
    },
}

impl Method {
    /// The methods that a backtest chooses from, simple ones first; a series without a season has fewer.
    pub fn candidates(season: usize) -> Vec<Self> {
        let mut candidates = vec![Self::Naive, Self::Drift, Self::Mean, Self::Theta(Season::None)];
        let trends = [Trend::None, Trend::Linear, Trend::Damped];
        let smooth = |trend, season, log| Self::HoltWinters(HoltWinters { trend, season, log });
        candidates.extend(trends.map(|trend| smooth(trend, Season::None, false)));
        if season > 1 {
            candidates.insert(0, Self::SeasonalNaive);
            candidates.extend([Season::Additive, Season::Multiplicative].map(Self::Theta));
            candidates.extend(trends.map(|trend| smooth(trend, Season::Additive, false)));
            candidates.extend(trends.map(|trend| smooth(trend, Season::Multiplicative, false)));
            candidates.extend(trends.map(|trend| smooth(trend, Season::Additive, true)));
            candidates.extend([false, true].map(|log| Self::Mstl { trend: Trend::None, log }));
            candidates.extend([false, true].map(|log| Self::Mstl { trend: Trend::Damped, log }));
        }
        candidates
    }

    /// The next `horizon` steps, in the unit of the history; a forecast below 0 is 0.
    ///
    /// # Errors
    /// [`ForecastError::Horizon`]; [`ForecastError::TooShort`] for a history that is too short for the method;
    /// [`ForecastError::Zero`] where it needs values above 0; [`ForecastError::NotFinite`] where it overflows.
    pub fn forecast(self, series: &Series, horizon: usize) -> Result<Vec<f64>, ForecastError> {
        if !(1..=HORIZON_MAX).contains(&horizon) {
            return Err(ForecastError::Horizon { horizon });
        }
        let ahead = match self {
            Self::Naive => naive::forecast(series, horizon),
            Self::Drift => drift::forecast(series, horizon)?,
            Self::Mean => mean::forecast(series, horizon),
            Self::SeasonalNaive => seasonal_naive::forecast(series, horizon)?,
            Self::Theta(season) => theta::forecast(series, season, horizon)?,
            Self::HoltWinters(form) => form.fit(series)?.forecast(horizon),
            Self::Weighted(form, weights) => form.smooth(series, weights)?.forecast(horizon),
            Self::Mstl { trend, log } => mstl::forecast(series, (trend, log), horizon)?,
        };
        match ahead.iter().position(|value| !value.is_finite()) {
            Some(at) => Err(ForecastError::NotFinite { step: at + 1 }),
            None => Ok(ahead.into_iter().map(|value| value.max(0.0)).collect()),
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Naive => f.write_str("naive"),
            Self::Drift => f.write_str("drift"),
            Self::Mean => f.write_str("mean"),
            Self::SeasonalNaive => f.write_str("seasonal naive"),
            Self::Theta(season) => write!(f, "theta, {season}"),
            Self::HoltWinters(form) => form.fmt(f),
            Self::Weighted(form, weights) => {
                let Smoothing { level, trend, season, damping } = weights;
                write!(f, "{form}, weights {level}, {trend}, {season}, damping {damping}")
            }
            Self::Mstl { trend, log } => write!(f, "MSTL, {trend}{}", if *log { ", of the logarithm" } else { "" }),
        }
    }
}

impl fmt::Display for Season {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "no season",
            Self::Additive => "additive season",
            Self::Multiplicative => "multiplicative season",
        })
    }
}
