//! Table `incidents`: single outages of the replications that are kept.

use std::borrow::Cow;

use ninefold_models::results::IncidentRow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct Incidents;

impl TableSource for Incidents {
    type Row = IncidentRow;
    const NAME: &'static str = "incidents";
    const GRAIN: &'static str = "incident";
    const MEANING: &'static str = "The outages of journeys in the first replications and in the worst one.";

    fn columns() -> Vec<Column<IncidentRow>> {
        vec![
            Column::count("rep", "1", "Replication, from 0.", |r| Some(r.rep)),
            Column::count("seq", "1", "Number within the replication and journey, from 0, by time.", |r| Some(r.seq)),
            Column::text("journey", "The journey's entity.", |r| r.journey.clone()),
            Column::text("cause", "The cause with the largest part in its first instant.", |r| r.cause.clone()),
            Column::count(
                "cascade_depth",
                "1",
                "Edges of the dependency graph from the journey to the farthest component that was down by itself in its \
                 first instant, along components that were down: 1 for one on its own path, 0 where capacity or errors took \
                 it down; null where users see one side of a partition.",
                |r| r.cascade_depth,
            ),
            Column::float("fault_s", "s", "The journey went down; since the start.", |r| Some(r.fault_s)),
            Column::float("restored_s", "s", "It was up again (the horizon if censored); since the start.", |r| {
                Some(r.restored_s)
            }),
            Column::float("duration_s", "s", "From fault to restored.", |r| Some(r.restored_s - r.fault_s)),
            Column::flag("censored", "Open when measuring began or at the horizon.", |r| r.censored),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [IncidentRow]> {
        Cow::Borrowed(&input.results.incidents)
    }
}
