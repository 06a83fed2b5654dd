//! The command line: verbs and flags as data.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use ninefold_reports::tables::Format;

use crate::message::{Color, MessageFormat};
use crate::plan::PlanArgs;
use crate::shard::{ShardOf, shard_of};

const EXIT_CODES: &str = "\
Exit codes:
  0    done, and every stated agreement is met
  1    ran, and a stated agreement is not met
  2    the command line or a file is refused, or a result cannot be written
  3    replications or time ran out before the asked precision, or a verdict is undecided
  70   a mistake of ninefold
  130  interrupted; what was known by then is written

Environment:
  NINEFOLD_SIMD  instruction set: baseline, avx2 or avx512 (default: the widest there is); changes no answer";

/// Forecasts availability and capacity of a system topology, with an error on every number.
#[derive(Debug, Parser)]
#[command(name = "ninefold", version, arg_required_else_help = true, after_long_help = EXIT_CODES)]
#[command(max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Verb,
    /// When to colour messages
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", hide_possible_values = true)]
    #[arg(help_heading = "Messages", help = "When to colour messages: auto, always, never")]
    pub(crate) color: Color,
    /// Form of diagnostics on stderr
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORM", hide_possible_values = true)]
    #[arg(help_heading = "Messages", help = "Form of diagnostics: human, json, github")]
    pub(crate) message_format: MessageFormat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Simulate a scenario, solve it exactly where that is possible, and write tables, figures and a report
    Run(Box<RunArgs>),
    /// Merge the shards of a run into its run folder
    Merge(MergeArgs),
    /// Show every problem of a scenario at once, or that there is none
    Check(CheckArgs),
    /// Compare the options of a scenario, two scenarios, or two variants of one, under the same random numbers
    Compare(Box<CompareArgs>),
    /// Tell the story of an outage: what failed, what followed, and how it ended
    ExplainOutage(Box<ExplainOutageArgs>),
    /// Replay an autoscaler against a demand, or another policy against what it is shown
    Replay(Box<ReplayArgs>),
    /// Fit laws to a column of a CSV or Parquet file
    Fit(Box<FitArgs>),
    /// Continue a demand from a file of instants and values, and say when a capacity is exhausted
    Forecast(Box<ForecastArgs>),
    /// Find the least number of replicas that keeps each promise of a scenario, by formula
    Size(SizeArgs),
    /// Judge the engines by cases with known answers
    Conformance(ConformanceArgs),
    /// Explain the code of a diagnostic
    Explain(ExplainArgs),
    /// Print the JSON Schema of scenarios
    Schema,
    /// List the scenarios that come with ninefold, or copy one
    Library(LibraryArgs),
    /// Write a first scenario, ready for an editor
    New(NewArgs),
    /// Write a fault tree of another tool as a scenario
    Import(ImportArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
}

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

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  ninefold check shop.yaml
  ninefold check shop.yaml --effective                the scenario with everything it inherits written out
  ninefold check shop.yaml --plan                     what is simulated by timelines, what by events, and why
  ninefold check shop.yaml --message-format github    annotations in a pull request")]
pub(crate) struct CheckArgs {
    /// The scenario; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Print the effective scenario, standing alone
    #[arg(long, conflicts_with = "json")]
    pub(crate) effective: bool,
    /// Show which part takes which path through a replication, and why
    #[arg(long, conflicts_with = "effective")]
    pub(crate) plan: bool,
    /// Print one object with counts, assumptions and problems
    #[arg(long)]
    pub(crate) json: bool,
    /// Check this option alone (default: the scenario and all its options)
    #[arg(long, value_name = "NAME")]
    pub(crate) option: Option<String>,
    /// Patch the scenario: path.to.key=value (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
}

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

/// What makes a comparison one of two scenarios.
const OF_TWO: [&str; 2] = ["b", "set_b"];

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  ninefold compare shop.yaml                          its options against the scenario as it is
  ninefold compare shop.yaml --loss-per-minute 40     and which of them pays
  ninefold compare shop.yaml --option third-node --option 'spares=4'
  ninefold compare shop.yaml#second-node shop.yaml#third-node
  ninefold compare today.yaml plan.yaml
  ninefold compare shop.yaml --set-b components.db.replicas=3
  ninefold compare shop.yaml --set-b components.db.replicas=3 --out out/third
  ninefold compare shop.yaml --set run.seed=7 --set-b components.web.replicas=5 --json

