//! Table `capacity_buffers`: what places that take over traffic shed, by what they have in reserve.

use std::borrow::Cow;

use ninefold_models::results::BufferRow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct CapacityBuffers;

impl TableSource for CapacityBuffers {
    type Row = BufferRow;
    const NAME: &'static str = "capacity_buffers";
    const GRAIN: &'static str = "place x reserve";
    const MEANING: &'static str = "For each place that a router sends clients to: how often a failover to it overloads it, what it then sheds, \
                                   and what the reserve costs.";

    fn columns() -> Vec<Column<BufferRow>> {
        vec![
            Column::text("place", "The place.", |r| r.place.clone()),
            Column::float("buffer", "1", "The reserve, as a share of the place's own peak.", |r| Some(r.buffer)),
            Column::float(
                "needed",
                "1",
                "The share that is needed when the largest other place is lost at the peak.",
                |r| Some(r.needed),
            ),
            Column::flag("written", "It is the one that the scenario says.", |r| r.written),
            Column::flag("knee", "More begins to buy less here.", |r| r.knee),
            Column::count("failovers", "1", "Failovers that the place took over in, over all replications.", |r| {
                Some(r.failovers)
            }),
            Column::float("overload", "1", "Share of them that send it more than it serves; null without any.", |r| {
                r.overload.map(|overload| overload.value)
            }),
            Column::float("overload_se", "1", "Its standard error.", |r| {
                r.overload.map(|overload| overload.standard_error)
            }),
            Column::float("shed", "1/year", "Requests a year that it cannot serve.", |r| Some(r.shed.value)),
            Column::float("shed_se", "1/year", "Its standard error.", |r| Some(r.shed.standard_error)),
            Column::float("cost", "currency/year", "Cost of the reserve; null where units have no price.", |r| r.cost),
            Column::float(
                "break_even",
                "currency",
                "What a request must be worth for this reserve to pay beside the one before.",
                |r| r.break_even,
            ),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [BufferRow]> {
        Cow::Borrowed(&input.results.buffers)
    }
}
