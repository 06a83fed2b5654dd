//! Table `load_tests`: throughput and latency by offered load.

use std::borrow::Cow;

use ninefold_models::results::LoadTestRow;

use super::estimated::{estimated, names};
use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct LoadTests;

impl TableSource for LoadTests {
    type Row = LoadTestRow;
    const NAME: &'static str = "load_tests";
    const GRAIN: &'static str = "load test × step";
    const MEANING: &'static str = "What becomes of throughput and latency while the demand of a journey rises. A request \
         belongs to the step in which it comes, and one that was not answered by the end counts by its age.";

    fn columns() -> Vec<Column<LoadTestRow>> {
        let mut columns = vec![
            Column::text("experiment", "The load test.", |r: &LoadTestRow| r.experiment.clone()),
            Column::text("journey", "The journey.", |r: &LoadTestRow| r.journey.clone()),
            Column::count("step", "1", "Number of the step, from 0.", |r: &LoadTestRow| Some(r.step)),
            Column::float("from", "h", "When it begins, since the start.", |r: &LoadTestRow| Some(r.from_h)),
            Column::float("length", "s", "How long it lasts.", |r: &LoadTestRow| Some(r.seconds)),
            Column::float("offered", "1/s", "Requests that are to come.", |r: &LoadTestRow| Some(r.offered)),
            Column::flag(
                "knee",
                "Whether throughput ÷ median time is greatest in it (the knee; Kleinrock, 1979).",
                |r: &LoadTestRow| r.is_knee,
            ),
        ];
        columns
            .extend(estimated(&names!("arrivals", "1/s"), "Requests that came.", |r: &LoadTestRow| Some(&r.arrivals)));
        columns.extend(estimated(&names!("throughput", "1/s"), "Answers given in it.", |r: &LoadTestRow| {
            Some(&r.throughput)
        }));
        columns.extend(estimated(
            &names!("answered", "1"),
            "Share of those that came in it that were answered.",
            |r: &LoadTestRow| r.answered.as_ref(),
        ));
        columns.extend(estimated(
            &names!("in_time", "1"),
            "Share of those that came in it that were answered within the target's time; null without one.",
            |r: &LoadTestRow| r.in_time.as_ref(),
        ));
        columns.extend(estimated(&names!("p50", "s"), "Median time to an answer.", |r: &LoadTestRow| r.p50.as_ref()));
        columns.extend(estimated(&names!("p95", "s"), "Time in which 95 % are answered.", |r: &LoadTestRow| {
            r.p95.as_ref()
        }));
        columns.extend(estimated(&names!("p99", "s"), "Time in which 99 % are answered.", |r: &LoadTestRow| {
            r.p99.as_ref()
        }));
        columns
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [LoadTestRow]> {
        Cow::Borrowed(&input.results.load_tests)
    }
}
