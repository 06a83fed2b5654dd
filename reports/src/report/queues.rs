//! Queues of requests.

use ninefold_models::results::QueueRow;

use super::grid::{Cell, Grid};
use crate::format;
use crate::input::ReportInput;

/// Every measure of every queue, with its formula or why there is none.
pub(super) fn grid(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |row: &QueueRow| {
        let unit = if row.unit == "1" { String::new() } else { format!(" {}", row.unit) };
        let value =
            row.value.map_or_else(|| "–".to_owned(), |value| format!("{}{unit}", format::significant(value, 4)));
        let at = row.at_h.map_or_else(|| Cell::text(""), |h| Cell::number(format!("at {}", format::duration(h)), h));
        vec![
            Cell::text(row.entity.as_str()),
            Cell::text(row.measure.replace('_', " ")),
            at,
            Cell::number(value, row.value.unwrap_or(f64::NAN)),
            Cell::text(if row.value.is_some() { row.method } else { row.why.as_str() }),
        ]
    };
    let heads = ["entity", "measure", "where", "exact", "formula, or why there is none"];
    Grid::of("Queues of requests", Some("queues"), &heads, input.results.queues.iter().map(row).collect())
}
