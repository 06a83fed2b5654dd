//! Table `inputs_provenance`: every number that entered, and where it comes from.

use std::borrow::Cow;

use ninefold_models::about::Provenance;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct InputsProvenance;

impl TableSource for InputsProvenance {
    type Row = Provenance;
    const NAME: &'static str = "inputs_provenance";
    const GRAIN: &'static str = "input path";
    const MEANING: &'static str = "Every number that entered, with the source it was given.";

    fn columns() -> Vec<Column<Provenance>> {
        vec![
            Column::text("path", "Path in the scenario.", |r| r.path.clone()),
            Column::text("value", "The value as written.", |r| r.value.clone()),
            Column::text("unit", "Unit of the value, or empty.", |r| r.unit.clone()),
            Column::text("source", "The nearest `source:` above it, or the file and line.", |r| r.source.clone()),
            Column::text("record", "The record it was fitted from, or empty.", |r| r.record.clone()),
            Column::text("fit_id", "The fit's identity, or empty.", |r| r.fit_id.clone()),
            Column::text(
                "uncertainty",
                "Kind of uncertainty: `beta`, `pert`, `bootstrap` of the fit; `none` is a point value.",
                |r| r.uncertainty.clone(),
            ),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [Provenance]> {
        Cow::Borrowed(&input.about.provenance)
    }
}
