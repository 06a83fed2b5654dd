//! Table `runs`: what was run.

use std::borrow::Cow;

use ninefold_models::results::Stopped;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct Runs;

/// The one row of `runs`.
#[derive(Clone, Debug)]
pub(crate) struct RunRow {
    scenario: String,
    seed: u64,
    replications: u64,
    parameter_draws: u64,
    confidence: f64,
    measured_h: f64,
    horizon_h: f64,
    warmup_h: f64,
}

/// The word for a reason to stop, in tables, manifest and documents.
pub(crate) const fn stopped_name(stopped: Stopped) -> &'static str {
    match stopped {
        Stopped::Fixed => "fixed",
        Stopped::Precision => "precision",
        Stopped::Decision => "decision",
        Stopped::Budget => "budget",
        Stopped::Time => "time",
        Stopped::Interrupted => "interrupted",
    }
}

impl TableSource for Runs {
    type Row = RunRow;
    const NAME: &'static str = "runs";
    const GRAIN: &'static str = "run";
    const MEANING: &'static str = "What was run. Why it stopped and the digests are in `manifest.json`, so that the tables of a \
         run that stopped by itself and of one with the same number of replications given are equal.";

    fn columns() -> Vec<Column<RunRow>> {
        vec![
            Column::text("scenario", "Name of the scenario.", |r| r.scenario.clone()),
            Column::text("engine_version", "Version of the engine.", |_| env!("CARGO_PKG_VERSION").to_owned()),
            Column::count("seed", "1", "Seed of every random stream.", |r| Some(r.seed)),
            Column::count("replications", "1", "Replications the numbers rest on.", |r| Some(r.replications)),
            Column::count(
                "parameter_draws",
                "1",
                "Draws of the uncertain inputs that the replications are dealt over; 0 where inputs are taken as known.",
                |r| Some(r.parameter_draws),
            ),
            Column::float("confidence", "1", "Confidence of every interval.", |r| Some(r.confidence)),
            Column::float("measured_h", "h", "Measured time of a replication, after the warm-up.", |r| {
                Some(r.measured_h)
            }),
            Column::float("horizon_h", "h", "Length of a replication.", |r| Some(r.horizon_h)),
            Column::float("warmup_h", "h", "Time before measuring begins.", |r| Some(r.warmup_h)),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [RunRow]> {
        let outcome = &input.results.outcome;
        Cow::Owned(vec![RunRow {
            scenario: input.about.scenario.clone(),
            seed: outcome.seed,
            replications: outcome.replications,
            parameter_draws: u64::from(outcome.parameter_draws),
            confidence: outcome.confidence,
            measured_h: outcome.measured_h,
            horizon_h: input.spec.time.horizon.get(),
            warmup_h: input.spec.time.warmup.get(),
        }])
    }
}
