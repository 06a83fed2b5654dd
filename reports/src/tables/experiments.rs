//! Table `experiments`: those that were due in the replications that are kept.

use std::borrow::Cow;

use ninefold_models::results::ExperimentRow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct Experiments;

impl TableSource for Experiments {
    type Row = ExperimentRow;
    const NAME: &'static str = "experiments";
    const GRAIN: &'static str = "experiment × replication";
    const MEANING: &'static str = "The experiments that were due in the first replications and in the worst one.";

    fn columns() -> Vec<Column<ExperimentRow>> {
        vec![
            Column::count("rep", "1", "Replication, from 0.", |r| Some(r.rep)),
            Column::count("seq", "1", "Number within the replication, from 0, by when it was due.", |r| Some(r.seq)),
            Column::text("experiment", "The experiment.", |r| r.experiment.clone()),
            Column::text("target", "What is targeted: `components.NAME` or `domains.NAME`.", |r| r.target.clone()),
            Column::float("began_s", "s", "When it was due; since the start.", |r| Some(r.began_s)),
            Column::float(
                "took_s",
                "s",
                "Until all that it had brought about was over; empty if it was not begun, or not over at the end.",
                |r| r.took_s,
            ),
            Column::flag("held", "Its hypothesis was judged, and held.", |r| r.held == Some(true)),
            Column::flag("aborted", "It was given up.", |r| r.aborted),
            Column::float("blast_ratio", "1", "Units struck ÷ units of the target.", |r| Some(r.blast_ratio)),
            Column::float(
                "users_hurt",
                "1",
                "Requests of all journeys not served while it was under way; empty if no journey has a demand.",
                |r| r.users_hurt,
            ),
            Column::text(
                "finding",
                "`held`, `refuted`, `aborted`, `not_begun`, `done` (there was no hypothesis) or `censored`.",
                |r| r.finding.to_owned(),
            ),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [ExperimentRow]> {
        Cow::Borrowed(&input.results.experiments)
    }
}
