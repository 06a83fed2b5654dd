//! Flags of `ninefold completions`.

use clap::Args;

#[derive(Args, Debug)]
#[command(
    after_long_help = "Example:\n  ninefold completions bash > ~/.local/share/bash-completion/completions/ninefold"
)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}
