//! Table `forecast_parts`: the history parted into trend, seasons and remainder. It belongs to `ninefold forecast`.

use super::schema::{Column, ColumnSchema, Definition, Table};
use crate::forecast::ForecastShown;

const NAME: &str = "forecast_parts";

/// A part at a step.
struct Row<'a> {
    at: &'a str,
    step: usize,
    part: &'a str,
    value: f64,
}

fn columns<'a>() -> Vec<Column<Row<'a>>> {
    vec![
        Column::count("step", "1", "Number of the step of the history, from 1.", |r| Some(r.step as u64 + 1)),
        Column::text("date", "Its instant: RFC 3339 in UTC, or a date where it is midnight.", |r| r.at.to_owned()),
        Column::text("part", "`trend`, `season N` of N steps, or `remainder`; they add up to the value.", |r| {
            r.part.to_owned()
        }),
        Column::float("value", "value", "The part, in the unit of the column.", |r| Some(r.value)),
    ]
}

fn schema() -> Vec<ColumnSchema> {
    columns().iter().map(Column::schema).collect()
}

/// What the reference page says of it.
pub(super) const fn definition() -> Definition {
    let meaning = "The history parted by MSTL; written by `ninefold forecast --parts --out`.";
    Definition::streamed((NAME, "part × step", meaning), schema)
}

/// The table of a forecast.
pub(crate) fn table(shown: &ForecastShown) -> Table {
    let of = |(part, values): &'_ (String, Vec<f64>)| {
        let rows = values.iter().zip(&shown.history).enumerate();
        rows.map(|(step, (value, (at, _)))| (at.clone(), step, part.clone(), *value)).collect::<Vec<_>>()
    };
    let all: Vec<_> = shown.parts.iter().flat_map(of).collect();
    let rows: Vec<Row<'_>> =
        all.iter().map(|(at, step, part, value)| Row { at, step: *step, part, value: *value }).collect();
    Table { name: NAME, columns: columns().iter().map(|column| column.series(&rows)).collect() }
}
