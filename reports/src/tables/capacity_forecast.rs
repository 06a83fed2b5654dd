//! Table `capacity_forecast`: demand over the steps ahead. It belongs to `ninefold forecast`.

use super::schema::{Column, ColumnSchema, Definition, Table};
use crate::forecast::{ForecastShown, StepAhead};

const NAME: &str = "capacity_forecast";

/// A step.
struct Row<'a> {
    shown: &'a ForecastShown,
    place: usize,
    step: &'a StepAhead,
}

impl Row<'_> {
    fn order_by(&self) -> String {
        let order = self.shown.order.as_ref();
        let order = order.filter(|order| order.needed.as_ref().is_some_and(|(needed, _)| *needed == self.place));
        order.and_then(|order| order.order_by.as_ref()).map(|(at, _)| at.clone()).unwrap_or_default()
    }
}

fn columns<'a>() -> Vec<Column<Row<'a>>> {
    let unit = "value";
    vec![
        Column::text("entity", "The column that is forecast.", |r| r.shown.column.clone()),
        Column::count("step", "1", "Number of the step ahead, from 1.", |r| Some(r.place as u64 + 1)),
        Column::text("date", "Its instant: RFC 3339 in UTC, or a date where it is midnight.", |r| r.step.at.clone()),
        Column::float("forecast", unit, "The forecast, in the unit of the column.", |r| Some(r.step.point)),
        Column::float("lo", unit, "Lower end of the conformal interval.", |r| r.step.band.map(|band| band.0)),
        Column::float("hi", unit, "Upper end of the conformal interval.", |r| r.step.band.map(|band| band.1)),
        Column::float("demand_p10", unit, "10 % quantile of paths at this step.", |r| Some(r.step.quantiles[0])),
        Column::float("demand_p50", unit, "Median of paths at this step.", |r| Some(r.step.quantiles[1])),
        Column::float("demand_p90", unit, "90 % quantile of paths at this step.", |r| Some(r.step.quantiles[2])),
        Column::float("p_exhausted", "1", "Probability that demand has been above the capacity by this step.", |r| {
            r.step.exhausted.map(|exhausted| exhausted[0])
        }),
        Column::float("p_exhausted_lo", "1", "Lower end of its 95 % interval over the paths drawn.", |r| {
            r.step.exhausted.map(|exhausted| exhausted[1])
        }),
        Column::float("p_exhausted_hi", "1", "Upper end of its 95 % interval over the paths drawn.", |r| {
            r.step.exhausted.map(|exhausted| exhausted[2])
        }),
        Column::text(
            "order_by",
            "At the step from which on more has to serve: the last instant to order it. Empty elsewhere.",
            Row::order_by,
        ),
        Column::float("actual", unit, "What was seen, where the end was held out.", |r| r.step.actual),
    ]
}

fn schema() -> Vec<ColumnSchema> {
    columns().iter().map(Column::schema).collect()
}

/// What the reference page says of it.
pub(super) const fn definition() -> Definition {
    let meaning =
        "Demand by date with its intervals, and when a capacity is exhausted; written by `ninefold forecast --out`.";
    Definition::streamed((NAME, "step", meaning), schema)
}

/// The table of a forecast.
pub(crate) fn table(shown: &ForecastShown) -> Table {
    let rows: Vec<Row<'_>> = shown.ahead.iter().enumerate().map(|(place, step)| Row { shown, place, step }).collect();
    Table { name: NAME, columns: columns().iter().map(|column| column.series(&rows)).collect() }
}
