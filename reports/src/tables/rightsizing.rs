//! Table `rightsizing`: the cheapest instances that carry what was used. It belongs to `ninefold rightsize`.

use super::schema::{Column, ColumnSchema, Definition, Table};
use crate::rightsizing::{Rightsized, Row};

const NAME: &str = "rightsizing";

fn columns<'a>() -> Vec<Column<Row<'a>>> {
    vec![
        Column::text("component", "The component.", |r| r.component.to_owned()),
        Column::text("current", "Type of its instances at its last record; empty if it is not known.", |r| {
            r.type_of(r.advice.current.as_ref())
        }),
        Column::count("current_count", "1", "How many there are.", |r| {
            r.advice.current.as_ref().map(|now| u64::from(now.count))
        }),
        Column::text("advised", "The advised type; empty where no type can carry it.", |r| r.type_of(r.advised())),
        Column::count("advised_count", "1", "How many are advised.", |r| r.advised().map(|best| u64::from(best.count))),
        Column::float(
            "saving_usd_year",
            "currency/year",
            "What that saves, in the money of the catalogue.",
            Row::saving,
        ),
        Column::float("p_slo_miss_before", "1", "Share of the records that use more than there is.", |r| {
            r.advice.current.as_ref().map(|now| now.exceeded)
        }),
        Column::float("p_slo_miss_after", "1", "The same of what is advised.", |r| {
            r.advised().map(|best| best.exceeded)
        }),
        Column::float("p_slo_miss_after_lost", "1", "The same with as many instances lost as may be.", |r| {
            r.advised().map(|best| best.exceeded_lost)
        }),
        Column::float("step_ratio", "1", "Share of the advised capacity that one instance is.", |r| {
            r.advised().map(|best| best.step)
        }),
        Column::float("cpu_target", "cores", "p90 of the aged records, with the margin.", |r| {
            Some(r.advice.cpu.target)
        }),
        Column::float("cpu_carried", "cores", "What is carried with instances lost.", |r| Some(r.advice.cpu.carried)),
    ]
}

fn schema() -> Vec<ColumnSchema> {
    columns().iter().map(Column::schema).collect()
}

/// What the reference page says of it.
pub(super) const fn definition() -> Definition {
    let meaning =
        "The cheapest instances of a catalogue that carry what was used; written by `ninefold rightsize --out`.";
    Definition::streamed((NAME, "component", meaning), schema)
}

/// The table of an advice.
pub(crate) fn table(shown: &Rightsized) -> Table {
    let rows: Vec<Row<'_>> = shown.rows().collect();
    Table { name: NAME, columns: columns().iter().map(|column| column.series(&rows)).collect() }
}
