//! `ninefold run FILE`: from a scenario to the answer, the tables and the report.

use std::path::Path;

use anyhow::Context;
use ninefold_models::assess::{AssessError, assess};
use ninefold_models::results::{Results, Stopped, Verdict};
use ninefold_reports::{FolderOptions, ReportInput, Summary, Written, check_folder, terminal, write_folder};

use crate::args::{RunArgs, Undecided};
use crate::exit::Exit;
use crate::host::Clock;
use crate::interrupt::Interrupt;
use crate::message::Messages;
use crate::progress::Watcher;
use crate::{output, scenario};

/// Runs a scenario.
pub(crate) fn run(args: &RunArgs, messages: &Messages) -> anyhow::Result<Exit> {
    let clock = Clock::start();
    let Some(loaded) = scenario::load_or_show(&args.file, &args.set, messages)? else {
        return Ok(Exit::Usage);
    };
    let plan = args.plan.over(&loaded.plan);
    let Some(system) = scenario::compile_drawn(&loaded, plan.seed, messages)? else {
        return Ok(Exit::Usage);
    };
    if let Some(dir) = &args.out {
        check_folder(dir, args.force)?;
    }
    let watcher = Watcher::start(!args.plan.no_progress, args.plan.max_time, Interrupt::listen()?);
    let results = pool(args.plan.threads())?.install(|| assess(&system, &plan, &watcher));
    watcher.finish();
    let results = match results {
        Ok(results) => results,
        Err(error) => return ended_early(error, &watcher, messages),
    };
    let inputs = scenario::inputs(&loaded);
    let fits = scenario::fits(&loaded);
    let input = ReportInput {
        spec: &system.spec,
        plan: &plan,
        results: &results,
        about: &loaded.about,
        inputs: &inputs,
        fits: &fits,
    };
    let mut wrote = String::new();
    if let Some(dir) = &args.out {
        let options = FolderOptions { dir, format: args.format.into(), force: args.force, report: !args.no_report };
        let written = write_folder(&input, &clock.info(args.plan.threads()), options)?;
        wrote = wrote_line(dir, written);
    }
    if args.json {
        output::print(&Summary::of(&input).to_json())?;
    } else {
        output::print(&(terminal::answer(&input) + &wrote))?;
    }
    Ok(exit(&results, args.undecided == Some(Undecided::Ok)))
}

/// A run without an answer: one that was stopped too early ends as it was stopped, any other is refused.
pub(crate) fn ended_early(error: AssessError, watcher: &Watcher, messages: &Messages) -> anyhow::Result<Exit> {
    let exit = match (&error, watcher.stopped()) {
        (AssessError::TooEarly(_), Some(Stopped::Interrupted)) => Exit::Interrupted,
        (AssessError::TooEarly(_), Some(_)) => Exit::Unproven,
        _ => return Err(error.into()),
    };
    messages.error(&error.into());
    Ok(exit)
}

/// The threads a run is spread over.
pub(crate) fn pool(threads: usize) -> anyhow::Result<rayon::ThreadPool> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.with_context(|| format!("{threads} threads cannot be started"))
}

fn wrote_line(dir: &Path, written: Written) -> String {
    let dir = dir.display().to_string();
    let report = if written.report { "report.html, " } else { "" };
    let plural = if written.figures == 1 { "" } else { "s" };
    let figures = if written.report { format!(", {} figure{plural}", written.figures) } else { String::new() };
    let dir = dir.trim_end_matches('/');
    format!("wrote {dir}/  ({report}summary.json, {} tables{figures})\n", written.tables)
}

/// How a run ends. What is not met is known even where the precision is not reached.
fn exit(results: &Results, undecided_is_ok: bool) -> Exit {
    let any = |verdict| results.requirements.iter().any(|r| r.verdict == verdict);
    match results.outcome.stopped {
        Stopped::Interrupted => Exit::Interrupted,
        _ if any(Verdict::NotMet) => Exit::NotMet,
        Stopped::Budget | Stopped::Time => Exit::Unproven,
        _ if any(Verdict::Undecided) && !undecided_is_ok => Exit::Unproven,
        Stopped::Fixed | Stopped::Precision | Stopped::Decision => Exit::Done,
    }
}
