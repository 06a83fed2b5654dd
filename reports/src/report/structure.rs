//! The sections of the report about the dependency graph: weak points, order of recovery, where downtime came through.

use ninefold_models::analysis::COMPONENTS_MAX;
use ninefold_models::results::{CutSetCountRow, CutSetDowntimeRow, CutSetRow, EdgeDowntimeRow, Estimated, RecoveryRow};

use super::grid::{Cell, Grid};
use crate::format;
use crate::input::ReportInput;
use crate::terminal::short;

pub(super) fn cut_sets(input: &ReportInput<'_>) -> Option<Grid> {
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

pub(super) fn cut_set_counts(input: &ReportInput<'_>) -> Option<Grid> {
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
pub(super) fn single_points(input: &ReportInput<'_>) -> Vec<String> {
    let said = crate::single_points::lines(input);
    said.into_iter().map(|(entity, words)| format!("{}: {words}.", short(entity))).collect()
}

/// The limit above which no order of recovery is worked out, where the system is beyond it.
pub(super) fn beyond_recovery(input: &ReportInput<'_>) -> Option<String> {
    let most = COMPONENTS_MAX;
    let beyond = input.spec.components.len() > most || input.spec.domains.len() > most;
    beyond.then(|| format::grouped(most as u64))
}

pub(super) fn recovery(input: &ReportInput<'_>) -> Option<Grid> {
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

pub(super) fn downtime_by_cut_set(input: &ReportInput<'_>) -> Option<Grid> {
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

pub(super) fn downtime_by_edge(input: &ReportInput<'_>) -> Option<Grid> {
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
