//! Methods by their words, as the command line writes them.

use ninefold_models::forecast::{HoltWinters, Method, Season, Smoothing, Trend};

use super::ForecastFileError;

/// Holt-Winters with a linear trend and an additive season.
const ADDITIVE: HoltWinters = HoltWinters { trend: Trend::Linear, season: Season::Additive, log: false };

const WORDS: &str = "naive, drift, mean, seasonal-naive, theta, holt-winters, mstl, or \
                     holt-winters:LEVEL,TREND,SEASON with weights of 0 to 1";

/// The method of a word; weights after a colon are not fitted.
pub(crate) fn method(text: &str) -> Result<Method, ForecastFileError> {
    Ok(match text.trim() {
        "naive" => Method::Naive,
        "drift" => Method::Drift,
        "mean" => Method::Mean,
        "seasonal-naive" => Method::SeasonalNaive,
        "theta" => Method::Theta(Season::Additive),
        "holt-winters" => Method::HoltWinters(ADDITIVE),
        "mstl" => Method::Mstl { trend: Trend::Damped, log: false },
        other => {
            let unknown = || ForecastFileError::setting("--method", format!("`{other}` is none of {WORDS}"));
            let weights = other.strip_prefix("holt-winters:").ok_or_else(unknown)?;
            let weights: Vec<f64> = weights.split(',').filter_map(|weight| weight.trim().parse().ok()).collect();
            let [level, trend, season] = weights[..] else { return Err(unknown()) };
            Method::Weighted(ADDITIVE, Smoothing { level, trend, season, damping: 1.0 })
        }
    })
}
