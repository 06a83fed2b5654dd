//! Cases whose answer is a forecast: the last values of a trace are held out, forecast from those before, and compared.

use std::path::Path;

use ninefold_models::forecast::{
    Accuracy, ForecastError, HoltWinters, Method, Season, Series, Smoothing, Trend, choose,
};

use super::case::{Case, Value};
use super::judging::{self, Known};
use super::outcome::{Engine, Row, Verdict};
use super::trace::Prepare;

/// How far above the best of the libraries that a case names the chosen method's MASE may be.
const BEST_REFERENCE: f64 = 1.10;

/// How well mean and sum of a trace agree with the case that it is the trace of.
const SAME_TRACE: f64 = 1e-8;

/// Weights of the known Holt-Winters forecasts. The cases do not state them; of a grid of weights and starts these alone
/// give the level, the trend and the forecasts of `f-air`.
const FIXED: Smoothing = Smoothing { level: 0.3, trend: 0.02, season: 0.1, damping: 1.0 };

/// A trace, and what is asked of its forecasts.
#[derive(Clone, Debug)]
pub(super) struct ForecastStudy {
    /// File name in the folder `traces` beside the case file.
    pub(super) trace: String,
    pub(super) prepare: Prepare,
    pub(super) season: usize,
    pub(super) horizon: usize,
    /// Values of the prepared trace, mean of those that are known, sum of those held out.
    pub(super) sums: (usize, f64, f64),
    /// The least MASE that another library reached.
    pub(super) best_mase: f64,
    pub(super) asks: Vec<(usize, ForecastReading)>,
}

/// What is read of a forecast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ForecastReading {
    pub(super) by: By,
    pub(super) number: Number,
}

/// Who forecasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum By {
    /// This method.
    Method(Method),
    /// Holt-Winters with linear trend, additive season and fixed weights.
    FixedWeights,
    /// The method that a backtest chooses.
    Choice,
}

/// A number of a forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Mae,
    Rmse,
    Mase,
    SmapeM4,
    Bias,
    /// The forecast itself, from step 0.
    Step(usize),
    /// The last level of fixed weights.
    Level,
    /// The last trend of fixed weights.
    Trend,
}

/// The rows of a study, each with its place.
pub(super) fn rows(case: &Case, study: &ForecastStudy, blank: impl Fn(usize) -> Row) -> Vec<(usize, Row)> {
    let folder = case.origin.as_ref().map(|origin| origin.folder.join("traces")).unwrap_or_default();
    let held_out = study.read(&folder);
    let row = |&(place, reading): &(usize, ForecastReading)| {
        let blank = blank(place);
        let got = match &held_out {
            Ok(held_out) => held_out.number(reading),
            Err(absent) if absent.skipped => return (place, Row { note: absent.reason.clone(), ..blank }),
            Err(wrong) => Err(wrong.reason.clone()),
        };
        let expected = &case.expected[place];
        let row = match (got, reading.by, &expected.value) {
            (Err(note), ..) => Row { engine: Some(Engine::Exact), verdict: Verdict::Failed, note, ..blank },
            (Ok(got), By::Choice, _) => study.beside_the_best(blank, got),
            (Ok(got), _, Value::Number(value)) => {
                judging::exact(blank, Known { value: *value, accuracy: expected.accuracy }, got)
            }
            (Ok(_), ..) => Row { note: "the known value cannot be read".to_owned(), ..blank },
        };
        (place, row)
    };
    study.asks.iter().map(row).collect()
}

/// Why there are no values.
struct NoTrace {
    reason: String,
    /// Whether the file is not there, as where traces may not be handed on.
    skipped: bool,
}

/// The history, and what followed it.
struct HeldOut {
    history: Series,
    actual: Vec<f64>,
}

impl ForecastStudy {
    fn read(&self, folder: &Path) -> Result<HeldOut, NoTrace> {
        let path = folder.join(&self.trace);
        if !path.is_file() {
            let reason = format!("the trace `traces/{}` is not beside the case file", self.trace);
            return Err(NoTrace { reason, skipped: true });
        }
        let wrong = |reason: String| NoTrace { reason, skipped: false };
        let values = self.prepare.read(&path).map_err(wrong)?;
        let other = |what: &str| Err(wrong(format!("the trace is not that of the case: its {what} differs")));
        if values.len() != self.sums.0 || values.len() <= self.horizon {
            return other("number of values");
        }
        let (known, actual) = values.split_at(values.len() - self.horizon);
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        let near = |got: f64, stated: f64| (got - stated).abs() <= SAME_TRACE * stated.abs();
        if !near(mean, self.sums.1) || !near(actual.iter().sum(), self.sums.2) {
            return other("mean or sum");
        }
        let history = Series::new(known.to_vec(), self.season).map_err(|error| wrong(error.to_string()))?;
        Ok(HeldOut { history, actual: actual.to_vec() })
    }

    /// Judges the choice, which no library made as this one does: by what the best of them reached.
    fn beside_the_best(&self, blank: Row, got: f64) -> Row {
        let allowed = BEST_REFERENCE * self.best_mase;
        let passed = got <= allowed;
        Row {
            engine: Some(Engine::Exact),
            got: Some(got),
            verdict: if passed { Verdict::Passed } else { Verdict::Failed },
            note: if passed { String::new() } else { format!("allowed is {allowed:.4}") },
            ..blank
        }
    }
}

impl HeldOut {
    fn number(&self, reading: ForecastReading) -> Result<f64, String> {
        self.read(reading).map_err(|error| error.to_string())?.ok_or_else(|| "there is no such value".to_owned())
    }

    fn read(&self, ForecastReading { by, number }: ForecastReading) -> Result<Option<f64>, ForecastError> {
        let horizon = self.actual.len();
        let form = HoltWinters { trend: Trend::Linear, season: Season::Additive, log: false };
        let fixed = match by {
            By::FixedWeights => Some(form.smooth(&self.history, FIXED)?),
            By::Method(_) | By::Choice => None,
        };
        let points = match (by, &fixed) {
            (By::Method(method), _) => method.forecast(&self.history, horizon)?,
            (_, Some(fixed)) => fixed.forecast(horizon),
            (_, None) => choose(&self.history, horizon)?.points().to_vec(),
        };
        let accuracy = Accuracy::of(&self.history, &points, &self.actual)?;
        Ok(match number {
            Number::Mae => Some(accuracy.mae),
            Number::Rmse => Some(accuracy.rmse),
            Number::Mase => accuracy.mase,
            Number::SmapeM4 => Some(accuracy.smape_m4),
            Number::Bias => Some(accuracy.bias),
            Number::Step(step) => points.get(step).copied(),
            Number::Level => fixed.map(|fixed| fixed.level),
            Number::Trend => fixed.map(|fixed| fixed.trend),
        })
    }
}
