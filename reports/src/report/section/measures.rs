//! Every other measure: what no other section shows.

use ninefold_models::results::{Measured, VarianceRow};

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use super::capacity::SHORTFALL;
use super::scaled;
use crate::format;
use crate::input::ReportInput;
use crate::terminal::short;

/// What stands in the row of its entity, on its card, or with its agreement.
const ELSEWHERE: [&str; 10] = [
    "unavailability",
    "downtime",
    "failure_rate",
    "mtbf",
    "mut",
    "mttr",
    "mttf",
    "unserved_ratio",
    "breach_probability",
    "breach_probability_horizon",
];

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let grids = [measures(source.input), variance(source.input)];
    Section::of("measures", "Other measures", grids.into_iter().flatten().map(Part::Grid).collect())
}

fn measures(input: &ReportInput<'_>) -> Option<Grid> {
    let elsewhere = |m: &Measured| ELSEWHERE.contains(&m.measure) || SHORTFALL.contains(&m.measure);
    let shown = |m: &&Measured| m.at_h.is_some() || m.quantile.is_some() || !elsewhere(m);
    let row = |m: &Measured| {
        let at = match (m.at_h, m.quantile) {
            (Some(h), _) => Cell::number(format!("at {}", format::duration(h)), h),
            (None, Some(q)) => Cell::number(format!("{} are below", format::target(q)), q),
            (None, None) => Cell::text(""),
        };
        let value = match &*m.unit {
            "1" if m.estimate.hi <= 1.0 => format::ratio(&m.estimate),
            "1" => format::rate_with_error(&m.estimate),
            "s" => format::duration_with_error(&scaled(&m.estimate, 1.0 / 3600.0)),
            "min" => format::duration_with_error(&scaled(&m.estimate, 1.0 / 60.0)),
            "h" => format::duration_with_error(&m.estimate),
            "min/year" => format::downtime_with_error(&m.estimate),
            unit => format!("{} {unit}", format::rate_with_error(&m.estimate)),
        };
        let exact = m.exact.map_or_else(|| Cell::text(""), |x| Cell::number(format::significant(x, 4), x));
        vec![
            Cell::text(m.entity.as_str()),
            Cell::text(m.measure.replace('_', " ")),
            at,
            Cell::number(value, m.estimate.value),
            exact,
        ]
    };
    let rows = input.results.measures.iter().filter(shown).map(row).collect();
    Grid::of("What no other section shows", Some("measures"), &["entity", "measure", "where", "value", "exact"], rows)
}

/// What methods of variance reduction gained, or why they were not used.
fn variance(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |row: &VarianceRow| {
        let gained = row.ratio.map_or_else(|| "–".to_owned(), |ratio| format::significant(ratio, 3));
        vec![
            Cell::text(row.method),
            Cell::text(row.asked),
            Cell::text(if row.used { "yes" } else { "no" }),
            Cell::text(short(&row.entity)),
            Cell::number(gained, row.ratio.unwrap_or(f64::NAN)),
            Cell::text(row.how.clone()),
        ]
    };
    let heads = ["method", "asked", "used", "entity", "variance ratio", "how measured, or why not used"];
    Grid::of("Variance reduction", None, &heads, input.results.variance.iter().map(row).collect())
}
