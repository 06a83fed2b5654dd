//! Flags of `ninefold size`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use ninefold_models::plan::DEFAULT_DECISION_CONFIDENCE;

use crate::plan;

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  ninefold size calls.yaml                            every promise of `size_for`, by formula
  ninefold size calls.yaml --set journeys.calls.demand=12/min
  ninefold size calls.yaml --json | jq '.sizes[].replicas'
  ninefold size shop.yaml --agreement slo --vary components.web.replicas --from 2 --to 40
  ninefold size shop.yaml --agreement slo --vary teams.field.crews --from 1 --to 6 --missed-at-most 0.05

Promises are `wait: {within, share}`, `blocking` and `up: {need, probability}`. With `--agreement` it simulates, and says what
one less reaches. Exit code 1: the agreement holds with no value. 3: a promise has no formula, or a verdict is undecided.")]
pub(crate) struct SizeArgs {
    /// The scenario; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Print one object with a row for each promise, or with the answer and every value looked at
    #[arg(long)]
    pub(crate) json: bool,
    /// Patch the scenario: path.to.key=value (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// The agreement that is to hold with the least value of `--vary`
    #[arg(long, value_name = "NAME", requires = "vary", help_heading = "By an agreement")]
    pub(crate) agreement: Option<String>,
    /// What is sized: the path of a number of the scenario
    #[arg(long, value_name = "PATH", requires_all = ["agreement", "from", "to"], help_heading = "By an agreement")]
    pub(crate) vary: Option<String>,
    /// The least value to look at
    #[arg(long, value_name = "X", requires = "vary", allow_negative_numbers = true, help_heading = "By an agreement")]
    pub(crate) from: Option<f64>,
    /// The largest value to look at
    #[arg(long, value_name = "X", requires = "vary", allow_negative_numbers = true, help_heading = "By an agreement")]
    pub(crate) to: Option<f64>,
    /// Between two values
    #[arg(long, value_name = "X", requires = "vary", default_value_t = 1.0, allow_negative_numbers = true)]
    #[arg(help_heading = "By an agreement")]
    pub(crate) step: f64,
    /// 1 − the probability with which the answer may be wrong
    #[arg(long, value_name = "CONFIDENCE", requires = "vary", default_value_t = DEFAULT_DECISION_CONFIDENCE)]
    #[arg(value_parser = plan::confidence, help_heading = "By an agreement")]
    pub(crate) confidence: f64,
    /// The share of windows in which it may be missed, instead of its target in the mean
    #[arg(long, value_name = "SHARE", requires = "vary", value_parser = ninefold_scenarios::ratio)]
    #[arg(help_heading = "By an agreement")]
    pub(crate) missed_at_most: Option<f64>,
    /// Seed of all randomness, the same for every value (default: the scenario's, else 1)
    #[arg(long, value_name = "N", requires = "vary", allow_negative_numbers = true, value_parser = plan::seed)]
    #[arg(help_heading = "How to simulate")]
    pub(crate) seed: Option<u64>,
    /// Give up on a value after so many replications (default: the scenario's, else 200,000)
    #[arg(long, value_name = "N", requires = "vary", value_parser = plan::replications)]
    #[arg(help_heading = "How to simulate")]
    pub(crate) max_replications: Option<u64>,
    /// Stop after this time (30s, 5min) without an answer
    #[arg(long, value_name = "TIME", requires = "vary", value_parser = plan::wall_time)]
    #[arg(help_heading = "How to simulate")]
    pub(crate) max_time: Option<Duration>,
    /// Threads (default: one a core); the answer does not depend on it
    #[arg(long, value_name = "N", requires = "vary", value_parser = plan::threads, help_heading = "How to simulate")]
    pub(crate) threads: Option<usize>,
    /// Show no progress bar
    #[arg(long, requires = "vary", help_heading = "How to simulate")]
    pub(crate) no_progress: bool,
}
