//! The folder of a forecast: the object, the tables, the figure, and what makes it reproducible.

use super::error::FolderError;
use super::{MARK, Unfinished, put, write_figures, write_tables};
use crate::figures::{demand_fan, pit_histogram};
use crate::forecast::{ForecastShown, object};
use crate::input::RunInfo;
use crate::tables::{
    Digested, Format, capacity_forecast, forecast_methods, forecast_parts, forecast_pit, forecast_scores,
};
use serde_json::{Value, json};

/// Writes the folder that `unfinished` is to become, and puts it in place: `forecast.json`, the tables `capacity_forecast`
/// and `forecast_methods`, `forecast_scores` and `forecast_pit` where there are scores, `forecast_parts` where parts are asked
/// for, `figures/demand_fan.svg` and `figures/pit_histogram.svg`, `manifest.json` with the digest of the file
/// (`file_blake3`), and `run-info.json`.
///
/// # Errors
/// [`FolderError`]; what was there before is there still, and no part of the folder is in its place.
pub fn write_forecast(
    unfinished: &Unfinished,
    (shown, file_blake3): (&ForecastShown, &str),
    mut info: RunInfo,
    format: Format,
) -> Result<(), FolderError> {
    let dir = unfinished.making()?;
    info.phases.enter("tables");
    let mut tables = vec![capacity_forecast(shown), forecast_methods(shown)];
    if !shown.scores.is_empty() {
        tables.extend([forecast_scores(shown), forecast_pit(shown)]);
    }
    if !shown.parts.is_empty() {
        tables.push(forecast_parts(shown));
    }
    let digests: Vec<Digested> = tables.iter().map(Digested::of).collect();
    write_tables(&dir.join("tables"), &tables, format)?;
    let figures: Vec<_> = demand_fan(shown).into_iter().chain(pit_histogram(shown)).collect();
    write_figures(&dir.join("figures"), &figures)?;
    put(&dir.join("forecast.json"), pretty(&object(shown)).as_bytes())?;
    let run_info = serde_json::to_value(&info).expect("bug: run info has only string keys");
    put(&dir.join("run-info.json"), pretty(&run_info).as_bytes())?;
    put(&dir.join(MARK), pretty(&manifest((shown, file_blake3), &digests)).as_bytes())?;
    unfinished.put_in_place()
}

fn manifest((shown, file_blake3): (&ForecastShown, &str), tables: &[Digested]) -> Value {
    let tables: serde_json::Map<String, Value> = tables
        .iter()
        .map(|table| (table.name.to_string(), json!({"rows": table.rows, "blake3": table.blake3})))
        .collect();
    json!({
        "tool": "ninefold",
        "tool_version": env!("CARGO_PKG_VERSION"),
        "format_version": crate::manifest::FORMAT_VERSION,
        "forecast": shown.column,
        "file": shown.file,
        "file_blake3": file_blake3,
        "tables": tables,
    })
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
