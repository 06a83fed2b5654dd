//! Table `failover_readiness`: whether plans work, by the time since their last test.

use std::borrow::Cow;

use ninefold_models::results::ReadinessRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct FailoverReadiness;

impl TableSource for FailoverReadiness {
    type Row = ReadinessRow;
    const NAME: &'static str = "failover_readiness";
    const GRAIN: &'static str = "tested plan × time since its last test";
    const MEANING: &'static str =
        "How often the failovers that were called for met a defect, by the time since the last test of their plan.";

    fn columns() -> Vec<Column<ReadinessRow>> {
        let mut columns = vec![
            Column::text("plan", "The plan.", |r: &ReadinessRow| r.plan.clone()),
            Column::float("from_h", "h", "From so long after the last test.", |r| Some(r.from_h)),
            Column::float("to_h", "h", "Until so long after it; in the last row what is older as well.", |r| {
                Some(r.to_h)
            }),
            Column::count("demands", "1", "Failovers that were called for and decided then.", |r| Some(r.demands)),
            Column::count("defects", "1", "Those of them that met a defect.", |r| Some(r.defects)),
        ];
        columns.extend(estimated(
            &names!("defect", "1"),
            "Their share; empty where there were none.",
            |r: &ReadinessRow| r.defect.as_ref(),
        ));
        columns.push(Column::float(
            "latent_ratio",
            "1",
            "Probability that a defect is there, in closed form: in the long run, where failovers are rare.",
            |r| Some(r.latent),
        ));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [ReadinessRow]> {
        Cow::Borrowed(&input.results.failover_readiness)
    }
}
