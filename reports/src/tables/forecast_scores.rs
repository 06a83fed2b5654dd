//! Table `forecast_scores`: how forecasts of the past scored as distributions. It belongs to `ninefold forecast`.

use super::schema::{Column, ColumnSchema, Definition, Table};
use crate::forecast::{ForecastShown, Scored};

const NAME: &str = "forecast_scores";

/// Scores of a period of steps.
struct Row<'a>(&'a ForecastShown, &'a Scored);

impl Row<'_> {
    fn period(&self) -> String {
        let (first, last) = self.1.steps;
        if first == 1 && last == self.0.ahead.len() { "all".to_owned() } else { format!("{first}-{last}") }
    }
}

fn columns<'a>() -> Vec<Column<Row<'a>>> {
    vec![
        Column::text("measure", "The column that is forecast.", |r| r.0.column.clone()),
        Column::text("period", "Steps ahead: `all`, or the first and the last of a period.", Row::period),
        Column::count("first_step", "1", "First step ahead, from 1.", |r| Some(r.1.steps.0 as u64)),
        Column::count("last_step", "1", "Last step ahead.", |r| Some(r.1.steps.1 as u64)),
        Column::count("n", "1", "Values that were forecast, over the origins with at least 4 before them.", |r| {
            Some(r.1.count)
        }),
        Column::float("crps", "value", "Mean continuous ranked probability score, in the unit of the column.", |r| {
            Some(r.1.crps)
        }),
        Column::float("skill", "1", "1 - crps / that of the seasonal naive forecast; above 0 it is better.", |r| {
            r.1.skill
        }),
        Column::float("pit", "1", "Mean place of the values in their distributions; 0.5 is right.", |r| Some(r.1.pit)),
        Column::float("in_80", "1", "Share of values in 80 % intervals.", |r| Some(r.1.inside)),
        Column::float("brier", "1", "Mean squared error of the probability that a step is above the capacity.", |r| {
            r.1.brier
        }),
    ]
}

fn schema() -> Vec<ColumnSchema> {
    columns().iter().map(Column::schema).collect()
}

/// What the reference page says of it.
pub(super) const fn definition() -> Definition {
    let meaning = "How forecasts of the past scored as distributions, each made from what was known then; written by \
                   `ninefold forecast --out`.";
    Definition::streamed((NAME, "measure × period", meaning), schema)
}

/// The table of a forecast.
pub(crate) fn table(shown: &ForecastShown) -> Table {
    let rows: Vec<Row<'_>> = shown.scores.iter().map(|scored| Row(shown, scored)).collect();
    Table { name: NAME, columns: columns().iter().map(|column| column.series(&rows)).collect() }
}
