//! Flags of `ninefold fit`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

#[derive(Args, Debug)]
#[command(group(ArgGroup::new("what").required(true).args(["value", "start", "between", "load"])))]
#[command(after_long_help = "\
Examples:
  ninefold fit incidents.csv --start opened --end resolved --unit min
  ninefold fit repairs.parquet --value minutes --unit min
  ninefold fit failures.csv --between down_at --by host --unit d --censored-at export
  ninefold fit failures.csv --start down --end up --where cause=power --figure fit.svg
  ninefold fit loadtest.csv --load users --throughput requests_per_s   the universal scalability law")]
pub(crate) struct FitArgs {
    /// A CSV or Parquet file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// A column of durations, in `--unit`
    #[arg(long, value_name = "COLUMN")]
    pub(crate) value: Option<String>,
    /// With `--value`: a column that says which are censored (true, yes, 1)
    #[arg(long, value_name = "COLUMN", requires = "value")]
    pub(crate) censored: Option<String>,
    /// A column of instants at which something went down
    #[arg(long, value_name = "COLUMN", requires = "end")]
    pub(crate) start: Option<String>,
    /// A column of instants at which it was up again
    #[arg(long, value_name = "COLUMN", requires = "start")]
    pub(crate) end: Option<String>,
    /// A column of instants; the times between them are fitted
    #[arg(long, value_name = "COLUMN")]
    pub(crate) between: Option<String>,
    /// With `--between`: a column that tells hosts apart
    #[arg(long, value_name = "COLUMN", requires = "between")]
    pub(crate) by: Option<String>,
    /// Unit of `--value` and of the answer: ms, s, min, h, d, w, y
    #[arg(long, value_name = "UNIT", required_unless_present_any = ["start", "between", "load"])]
    #[arg(conflicts_with = "load")]
    pub(crate) unit: Option<String>,
    /// A column of loads (users, threads, nodes): a scalability law is fitted to what was measured at each
    #[arg(long, value_name = "COLUMN", requires = "throughput", conflicts_with_all = ["filters", "censored_at", "family"])]
    pub(crate) load: Option<String>,
    /// With `--load`: a column of throughputs a second
    #[arg(long, value_name = "COLUMN", requires = "load")]
    pub(crate) throughput: Option<String>,
    /// Only rows with COLUMN=VALUE or COLUMN!=VALUE (repeatable)
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub(crate) filters: Vec<String>,
    /// End of observation: never, export or a timestamp
    #[arg(long, value_name = "WHEN")]
    pub(crate) censored_at: Option<String>,
    /// auto, exponential, weibull, gamma or lognormal
    #[arg(long, value_name = "FAMILY")]
    pub(crate) family: Option<String>,
    /// Write a figure of the fit here, as SVG
    #[arg(long, value_name = "PATH.svg")]
    pub(crate) figure: Option<PathBuf>,
    /// Replace a figure that is there
    #[arg(long, requires = "figure")]
    pub(crate) force: bool,
    /// Print one object instead of the text
    #[arg(long)]
    pub(crate) json: bool,
}
