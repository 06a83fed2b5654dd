//! Table `metastability_loads`: where retries come to rest at each load, and what it takes to tip it.

use std::borrow::Cow;

use ninefold_models::results::LoadStateRow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct MetastabilityLoads;

impl TableSource for MetastabilityLoads {
    type Row = LoadStateRow;
    const NAME: &'static str = "metastability_loads";
    const GRAIN: &'static str = "measure × cure × load";
    const MEANING: &'static str = "For each load of a map of metastability: what it is before any trigger, the shortest trigger that tips it, and \
                                   the fixed points of attempts of an M/M/c queue, where they have a formula.";

    fn columns() -> Vec<Column<LoadStateRow>> {
        vec![
            Column::text("measure", "The measure of the scenario.", |r| r.measure.clone()),
            Column::text("from", "Who calls.", |r| r.call.0.clone()),
            Column::text("to", "Who is called.", |r| r.call.1.clone()),
            Column::text("cure", "What is changed, or `as written`.", |r| r.cure.clone()),
            Column::float("demand", "1/s", "First attempts.", |r| Some(r.demand)),
            Column::float("load", "1", "Demand ÷ what the servers complete while all are busy.", |r| Some(r.load)),
            Column::flag("written", "It is the one nearest to the demand of the scenario.", |r| r.is_written),
            Column::text("region", "`stable`, `vulnerable` or `overloaded`, before any trigger.", |r| {
                r.region.to_owned()
            }),
            Column::float(
                "tips_after",
                "s",
                "The shortest trigger after which it stays down; null if none of the map does that.",
                |r| r.tips_after_s,
            ),
            Column::float(
                "operating",
                "1/s",
                "All attempts at the operating point; null if there is none, or no formula.",
                |r| r.operating,
            ),
            Column::float("tipping", "1/s", "All attempts above which they run away; null as before.", |r| r.tipping),
            Column::float("collapsed", "1/s", "All attempts while a collapse sustains itself; null as before.", |r| {
                r.collapsed
            }),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [LoadStateRow]> {
        Cow::Borrowed(&input.results.metastability_loads)
    }
}
