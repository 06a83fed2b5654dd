//! Table `availability_distribution`: how likely more than so much downtime is.

use std::borrow::Cow;

use ninefold_models::results::ExceedanceRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct AvailabilityDistribution;

impl TableSource for AvailabilityDistribution {
    type Row = ExceedanceRow;
    const NAME: &'static str = "availability_distribution";
    const GRAIN: &'static str = "entity × downtime";
    const MEANING: &'static str =
        "Probability that the downtime of the measured time exceeds a value, over replications.";

    fn columns() -> Vec<Column<ExceedanceRow>> {
        let mut columns = vec![
            Column::text("entity", "The entity.", |r: &ExceedanceRow| r.entity.clone()),
            Column::float("downtime_min", "min", "Downtime in the measured time.", |r| Some(r.downtime_min)),
        ];
        columns.extend(estimated(
            &names!("p_exceed", "1"),
            "Probability that a replication's downtime is above it.",
            |r: &ExceedanceRow| Some(&r.p_exceed),
        ));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [ExceedanceRow]> {
        Cow::Borrowed(&input.results.exceedance)
    }
}
