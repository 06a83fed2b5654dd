//! Flags of `ninefold library`.

use std::path::PathBuf;

use clap::Args;

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
