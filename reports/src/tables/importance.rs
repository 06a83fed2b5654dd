//! Table `importance`: which component matters, from the exact engine.

use std::borrow::Cow;

use ninefold_models::results::ImportanceRow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct Importance;

impl TableSource for Importance {
    type Row = ImportanceRow;
    const NAME: &'static str = "importance";
    const GRAIN: &'static str = "component × journey";
    const MEANING: &'static str = "Importance of components and domains for each journey, exact at steady state.";

    fn columns() -> Vec<Column<ImportanceRow>> {
        vec![
            Column::text("component", "`components.NAME` or `domains.NAME`.", |r| r.component.clone()),
            Column::text("journey", "The journey's entity.", |r| r.journey.clone()),
            Column::float(
                "birnbaum",
                "1",
                "P(journey down | component down) − P(journey down | component up).",
                |r| Some(r.birnbaum),
            ),
            Column::float("criticality", "1", "Birnbaum × component unavailability ÷ journey unavailability.", |r| {
                Some(r.criticality)
            }),
            Column::float(
                "fussell_vesely",
                "1",
                "P(a minimal cut set with the component has failed) ÷ journey unavailability.",
                |r| Some(r.fussell_vesely),
            ),
            Column::float("raw", "1", "Risk achievement worth: U(component down) ÷ U.", |r| Some(r.raw)),
            Column::float("rrw", "1", "Risk reduction worth: U ÷ U(component perfect).", |r| Some(r.rrw)),
            Column::float("minutes_at_stake", "min/year", "Downtime that a perfect component would save.", |r| {
                Some(r.minutes_at_stake)
            }),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [ImportanceRow]> {
        Cow::Borrowed(&input.results.importance)
    }
}
