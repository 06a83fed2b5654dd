//! Cases whose answer is a history in parts: trend, seasons and remainder, beside those of another program. The parts are those
//! of `ninefold forecast FILE --parts`, asked as a user asks it.

use super::case::{Case, Value};
use super::outcome::{Distance, Engine, Row, Verdict};
use crate::forecast::{ForecastReport, ForecastRequest};

/// How closely values and their sum agree, relative to the largest value.
const SAME_VALUE: f64 = 1e-9;

/// A trace, and what is asked of its parts.
#[derive(Clone, Debug)]
pub(super) struct PartedStudy {
    /// File name in the folder `traces` beside the case file.
    pub(super) trace: String,
    /// Values of the trace.
    pub(super) points: usize,
    /// Steps of each season, the shortest first.
    pub(super) seasons: Vec<usize>,
    /// Relative error allowed of the trend.
    pub(super) trend_rel: f64,
    /// Error allowed of seasons and remainder, in standard deviations of the values.
    pub(super) season_sd: f64,
    pub(super) asks: Vec<(usize, PartReading)>,
}

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PartReading {
    /// A column at a step, from 0.
    At(usize, Part),
    /// The variance of a column, by its number of steps.
    Variance(Part),
    /// How far the parts are from adding up, at most.
    Gap,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Data,
    Trend,
    /// The season of this place, the shortest first.
    Season(usize),
    Remainder,
}

/// The rows of a study, each with its place.
pub(super) fn rows(case: &Case, study: &PartedStudy, blank: impl Fn(usize) -> Row) -> Vec<(usize, Row)> {
    let folder = case.origin.as_ref().map(|origin| origin.folder.join("traces")).unwrap_or_default();
    let path = folder.join(&study.trace);
    if !path.is_file() {
        let note = format!("the trace `traces/{}` is not beside the case file", study.trace);
        return study.asks.iter().map(|(place, _)| (*place, Row { note: note.clone(), ..blank(*place) })).collect();
    }
    let request = ForecastRequest {
        parts: true,
        method: Some("naive".to_owned()),
        seasons: study.seasons.iter().map(usize::to_string).collect(),
        ..ForecastRequest::new(path, "1".to_owned())
    };
    let columns = ForecastReport::of(&request).map_err(|error| error.to_string()).and_then(|report| {
        match (report.history.values.len() == study.points, report.parts) {
            (true, Some(parts)) => {
                let data = report.history.values;
                Ok([vec![data, parts.trend], parts.seasons, vec![parts.remainder]].concat())
            }
            _ => Err("the trace is not that of the case: its number of values differs".to_owned()),
        }
    });
    let judged = |&(place, reading): &(usize, PartReading)| {
        let row = match &columns {
            Ok(columns) => study.judged((case, place), blank(place), (reading, columns)),
            Err(note) => failed(blank(place), note.clone()),
        };
        (place, row)
    };
    study.asks.iter().map(judged).collect()
}

fn failed(blank: Row, note: String) -> Row {
    Row { engine: Some(Engine::Exact), verdict: Verdict::Failed, note, ..blank }
}

impl PartedStudy {
    fn judged(&self, (case, place): (&Case, usize), blank: Row, (reading, columns): (PartReading, &[Vec<f64>])) -> Row {
        let Value::Number(known) = case.expected[place].value else {
            return failed(blank, "the known value cannot be read".to_owned());
        };
        let column = |part: Part| match part {
            Part::Data => &columns[0],
            Part::Trend => &columns[1],
            Part::Season(nth) => &columns[2 + nth],
            Part::Remainder => &columns[columns.len() - 1],
        };
        let sd = variance(&columns[0]).sqrt();
        let highest = columns[0].iter().fold(0.0, |most: f64, value| most.max(value.abs()));
        let allowed = |part: Part, level: f64| match part {
            Part::Data => SAME_VALUE * highest,
            Part::Trend => self.trend_rel * level,
            Part::Season(_) | Part::Remainder => self.season_sd * sd,
        };
        // Standard deviations differ by at most that of the error, which is at most the error allowed.
        let (got, off, allowed) = match reading {
            PartReading::At(step, part) => match column(part).get(step) {
                Some(&got) => (got, (got - known).abs(), allowed(part, known.abs())),
                None => return failed(blank, "there is no such step".to_owned()),
            },
            PartReading::Variance(part) => {
                let got = variance(column(part));
                (got, (got.sqrt() - known.sqrt()).abs(), allowed(part, highest))
            }
            PartReading::Gap => {
                let gap = (0..columns[0].len())
                    .map(|step| (columns[0][step] - columns[1..].iter().map(|column| column[step]).sum::<f64>()).abs());
                let got = gap.fold(0.0, f64::max);
                (got, got, SAME_VALUE * highest)
            }
        };
        let passed = off <= allowed;
        Row {
            engine: Some(Engine::Exact),
            got: Some(got),
            distance: Some(Distance::Relative((got - known).abs() / known.abs().max(f64::MIN_POSITIVE))),
            verdict: if passed { Verdict::Passed } else { Verdict::Failed },
            note: if passed { String::new() } else { format!("off by {off:.3}, allowed is {allowed:.3}") },
            ..blank
        }
    }
}

/// Mean squared distance from the mean.
fn variance(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / values.len() as f64
}
