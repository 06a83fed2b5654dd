//! Flags of `ninefold run`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ninefold_reports::tables::Format;

use crate::plan::PlanArgs;
use crate::shard::{ShardOf, shard_of};

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  ninefold run shop.yaml                              the answer on one screen
  ninefold run shop.yaml --out out/shop               and tables, figures and report.html
  ninefold run shop.yaml --until-rel-error 0.02       until it is known to ± 2 %
  ninefold run shop.yaml --set components.db.replicas=3
  ninefold run shop.yaml --option third-node          as this option of the scenario says
  ninefold run shop.yaml --json | jq '.requirements[].verdict'
  ninefold run - < shop.yaml
  ninefold run --resume out/shop                      go on with a run that was interrupted or killed
  ninefold run shop.yaml --replications 100000 --shard 3/16 --out part-3")]
pub(crate) struct RunArgs {
    /// The scenario; `-` reads standard input
    #[arg(value_name = "FILE", required_unless_present = "resume")]
    pub(crate) file: Option<PathBuf>,
    /// Write the run folder here
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Go on with the unfinished run for this folder, as it was begun
    #[arg(long, value_name = "DIR", conflicts_with_all = FIXED_WHEN_BEGUN)]
    pub(crate) resume: Option<PathBuf>,
    /// Format of the tables
    #[arg(long, value_enum, default_value_t, requires = "out", hide_possible_values = true)]
    #[arg(help = "Format of the tables: parquet, csv, ipc")]
    pub(crate) format: TableFormat,
    /// Write no figures and no report.html
    #[arg(long, requires = "out")]
    pub(crate) no_report: bool,
    /// Replace a run folder that is there
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
    /// Print summary.json instead of the answer
    #[arg(long)]
    pub(crate) json: bool,
    /// Run this option of the scenario
    #[arg(long, value_name = "NAME")]
    pub(crate) option: Option<String>,
    /// Patch the scenario: path.to.key=value (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// `ok`: an undecided verdict does not fail the run
    #[arg(long, value_enum, value_name = "ok", hide_possible_values = true)]
    pub(crate) undecided: Option<Undecided>,
    /// Write tables/replications.parquet as well: each single replication
    #[arg(long, requires = "out")]
    pub(crate) per_replication: bool,
    /// Count only part I of N of the replications, into --out, for `ninefold merge`
    #[arg(long, value_name = "I/N", requires = "out", value_parser = shard_of)]
    #[arg(conflicts_with_all = ["json", "undecided", "format", "no_report"])]
    pub(crate) shard: Option<ShardOf>,
    /// Number of the first shard: 0 or 1
    #[arg(long, value_name = "BASE", requires = "shard", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u64).range(0..=1))]
    pub(crate) shard_base: u64,
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Undecided {
    Ok,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    #[default]
    Parquet,
    Csv,
    Ipc,
}

impl From<TableFormat> for Format {
    fn from(format: TableFormat) -> Self {
        match format {
            TableFormat::Parquet => Self::Parquet,
            TableFormat::Csv => Self::Csv,
            TableFormat::Ipc => Self::Ipc,
        }
    }
}

/// What a run keeps from its beginning to its end, so that it cannot be said again when it is gone on with.
const FIXED_WHEN_BEGUN: [&str; 18] = [
    "file",
    "option",
    "out",
    "format",
    "no_report",
    "force",
    "set",
    "per_replication",
    "shard",
    "shard_base",
    "seed",
    "replications",
    "until_rel_error",
    "until_abs_error",
    "until_decided",
    "antithetic",
    "control",
    "stratified",
];
