//! Flags of `ninefold merge`.

use std::path::PathBuf;

use clap::Args;

use super::run::{TableFormat, Undecided};

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  ninefold merge part-* --out out/shop                the bytes of the single run")]
pub(crate) struct MergeArgs {
    /// The shards, in any order
    #[arg(value_name = "PART", required = true)]
    pub(crate) parts: Vec<PathBuf>,
    /// Write the run folder here
    #[arg(long, value_name = "DIR", required = true)]
    pub(crate) out: PathBuf,
    /// Format of the tables
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    #[arg(help = "Format of the tables: parquet, csv, ipc")]
    pub(crate) format: TableFormat,
    /// Write no figures and no report.html
    #[arg(long)]
    pub(crate) no_report: bool,
    /// Replace a run folder that is there
    #[arg(long)]
    pub(crate) force: bool,
    /// Print summary.json instead of the answer
    #[arg(long)]
    pub(crate) json: bool,
    /// `ok`: an undecided verdict does not fail the run
    #[arg(long, value_enum, value_name = "ok", hide_possible_values = true)]
    pub(crate) undecided: Option<Undecided>,
}
