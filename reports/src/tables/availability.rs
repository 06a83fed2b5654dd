//! Table `availability`: both readings of availability, over the horizon and by window.

use std::borrow::Cow;

use ninefold_models::results::AvailabilityRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct Availability;

impl TableSource for Availability {
    type Row = AvailabilityRow;
    const NAME: &'static str = "availability";
    const GRAIN: &'static str = "entity × definition × maintenance × window";
    const MEANING: &'static str =
        "Time-based and success-weighted availability, over the horizon and in every reporting window.";

    fn columns() -> Vec<Column<AvailabilityRow>> {
        let mut columns = vec![
            Column::text("entity", "The entity.", |r: &AvailabilityRow| r.entity.clone()),
            Column::text("definition", "`good_minutes` (time-based) or `success_ratio` (event-based).", |r| {
                r.definition.to_owned()
            }),
            Column::text("maintenance", "`include`: planned maintenance counts.", |r| r.maintenance.to_owned()),
            Column::text("window_kind", "`horizon`, `calendar_month`, ….", |r| r.window_kind.clone()),
            Column::text("window", "The window's label.", |r| r.window.clone()),
            Column::float(
                "good_min",
                "min",
                "Good minutes (time-based) or minutes weighted by the share of demand served in full quality; mean of the replications.",
                |r| Some(r.good_min),
            ),
            Column::float("total_min", "min", "Minutes in the window.", |r| Some(r.total_min)),
        ];
        columns.extend(estimated(
            &names!("unavailability", "1"),
            "Share of the time not up.",
            |r: &AvailabilityRow| Some(&r.unavailability),
        ));
        columns.extend(estimated(
            &names!("unserved_ratio", "1"),
            "Share of demand not served in full quality.",
            |r: &AvailabilityRow| Some(&r.unserved_ratio),
        ));
        columns.extend([
            Column::float("performability", "1", "Mean of served × quality over time.", |r: &AvailabilityRow| {
                Some(r.performability)
            }),
            Column::float("downtime_min", "min", "Mean minutes down in the window.", |r| Some(r.downtime_min)),
            Column::float("degraded_min", "min", "Mean minutes up but not in full service.", |r| Some(r.degraded_min)),
            Column::float(
                "nines",
                "1",
                "−log10 of the unavailability of the row's definition; infinite if nothing was seen.",
                |r| Some(r.nines),
            ),
        ]);
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [AvailabilityRow]> {
        Cow::Borrowed(&input.results.availability)
    }
}
