//! Table `recovery_order`: what comes back when after everything was down.

use std::borrow::Cow;

use ninefold_models::results::RecoveryRow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct RecoveryOrder;

impl TableSource for RecoveryOrder {
    type Row = RecoveryRow;
    const NAME: &'static str = "recovery_order";
    const GRAIN: &'static str = "domain, component or journey";
    const MEANING: &'static str = "The order in which things are up again after everything was down at once, each \
        starting once what it cannot start without is up.";

    fn columns() -> Vec<Column<RecoveryRow>> {
        vec![
            Column::text("entity", "`domains.NAME`, `components.NAME` or `journeys.NAME`.", |r| r.entity.clone()),
            Column::count("step", "1", "Length of the longest chain that has to be up for it, itself included.", |r| {
                Some(r.step)
            }),
            Column::text(
                "waits_for",
                "What it waits for itself; of a journey, the components of its path and all they need hard.",
                |r| r.waits_for.join(" + "),
            ),
            Column::float(
                "takes_min",
                "min",
                "Mean repair of one unit over its modes, each as often as it occurs; null if never repaired.",
                |r| r.takes_min,
            ),
            Column::float("starts_min", "min", "It has what it needs, since everything was down.", |r| r.starts_min),
            Column::float("up_min", "min", "It is up, since everything was down.", |r| r.up_min),
            Column::text(
                "critical_path",
                "The chain that decides `up_min`, first to last, joined by ` > `; the last 50 of a longer one.",
                |r| r.critical_path.join(" > "),
            ),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [RecoveryRow]> {
        Cow::Borrowed(&input.results.recovery)
    }
}
