//! What a forecast shows: text for a terminal, an object for programs, and what tables and the figure are made from.

mod object;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod text;

pub use object::object;
pub(crate) use text::number;
pub use text::text;

/// A forecast and what it is of. Numbers without a unit are in the unit of the values.
#[derive(Clone, Debug, PartialEq)]
pub struct ForecastShown {
    /// The file.
    pub file: String,
    /// The column of values.
    pub column: String,
    /// Length of a step, in words.
    pub step: String,
    /// Seasons, in steps, the shortest first; 1 is none.
    pub seasons: Vec<usize>,
    /// Whether the user said the seasons.
    pub seasons_said: bool,
    /// What was repaired, in words; empty if nothing was.
    pub repaired: Vec<String>,
    /// Instants and values of the history, the end that is held out included.
    pub history: Vec<(String, f64)>,
    /// Values that the forecast knows.
    pub known: usize,
    /// Level of the intervals.
    pub level: f64,
    /// The steps ahead.
    pub ahead: Vec<StepAhead>,
    /// Why there are no intervals, if there are none.
    pub no_bands: Option<String>,
    /// The methods of the backtest, the chosen one first.
    pub methods: Vec<Method>,
    /// Scores of the backtest: over all steps, then by period; none with too few origins.
    pub scores: Vec<Scored>,
    /// Parts of the known history, each by name and with a value a step; none where they are not asked for.
    pub parts: Vec<(String, Vec<f64>)>,
    /// Methods that could not be asked, and why.
    pub left_out: Vec<(String, String)>,
    /// 10 %, 50 % and 90 % quantiles of the highest step of a path.
    pub peak: [f64; 3],
    /// A capacity over the horizon.
    pub order: Option<Order>,
    /// What was held out: the method's score, and that of the seasonal naive forecast.
    pub held_out: Option<(Score, Option<Score>)>,
}

/// A step ahead.
#[derive(Clone, Debug, PartialEq)]
pub struct StepAhead {
    /// Its instant.
    pub at: String,
    /// The forecast.
    pub point: f64,
    /// Ends of its interval.
    pub band: Option<(f64, f64)>,
    /// 10 %, 50 % and 90 % quantiles of paths.
    pub quantiles: [f64; 3],
    /// Probability that the capacity was passed by then, and the ends of its interval.
    pub exhausted: Option<[f64; 3]>,
    /// What was seen, if it was held out.
    pub actual: Option<f64>,
}

/// A method of the backtest.
#[derive(Clone, Debug, PartialEq)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// Mean absolute error.
    pub mae: f64,
    /// Scaled by the mean absolute change over a season.
    pub mase: Option<f64>,
    /// Mean interval score.
    pub interval_score: Option<f64>,
    /// Share of values in their intervals.
    pub coverage: Option<f64>,
    /// Origins it forecast from.
    pub origins: usize,
}

/// How the choice scored as a distribution over some steps ahead.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// First and last step, from 1.
    pub steps: (usize, usize),
    /// Values that were forecast.
    pub count: u64,
    /// Mean continuous ranked probability score.
    pub crps: f64,
    /// `1 − crps ÷ that of the seasonal naive forecast`.
    pub skill: Option<f64>,
    /// Mean probability integral transform.
    pub pit: f64,
    /// Values by tenth of their distribution.
    pub pit_bins: Vec<f64>,
    /// Share of values in 80 % intervals.
    pub inside: f64,
    /// Mean squared error of the probability that a step is above the capacity.
    pub brier: Option<f64>,
}

/// How far forecasts of held-out values were off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Mean absolute error.
    pub mae: f64,
    /// Root of the mean squared error.
    pub rmse: f64,
    /// Scaled by the mean absolute change over a season.
    pub mase: Option<f64>,
    /// sMAPE as of M4, per cent.
    pub smape_m4: f64,
    /// Mean of forecast − value.
    pub bias: f64,
    /// Share of values in their intervals.
    pub coverage: Option<f64>,
    /// Mean interval score.
    pub interval_score: Option<f64>,
}

/// A capacity over the horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// The capacity.
    pub capacity: f64,
    /// Largest probability of exhaustion that is accepted.
    pub risk: f64,
    /// How long more takes to come, as it was written.
    pub lead_time: Option<String>,
    /// Place among the steps ahead, and instant, from which on more has to serve.
    pub needed: Option<(usize, String)>,
    /// The last instant to order it, and whether it is past.
    pub order_by: Option<(String, bool)>,
}

impl ForecastShown {
    /// The highest forecast and its place; the first of equals.
    pub(crate) fn highest(&self) -> Option<(usize, &StepAhead)> {
        let higher =
            |best: usize, next: usize| if self.ahead[next].point > self.ahead[best].point { next } else { best };
        let place = (0..self.ahead.len()).reduce(higher)?;
        Some((place, &self.ahead[place]))
    }

    /// The seasonal naive forecast of the backtest, if the history has a season.
    pub(crate) fn seasonal_naive(&self) -> Option<&Method> {
        self.methods.iter().find(|method| method.name == "seasonal naive")
    }
}
