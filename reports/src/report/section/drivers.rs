//! What drives it: causes of downtime, importance of components.

use ninefold_models::results::{CauseRow, Engine, Estimated, ImportanceRow};

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use super::scaled;
use crate::format;
use crate::input::ReportInput;
use crate::tables::engine_name;
use crate::terminal::{cause_name, largest_causes, short};

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let mut parts: Vec<Part<'_>> = source.picture("downtime_by_cause").into_iter().collect();
    parts.push(
        causes(source.input)
            .map_or_else(|| Part::Text("No downtime was seen, so there is no cause to name.".to_owned()), Part::Grid),
    );
    match importance(source.input) {
        Some(grid) => parts.push(Part::Grid(grid)),
        None => {
            let why = "No importance: it needs an exact answer over independent units, or `run.attribution`, by which it is \
                       simulated.";
            parts.push(Part::Note(why.to_owned()));
        }
    }
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

/// What a perfect one would save, the most first, journeys in order.
fn importance(input: &ReportInput<'_>) -> Option<Grid> {
    let number = |e: &Estimated| Cell::number(format::number_with_error(e), e.value);
    let row = |(rank, i): (usize, &ImportanceRow)| {
        vec![
            Cell::text(short(&i.journey)),
            Cell::number(rank.to_string(), rank as f64),
            Cell::text(short(&i.component)),
            Cell::number(format!("{}/y", at_stake(i)), i.minutes_at_stake.value),
            number(&i.birnbaum),
            number(&i.criticality),
            number(&i.fussell_vesely),
            number(&i.raw),
            number(&i.rrw),
            Cell::text(engine_name(i.engine)),
        ]
    };
    let mut rows = Vec::new();
    for journey in input.results.importance.chunk_by(|a, b| a.journey == b.journey) {
        let mut ranked: Vec<&ImportanceRow> = journey.iter().collect();
        ranked.sort_by(|a, b| b.minutes_at_stake.value.total_cmp(&a.minutes_at_stake.value));
        rows.extend((1..).zip(ranked).map(row));
    }
    let heads = [
        "journey",
        "rank",
        "component",
        "saved if perfect",
        "Birnbaum",
        "criticality",
        "Fussell–Vesely",
        "RAW",
        "RRW",
        "engine",
    ];
    Grid::of("Importance, ranked by what a perfect one would save", Some("importance"), &heads, rows)
}

fn at_stake(row: &ImportanceRow) -> String {
    let hours = scaled(&row.minutes_at_stake, 1.0 / 60.0);
    if row.engine == Engine::Exact { format::duration(hours.value) } else { format::duration_with_error(&hours) }
}
