//! Table `autoscale_events`: every decision of an autoscaler. It belongs to `ninefold replay`.

use ninefold_models::scaling::MILLIONTHS;
use ninefold_models::scaling::closed_loop::{Look, Replay};

use super::schema::{Column, ColumnSchema, Definition, Table};

/// File name without extension.
pub(crate) const NAME: &str = "autoscale_events";

/// One look.
struct Row<'a> {
    place: usize,
    look: &'a Look,
}

fn columns<'a>() -> Vec<Column<Row<'a>>> {
    vec![
        Column::count("look", "1", "Number of the look, from 0.", |r| Some(r.place as u64)),
        Column::float("at", "s", "When, from the start of the replay.", |r| Some(r.look.at.get() as f64 / 1e9)),
        Column::float("demand", "1/s", "Demand at the look; null where only metrics were shown.", |r| {
            r.look.served.map(|served| served.demand as f64 / MILLIONTHS as f64)
        }),
        Column::count("ready", "1", "Replicas that were ready before the look; null as `demand`.", |r| {
            r.look.served.map(|served| u64::from(served.ready))
        }),
        Column::count("from", "1", "Replicas before the look.", |r| Some(u64::from(r.look.decision.from))),
        Column::count("to", "1", "Replicas that were decided on.", |r| Some(u64::from(r.look.decision.to))),
        Column::float(
            "metric",
            "target",
            "What was measured, in the unit of its target; utilisation in percent.",
            |r| r.look.decision.metric,
        ),
        Column::count("advice", "1", "Replicas that the metric alone asks for.", |r| {
            Some(u64::from(r.look.decision.raw))
        }),
        Column::count("stabilised", "1", "The same after the stabilisation windows.", |r| {
            Some(u64::from(r.look.decision.stabilised))
        }),
        Column::text("reason", "Why, in a few words.", |r| r.look.decision.reason().to_owned()),
        Column::text("blocked_by", "What kept it from the advice; empty if nothing did.", |r| {
            r.look.decision.limit.name().to_owned()
        }),
    ]
}

fn schema() -> Vec<ColumnSchema> {
    columns().iter().map(Column::schema).collect()
}

/// What the reference page says of it.
pub(super) const fn definition() -> Definition {
    let meaning = "Every decision of an autoscaler in a replay; written by `ninefold replay --out`.";
    Definition::streamed((NAME, "look", meaning), schema)
}

/// The table of a replay.
pub(crate) fn table(replay: &Replay) -> Table {
    let rows: Vec<Row<'_>> = replay.looks.iter().enumerate().map(|(place, look)| Row { place, look }).collect();
    Table { name: NAME, columns: columns().iter().map(|column| column.series(&rows)).collect() }
}
