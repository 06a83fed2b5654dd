//! Table `forecast_methods`: how every method did in the backtest. It belongs to `ninefold forecast`.

use super::schema::{Column, ColumnSchema, Definition, Table};
use crate::forecast::{ForecastShown, Method};

const NAME: &str = "forecast_methods";

/// A method and its rank.
struct Row<'a>(usize, &'a Method);

fn columns<'a>() -> Vec<Column<Row<'a>>> {
    vec![
        Column::text("method", "Its name.", |r| r.1.name.clone()),
        Column::count("rank", "1", "By mean absolute error, from 1; rank 1 was chosen.", |r| Some(r.0 as u64 + 1)),
        Column::count("origins", "1", "Moments of the past that it forecast from.", |r| Some(r.1.origins as u64)),
        Column::float("mae", "value", "Mean absolute error over origins and steps.", |r| Some(r.1.mae)),
        Column::float("mase", "1", "That ÷ the mean absolute change over a season of the history.", |r| r.1.mase),
        Column::float("interval_score", "value", "Mean interval score; of each origin by the errors before it.", |r| {
            r.1.interval_score
        }),
        Column::float("coverage", "1", "Share of values in these intervals.", |r| r.1.coverage),
    ]
}

fn schema() -> Vec<ColumnSchema> {
    columns().iter().map(Column::schema).collect()
}

/// What the reference page says of it.
pub(super) const fn definition() -> Definition {
    let meaning = "How every method of forecasting did in the backtest; written by `ninefold forecast --out`.";
    Definition::streamed((NAME, "method", meaning), schema)
}

/// The table of a forecast.
pub(crate) fn table(shown: &ForecastShown) -> Table {
    let rows: Vec<Row<'_>> = shown.methods.iter().enumerate().map(|(rank, method)| Row(rank, method)).collect();
    Table { name: NAME, columns: columns().iter().map(|column| column.series(&rows)).collect() }
}
