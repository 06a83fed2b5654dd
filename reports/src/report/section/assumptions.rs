//! Defaults that applied where the scenario is silent.

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use crate::input::ReportInput;

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let parts = match assumptions(source.input) {
        Some(grid) => {
            vec![Part::Text("Where the scenario is silent, these defaults applied.".to_owned()), Part::Grid(grid)]
        }
        None => vec![Part::Text("No default applied: the scenario states everything.".to_owned())],
    };
    Section::of("assumptions", "Assumptions", parts)
}

fn assumptions(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |a: &ninefold_models::about::Assumption| {
        vec![Cell::text(a.path.as_str()).class("code"), Cell::text(a.value.as_str()), Cell::text(a.reason.as_str())]
    };
    let rows = input.about.assumptions.iter().map(row).collect();
    Grid::of("Defaults that applied", None, &["what", "value", "source"], rows)
}
