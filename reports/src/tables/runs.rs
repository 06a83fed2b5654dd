//! Table `runs`: what was run, and how it ended.

use std::borrow::Cow;

use ninefold_models::results::Stopped;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct Runs;

/// The one row of `runs`.
#[derive(Clone, Debug)]
pub(crate) struct RunRow {
    scenario: String,
    digest: String,
    seed: u64,
    replications: u64,
    stopped: &'static str,
    steering: String,
    asked: Option<f64>,
    reached: Option<f64>,
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
        Stopped::Budget => "budget",
        Stopped::Time => "time",
        Stopped::Interrupted => "interrupted",
    }
}

impl TableSource for Runs {
    type Row = RunRow;
    const NAME: &'static str = "runs";
    const GRAIN: &'static str = "run";
    const MEANING: &'static str = "What was run and how it ended; no wall-clock time.";

    fn columns() -> Vec<Column<RunRow>> {
        vec![
            Column::text("scenario", "Name of the scenario.", |r| r.scenario.clone()),
            Column::text("scenario_digest", "BLAKE3 of the effective scenario, hex.", |r| r.digest.clone()),
            Column::text("engine_version", "Version of the engine.", |_| env!("CARGO_PKG_VERSION").to_owned()),
            Column::count("seed", "1", "Seed of every random stream.", |r| Some(r.seed)),
            Column::count("replications", "1", "Replications the numbers rest on.", |r| Some(r.replications)),
            Column::text("stopped", "Why it stopped: `fixed`, `precision`, `budget`, `time`, `interrupted`.", |r| {
                r.stopped.to_owned()
            }),
            Column::text("steering", "The measure that steered stopping, or empty.", |r| r.steering.clone()),
            Column::float("asked_half_width", "1", "Relative half-width asked for; null for a fixed run.", |r| r.asked),
            Column::float("reached_half_width", "1", "Relative half-width the steering measure reached.", |r| {
                r.reached
            }),
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
            digest: input.scenario_digest(),
            seed: outcome.seed,
            replications: outcome.replications,
            stopped: stopped_name(outcome.stopped),
            steering: outcome.steering.clone().unwrap_or_default(),
            asked: outcome.asked_half_width,
            reached: outcome.reached_half_width,
            confidence: outcome.confidence,
            measured_h: outcome.measured_h,
            horizon_h: input.spec.time.horizon.get(),
            warmup_h: input.spec.time.warmup.get(),
        }])
    }
}
