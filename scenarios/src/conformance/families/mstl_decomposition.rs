//! A trace in parts by MSTL: `trace`, `points`, `periods`. Its answers are `columns` (`data`, `trend`, `seasonalN`,
//! `remainder`), `rows` of these columns by step, their `variance`, and `max_abs_reconstruction_error`.

use super::super::case::Value;
use super::super::params::number;
use super::super::parted::{Part, PartReading, PartedStudy};
use super::super::refusal::Refusal;
use super::super::study::Plan;
use super::Given;

/// What its cases call it.
pub(super) const NAME: &str = "mstl_decomposition";

/// Most values of a trace and of a season.
const VALUES_MAX: u64 = 200_000;

/// Error allowed of the trend, relative, and of seasons, in standard deviations of the values, where a case says nothing.
const ALLOWED: (f64, f64) = (0.01, 0.03);

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["trace", "points", "periods"])?;
    let trace = params.text("trace")?;
    if trace.contains(['/', '\\']) || trace.starts_with('.') {
        return Err(Refusal::not_supported("a trace outside the folder `traces`"));
    }
    let periods = params.node().get("periods").map(|list| list.items()).unwrap_or_default();
    let seasons: Vec<usize> = periods
        .iter()
        .map(|item| Ok(number(item, 2.0, VALUES_MAX as f64)? as usize))
        .collect::<Result<_, Refusal>>()?;
    if seasons.is_empty() || !seasons.is_sorted_by(|a, b| a < b) {
        return Err(Refusal::not_supported("periods that do not rise"));
    }
    let (trend_rel, season_sd) = allowed(given);
    let points = params.count("points", 2, VALUES_MAX)? as usize;
    let mut study = PartedStudy { trace: trace.to_owned(), points, seasons, trend_rel, season_sd, asks: Vec::new() };
    let names = columns(given);
    let mut refused = Vec::new();
    for (place, known) in given.answers() {
        match reading(&known.measure, &names, &study.seasons) {
            Ok(reading) => study.asks.push((place, reading)),
            Err(reason) => refused.push((place, reason)),
        }
    }
    Ok(Plan { parted: vec![study], refused, ..Plan::default() })
}

/// `trend_rel: 0.01`, `seasonal_abs: 3% of data sd`.
fn allowed(given: &Given<'_>) -> (f64, f64) {
    let tolerance = |key: &str| given.case.get("tolerance")?.get(key)?.text();
    let trend = tolerance("trend_rel").and_then(|text| text.parse().ok());
    let percent = tolerance("seasonal_abs").and_then(|text| text.strip_suffix("% of data sd"));
    let season = percent.and_then(|text| text.trim().parse::<f64>().ok()).map(|percent| percent / 100.0);
    (trend.unwrap_or(ALLOWED.0), season.unwrap_or(ALLOWED.1))
}

/// The names of the columns, in their order.
fn columns(given: &Given<'_>) -> Vec<String> {
    let of = |known: &super::Expected| match &known.value {
        Value::Text(name) if known.measure.starts_with("columns.") => Some(name.clone()),
        _ => None,
    };
    given.answers().filter_map(|(_, known)| of(known)).collect()
}

fn reading(measure: &str, names: &[String], seasons: &[usize]) -> Result<PartReading, String> {
    let unknown = || format!("the measure `{measure}` is not known");
    let part = |column: &str| {
        let name = column.parse::<usize>().ok().and_then(|column| names.get(column)).ok_or_else(unknown)?;
        let season = |steps: &str| seasons.iter().position(|season| season.to_string() == steps);
        match (name.as_str(), name.strip_prefix("seasonal").and_then(season)) {
            ("data", _) => Ok(Part::Data),
            ("trend", _) => Ok(Part::Trend),
            ("remainder", _) => Ok(Part::Remainder),
            (_, Some(nth)) => Ok(Part::Season(nth)),
            _ => Err(format!("the column `{name}` is not known")),
        }
    };
    match measure.split('.').collect::<Vec<_>>()[..] {
        ["max_abs_reconstruction_error"] => Ok(PartReading::Gap),
        ["variance", column] => Ok(PartReading::Variance(part(column)?)),
        ["rows", step, column] => Ok(PartReading::At(step.parse().map_err(|_| unknown())?, part(column)?)),
        ["columns", _] => Err("the name of a column, by which it is read".to_owned()),
        _ => Err(unknown()),
    }
}
