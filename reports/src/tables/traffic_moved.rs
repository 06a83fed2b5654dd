//! Table `traffic_moved`: how soon the clients of a place that is lost are served again.

use std::borrow::Cow;

use ninefold_models::results::TrafficMovedRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct TrafficMoved;

impl TableSource for TrafficMoved {
    type Row = TrafficMovedRow;
    const NAME: &'static str = "traffic_moved";
    const GRAIN: &'static str = "router × origin × time";
    const MEANING: &'static str = "Share of a lost place's clients who are served again, or have moved, within a time, over all losses of places.";

    fn columns() -> Vec<Column<TrafficMovedRow>> {
        let mut columns = vec![
            Column::text("entity", "The router.", |r: &TrafficMovedRow| r.entity.clone()),
            Column::text(
                "since",
                "What the time counts from: `fault`, the place's going down under its clients, until they are served again, by another place or by theirs; `switch`, the router's taking the place out, until they are sent elsewhere.",
                |r| r.since.to_owned(),
            ),
            Column::float("at_s", "s", "Time since then.", |r| Some(r.at_s)),
        ];
        columns.extend(estimated(
            &names!("moved", "1"),
            "Share of those clients for whom it was over by then; losses that were not over at the end of a replication are left out.",
            |r: &TrafficMovedRow| Some(&r.moved),
        ));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [TrafficMovedRow]> {
        Cow::Borrowed(&input.results.traffic_moved)
    }
}
