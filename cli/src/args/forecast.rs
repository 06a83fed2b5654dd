//! Flags of `ninefold forecast`.

use std::path::PathBuf;

use super::run::TableFormat;

/// Options of `ninefold forecast`.
#[derive(Debug, clap::Args)]
pub(crate) struct ForecastArgs {
    /// A CSV or Parquet file of instants and values
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How far ahead: a duration as in 30d, or a number of steps
    #[arg(long, value_name = "LENGTH")]
    pub(crate) horizon: String,
    /// The column of values (default: the second)
    #[arg(long, value_name = "COLUMN")]
    pub(crate) column: Option<String>,
    /// The column of instants (default: the first)
    #[arg(long, value_name = "COLUMN")]
    pub(crate) at: Option<String>,
    /// Put rows together in steps of this length, as in 1h (default: each row is a step)
    #[arg(long, value_name = "DURATION")]
    pub(crate) every: Option<String>,
    /// How the rows of a step become a value
    #[arg(long, value_enum, default_value_t, requires = "every", hide_possible_values = true)]
    #[arg(help = "How the rows of a step become a value: mean, sum")]
    pub(crate) take: TakeRule,
    /// What becomes of steps without a row
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    #[arg(help = "What becomes of steps without a row: refuse, zero, line (between the neighbours)")]
    pub(crate) gaps: GapRule,
    /// Seasons, the shortest first, as in 1d,1w or 24,168 (default: what is usual for the step)
    #[arg(long, value_name = "LENGTH", value_delimiter = ',')]
    pub(crate) season: Vec<String>,
    /// One method instead of a choice: naive, drift, mean, seasonal-naive, theta, holt-winters, mstl
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,
    /// Part the history into trend, seasons and remainder: table forecast_parts
    #[arg(long, requires = "out")]
    pub(crate) parts: bool,
    /// Level of the intervals, per cent
    #[arg(long, value_name = "PERCENT", default_value = "80")]
    pub(crate) level: String,
    /// Keep the last `--horizon` of the file back, and compare
    #[arg(long)]
    pub(crate) hold_out: bool,
    /// A capacity, in the unit of the values: when is it exhausted?
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) capacity: Option<f64>,
    /// How long more capacity takes to come, as in 30d
    #[arg(long, value_name = "DURATION", requires = "capacity")]
    pub(crate) lead_time: Option<String>,
    /// Largest probability of exhaustion that is accepted, per cent
    #[arg(long, value_name = "PERCENT", default_value = "10", requires = "capacity")]
    pub(crate) risk: String,
    /// Seed of the paths from which probabilities are counted
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Write a folder here: tables, figures, forecast.json
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Format of the tables
    #[arg(long, value_enum, default_value_t, requires = "out", hide_possible_values = true)]
    #[arg(help = "Format of the tables: parquet, csv, ipc")]
    pub(crate) format: TableFormat,
    /// Replace a folder that is there
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
    /// Print one object instead of the text
    #[arg(long)]
    pub(crate) json: bool,
}

/// How rows of a step become a value.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(crate) enum TakeRule {
    #[default]
    Mean,
    Sum,
}

/// What becomes of steps without a row.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(crate) enum GapRule {
    #[default]
    Refuse,
    Zero,
    Line,
}
