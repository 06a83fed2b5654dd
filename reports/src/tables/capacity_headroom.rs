//! Table `capacity_headroom`: what components with a capacity have left, by date.

use std::borrow::Cow;

use ninefold_models::results::HeadroomRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct CapacityHeadroom;

impl TableSource for CapacityHeadroom {
    type Row = HeadroomRow;
    const NAME: &'static str = "capacity_headroom";
    const GRAIN: &'static str = "component × part of the measured time";
    const MEANING: &'static str = "Load, what is available and what is left of every component with a capacity, or of its state in a place, with or without \
         a demand; quantiles over the replications whose incidents are kept, in the parts of time of `capacity_timeseries`; \
         at most 40,000 rows.";

    fn columns() -> Vec<Column<HeadroomRow>> {
        let mut columns = vec![
            Column::text("component", "The component, or its state in a place.", |r: &HeadroomRow| r.entity.clone()),
            Column::float("at_h", "h", "Hours since the start: the beginning of the part.", |r| Some(r.at_h)),
            Column::float("span_h", "h", "Its length.", |r| Some(r.span_h)),
            Column::count("replications", "1", "Replications that this is over.", |r| Some(r.replications)),
            Column::float("demand_p10", "1/s", "Mean demand in the part: its 10 % quantile.", |r| Some(r.demand[0])),
            Column::float("demand_p50", "1/s", "Its median.", |r| Some(r.demand[1])),
            Column::float("demand_p90", "1/s", "Its 90 % quantile.", |r| Some(r.demand[2])),
            Column::float("available_p10", "1/s", "Mean of what units that serve carry: its 10 % quantile.", |r| {
                Some(r.capacity[0])
            }),
            Column::float("available_p50", "1/s", "Its median.", |r| Some(r.capacity[1])),
            Column::float("available_p90", "1/s", "Its 90 % quantile.", |r| Some(r.capacity[2])),
            Column::float(
                "headroom_p10",
                "1/s",
                "The least that is left in the part, below 0 short: its 10 % quantile.",
                |r| Some(r.headroom[0]),
            ),
            Column::float("headroom_p50", "1/s", "Its median.", |r| Some(r.headroom[1])),
            Column::float("headroom_p90", "1/s", "Its 90 % quantile.", |r| Some(r.headroom[2])),
            Column::count(
                "units_needed",
                "1",
                "Units that carry the 90 % quantile of the part's largest demand.",
                |r| Some(r.units_needed),
            ),
        ];
        columns.extend(estimated(
            &names!("p_short", "1"),
            "Probability of less than the demand at some time in the part.",
            |r: &HeadroomRow| Some(&r.short),
        ));
        columns.extend(estimated(
            &names!("p_exhausted", "1"),
            "Probability of less than the demand at some time by the end of the part.",
            |r: &HeadroomRow| Some(&r.exhausted),
        ));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [HeadroomRow]> {
        Cow::Borrowed(&input.results.headroom)
    }
}
