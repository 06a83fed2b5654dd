//! Order of recovery when everything is down.

use ninefold_models::analysis::COMPONENTS_MAX;
use ninefold_models::results::RecoveryRow;

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use crate::format;
use crate::input::ReportInput;
use crate::terminal::short;

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let parts = match (recovery(source.input), beyond_recovery(source.input)) {
        (Some(grid), _) => {
            let note = "After everything was down at once. Each starts when its places and what it cannot start without are \
                        up, and takes the mean repair of one of its units; repairs go on side by side, and nobody waits for \
                        a crew.";
            vec![Part::Grid(grid), Part::Note(note.to_owned())]
        }
        (None, Some(most)) => {
            vec![Part::Note(format!("Not worked out: there are more than {most} components or domains."))]
        }
        (None, None) => Vec::new(),
    };
    Section::of("recovery", "Order of recovery", parts)
}

/// The limit above which no order of recovery is worked out, where the system is beyond it.
fn beyond_recovery(input: &ReportInput<'_>) -> Option<String> {
    let most = COMPONENTS_MAX;
    let beyond = input.spec.components.len() > most || input.spec.domains.len() > most;
    beyond.then(|| format::grouped(most as u64))
}

fn recovery(input: &ReportInput<'_>) -> Option<Grid> {
    let span = |minutes: f64| format::duration(minutes / 60.0);
    let row = |row: &RecoveryRow| {
        let path: Vec<&str> = row.critical_path.iter().map(|entity| short(entity)).collect();
        let never = |minutes: Option<f64>| minutes.map_or_else(|| Cell::text("never"), |m| Cell::number(span(m), m));
        vec![
            Cell::text(row.entity.as_str()),
            Cell::number(row.step.to_string(), row.step as f64),
            never(row.starts_min),
            never(row.takes_min),
            never(row.up_min),
            Cell::text(path.join(" → ")),
        ]
    };
    let heads = ["what", "step", "can start after", "then takes", "up after", "decided by"];
    let rows = input.results.recovery.iter().map(row).collect();
    Grid::of("Order of recovery when everything is down", Some("recovery_order"), &heads, rows)
}
