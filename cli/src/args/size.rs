//! Flags of `ninefold size`.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  ninefold size calls.yaml                            every promise of `size_for`
  ninefold size calls.yaml --set journeys.calls.demand=12/min
  ninefold size calls.yaml --json | jq '.sizes[].replicas'

Promises are `wait: {within, share}`, `blocking` and `up: {need, probability}`. Exit code 3: one has no formula.")]
pub(crate) struct SizeArgs {
    /// The scenario; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Print one object with a row for each promise
    #[arg(long)]
    pub(crate) json: bool,
    /// Patch the scenario: path.to.key=value (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
}
