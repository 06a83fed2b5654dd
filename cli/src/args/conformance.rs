//! Flags of `ninefold conformance`.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  ninefold conformance                                the suite in scenarios/validation/
  ninefold conformance cases/ r01_one_unit.json
  ninefold conformance cases/ --keep written          and the scenarios that are written from the cases
  ninefold conformance cases/ --json | jq .counts

Exit codes:
  0    no known value was missed; what is not supported is counted
  1    a known value was missed
  2    the command line or a case file is refused
  3    with --strict: none was missed, and something is not supported")]
pub(crate) struct ConformanceArgs {
    /// Case files, and folders of them; default: scenarios/validation
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write the scenario of every case here
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
    /// Replace scenarios that are there
    #[arg(long, requires = "keep")]
    pub(crate) force: bool,
    /// What is not supported fails too, with exit code 3
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print one object instead of the table
    #[arg(long)]
    pub(crate) json: bool,
}
