//! Table `reliability_metrics`: how often, for how long.

use std::borrow::Cow;

use ninefold_models::results::ReliabilityRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct ReliabilityMetrics;

impl TableSource for ReliabilityMetrics {
    type Row = ReliabilityRow;
    const NAME: &'static str = "reliability_metrics";
    const GRAIN: &'static str = "entity";
    const MEANING: &'static str =
        "Failures per year, MTBF, mean up and down times, MTTF; ratio estimators with intervals.";

    fn columns() -> Vec<Column<ReliabilityRow>> {
        let mut columns = vec![
            Column::text("entity", "The entity.", |r: &ReliabilityRow| r.entity.clone()),
            Column::count("failures_seen", "1", "Up-to-down transitions over all replications.", |r| {
                Some(r.failures_seen)
            }),
        ];
        columns.extend(estimated(
            &names!("failures_per_year", "1/year"),
            "Up-to-down transitions per year of 8760 h.",
            |r: &ReliabilityRow| Some(&r.failures_per_year),
        ));
        columns.extend(estimated(
            &names!("mtbf_h", "h"),
            "Mean time between up-to-down transitions.",
            |r: &ReliabilityRow| Some(&r.mtbf_h),
        ));
        columns.extend(estimated(&names!("mut_h", "h"), "Mean up time.", |r: &ReliabilityRow| Some(&r.mut_h)));
        columns.extend(estimated(&names!("mttr_h", "h"), "Mean down time.", |r: &ReliabilityRow| Some(&r.mttr_h)));
        columns.extend(estimated(
            &names!("mttf_h", "h"),
            "Mean time to first failure from new; null unless replications run to their first failure.",
            |r: &ReliabilityRow| r.mttf_h.as_ref(),
        ));
        columns.push(Column::float("mttf_exact_h", "h", "The same by an exact engine; null where none has it.", |r| {
            r.mttf_exact_h
        }));
        columns.push(Column::float(
            "nines",
            "1",
            "−log10 of unavailability; infinite if no downtime was seen.",
            |r| Some(r.nines),
        ));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [ReliabilityRow]> {
        Cow::Borrowed(&input.results.reliability)
    }
}
