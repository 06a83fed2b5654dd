//! Flags of `ninefold rightsize`.

use std::path::PathBuf;

use clap::Args;

use super::run::TableFormat;

#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  ninefold rightsize usage.csv --catalogue instances.csv
  ninefold rightsize usage.csv --catalogue instances.csv --mem mem_gib --instance type --count replicas --lose 2
  ninefold rightsize usage.csv --catalogue instances.csv --carry 0.999 --json | jq '.rightsizing[].advised'

The catalogue has the columns name, cpu, mem and price (of an hour).")]
pub(crate) struct RightsizeArgs {
    /// Records of what was used: a CSV or Parquet file
    #[arg(value_name = "USAGE")]
    pub(crate) file: PathBuf,
    /// The types of instances: a CSV or Parquet file
    #[arg(long, value_name = "FILE")]
    pub(crate) catalogue: PathBuf,
    /// Column of the instants
    #[arg(long, value_name = "COLUMN", default_value = "at")]
    pub(crate) at: String,
    /// Column of the components
    #[arg(long, value_name = "COLUMN", default_value = "component")]
    pub(crate) component: String,
    /// Column of the cores used, by all units of a component together
    #[arg(long, value_name = "COLUMN", default_value = "cpu")]
    pub(crate) cpu: String,
    /// Column of the memory used, in the catalogue's unit; without it memory is not looked at
    #[arg(long, value_name = "COLUMN")]
    pub(crate) mem: Option<String>,
    /// Column of the type there is; the last record of a component counts
    #[arg(long, value_name = "COLUMN", requires = "count")]
    pub(crate) instance: Option<String>,
    /// Column of how many there are
    #[arg(long, value_name = "COLUMN", requires = "instance")]
    pub(crate) count: Option<String>,
    /// Instances that may be lost, as by a zone, and the rest still carries the records
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub(crate) lose: u32,
    /// Share of the records that is carried; 1 is the peak
    #[arg(long, value_name = "SHARE", default_value = "1", value_parser = share)]
    pub(crate) carry: f64,
    /// Share added to the p90 of the aged records
    #[arg(long, value_name = "SHARE", default_value = "15%", value_parser = ninefold_scenarios::ratio)]
    pub(crate) margin: f64,
    /// Write the folder here
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Format of the table
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", requires = "out")]
    pub(crate) format: TableFormat,
    /// Replace a folder that is there
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
    /// Print one object with every type that can carry a component
    #[arg(long)]
    pub(crate) json: bool,
}

fn share(text: &str) -> Result<f64, String> {
    let x = ninefold_scenarios::ratio(text)?;
    if x > 0.0 && x <= 1.0 { Ok(x) } else { Err("allowed is above 0, at most 1".to_owned()) }
}
