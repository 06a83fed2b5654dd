//! Table `options_compare`: a comparison, one row an option, entity and measure. It belongs to `ninefold compare`.

use ninefold_models::compare::{ComparedRow, Comparison};
use ninefold_models::results::Estimated;

use super::schema::{Column, ColumnSchema, Definition, Table};

/// File name without extension.
pub(crate) const NAME: &str = "options_compare";

/// One option's side of a compared row.
struct Row<'a> {
    option: &'a str,
    of: &'a ComparedRow,
    is_b: bool,
}

impl Row<'_> {
    const fn mean(&self) -> &Estimated {
        if self.is_b { &self.of.b } else { &self.of.a }
    }

    fn delta(&self, number: fn(&Estimated) -> f64) -> Option<f64> {
        self.is_b.then(|| number(&self.of.delta))
    }

    fn share(&self, share: Option<&Estimated>, number: fn(&Estimated) -> f64) -> Option<f64> {
        share.filter(|_| self.is_b).map(number)
    }
}

fn columns<'a>() -> Vec<Column<Row<'a>>> {
    vec![
        Column::text("option", "The scenario, with the patches that make it: A, then B.", |r| r.option.to_owned()),
        Column::text("entity", "The entity; both have it.", |r| r.of.entity.clone()),
        Column::text("measure", "The measure; of all of them less is better.", |r| r.of.measure.to_owned()),
        Column::text("measure_unit", "Its unit, and that of the columns up to `delta_hi`.", |r| r.of.unit.to_owned()),
        Column::float("quantile", "1", "The quantile, where it is one of a distribution.", |r| r.of.quantile),
        Column::float("mean", "measure_unit", "Estimate; the mean, or the quantile.", |r| Some(r.mean().value)),
        Column::float("mean_se", "measure_unit", "Its standard error.", |r| Some(r.mean().standard_error)),
        Column::float("mean_lo", "measure_unit", "Lower end of its interval.", |r| Some(r.mean().lo)),
        Column::float("mean_hi", "measure_unit", "Upper end of its interval.", |r| Some(r.mean().hi)),
        Column::float("delta", "measure_unit", "B − A, paired by replication; null for A.", |r| r.delta(|e| e.value)),
        Column::float("delta_se", "measure_unit", "Its standard error.", |r| r.delta(|e| e.standard_error)),
        Column::float("delta_lo", "measure_unit", "Lower end of its interval.", |r| r.delta(|e| e.lo)),
        Column::float("delta_hi", "measure_unit", "Upper end of its interval.", |r| r.delta(|e| e.hi)),
        Column::float("p_better", "1", "Confidence that the estimate is smaller than A's; null for A.", |r| {
            r.is_b.then_some(r.of.p_b_better)
        }),
        Column::float(
            "less",
            "1",
            "Share of replications with less than A; null where it is not one a replication.",
            |r| r.share(r.of.b_less.as_ref(), |e| e.value),
        ),
        Column::float("less_lo", "1", "Lower end of its interval.", |r| r.share(r.of.b_less.as_ref(), |e| e.lo)),
        Column::float("less_hi", "1", "Upper end of its interval.", |r| r.share(r.of.b_less.as_ref(), |e| e.hi)),
        Column::float("more", "1", "Share of replications with more than A; the rest are alike.", |r| {
            r.share(r.of.b_more.as_ref(), |e| e.value)
        }),
    ]
}

fn schema() -> Vec<ColumnSchema> {
    columns().iter().map(Column::schema).collect()
}

/// What the reference page says of it.
pub(super) const fn definition() -> Definition {
    let meaning =
        "Two scenarios under the same random numbers, and their differences; written by `ninefold compare --out`.";
    Definition::streamed((NAME, "option × entity × measure", meaning), schema)
}

/// The table of a comparison between two named options.
pub(crate) fn table(comparison: &Comparison, [a, b]: [&str; 2]) -> Table {
    let sides = |of| [Row { option: a, of, is_b: false }, Row { option: b, of, is_b: true }];
    let rows: Vec<Row<'_>> = comparison.rows.iter().flat_map(sides).collect();
    Table { name: NAME, columns: columns().iter().map(|column| column.series(&rows)).collect() }
}
