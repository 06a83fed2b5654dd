//! Cases whose answer is a forecast: the last values of a trace are held out, forecast from those before, and compared.
//! The forecast is that of `ninefold forecast FILE --hold-out`, asked as a user asks it.

use std::path::{Path, PathBuf};

use super::case::{Case, Value};
use super::judging::{self, Known};
use super::outcome::{Engine, Row, Verdict};
use crate::forecast::{ForecastReport, ForecastRequest, Gaps, Take};

/// How far above the best of the libraries that a case names the chosen method's MASE may be.
const BEST_REFERENCE: f64 = 1.10;

/// How well mean and sum of a trace agree with the case that it is the trace of.
const SAME_TRACE: f64 = 1e-8;

/// Weights of the known Holt-Winters forecasts. The cases do not state them; of a grid of weights and starts these alone
/// give the level, the trend and the forecasts of `f-air`.
pub(super) const FIXED: &str = "holt-winters:0.3,0.02,0.1";

/// A trace, and what is asked of its forecasts.
#[derive(Clone, Debug)]
pub(super) struct ForecastStudy {
    /// File name in the folder `traces` beside the case file.
    pub(super) trace: String,
    pub(super) prepare: Prepare,
    /// Steps of each season, the shortest first.
    pub(super) seasons: Vec<usize>,
    pub(super) horizon: usize,
    /// Values of the prepared trace, mean of those that are known, sum of those held out.
    pub(super) sums: (usize, f64, f64),
    /// The least MASE that another library reached.
    pub(super) best_mase: f64,
    pub(super) asks: Vec<(usize, ForecastReading)>,
}

/// How a trace becomes values at equal steps, as the options of the command say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prepare {
    pub(super) every: Option<&'static str>,
    pub(super) take: Take,
    pub(super) gaps: Gaps,
}

/// What is read of a forecast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ForecastReading {
    pub(super) by: By,
    pub(super) number: Number,
}

/// Who forecasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The method of this word.
    Method(&'static str),
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
    let path = folder.join(&study.trace);
    if !path.is_file() {
        let note = format!("the trace `traces/{}` is not beside the case file", study.trace);
        return study.asks.iter().map(|(place, _)| (*place, Row { note: note.clone(), ..blank(*place) })).collect();
    }
    let mut reports: Vec<(By, Result<ForecastReport, String>)> = Vec::new();
    let mut found = Vec::new();
    for &(place, reading) in &study.asks {
        if !reports.iter().any(|(by, _)| *by == reading.by) {
            reports.push((reading.by, study.report(&path, reading.by)));
        }
        let report = reports.iter().find(|(by, _)| *by == reading.by).map(|(_, report)| report);
        let got = match report.expect("bug: every method that is asked has a report") {
            Ok(report) => reading.number.of(report).ok_or_else(|| "there is no such value".to_owned()),
            Err(reason) => Err(reason.clone()),
        };
        found.push((place, study.judged((case, place), blank(place), (reading.by, got))));
    }
    found
}

impl ForecastStudy {
    /// What a user would ask.
    fn request(&self, path: PathBuf, by: By) -> ForecastRequest {
        ForecastRequest {
            every: self.prepare.every.map(str::to_owned),
            take: self.prepare.take,
            gaps: self.prepare.gaps,
            seasons: self.seasons.iter().map(usize::to_string).collect(),
            hold_out: true,
            method: match by {
                By::Method(word) => Some(word.to_owned()),
                By::Choice => None,
            },
            ..ForecastRequest::new(path, self.horizon.to_string())
        }
    }

    /// The answer, if the file is the trace that the case is about.
    fn report(&self, path: &Path, by: By) -> Result<ForecastReport, String> {
        let report = ForecastReport::of(&self.request(path.to_owned(), by)).map_err(|error| error.to_string())?;
        let other = |what: &str| Err(format!("the trace is not that of the case: its {what} differs"));
        if report.history.values.len() != self.sums.0 {
            return other("number of values");
        }
        let (known, actual) = report.history.values.split_at(report.known);
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        let near = |got: f64, stated: f64| (got - stated).abs() <= SAME_TRACE * stated.abs();
        if !near(mean, self.sums.1) || !near(actual.iter().sum(), self.sums.2) {
            return other("mean or sum");
        }
        Ok(report)
    }

    fn judged(&self, (case, place): (&Case, usize), blank: Row, (by, got): (By, Result<f64, String>)) -> Row {
        let expected = &case.expected[place];
        match (got, by, &expected.value) {
            (Err(note), ..) => Row { engine: Some(Engine::Exact), verdict: Verdict::Failed, note, ..blank },
            (Ok(got), By::Choice, _) => self.beside_the_best(blank, got),
            (Ok(got), _, Value::Number(value)) => {
                judging::exact(blank, Known { value: *value, accuracy: expected.accuracy }, got)
            }
            (Ok(_), ..) => Row { note: "the known value cannot be read".to_owned(), ..blank },
        }
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

impl Number {
    fn of(self, report: &ForecastReport) -> Option<f64> {
        let accuracy = report.held_out.as_ref()?.by_method.accuracy;
        match self {
            Self::Mae => Some(accuracy.mae),
            Self::Rmse => Some(accuracy.rmse),
            Self::Mase => accuracy.mase,
            Self::SmapeM4 => Some(accuracy.smape_m4),
            Self::Bias => Some(accuracy.bias),
            Self::Step(step) => report.ahead.get(step).map(|ahead| ahead.point),
            Self::Level => report.smoothed.map(|(level, _)| level),
            Self::Trend => report.smoothed.map(|(_, trend)| trend),
        }
    }
}
