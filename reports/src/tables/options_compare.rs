//! Table `options_compare`: a comparison, one row an option, entity and measure. It belongs to `ninefold compare`.

use ninefold_models::compare::{ComparedRow, Comparison, Decision, Weighed};
use ninefold_models::results::Estimated;

use super::schema::{Column, ColumnSchema, Definition, Table};

/// File name without extension.
pub(crate) const NAME: &str = "options_compare";

/// One option's side of a compared row.
struct Row<'a> {
    option: &'a str,
    of: &'a ComparedRow,
    is_b: bool,
    weighed: Option<&'a Weighed>,
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

    fn cost(&self, number: fn(ninefold_models::compare::Cost) -> f64) -> Option<f64> {
        self.weighed?.offer.cost.map(number)
    }
}

fn columns<'a>() -> Vec<Column<Row<'a>>> {
    vec![
        Column::text(
            "option",
            "The option, the baseline first; of two scenarios each with the patches that make it: A, then B.",
            |r| r.option.to_owned(),
        ),
        Column::text("entity", "The entity; the baseline (A) has it too.", |r| r.of.entity.clone()),
        Column::text("measure", "The measure; of all of them less is better.", |r| r.of.measure.to_owned()),
        Column::text("measure_unit", "Its unit, and that of the columns up to `delta_hi`.", |r| r.of.unit.to_string()),
        Column::float("quantile", "1", "The quantile, where it is one of a distribution.", |r| r.of.quantile),
        Column::float("mean", "measure_unit", "Estimate; the mean, or the quantile.", |r| Some(r.mean().value)),
        Column::float("mean_se", "measure_unit", "Its standard error.", |r| Some(r.mean().standard_error)),
        Column::float("mean_lo", "measure_unit", "Lower end of its interval.", |r| Some(r.mean().lo)),
        Column::float("mean_hi", "measure_unit", "Upper end of its interval.", |r| Some(r.mean().hi)),
        Column::float(
            "delta",
            "measure_unit",
            "Option − baseline (B − A), paired by replication; null for the baseline.",
            |r| r.delta(|e| e.value),
        ),
        Column::float("delta_se", "measure_unit", "Its standard error.", |r| r.delta(|e| e.standard_error)),
        Column::float("delta_lo", "measure_unit", "Lower end of its interval.", |r| r.delta(|e| e.lo)),
        Column::float("delta_hi", "measure_unit", "Upper end of its interval.", |r| r.delta(|e| e.hi)),
        Column::float("p_better", "1", "Confidence that it is smaller than the baseline's; null for that.", |r| {
            r.is_b.then_some(r.of.p_b_better)
        }),
        Column::float(
            "less",
            "1",
            "Share of replications with less than the baseline; null where it is not one a replication.",
            |r| r.share(r.of.b_less.as_ref(), |e| e.value),
        ),
        Column::float("less_lo", "1", "Lower end of its interval.", |r| r.share(r.of.b_less.as_ref(), |e| e.lo)),
        Column::float("less_hi", "1", "Upper end of its interval.", |r| r.share(r.of.b_less.as_ref(), |e| e.hi)),
        Column::float("more", "1", "Share of replications with more than it; the rest are alike.", |r| {
            r.share(r.of.b_more.as_ref(), |e| e.value)
        }),
        Column::float("cost_per_year", "currency/year", "Cost beyond the baseline; null where it is not known.", |r| {
            r.cost(|cost| cost.per_year)
        }),
        Column::float("cost_once", "currency", "What is paid once beyond the baseline.", |r| r.cost(|cost| cost.once)),
        Column::flag(
            "on_pareto",
            "Of the options with a known cost none costs no more and has no more downtime of the entity that is decided about.",
            |r| r.weighed.is_some_and(|weighed| weighed.on_front),
        ),
    ]
}

fn schema() -> Vec<ColumnSchema> {
    columns().iter().map(Column::schema).collect()
}

/// What the reference page says of it.
pub(super) const fn definition() -> Definition {
    let meaning = "Options or scenarios under the same random numbers, and their differences; written by `ninefold compare --out`.";
    Definition::streamed((NAME, "option × entity × measure", meaning), schema)
}

/// The table of a baseline and the options that were compared with it, by their names in order.
pub(crate) fn table(comparisons: &[Comparison], names: &[&str], decision: Option<&Decision>) -> Table {
    let weighed = |place: usize| decision.and_then(|decision| decision.options.get(place));
    let mut rows: Vec<Row<'_>> = Vec::new();
    for row in comparisons.iter().flat_map(|comparison| &comparison.rows) {
        // Every comparison has the same baseline.
        let alike = |told: &Row<'_>| {
            (&told.of.entity, told.of.measure, told.of.quantile) == (&row.entity, row.measure, row.quantile)
        };
        if !rows.iter().any(alike) {
            rows.push(Row { option: names[0], of: row, is_b: false, weighed: weighed(0) });
        }
    }
    for (place, comparison) in (1..).zip(comparisons) {
        let of = |of| Row { option: names[place], of, is_b: true, weighed: weighed(place) };
        rows.extend(comparison.rows.iter().map(of));
    }
    Table { name: NAME, columns: columns().iter().map(|column| column.series(&rows)).collect() }
}
