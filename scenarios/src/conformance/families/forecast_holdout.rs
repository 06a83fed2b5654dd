//! Forecasts of the end of a trace: `trace`, `prepare`, `season_length`, `horizon`.
//!
//! What ends in `_exact` is a number of a method that leaves no choice. What begins with `reference_` is what another
//! library reached by its own choice: the MASE of the method chosen here is judged once, beside the least of theirs.

use super::super::case::{Expected, Value};
use super::super::forecasts::{By, FIXED, ForecastReading, ForecastStudy, Number, Prepare};
use super::super::params::number;
use super::super::refusal::Refusal;
use super::super::study::Plan;
use super::Given;
use crate::diagnostic::Code;
use crate::forecast::{Gaps, Take};
use crate::yaml::Node;

/// What its cases call it.
pub(super) const NAME: &str = "forecast_holdout";

/// What the names of other libraries' choices begin with.
const REFERENCE: &str = "reference_";

/// Most values of a trace, of a season and of a horizon.
const VALUES_MAX: u64 = 200_000;

const KNOWN: [&str; 11] = [
    "trace",
    "prepare",
    "points",
    "season_length",
    "seasons",
    "horizon",
    "train_first",
    "train_last",
    "test_first",
    "train_mean",
    "test_sum",
];

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&KNOWN)?;
    let trace = params.text("trace")?;
    if trace.contains(['/', '\\']) || trace.starts_with('.') {
        return Err(Refusal::not_supported("a trace outside the folder `traces`"));
    }
    let span = params.node().span;
    let missing =
        |what: &str| Refusal::wrong(Code::Missing, format!("the case has no `{what}`"), span, "see the guide");
    let prepare = prepare(params.node().get("prepare").ok_or_else(|| missing("prepare"))?)?;
    let best = given.case.get("best_reference").and_then(|best| best.get("mase"));
    let mut study = ForecastStudy {
        trace: trace.to_owned(),
        prepare,
        seasons: seasons(params.node(), params.count("season_length", 1, VALUES_MAX)? as usize)?,
        horizon: params.count("horizon", 1, VALUES_MAX)? as usize,
        sums: (
            params.count("points", 2, VALUES_MAX)? as usize,
            params.number_in("train_mean", 0.0, f64::MAX)?,
            params.number_in("test_sum", 0.0, f64::MAX)?,
        ),
        best_mase: number(best.ok_or_else(|| missing("best_reference.mase"))?, 0.0, f64::MAX)?,
        asks: Vec::new(),
    };
    let mut refused = Vec::new();
    let beside = least_reference(given);
    for (place, expected) in given.answers() {
        match reading(&expected.measure, beside == Some(place)) {
            Ok(reading) => study.asks.push((place, reading)),
            Err(reason) => refused.push((place, reason)),
        }
    }
    Ok(Plan { forecasts: vec![study], refused, ..Plan::default() })
}

/// As a case says it by `resample`, `aggregate` and `fill`.
fn prepare(node: &Node) -> Result<Prepare, Refusal> {
    let word = |key: &str| node.get(key).filter(|value| !value.is_null()).and_then(Node::text);
    let every = match word("resample") {
        None => None,
        Some("1h") => Some("1h"),
        Some("1D") => Some("1d"),
        Some(other) => return Err(Refusal::not_supported(format!("a trace in steps of `{other}`"))),
    };
    let take = match word("aggregate") {
        None | Some("mean") => Take::Mean,
        Some("sum") => Take::Sum,
        Some(other) => return Err(Refusal::not_supported(format!("rows put together by `{other}`"))),
    };
    let gaps = match word("fill") {
        None => Gaps::Refuse,
        Some("0") => Gaps::Zero,
        Some("interp") => Gaps::Line,
        Some(other) => return Err(Refusal::not_supported(format!("gaps filled by `{other}`"))),
    };
    Ok(Prepare { every, take, gaps })
}

/// `seasons`, the shortest of which is `season_length`; that alone where they are not said.
fn seasons(node: &Node, shortest: usize) -> Result<Vec<usize>, Refusal> {
    let Some(list) = node.get("seasons") else { return Ok(vec![shortest]) };
    let mut seasons = vec![shortest];
    for item in list.items() {
        let season = number(item, 1.0, VALUES_MAX as f64)? as usize;
        if season > shortest {
            seasons.push(season);
        }
    }
    Ok(seasons)
}

/// The place of the least MASE that another library reached.
fn least_reference(given: &Given<'_>) -> Option<usize> {
    let mase = |(place, known): (usize, &Expected)| match known.value {
        Value::Number(mase) if known.measure.starts_with(REFERENCE) && known.measure.ends_with(".mase") => {
            Some((mase, place))
        }
        _ => None,
    };
    given.answers().filter_map(mase).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, place)| place)
}

/// What a measure reads, or why nothing; `beside` for the one that the choice is judged beside.
fn reading(measure: &str, beside: bool) -> Result<ForecastReading, String> {
    let (entry, name) = measure.split_once('.').unwrap_or((measure, ""));
    let unknown = || format!("the measure `{measure}` is not known");
    let by = match entry {
        "naive_exact" => By::Method("naive"),
        "drift_exact" => By::Method("drift"),
        "mean_exact" => By::Method("mean"),
        "seasonal_naive_exact" => By::Method("seasonal-naive"),
        "holt_winters_additive_fixed_exact" => By::Method(FIXED),
        _ if beside => By::Choice,
        _ if entry.starts_with(REFERENCE) => return Err("what another library reached".to_owned()),
        _ => return Err(unknown()),
    };
    let number = match (name, by) {
        ("mae", _) => Number::Mae,
        ("rmse", _) => Number::Rmse,
        ("mase", _) => Number::Mase,
        ("smape_m4", _) => Number::SmapeM4,
        ("bias", _) => Number::Bias,
        ("final_level", By::Method(FIXED)) => Number::Level,
        ("final_trend", By::Method(FIXED)) => Number::Trend,
        _ => {
            let step = name.strip_prefix("first_forecasts.").and_then(|step| step.parse().ok());
            Number::Step(step.ok_or_else(unknown)?)
        }
    };
    Ok(ForecastReading { by, number })
}
