//! Scores of the backtest as distributions, by how far ahead.

use ninefold_models::forecast::{Backtest, ForecastError, Scorecard};

/// Most periods that the horizon is cut into.
const PERIODS_MAX: usize = 12;

/// Scores of some steps ahead.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreRow {
    /// Of what was chosen.
    pub card: Scorecard,
    /// The same score of the seasonal naive forecast, in the unit of the values; nothing without a season.
    pub naive_crps: Option<f64>,
}

impl ScoreRow {
    /// `1 − crps ÷ that of the seasonal naive forecast`: above 0 it is better. Nothing where that never erred.
    pub fn skill(&self) -> Option<f64> {
        self.naive_crps.filter(|naive| *naive > 0.0).map(|naive| 1.0 - self.card.crps / naive)
    }
}

/// A row for all steps, and one for each period of whole seasons, if there are several; none with too few origins.
pub(super) fn scores(
    (best, naive): (&Backtest, Option<&Backtest>),
    season: usize,
    capacity: Option<f64>,
) -> Result<Vec<ScoreRow>, ForecastError> {
    let horizon = best.errors.first().map_or(0, Vec::len);
    let length = horizon.div_ceil(PERIODS_MAX).next_multiple_of(season);
    let mut periods = vec![(1, horizon)];
    if length < horizon {
        periods.extend((0..horizon.div_ceil(length)).map(|nth| (nth * length + 1, horizon.min((nth + 1) * length))));
    }
    let row = |steps| {
        let card = Scorecard::of(best, steps, capacity)?;
        let naive_crps = naive.map(|naive| Scorecard::of(naive, steps, None)).transpose()?.map(|card| card.crps);
        Ok(ScoreRow { card, naive_crps })
    };
    match periods.into_iter().map(row).collect() {
        Err(ForecastError::TooFewErrors { .. }) => Ok(Vec::new()),
        rows => rows,
    }
}
