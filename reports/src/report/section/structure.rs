//! Single points of failure: what the dependency graph alone says.

use ninefold_models::results::{CutSetCountRow, CutSetDowntimeRow, CutSetRow, EdgeDowntimeRow, Estimated};

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use crate::format;
use crate::input::ReportInput;
use crate::terminal::short;

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let input = source.input;
    let sentences = single_points(input);
    if sentences.is_empty() {
        return None;
    }
    let mut parts = vec![Part::List(sentences)];
    parts.extend([cut_sets(input), cut_set_counts(input)].into_iter().flatten().map(Part::Grid));
    if let Some(grid) = downtime_by_cut_set(input) {
        parts.extend([Some(grid), downtime_by_edge(input)].into_iter().flatten().map(Part::Grid));
        let note = "Simulated, from the first replications of the run, as many as `run.attribution` says. Where several cut \
                    sets had failed at once each has an equal part; along a chain of edges downtime counts at every edge it \
                    came through, and ends at one.";
        parts.push(Part::Note(note.to_owned()));
    }
    let note = "A set is minimal: without any one member it takes nothing down. A standby group is lost with its units; the \
                time of its switches is in no cut set.";
    parts.push(Part::Note(note.to_owned()));
    Section::of("structure", "Single points of failure", parts)
}

fn cut_sets(input: &ReportInput<'_>) -> Option<Grid> {
    let span = |minutes: f64| format!("{}/y", format::duration(minutes / 60.0));
    let row = |set: &CutSetRow| {
        let members: Vec<&str> = set.members.iter().map(|member| short(member)).collect();
        vec![
            Cell::text(short(&set.entity)),
            Cell::number(set.order.to_string(), set.order as f64),
            Cell::text(members.join(" + ")),
            optional(set.minutes_per_year, span),
            optional(set.unavailability, |u| format::significant(u, 3)),
            optional(set.failures_per_year, |rate| format::significant(rate, 3)),
            optional(set.p_per_year, |p| format::significant(p, 3)),
            optional(set.fussell_vesely, format::percent),
        ]
    };
    let heads = [
        "entity",
        "members",
        "all down at once",
        "downtime",
        "unavailability",
        "a year",
        "P(in a year)",
        "of the whole",
    ];
    let rows = input.results.cut_sets.iter().map(row).collect();
    Grid::of("Minimal cut sets of up to three members, exact in the long run", Some("spof"), &heads, rows)
}

fn cut_set_counts(input: &ReportInput<'_>) -> Option<Grid> {
    let count = |value: Option<f64>| optional(value, format::count);
    let row = |row: &CutSetCountRow| {
        let [one, two, three] = row.by_order.map_or([None; 3], |orders| orders.map(Some));
        vec![
            Cell::text(short(&row.entity)),
            count(one),
            count(two),
            count(three),
            count(row.all),
            optional(row.rare_event, |u| format::significant(u, 4)),
            optional(row.unavailability_listed, |u| format::significant(u, 4)),
            optional(row.unavailability, |u| format::significant(u, 4)),
            Cell::text(row.remark.as_str()),
        ]
    };
    let heads =
        ["entity", "of 1", "of 2", "of 3", "all", "sum of those listed", "together, exact", "all, exact", "remark"];
    let rows = input.results.cut_set_counts.iter().map(row).collect();
    Grid::of("How many there are, and what they come to", Some("cut_set_counts"), &heads, rows)
}

/// One sentence an entity, as the terminal says it.
fn single_points(input: &ReportInput<'_>) -> Vec<String> {
    let said = crate::single_points::lines(input);
    said.into_iter().map(|(entity, words)| format!("{}: {words}.", short(entity))).collect()
}

fn downtime_by_cut_set(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |row: &CutSetDowntimeRow| {
        let members: Vec<&str> = row.members.iter().map(|member| short(member)).collect();
        vec![
            Cell::text(short(&row.journey)),
            Cell::text(if row.instead.is_empty() { members.join(" + ") } else { row.instead.to_owned() }),
            Cell::number(format::percent(row.share), row.share),
            minutes(&row.minutes_per_year),
        ]
    };
    let rows = input.results.cut_set_downtime.iter().map(row).collect();
    let heads = ["journey", "all down at once", "share", "downtime"];
    Grid::of("Downtime by minimal cut set", Some("downtime_by_cut_set"), &heads, rows)
}

fn downtime_by_edge(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |row: &EdgeDowntimeRow| {
        vec![
            Cell::text(short(&row.journey)),
            Cell::text(format!("{} → {}", short(&row.from), short(&row.to))),
            Cell::number(format::percent(row.share_ending), row.share_ending),
            minutes(&row.minutes_ending),
            Cell::number(format::percent(row.share_through), row.share_through),
            minutes(&row.minutes_through),
        ]
    };
    let rows = input.results.edge_downtime.iter().map(row).collect();
    let heads =
        ["journey", "edge", "share that ends there", "downtime that ends there", "share through", "downtime through"];
    Grid::of("Downtime by edge of the dependency graph", Some("downtime_by_edge"), &heads, rows)
}

fn minutes(estimate: &Estimated) -> Cell {
    Cell::number(format::downtime_with_error(estimate), estimate.value)
}

fn optional(value: Option<f64>, show: impl Fn(f64) -> String) -> Cell {
    value.map_or_else(|| Cell::text("–"), |value| Cell::number(show(value), value))
}
