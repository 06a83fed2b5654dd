//! Demand and capacity: what falls short, and what autoscalers do about it.

use ninefold_models::results::Measured;

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use crate::format;
use crate::input::ReportInput;
use crate::terminal::short;

/// Measures of demand above what can be served.
pub(super) const SHORTFALL: [&str; 5] =
    ["shortfall_probability", "shortfall_hours", "shortfall_days", "unserved_requests", "unserved_energy"];

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let mut parts: Vec<Part<'_>> = source.picture("capacity_over_time").into_iter().collect();
    parts.extend(source.picture("utilisation_by_hour"));
    if let Some(grid) = shortfall(source.input) {
        let note = "A journey falls short while it cannot serve all of its demand: by capacity, by errors, or because it is \
                    down. Days are 24 h from the beginning of the measured time. What is not served is over the whole \
                    measured time.";
        parts.extend([Part::Grid(grid), Part::Note(note.to_owned())]);
    }
    parts.extend(source.picture("autoscaler_trace"));
    let scaled = crate::scaling::lines(source.input).into_iter();
    let bought = crate::spot::lines(source.input).into_iter().chain(crate::spot::cost_lines(source.input));
    let reserves = crate::buffer::lines(source.input);
    parts.extend(Part::lines(scaled.chain(bought).chain(reserves).collect()));
    parts.extend(source.picture("capacity_buffer"));
    parts.extend(source.picture("cost_by_reserve"));
    Section::of("capacity", "Demand and capacity", parts)
}

/// Demand above what can be served, for every journey that has capacity to fall short of.
fn shortfall(input: &ReportInput<'_>) -> Option<Grid> {
    let shown = |m: &&Measured| SHORTFALL.contains(&m.measure) && m.at_h.is_none() && m.quantile.is_none();
    let row = |m: &Measured| {
        let (words, value): (&str, String) = match m.measure {
            "shortfall_probability" => ("runs with any shortfall", format::percent_with_error(&m.estimate)),
            "shortfall_hours" => ("time short", format::duration_with_error(&m.estimate)),
            "shortfall_days" => ("days with any shortfall", format::rate_with_error(&m.estimate)),
            "unserved_requests" => ("requests not served", format::rate_with_error(&m.estimate)),
            _ => ("not served", format!("{} {}", format::rate_with_error(&m.estimate), m.unit)),
        };
        let exact = m.exact.map_or_else(|| Cell::text(""), |x| Cell::number(format::significant(x, 4), x));
        vec![Cell::text(short(&m.entity)), Cell::text(words), Cell::number(value, m.estimate.value), exact]
    };
    let rows = input.results.measures.iter().filter(shown).map(row).collect();
    Grid::of("Shortfall", Some("measures"), &["journey", "what", "a run", "exact"], rows)
}
