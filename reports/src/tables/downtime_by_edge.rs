//! Table `downtime_by_edge`: through which edges of the dependency graph downtime came.

use std::borrow::Cow;

use ninefold_models::results::EdgeDowntimeRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct DowntimeByEdge;

impl TableSource for DowntimeByEdge {
    type Row = EdgeDowntimeRow;
    const NAME: &'static str = "downtime_by_edge";
    const GRAIN: &'static str = "edge × journey";
    const MEANING: &'static str = "Downtime of each journey by the hard edges it came through; what ends at the edges of \
        a journey adds up to 1. From the first `run.attribution` replications.";

    fn columns() -> Vec<Column<EdgeDowntimeRow>> {
        let mut columns = vec![
            Column::text("journey", "The journey's entity.", |r: &EdgeDowntimeRow| r.journey.clone()),
            Column::text("from", "Who needs: a component, or the journey itself.", |r| r.from.clone()),
            Column::text("to", "Who is needed; or `capacity or errors`.", |r| r.to.clone()),
        ];
        columns.extend(estimated(
            &names!("minutes_through", "min/year"),
            "Downtime that came through the edge.",
            |r: &EdgeDowntimeRow| Some(&r.minutes_through),
        ));
        columns.push(Column::float(
            "share_through",
            "1",
            "Its share of the journey's downtime; along a chain it counts at every edge.",
            |r| Some(r.share_through),
        ));
        columns.extend(estimated(
            &names!("minutes_ending", "min/year"),
            "Downtime that came through the edge and no further.",
            |r: &EdgeDowntimeRow| Some(&r.minutes_ending),
        ));
        columns
            .push(Column::float("share_ending", "1", "Its share of the journey's downtime.", |r| Some(r.share_ending)));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [EdgeDowntimeRow]> {
        Cow::Borrowed(&input.results.edge_downtime)
    }
}
