//! The binary `ninefold`: verbs, progress, rendering of diagnostics and exit codes, and no logic of its own.
//!
//! stdout carries the answer, stderr everything else; nothing is ever asked back.

mod args;
mod bug;
mod exit;
mod host;
mod interrupt;
mod job;
mod keeping;
mod message;
mod output;
mod paths;
mod plan;
mod progress;
mod scenario;
mod screen;
mod shard;
mod verbs;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Verb};
use crate::exit::Exit;
use crate::message::Messages;

fn main() -> ExitCode {
    ExitCode::from(bug::guarded(run))
}

fn run() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // `--help` ends here too; a reader that went away is no error.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    let messages = Messages::new(cli.color, cli.message_format);
    match host::choose_instruction_set().and_then(|()| dispatch(&cli.verb, &messages)) {
        Ok(exit) => exit,
        Err(error) => {
            messages.error(&error);
            Exit::Usage
        }
    }
}

fn dispatch(verb: &Verb, messages: &Messages) -> anyhow::Result<Exit> {
    match verb {
        Verb::Run(args) => verbs::run::run(args, messages),
        Verb::Merge(args) => verbs::merge::merge(args),
        Verb::Check(args) => verbs::check::check(args, messages),
        Verb::Replay(args) => verbs::replay::replay(args, messages),
        Verb::Compare(args) => verbs::compare::compare(args, messages),
        Verb::ExplainOutage(args) => verbs::explain_outage::explain_outage(args, messages),
        Verb::Fit(args) => verbs::fit::fit(args),
        Verb::Forecast(args) => verbs::forecast::forecast(args),
        Verb::Size(args) => verbs::size::size(args, messages),
        Verb::Rightsize(args) => verbs::rightsize::rightsize(args),
        Verb::Tests(args) => verbs::tests::tests(args),
        Verb::Conformance(args) => verbs::conformance::conformance(args, messages),
        Verb::Explain(args) => verbs::explain::explain(args),
        Verb::Schema => verbs::schema::schema(),
        Verb::Library(args) => verbs::library::library(args),
        Verb::New(args) => verbs::new::new(args),
        Verb::Import(args) => verbs::import::import(args, messages),
        Verb::Completions(args) => verbs::completions::completions(args),
    }
}
