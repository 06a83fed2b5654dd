//! Table `autoscale_events`: decisions of autoscalers, of a run or of a replay.

use std::borrow::Cow;

use ninefold_models::results::DecisionRow;
use ninefold_models::scaling::MILLIONTHS;

use super::schema::{Column, Table, TableSource};
use crate::input::ReportInput;
use crate::replay::ScalingReplay;

pub(crate) struct AutoscaleEvents;

impl TableSource for AutoscaleEvents {
    type Row = DecisionRow;
    const NAME: &'static str = "autoscale_events";
    const GRAIN: &'static str = "decision";
    const MEANING: &'static str = "Decisions of autoscalers: of a replay all, of a run those that are others than the one before, in the worst \
                                   replication and then in the first ones, at most 20,000.";

    fn columns() -> Vec<Column<DecisionRow>> {
        vec![
            Column::count("rep", "1", "Replication, from 0; 0 in a replay.", |r| Some(r.rep)),
            Column::text("component", "The component that is scaled.", |r| r.component.clone()),
            Column::count("look", "1", "Number within the replication, from 0.", |r| Some(r.look)),
            Column::float("at", "s", "When, from the start.", |r| Some(r.at_s)),
            Column::float("demand", "1/s", "Load then; null where only metrics were shown.", |r| r.demand),
            Column::count("ready", "1", "Replicas that served before the decision; null as `demand`.", |r| {
                r.serving.map(u64::from)
            }),
            Column::count("from", "1", "Replicas before it.", |r| Some(u64::from(r.decision.from))),
            Column::count("to", "1", "Replicas that were decided on.", |r| Some(u64::from(r.decision.to))),
            Column::float(
                "metric",
                "target",
                "What was measured, in the unit of its target; utilisation in percent.",
                |r| r.decision.metric,
            ),
            Column::count("advice", "1", "Replicas that the metric alone asks for.", |r| {
                Some(u64::from(r.decision.raw))
            }),
            Column::count("stabilised", "1", "The same after the stabilisation windows.", |r| {
                Some(u64::from(r.decision.stabilised))
            }),
            Column::text("reason", "Why, in a few words.", |r| r.decision.reason().to_owned()),
            Column::text("blocked_by", "What kept it from the advice; empty if nothing did.", |r| {
                r.decision.limit.name().to_owned()
            }),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [DecisionRow]> {
        Cow::Borrowed(&input.results.decisions)
    }
}

/// The table of a replay.
pub(crate) fn table(replay: &ScalingReplay<'_>) -> Table {
    let row = |(look, one): (u64, &ninefold_models::scaling::closed_loop::Look)| DecisionRow {
        rep: 0,
        component: format!("components.{}", replay.component),
        look,
        at_s: one.at.get() as f64 / 1e9,
        demand: one.served.map(|served| served.demand as f64 / MILLIONTHS as f64),
        serving: one.served.map(|served| served.ready),
        decision: one.decision,
    };
    let rows: Vec<DecisionRow> = (0..).zip(&replay.replay.looks).map(row).collect();
    let columns = AutoscaleEvents::columns().iter().map(|column| column.series(&rows)).collect();
    Table { name: AutoscaleEvents::NAME, columns }
}
