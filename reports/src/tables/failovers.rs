//! Table `failovers`: attempts of failover plans in the replications that are kept.

use std::borrow::Cow;

use ninefold_models::results::FailoverRow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct Failovers;

impl TableSource for Failovers {
    type Row = FailoverRow;
    const NAME: &'static str = "failovers";
    const GRAIN: &'static str = "attempt";
    const MEANING: &'static str = "The attempts of failover plans in the first replications and in the worst one.";

    fn columns() -> Vec<Column<FailoverRow>> {
        vec![
            Column::count("rep", "1", "Replication, from 0.", |r| Some(r.rep)),
            Column::count("seq", "1", "Number within the replication, from 0, by when it began.", |r| Some(r.seq)),
            Column::text("plan", "The plan.", |r| r.plan.clone()),
            Column::text("component", "Whose place it moves: a component, or its part in a domain.", |r| {
                r.component.clone()
            }),
            Column::text("reason", "`true`, `false`, `flap`, `test` or `failback`.", |r| r.reason.to_owned()),
            Column::flag("true_positive", "The unit in the place was lost.", |r| r.true_positive),
            Column::float("started_s", "s", "The loss, the alarm, the test or the failback; since the start.", |r| {
                Some(r.started_s)
            }),
            Column::float("decide_s", "s", "Until the place was about to be moved.", |r| r.decide_s),
            Column::float("total_s", "s", "Until a unit was in the place for good.", |r| r.total_s),
            Column::float(
                "traffic_moved_p50_s",
                "s",
                "Until half of the clients whose place the plan drains had been sent elsewhere; empty where it drains none, or fewer were.",
                |r| r.traffic_moved_p50_s,
            ),
            Column::float("traffic_moved_p95_s", "s", "The same of 95 % of them.", |r| r.traffic_moved_p95_s),
            Column::float(
                "lost_writes_s",
                "s",
                "Writes lost at its takeovers, of several components the most; empty where nothing replicated was taken over.",
                |r| r.lost_writes_s,
            ),
            Column::flag("overridden", "A person took over.", |r| r.overridden),
            Column::count("wrong_decisions", "1", "Wrong decisions of a person.", |r| Some(r.wrong_decisions)),
            Column::flag("defect", "A defect that had come since the last test kept the plan from working.", |r| {
                r.defect
            }),
            Column::text(
                "result",
                "`moved`, `by_hand`, `by_repair`, `recovered`, `dismissed`, `rolled_back` or `censored`.",
                |r| r.result.to_owned(),
            ),
            Column::text("from", "The unit that had the place.", |r| r.from.clone()),
            Column::text("to", "The unit that has it afterwards; empty if censored.", |r| r.to.clone()),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [FailoverRow]> {
        Cow::Borrowed(&input.results.failovers)
    }
}
