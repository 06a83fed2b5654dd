//! Flags of `ninefold import`.

use std::path::PathBuf;

use clap::Args;

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
