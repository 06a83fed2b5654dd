//! Experiments: how often, whether they held, whom they hurt.

use ninefold_models::results::Estimated;

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use crate::experiment_line::of;
use crate::format;
use crate::input::ReportInput;

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let note = "An experiment holds if its hypothesis does as long as it is under way; one is given up when it hurts more than it \
                may, and not begun where the system was not as it should be before. Their downtime stands among the causes by \
                their names. What is not served while one is under way need not be its doing.";
    let parts = grid(source.input).map(|grid| vec![Part::Grid(grid), Part::Note(note.to_owned())]);
    Section::of("experiments", "Experiments", parts.unwrap_or_default())
}

fn grid(input: &ReportInput<'_>) -> Option<Grid> {
    let ratio = |e: &Estimated| Cell::number(format::percent_with_error(e), e.value);
    let number = |e: &Estimated| {
        let shown = format!("{} ± {}", format::significant(e.value, 3), format::significant(format::half_width(e), 1));
        Cell::number(shown, e.value)
    };
    let cell = |name: &str, measure: &str, show: &dyn Fn(&Estimated) -> Cell| {
        of(input, name, measure).map_or_else(|| Cell::text(""), |m| show(&m.estimate))
    };
    let row = |name: &String| {
        vec![
            Cell::text(name.as_str()),
            cell(name, "experiments_begun", &number),
            cell(name, "held_ratio", &ratio),
            cell(name, "aborted_ratio", &ratio),
            cell(name, "blast_ratio", &ratio),
            cell(name, "users_hurt", &number),
        ]
    };
    let rows = input.spec.experiments.iter().map(|experiment| row(&experiment.name)).collect();
    let heads = ["experiment", "begun a year", "held", "given up", "units struck", "requests not served in each"];
    Grid::of("What experiments show", Some("experiments"), &heads, rows)
}
