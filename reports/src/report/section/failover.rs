//! Failover: how often, how soon, and how clients follow.

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use crate::format;
use crate::input::ReportInput;
use crate::terminal::short;

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let mut parts: Vec<Part<'_>> = Part::lines(crate::failover_line::lines(source.input)).into_iter().collect();
    parts.extend(Part::lines(crate::objectives::lines(source.input)));
    parts.extend(
        ["recovery_time", "recovery_point", "traffic_moved"].into_iter().filter_map(|name| source.picture(name)),
    );
    parts.extend(traffic(source.input).map(Part::Grid));
    parts.extend(Part::lines(crate::data_loss::lines(source.input)));
    Section::of("failover", "Failover and data", parts)
}

/// What clients of a routed component meet when their place is lost.
fn traffic(input: &ReportInput<'_>) -> Option<Grid> {
    let of = |entity: &str| {
        let mean = |name: &str| {
            let rows = &input.results.measures;
            rows.iter().find(|m| m.entity == entity && m.measure == name && m.quantile.is_none())
        };
        let (hit, outage) = (mean("clients_hit")?, mean("client_outage")?);
        let hours = super::scaled(&outage.estimate, 1.0 / 3600.0);
        let down = mean("client_downtime")?;
        Some(vec![
            Cell::text(short(entity)),
            Cell::number(format::rate_with_error(&hit.estimate), hit.estimate.value),
            Cell::number(format::duration_with_error(&hours), hours.value),
            Cell::number(format::downtime_with_error(&down.estimate), down.estimate.value),
        ])
    };
    let rows = input.spec.components.iter().filter_map(|c| of(&format!("components.{}", c.name))).collect();
    let heads = ["router", "hit a year", "outage of a client", "downtime of a client"];
    Grid::of("What a client meets when its place is lost", Some("measures"), &heads, rows)
}
