//! The command line: verbs here, the flags of each in a file of its own.

mod check;
mod compare;
mod completions;
mod conformance;
mod explain;
mod explain_outage;
mod fit;
mod forecast;
mod import;
mod library;
mod merge;
mod new;
mod replay;
mod rightsize;
mod run;
mod size;

use clap::{Parser, Subcommand};

use crate::message::{Color, MessageFormat};
use crate::verbs::tests::TestsArgs;

pub(crate) use check::{CheckArgs, GraphForm};
pub(crate) use compare::CompareArgs;
pub(crate) use completions::CompletionsArgs;
pub(crate) use conformance::ConformanceArgs;
pub(crate) use explain::ExplainArgs;
pub(crate) use explain_outage::ExplainOutageArgs;
pub(crate) use fit::FitArgs;
pub(crate) use forecast::{ForecastArgs, GapRule, TakeRule};
pub(crate) use import::ImportArgs;
pub(crate) use library::LibraryArgs;
pub(crate) use merge::MergeArgs;
pub(crate) use new::NewArgs;
pub(crate) use replay::ReplayArgs;
pub(crate) use rightsize::RightsizeArgs;
pub(crate) use run::{RunArgs, TableFormat, Undecided};
pub(crate) use size::SizeArgs;

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
    /// Find the least number of replicas that keeps each promise by formula, or the least of anything that keeps an agreement
    Size(SizeArgs),
    /// Find the cheapest instances of a catalogue that carry what was used
    Rightsize(Box<RightsizeArgs>),
    /// Say what tests of a failover show of its success, and how many a claim needs
    Tests(TestsArgs),
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_flags_agree_with_one_another() {
        Cli::command().debug_assert();
    }
}
