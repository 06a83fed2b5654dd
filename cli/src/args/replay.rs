//! Flags of `ninefold replay`.

use std::path::PathBuf;

use clap::Args;

use super::run::TableFormat;

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  ninefold replay shop.yaml                           as its section `replay` says
  ninefold replay shop.yaml --demand '100 for t<300, 900 for t<1800, else 100'
  ninefold replay shop.yaml --demand peak.csv --out out/peak
  ninefold replay hpa.yaml --demand '500+400*sin(2 pi t/3600)' --replicas 10 \\
      --set components.web.capacity.per_replica=50/s --set components.web.start.boot=40s

FILE may be a HorizontalPodAutoscaler (autoscaling/v2) as it is; its component is called as its scaleTargetRef. A replay is
one deterministic run in which nothing fails.")]
pub(crate) struct ReplayArgs {
    /// A scenario, or a manifest of a HorizontalPodAutoscaler; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Demand per second: a formula of the seconds t, a rate, or a CSV file beside FILE
    #[arg(long, value_name = "DEMAND")]
    pub(crate) demand: Option<String>,
    /// How long, as in 2h (default: 1h for a formula, else 30min after the last step)
    #[arg(long = "for", value_name = "DURATION")]
    pub(crate) length: Option<String>,
    /// Replicas at the start
    #[arg(long, value_name = "N")]
    pub(crate) replicas: Option<u32>,
    /// Write the folder of the replay here: table autoscale_events, figure, replay.json
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Format of the table
    #[arg(long, value_enum, default_value_t, requires = "out", hide_possible_values = true)]
    #[arg(help = "Format of the table: parquet, csv, ipc")]
    pub(crate) format: TableFormat,
    /// Replace a folder that is there
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
    /// Print one object instead of the text
    #[arg(long)]
    pub(crate) json: bool,
    /// Patch the scenario: path.to.key=value (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
}
