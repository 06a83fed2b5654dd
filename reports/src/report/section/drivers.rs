//! What drives it: causes of downtime, importance of components.

use ninefold_models::results::{CauseRow, Estimated};

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use super::scaled;
use crate::format;
use crate::input::ReportInput;
use crate::terminal::{cause_name, largest_causes, short};

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let mut parts: Vec<Part<'_>> = source.picture("downtime_by_cause").into_iter().collect();
    parts.push(
        causes(source.input)
            .map_or_else(|| Part::Text("No downtime was seen, so there is no cause to name.".to_owned()), Part::Grid),
    );
    parts.push(importance(source.input).map_or_else(
        || {
            let why = "No importance: it needs an exact answer over independent units, and there is none here.";
            Part::Note(why.to_owned())
        },
        Part::Grid,
    ));
    Section::of("drivers", "What drives it", parts)
}

fn causes(input: &ReportInput<'_>) -> Option<Grid> {
    let mut rows = Vec::new();
    for entity in input.headline_entities() {
        for c in largest_causes(&input.results.causes, &entity) {
            rows.push(vec![
                Cell::text(short(&entity)),
                Cell::text(cause_name(&c.cause)),
                Cell::number(format::percent_with_error(&share(c)), c.share),
                Cell::number(format::downtime_with_error(&c.minutes_per_year), c.minutes_per_year.value),
            ]);
        }
    }
    Grid::of("Downtime by cause", Some("downtime_by_cause"), &["journey", "cause", "share", "downtime"], rows)
}

/// The share of a cause with the relative error of its minutes: the error of the sum is not in it.
fn share(c: &CauseRow) -> Estimated {
    scaled(&c.minutes_per_year, c.share / c.minutes_per_year.value)
}

fn importance(input: &ReportInput<'_>) -> Option<Grid> {
    let number = |x: f64| Cell::number(format::significant(x, 3), x);
    let row = |i: &ninefold_models::results::ImportanceRow| {
        let at_stake = format!("{}/y", format::duration(i.minutes_at_stake / 60.0));
        vec![
            Cell::text(short(&i.journey)),
            Cell::text(short(&i.component)),
            Cell::number(at_stake, i.minutes_at_stake),
            number(i.birnbaum),
            number(i.criticality),
            number(i.fussell_vesely),
            number(i.raw),
            number(i.rrw),
        ]
    };
    let heads = ["journey", "component", "saved if perfect", "Birnbaum", "criticality", "Fussell–Vesely", "RAW", "RRW"];
    let rows = input.results.importance.iter().map(row).collect();
    Grid::of("Importance, exact at steady state", Some("importance"), &heads, rows)
}
