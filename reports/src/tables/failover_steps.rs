//! Table `failover_steps`: what was done in each attempt of a failover plan.

use std::borrow::Cow;

use ninefold_models::results::FailoverStepRow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct FailoverSteps;

impl TableSource for FailoverSteps {
    type Row = FailoverStepRow;
    const NAME: &'static str = "failover_steps";
    const GRAIN: &'static str = "step of an attempt";
    const MEANING: &'static str = "The steps of the attempts in `failovers`; a step that was begun anew is there anew.";

    fn columns() -> Vec<Column<FailoverStepRow>> {
        vec![
            Column::count("rep", "1", "Replication, from 0.", |r| Some(r.rep)),
            Column::count("failover", "1", "`seq` of the attempt in `failovers`.", |r| Some(r.failover)),
            Column::count("seq", "1", "Number within the attempt, from 0, by when it was ready.", |r| Some(r.seq)),
            Column::text("step", "The step.", |r| r.step.clone()),
            Column::text("team", "The team that does it; empty where the plan does it itself.", |r| r.team.clone()),
            Column::float("ready_s", "s", "It is handed over; since the start.", |r| Some(r.ready_s)),
            Column::float(
                "wait_s",
                "s",
                "Until its first try: handing it over, waiting for a crew and for its control plane.",
                |r| r.wait_s,
            ),
            Column::float(
                "team_wait_s",
                "s",
                "Of that, from its team being called for until one came; empty where nobody is called for, or none came.",
                |r| r.team_wait_s,
            ),
            Column::float("work_s", "s", "From its first try to its end, pauses included.", |r| r.work_s),
            Column::count("tries", "1", "Tries.", |r| Some(r.tries)),
            Column::flag("ok", "It worked.", |r| r.result == "done"),
            Column::text("result", "`done`, `failed`, `given_up` or `censored`.", |r| r.result.to_owned()),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [FailoverStepRow]> {
        Cow::Borrowed(&input.results.failover_steps)
    }
}
