//! Flags of `ninefold compare`.

use std::path::PathBuf;

use clap::Args;

use super::run::TableFormat;
use crate::plan::PlanArgs;

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

fn amount(text: &str) -> Result<f64, String> {
    let amount: f64 = text.parse().map_err(|_| "write an amount like 40".to_owned())?;
    if (0.0..=1e12).contains(&amount) { Ok(amount) } else { Err("allowed is 0 to 1e12".to_owned()) }
}

fn years(text: &str) -> Result<f64, String> {
    let years: f64 = text.parse().map_err(|_| "write a number of years like 3".to_owned())?;
    if (0.01..=100.0).contains(&years) { Ok(years) } else { Err("allowed is 0.01 to 100".to_owned()) }
}
