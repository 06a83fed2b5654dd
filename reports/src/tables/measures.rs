//! Table `measures`: the rows of `summary.json`.

use std::borrow::Cow;

use ninefold_models::results::{Engine, Measured};

use super::estimated::{Names, estimated};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct Measures;

impl TableSource for Measures {
    type Row = Measured;
    const NAME: &'static str = "measures";
    const GRAIN: &'static str = "entity × measure (× point in time or quantile)";
    const MEANING: &'static str = "Every measure of every entity, simulated beside exact: the rows of `summary.json`.";

    fn columns() -> Vec<Column<Measured>> {
        let names = Names { value: "value", standard_error: "standard_error", lo: "lo", hi: "hi", unit: "see `unit`" };
        let mut columns = vec![
            Column::text(
                "entity",
                "`journeys.NAME`, `components.NAME`, `components.NAME@DOMAIN`, `components.NAME/read`, `agreements.NAME` or `system`.",
                |r: &Measured| r.entity.clone(),
            ),
            Column::text("measure", "Name of the measure.", |r| r.measure.to_owned()),
            Column::text("unit", "Unit of value, error, interval and exact value.", |r| r.unit.to_string()),
            Column::float("at_h", "h", "For point measures: time since the start.", |r| r.at_h),
            Column::float("quantile", "1", "For distributions: the quantile.", |r| r.quantile),
        ];
        columns.extend(estimated(&names, "The estimate.", |r: &Measured| Some(&r.estimate)));
        columns.extend([
            Column::float(
                "inputs_sd",
                "see `unit`",
                "Standard deviation by inputs and chance; null without parameter draws, or where a draw has no finite value.",
                |r: &Measured| r.inputs.map(|with| with.standard_deviation),
            ),
            Column::float(
                "inputs_lo",
                "see `unit`",
                "Lower end of the interval by inputs and chance.",
                |r: &Measured| r.inputs.map(|with| with.lo),
            ),
            Column::float(
                "inputs_hi",
                "see `unit`",
                "Upper end of the interval by inputs and chance.",
                |r: &Measured| r.inputs.map(|with| with.hi),
            ),
            Column::float("confidence", "1", "Confidence of the intervals.", |r: &Measured| Some(r.confidence)),
            Column::text("engine", "`simulation` or `exact`.", |r| engine_name(r.engine).to_owned()),
            Column::float(
                "exact",
                "see `unit`",
                "The exact steady-state value (its mean over the parameter draws, where there are any); null where no exact engine has one.",
                |r| r.exact,
            ),
            Column::text("exact_method", "The exact method, or empty.", |r| r.exact_method.unwrap_or("").to_owned()),
            Column::count(
                "seen",
                "1",
                "Events (or non-zero replications) the estimate rests on; 0: `hi` is a bound.",
                |r| Some(r.seen),
            ),
        ]);
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [Measured]> {
        Cow::Borrowed(&input.results.measures)
    }
}

/// The word for an engine in tables and `summary.json`.
pub(crate) const fn engine_name(engine: Engine) -> &'static str {
    match engine {
        Engine::Simulation => "simulation",
        Engine::Exact => "exact",
    }
}
