//! Table `forecast_pit`: in which tenth of their distributions the values lay. It belongs to `ninefold forecast`.

use super::schema::{Column, ColumnSchema, Definition, Table};
use crate::forecast::ForecastShown;

const NAME: &str = "forecast_pit";

/// A tenth: its place, the values in it, and all values.
struct Row(usize, f64, u64);

fn columns() -> Vec<Column<Row>> {
    vec![
        Column::float("from", "1", "Lower end of the tenth, a probability.", |r| Some(r.0 as f64 / 10.0)),
        Column::float("to", "1", "Upper end of the tenth.", |r| Some((r.0 + 1) as f64 / 10.0)),
        Column::float("values", "1", "Values in it; one that lies across tenths counts in parts.", |r| Some(r.1)),
        Column::float("share", "1", "That as a share of all; 0.1 is right.", |r| Some(r.1 / r.2 as f64)),
    ]
}

fn schema() -> Vec<ColumnSchema> {
    columns().iter().map(Column::schema).collect()
}

/// What the reference page says of it.
pub(super) const fn definition() -> Definition {
    let meaning = "Where values of the past lay in the distributions forecast of them (probability integral transform), over \
                   all steps; written by `ninefold forecast --out`.";
    Definition::streamed((NAME, "tenth", meaning), schema)
}

/// The table of a forecast.
pub(crate) fn table(shown: &ForecastShown) -> Table {
    let all = shown.scores.first();
    let bins = all.into_iter().flat_map(|scored| scored.pit_bins.iter().map(|mass| (*mass, scored.count)));
    let rows: Vec<Row> = bins.enumerate().map(|(bin, (mass, count))| Row(bin, mass, count)).collect();
    Table { name: NAME, columns: columns().iter().map(|column| column.series(&rows)).collect() }
}
