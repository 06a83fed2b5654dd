//! Flags of `ninefold explain`.

use clap::Args;

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
