//! Table `metastability`: load against the size of a trigger.

use std::borrow::Cow;

use ninefold_models::results::MetastabilityRow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct Metastability;

impl TableSource for Metastability {
    type Row = MetastabilityRow;
    const NAME: &'static str = "metastability";
    const GRAIN: &'static str = "measure × cure × load × trigger";
    const MEANING: &'static str = "Whether a call that retries comes back after a trigger, as it is written and with each cure alone: the fluid \
                                   dynamics, with all units up, at the point values of the inputs.";

    fn columns() -> Vec<Column<MetastabilityRow>> {
        vec![
            Column::text("measure", "The measure of the scenario.", |r| r.measure.clone()),
            Column::text("cure", "What is changed, or `as written`.", |r| r.cure.clone()),
            Column::float("demand", "1/s", "First attempts.", |r| Some(r.demand)),
            Column::float("load", "1", "Demand ÷ what the servers complete while all are busy.", |r| Some(r.load)),
            Column::text(
                "trigger",
                "`outage`: nothing is served; `spike`: the demand is so many times as large.",
                |r| r.trigger.to_owned(),
            ),
            Column::float("trigger_length", "s", "How long the trigger lasts.", |r| Some(r.trigger_s)),
            Column::text(
                "region",
                "`stable`: it comes back from every trigger; `vulnerable`: from this one, not from larger ones; `metastable`: it \
                 stays down after the trigger has gone; `overloaded`: it is down without any.",
                |r| r.region.to_owned(),
            ),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [MetastabilityRow]> {
        Cow::Borrowed(&input.results.metastability)
    }
}
