//! Flags of `ninefold check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  ninefold check shop.yaml
  ninefold check shop.yaml --effective                the scenario with everything it inherits written out
  ninefold check shop.yaml --plan                     what is simulated by timelines, what by events, and why
  ninefold check shop.yaml --graph mermaid            the dependency graph, for a Markdown page
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
    /// Draw the dependency graph
    #[arg(long, value_enum, value_name = "LANGUAGE", conflicts_with_all = ["effective", "plan", "json"])]
    pub(crate) graph: Option<GraphForm>,
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

/// The language of a drawing.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum GraphForm {
    /// A Mermaid flowchart
    Mermaid,
    /// DOT, for Graphviz
    Dot,
}
