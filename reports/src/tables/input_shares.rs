//! Table `input_shares`: whose share the uncertainty of an answer is.

use std::borrow::Cow;

use ninefold_models::results::InputShareRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct InputShares;

impl TableSource for InputShares {
    type Row = InputShareRow;
    const NAME: &'static str = "input_shares";
    const GRAIN: &'static str = "measure × input";
    const MEANING: &'static str = "The share of a measure's variance by inputs and chance that each uncertain input owns, by linear regression; \
         empty without parameter draws, or with too few for the number of inputs.";

    fn columns() -> Vec<Column<InputShareRow>> {
        let mut columns = vec![
            Column::text("entity", "The entity.", |r: &InputShareRow| r.entity.clone()),
            Column::text("measure", "Name of the measure.", |r| r.measure.to_owned()),
            Column::text(
                "input",
                "Path of the input; `chance`: what more replications would remove; `rest`: curvature and interactions.",
                |r| r.input.clone(),
            ),
        ];
        columns.extend(estimated(
            &names!("share", "1"),
            "Share of the variance by inputs and chance.",
            |r: &InputShareRow| Some(&r.share),
        ));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [InputShareRow]> {
        Cow::Borrowed(&input.results.input_shares)
    }
}
