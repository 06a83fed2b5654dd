//! Table `queues`: what is known of queues of requests.

use std::borrow::Cow;

use ninefold_models::results::QueueRow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct Queues;

impl TableSource for Queues {
    type Row = QueueRow;
    const NAME: &'static str = "queues";
    const GRAIN: &'static str = "entity × measure (× point in time)";
    const MEANING: &'static str = "Waits, losses and loads of queues of requests, by formula at the point values of the inputs. Requests are not simulated \
         one by one: the simulation takes demand as a flow, so there is no estimate beside them.";

    fn columns() -> Vec<Column<QueueRow>> {
        vec![
            Column::text(
                "entity",
                "`components.NAME`, `components.NAME/JOURNEY` for the requests of one journey there, `journeys.NAME` or `system`.",
                |r: &QueueRow| r.entity.clone(),
            ),
            Column::text("measure", "Name of the measure.", |r| r.measure.to_owned()),
            Column::text("unit", "Unit of the value.", |r| r.unit.to_owned()),
            Column::float("at_h", "h", "For point measures: time since the start.", |r| r.at_h),
            Column::float("exact", "see `unit`", "The value; null where no formula has one.", |r| r.value),
            Column::text(
                "exact_method",
                "The formula; one that only approximates says so. Empty without a value.",
                |r| r.method.to_owned(),
            ),
            Column::text("why", "Why there is no value, or empty.", |r| r.why.clone()),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [QueueRow]> {
        Cow::Borrowed(&input.results.queues)
    }
}
