//! Table `capacity_timeseries`: load and capacity of scaled components over time.

use std::borrow::Cow;

use ninefold_models::results::CapacityRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct CapacityTimeseries;

impl TableSource for CapacityTimeseries {
    type Row = CapacityRow;
    const NAME: &'static str = "capacity_timeseries";
    const GRAIN: &'static str = "component × part of the measured time";
    const MEANING: &'static str = "Demand on every component that is scaled, and its capacity, averaged over parts of the measured time: a minute, 5 or 15 \
         minutes, 1 or 6 hours, a day, 7 or 28 days or 8760 hours, whichever is the shortest that leaves at most 400 of them.";

    fn columns() -> Vec<Column<CapacityRow>> {
        let mut columns = vec![
            Column::text("component", "The component.", |r: &CapacityRow| r.entity.clone()),
            Column::float("at_h", "h", "Hours since the start: the beginning of the part.", |r| Some(r.at_h)),
            Column::float("span_h", "h", "Its length.", |r| Some(r.span_h)),
        ];
        columns.extend(estimated(
            &names!("demand", "1/s"),
            "Demand on it; in the flow's unit, if the scenario has one.",
            |r: &CapacityRow| Some(&r.demand),
        ));
        columns.extend(estimated(&names!("capacity", "1/s"), "What its serving replicas carry.", |r: &CapacityRow| {
            Some(&r.capacity)
        }));
        columns.extend(estimated(&names!("unserved", "1/s"), "Demand above what they carry.", |r: &CapacityRow| {
            Some(&r.unserved)
        }));
        columns.extend(estimated(&names!("replicas", "1"), "Replicas, ready or not.", |r: &CapacityRow| {
            Some(&r.replicas)
        }));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [CapacityRow]> {
        Cow::Borrowed(&input.results.capacity)
    }
}
