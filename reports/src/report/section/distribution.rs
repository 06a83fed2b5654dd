//! Distribution, worst run, topology, and every entity in a row.

use ninefold_models::results::Estimated;

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use crate::format;
use crate::input::ReportInput;

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let pictures = ["availability_distribution", "incident_timeline", "topology"];
    let pictures = pictures.into_iter().filter_map(|name| source.picture(name));
    let parts = pictures.chain(entities(source.input).map(Part::Grid)).collect();
    Section::of("figures", "Distribution, worst run, topology", parts)
}

fn entities(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |r: &ninefold_models::results::ReliabilityRow| {
        let unavailability = input.measure(&r.entity, "unavailability");
        let u = unavailability
            .map_or_else(|| Cell::text(""), |m| Cell::number(format::ratio(&m.estimate), m.estimate.value));
        let exact = unavailability.and_then(|m| m.exact);
        let exact = exact.map_or_else(|| Cell::text(""), |x| Cell::number(format::significant(x, 3), x));
        let span = |e: &Estimated| Cell::number(format::duration_with_error(e), e.value);
        vec![
            Cell::text(r.entity.as_str()),
            u,
            exact,
            Cell::number(format::rate_with_error(&r.failures_per_year), r.failures_per_year.value),
            span(&r.mtbf_h),
            span(&r.mut_h),
            span(&r.mttr_h),
            Cell::number(format::grouped(r.failures_seen), r.failures_seen as f64),
        ]
    };
    let heads = [
        "entity",
        "unavailability",
        "exact",
        "failures a year",
        "MTBF",
        "mean up time",
        "mean down time",
        "failures seen",
    ];
    let rows = input.results.reliability.iter().map(row).collect();
    Grid::of("Every journey and component", Some("reliability_metrics"), &heads, rows)
}
