//! Table `failover_teams`: whom failovers wait for.

use std::borrow::Cow;

use ninefold_models::results::FailoverTeamRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct FailoverTeams;

impl TableSource for FailoverTeams {
    type Row = FailoverTeamRow;
    const NAME: &'static str = "failover_teams";
    const GRAIN: &'static str = "plan × team";
    const MEANING: &'static str = "What each team has to do with the failovers that were called for: its part of the critical path, its work, and how long and how often others waited for it.";

    fn columns() -> Vec<Column<FailoverTeamRow>> {
        let mut columns = vec![
            Column::text("plan", "The plan.", |r: &FailoverTeamRow| r.plan.clone()),
            Column::text("team", "The team; empty for the plan itself.", |r| r.team.clone()),
            Column::count("attempts", "1", "Failovers that were called for, and over.", |r| Some(r.attempts)),
            Column::count("moved", "1", "Those of them that the plan moved.", |r| Some(r.moved)),
        ];
        columns.extend(estimated(
            &names!("critical_min", "min"),
            "Of one that the plan moved, the time in which its step or decision was what everything waited for, waiting included.",
            |r: &FailoverTeamRow| r.critical.as_ref(),
        ));
        columns.extend(estimated(&names!("worked_min", "min"), "Work in an attempt.", |r: &FailoverTeamRow| {
            r.worked.as_ref()
        }));
        columns.extend(estimated(
            &names!("waited_min", "min"),
            "Time in an attempt in which a step or decision waited for one of the team; of several at once the sum.",
            |r: &FailoverTeamRow| r.waited.as_ref(),
        ));
        columns.push(Column::count("calls", "1", "How often one of the team was called for.", |r| Some(r.calls)));
        columns.extend(estimated(
            &names!("contended", "1"),
            "Share of those calls that found everybody at something else.",
            |r: &FailoverTeamRow| r.contended.as_ref(),
        ));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [FailoverTeamRow]> {
        Cow::Borrowed(&input.results.failover_teams)
    }
}
