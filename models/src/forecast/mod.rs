//! Forecasts of demand from its history: simple and seasonal methods, chosen by a backtest, with intervals and paths.
//!
//! [`choose`] backtests every [`candidate`](Method::candidates) from many origins in the past and takes the mean of the few
//! with the least mean absolute error; an information criterion is not asked, because it compares fits and not forecasts.
//! The errors of the same backtest, in proportion to what is forecast, give [intervals](Conformal) that cover as often as
//! they say, and [paths](SamplePaths) that vary together from step to step as the errors did. Demand never falls below 0.
//!
//! ```
//! use ninefold_models::forecast::{Series, choose};
//!
//! let history = (0..96_u32).map(|t| 100.0 + f64::from(t) + f64::from(t % 12)).collect();
//! let chosen = choose(&Series::new(history, 12)?, 12)?;
//! assert!((chosen.points()[0] - 196.0).abs() < 0.5);
//! # Ok::<(), ninefold_models::forecast::ForecastError>(())
//! ```

mod accuracy;
mod backtest;
mod combination;
mod conformal;
mod decomposition;
mod drift;
mod error_scale;
mod exhaustion;
mod holt_winters;
mod loess;
mod mean;
mod method;
mod mstl;
mod naive;
mod nelder_mead;
mod peak;
mod rolling_origin;
mod sample_paths;
pub mod score;
#[cfg(test)]
mod score_tests;
mod scorecard;
mod seasonal_naive;
mod series;
mod simple_smoothing;
mod stl;
#[cfg(test)]
mod tests;
mod theta;
mod worth;

pub use accuracy::{Accuracy, coverage, interval_score};
pub use backtest::Backtest;
pub use conformal::{Band, Conformal};
pub use exhaustion::Exhaustion;
pub use holt_winters::{HoltWinters, Smoothed, Smoothing, Trend};
pub use method::{Method, Season};
pub use mstl::{Parts, decompose};
pub use peak::Peak;
pub use rolling_origin::{Chosen, ORIGINS_MAX, choose, choose_among};
pub use sample_paths::SamplePaths;
pub use scorecard::{PIT_BINS, SCORED_LEVEL, Scorecard};
pub use series::Series;
pub use worth::Worth;

/// A probability with its interval over the paths that were drawn.
pub use ninefold_sim_core::interval::Estimate as Probability;

/// Most steps that are forecast.
pub const HORIZON_MAX: usize = 100_000;

/// Why there is no forecast.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ForecastError {
    /// A value that is no demand.
    #[error("value {index} is {value}; a demand is finite and at least 0")]
    Value {
        /// Position in the history, from 0.
        index: usize,
        /// The offending value.
        value: f64,
    },
    /// The history is shorter than the method or the backtest needs.
    #[error("the history has {have} values; at least {need} are needed")]
    TooShort {
        /// Values there are.
        have: usize,
        /// Values needed.
        need: usize,
    },
    /// A season of no steps, or seasons out of order.
    #[error("a season has at least 1 step, one of several at least 2, and each is longer than the one before")]
    Season,
    /// A horizon outside its range.
    #[error("the horizon is {horizon} steps; it can be 1 to {HORIZON_MAX}")]
    Horizon {
        /// The offending horizon.
        horizon: usize,
    },
    /// Ratios and logarithms need values above 0.
    #[error("a multiplicative season or a logarithm needs values above 0; value {index} is 0")]
    Zero {
        /// Position in the history, from 0.
        index: usize,
    },
    /// The method leaves the range of numbers on this history.
    #[error("the forecast of step {step} is no finite number")]
    NotFinite {
        /// The step, from 1.
        step: usize,
    },
    /// A parameter outside its range.
    #[error("`{what}` is {value}; it can be {allowed}")]
    Parameter {
        /// Which.
        what: &'static str,
        /// The offending value.
        value: f64,
        /// The range.
        allowed: &'static str,
    },
    /// Too few backtest errors for an interval this wide.
    #[error("{errors} backtest errors of each step cannot say where {level} of them end")]
    TooFewErrors {
        /// Errors of each step.
        errors: usize,
        /// The level asked for.
        level: f64,
    },
    /// Lists that are to be compared differ in length or are empty.
    #[error("{forecast} forecasts cannot be compared with {actual} values")]
    Lengths {
        /// How many forecasts.
        forecast: usize,
        /// How many values.
        actual: usize,
    },
}
