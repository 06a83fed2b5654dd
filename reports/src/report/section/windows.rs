//! Availability by window, both readings.

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use super::scaled;
use crate::format;
use crate::input::ReportInput;
use crate::terminal::short;

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let picture = source.picture("nines_by_window");
    let parts = picture.into_iter().chain(windows(source.input).map(Part::Grid)).collect();
    Section::of("windows", "Windows", parts)
}

fn windows(input: &ReportInput<'_>) -> Option<Grid> {
    let entities = input.headline_entities();
    let wanted = input.results.availability.iter().filter(|r| entities.contains(&r.entity));
    let rows = wanted
        .map(|r| {
            let event_based = r.definition == "success_ratio";
            let estimate = if event_based { &r.unserved_ratio } else { &r.unavailability };
            let downtime = scaled(&r.unavailability, r.total_min / 60.0);
            vec![
                Cell::text(short(&r.entity)),
                Cell::text(r.definition.replace('_', " ")).class("w"),
                Cell::text(r.window_kind.replace('_', " ")).class("w"),
                Cell::text(r.window.as_str()),
                Cell::number(format::ratio(estimate), estimate.value),
                Cell::number(format::nines(estimate).trim_end_matches(" nines"), -estimate.value),
                if event_based {
                    Cell::text("")
                } else {
                    Cell::number(format::duration_with_error(&downtime), downtime.value)
                },
            ]
        })
        .collect();
    let heads = ["journey", "definition", "window kind", "window", "unavailable or unserved", "nines", "mean downtime"];
    Grid::of("Availability by window, both readings", Some("availability"), &heads, rows)
}
