//! Flags of `ninefold new`.

use std::path::PathBuf;

use clap::Args;

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
