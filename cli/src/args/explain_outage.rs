//! Flags of `ninefold explain-outage`.

use std::path::PathBuf;

use clap::Args;

use crate::plan::PlanArgs;

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  ninefold explain-outage shop.yaml                   the longest outage of the first replication that has one
  ninefold explain-outage shop.yaml --worst           of the worst replication of the run
  ninefold explain-outage shop.yaml --replication 12 --journey checkout --incident 0
  ninefold explain-outage shop.yaml --worst --json | jq 'select(.kind == \"failed\")'

Replications and incidents are numbered as in the table `incidents` of `ninefold run` with the same flags.")]
pub(crate) struct ExplainOutageArgs {
    /// The scenario; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The replication, from 0 (default: the first that has an incident)
    #[arg(long, value_name = "I")]
    pub(crate) replication: Option<u64>,
    /// The replication with the most downtime, of the whole run
    #[arg(long, conflicts_with = "replication")]
    pub(crate) worst: bool,
    /// The journey (default: any)
    #[arg(long, value_name = "NAME")]
    pub(crate) journey: Option<String>,
    /// Number of the incident within replication and journey, from 0 (default: the longest)
    #[arg(long, value_name = "N")]
    pub(crate) incident: Option<u64>,
    /// Write a figure of the story here, as SVG
    #[arg(long, value_name = "PATH.svg")]
    pub(crate) figure: Option<PathBuf>,
    /// Replace a figure that is there
    #[arg(long, requires = "figure")]
    pub(crate) force: bool,
    /// Print one object a line and transition instead of the text
    #[arg(long)]
    pub(crate) json: bool,
    /// Of this option of the scenario
    #[arg(long, value_name = "NAME")]
    pub(crate) option: Option<String>,
    /// Patch the scenario: path.to.key=value (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
}