Without flags or a scenario that say how long, it goes on until it is decided, at 99 %, who has less downtime
(`--until-decided`). It takes no --antithetic, --control or --stratified: it has its own pairing.")]
pub(crate) struct CompareArgs {
    /// The scenario A, or FILE#OPTION; alone, its options are compared with it
    #[arg(value_name = "A")]
    pub(crate) a: PathBuf,
    /// The scenario B, or FILE#OPTION; with `--set-b` alone B is A with that
    #[arg(value_name = "B")]
    pub(crate) b: Option<PathBuf>,
    /// Compare only this option of A with it (repeatable)
    #[arg(long, value_name = "NAME", conflicts_with_all = OF_TWO)]
    pub(crate) option: Vec<String>,
    /// The journey whose downtime decides between options (default: the first)
    #[arg(long, value_name = "NAME", conflicts_with_all = OF_TWO)]
    pub(crate) journey: Option<String>,
    /// What a minute of its downtime costs: recommend the option of least cost and loss together
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true, conflicts_with_all = OF_TWO, value_parser = amount)]
    pub(crate) loss_per_minute: Option<f64>,
    /// Years over which a cost paid once is spread
    #[arg(long, value_name = "YEARS", allow_negative_numbers = true, conflicts_with_all = OF_TWO, value_parser = years)]
    #[arg(default_value = "1")]
    pub(crate) once_over: f64,
    /// Patch both: path.to.key=value (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Patch B only, after `--set`
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set_b: Vec<String>,
    /// Write all scenarios, the table options_compare and its figure here
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Format of the table
    #[arg(long, value_enum, default_value_t, requires = "out", hide_possible_values = true)]
    #[arg(help = "Format of the table: parquet, csv, ipc")]
    pub(crate) format: TableFormat,
    /// Replace a folder of a run or comparison that is there
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
    /// Print one object instead of the table
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
}

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
    /// Write a folder here: tables capacity_forecast and forecast_methods, figure, forecast.json
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

#[derive(Args, Debug)]
#[command(group(ArgGroup::new("what").required(true).args(["value", "start", "between"])))]
#[command(after_long_help = "\
Examples:
  ninefold fit incidents.csv --start opened --end resolved --unit min
  ninefold fit repairs.parquet --value minutes --unit min
  ninefold fit failures.csv --between down_at --by host --unit d --censored-at export
  ninefold fit failures.csv --start down --end up --where cause=power --figure fit.svg")]
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
    #[arg(long, value_name = "UNIT", required_unless_present_any = ["start", "between"])]
    pub(crate) unit: Option<String>,
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

#[derive(Args, Debug)]
#[command(after_long_help = "Example:\n  ninefold explain E0107")]
pub(crate) struct ExplainArgs {
    /// The code, as a message prints it
    #[arg(value_name = "CODE")]
    pub(crate) code: String,
    /// Print one object instead of the page
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  ninefold library                                    what there is
  ninefold library two-tier-shop --out scenarios      a copy to change")]
pub(crate) struct LibraryArgs {
    /// The scenario to copy
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The folder to copy to
    #[arg(long, value_name = "DIR", default_value = ".", requires = "name")]
    pub(crate) out: PathBuf,
    /// Replace files that are there
    #[arg(long, requires = "name")]
    pub(crate) force: bool,
    /// Print one object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
#[command(after_long_help = "Example:\n  ninefold new shop.yaml && ninefold run shop.yaml")]
pub(crate) struct NewArgs {
    /// The file to write; the schema goes beside it
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Replace files that are there
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  ninefold import plant.xml --to plant.yaml           a static fault tree of Open-PSA
  ninefold import plant.xml --top G7 --to part.yaml   the part of it below a gate
  ninefold import pumps.dft --to pumps.yaml           a fault tree of Galileo, as far as it is static

What the language cannot say is refused by its name, with its place.")]
pub(crate) struct ImportArgs {
    /// The model: `.xml` or `.opsa` of Open-PSA, `.dft` of Galileo
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Write the scenario here, not to stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// The top event, where not the one gate that no other names
    #[arg(long, value_name = "GATE")]
    pub(crate) top: Option<String>,
    /// Replace a file that is there
    #[arg(long, requires = "to")]
    pub(crate) force: bool,
    /// Print one object with the counts, the assumptions and the scenario
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
#[command(
    after_long_help = "Example:\n  ninefold completions bash > ~/.local/share/bash-completion/completions/ninefold"
)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

fn amount(text: &str) -> Result<f64, String> {
    let amount: f64 = text.parse().map_err(|_| "write an amount like 40".to_owned())?;
    if (0.0..=1e12).contains(&amount) { Ok(amount) } else { Err("allowed is 0 to 1e12".to_owned()) }
}

fn years(text: &str) -> Result<f64, String> {
    let years: f64 = text.parse().map_err(|_| "write a number of years like 3".to_owned())?;
    if (0.01..=100.0).contains(&years) { Ok(years) } else { Err("allowed is 0.01 to 100".to_owned()) }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_flags_agree_with_one_another() {
        Cli::command().debug_assert();
    }
}
