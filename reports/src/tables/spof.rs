//! Table `spof`: minimal cut sets of up to three members, single points of failure first among them.

use std::borrow::Cow;

use ninefold_models::results::CutSetRow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct Spof;

impl TableSource for Spof {
    type Row = CutSetRow;
    const NAME: &'static str = "spof";
    const GRAIN: &'static str = "minimal cut set × entity";
    const MEANING: &'static str = "Minimal cut sets of up to three members, by expected downtime; those of order 1 are \
        single points of failure. Probabilities are of the long run, null where a member is not independent of the rest.";

    fn columns() -> Vec<Column<CutSetRow>> {
        vec![
            Column::text("entity", "The journey's entity; the component's where there is no journey.", |r| {
                r.entity.clone()
            }),
            Column::count("order", "1", "Members.", |r| Some(r.order)),
            Column::text(
                "members",
                "All down at once take the entity down; joined by ` + `. `components.NAME` is its only unit.",
                |r| r.members.join(" + "),
            ),
            Column::float("unavailability", "1", "P(all members are down).", |r| r.unavailability),
            Column::float("minutes_per_year", "min/year", "The same in minutes; what the rows are ordered by.", |r| {
                r.minutes_per_year
            }),
            Column::float("failures_per_year", "1/year", "How often the last member goes down.", |r| {
                r.failures_per_year
            }),
            Column::float("p_per_year", "1", "P(it happens within a year) = 1 − exp(−`failures_per_year`).", |r| {
                r.p_per_year
            }),
            Column::float(
                "fussell_vesely",
                "1",
                "P(all members are down) ÷ exact unavailability of the entity.",
                |r| r.fussell_vesely,
            ),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [CutSetRow]> {
        Cow::Borrowed(&input.results.cut_sets)
    }
}
