//! The end of the history that was held back, beside what was forecast of it.

use ninefold_models::forecast::{Accuracy, Band, ForecastError, Method, Series, coverage, interval_score};

/// Values that were held back, and how far forecasts of them were off.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldOut {
    /// The values.
    pub actual: Vec<f64>,
    /// The method of the report.
    pub by_method: Judged,
    /// The seasonal naive forecast, where the history has a season; it has no intervals.
    pub by_seasonal_naive: Option<Judged>,
}

/// Forecasts beside what was seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// How far they were off.
    pub accuracy: Accuracy,
    /// Share of the values in their intervals; nothing without intervals.
    pub coverage: Option<f64>,
    /// Mean interval score, in the unit of the values; nothing without intervals.
    pub interval_score: Option<f64>,
}

impl HeldOut {
    pub(super) fn of(
        (history, actual): (&Series, &[f64]),
        (points, bands): (&[f64], Option<&[Band]>),
        level: f64,
    ) -> Result<Self, ForecastError> {
        let judged = |points: &[f64], bands: Option<&[Band]>| {
            Ok(Judged {
                accuracy: Accuracy::of(history, points, actual)?,
                coverage: bands.map(|bands| coverage(bands, actual)).transpose()?,
                interval_score: bands.map(|bands| interval_score(bands, actual, level)).transpose()?,
            })
        };
        let naive = match history.season() {
            1 => None,
            _ => Some(judged(&Method::SeasonalNaive.forecast(history, actual.len())?, None)?),
        };
        Ok(Self { actual: actual.to_vec(), by_method: judged(points, bands)?, by_seasonal_naive: naive })
    }
}
