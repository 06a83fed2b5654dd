//! Queues of requests: one by one where they are simulated so, and by formula.

use ninefold_models::results::QueueRow;

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use crate::format;
use crate::input::ReportInput;

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let met = crate::requests::lines(source.input);
    let simulated = !met.is_empty();
    let met = met.into_iter().map(|(name, words)| format!("{name}: {words}"));
    let met = met.chain(crate::load_test_line::lines(source.input));
    let met = met.chain(crate::metastability_line::lines(source.input)).collect();
    let mut parts: Vec<Part<'_>> = Part::lines(met).into_iter().collect();
    parts.extend(source.picture("metastability_map"));
    if let Some(grid) = by_formula(source.input) {
        let note = if simulated {
            "By formula, at the point values of the inputs; what was simulated stands above, and under the other measures."
        } else {
            "Requests are not simulated one by one: what stands here is by formula, at the point values of the inputs."
        };
        parts.extend([Part::Grid(grid), Part::Note(note.to_owned())]);
    }
    Section::of("requests", "Requests", parts)
}

/// Every measure of every queue, with its formula or why there is none.
fn by_formula(input: &ReportInput<'_>) -> Option<Grid> {
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
