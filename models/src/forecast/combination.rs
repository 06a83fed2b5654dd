//! The mean of the forecasts of a few good methods: their errors partly cancel, and the choice of one among many that are
//! nearly as good stops to depend on chance.
//!
//! How many are averaged is asked of the backtest, too: the errors of a mean are the means of the errors.
//!
//! Source: Bates and Granger, *Operational Research Quarterly* 20 (1969); equal weights after Clemen, *Int. J. Forecasting* 5
//! (1989).

use super::Backtest;

/// Most methods whose forecasts are averaged.
const METHODS_MAX: usize = 5;

/// One method more has to lessen the mean absolute error by this share at least.
const GAIN: f64 = 0.001;

/// The mean of as many of the best as the backtest says; `ranked` has the least mean absolute error first, and is not empty.
pub(super) fn best_mean(ranked: &[Backtest]) -> Backtest {
    let mut best = ranked[0].clone();
    for count in 2..=ranked.len().min(METHODS_MAX) {
        let mean = Backtest::mean_of(&ranked[..count]);
        if mean.mean_absolute_error() < best.mean_absolute_error() * (1.0 - GAIN) {
            best = mean;
        }
    }
    best
}
