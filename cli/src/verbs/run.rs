//! `ninefold run FILE`: from a scenario to the answer, the tables and the report.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use ninefold_models::assess::{AssessError, Watch, resume};
use ninefold_models::results::{Results, Stopped, Verdict};
use ninefold_models::snapshot::Kept;
use ninefold_reports::folder::{ROWS, Spool};
use ninefold_reports::tables::Spooled;
use ninefold_reports::{FolderOptions, Summary, Unfinished, Written, terminal, write_folder};

use crate::args::{RunArgs, Undecided};
use crate::exit::Exit;
use crate::host::{Clock, quoted};
use crate::interrupt::Interrupt;
use crate::job::{Begun, Job};
use crate::keeping::Keeping;
use crate::message::Messages;
use crate::output;
use crate::progress::Watcher;
use crate::verbs::count::count;

/// Runs a scenario, or goes on with a run of one.
pub(crate) fn run(args: &RunArgs, messages: &Messages) -> anyhow::Result<Exit> {
    let clock = Arc::new(Clock::start());
    let begun = match (&args.resume, &args.file) {
        (Some(dir), _) => {
            let begun = Begun::left_for(dir)?;
            // With FILE the flags say so themselves.
            if begun.job.origin.shard.is_some() && (args.json || args.undecided.is_some()) {
                anyhow::bail!(
                    "`{}` is a shard, which gives no answer: leave `--json` and `--undecided` out",
                    dir.display()
                );
            }
            begun
        }
        (None, Some(file)) => match Job::of_scenario(file, args, messages)? {
            Some(job) => Begun::anew(job, args.out.as_deref(), args.force)?,
            None => return Ok(Exit::Usage),
        },
        (None, None) => anyhow::bail!("name a scenario, or a run to `--resume`"),
    };
    let watcher = Watcher::start(!args.plan.no_progress, args.plan.max_time, Interrupt::listen()?).timed_by(&clock);
    let running = Running { args, messages, clock, watcher };
    let Begun { job, kept, place } = begun;
    match place {
        Some((unfinished, spool)) if job.origin.shard.is_some() => count(&running, (job, kept), unfinished, spool),
        Some((unfinished, spool)) => running.fill_folder((job, kept), unfinished, spool),
        None => running.to_screen((job, kept)),
    }
}

/// What a run has about it, beside the job.
pub(crate) struct Running<'a> {
    pub(crate) args: &'a RunArgs,
    pub(crate) messages: &'a Messages,
    clock: Arc<Clock>,
    pub(crate) watcher: Watcher,
}

impl Running<'_> {
    fn to_screen(&self, (job, kept): (Job, Kept)) -> anyhow::Result<Exit> {
        match self.assess(&job, kept, &self.watcher)? {
            Ok(results) => self.answer(&job, &results, ""),
            Err(error) => ended_early(error, &self.watcher, self.messages),
        }
    }

    fn fill_folder(
        &self,
        (job, kept): (Job, Kept),
        unfinished: Unfinished,
        spool: Option<Spool>,
    ) -> anyhow::Result<Exit> {
        let keeping = Keeping::new(&self.watcher, &unfinished, &job.identity, spool);
        let results = self.assess(&job, kept, &keeping)?;
        keeping.finish()?;
        let mut results = match results {
            Ok(results) => results,
            Err(error) if error.is_stopped() => {
                self.tell_how_to_go_on(&unfinished);
                return ended_early(error, &self.watcher, self.messages);
            }
            // It would end so again.
            Err(error) => {
                unfinished.discard()?;
                return Err(error.into());
            }
        };
        let failovers = job.tell(&mut results)?;
        let wanted = job.origin.wanted;
        let spools = [unfinished.path(ROWS)];
        let spooled = Spooled { files: &spools, system: &job.system };
        let replications = wanted.per_replication.then_some(spooled);
        let feeds = job.feeds(failovers.as_deref());
        let options = FolderOptions { format: wanted.format, report: wanted.report, replications, feeds };
        let info = self.clock.info(self.args.plan.threads());
        let written = write_folder(&unfinished, &job.input(&results), info, options)?;
        let wrote = wrote_line(unfinished.dir(), written);
        if matches!(results.outcome.stopped, Stopped::Interrupted | Stopped::Time) {
            self.tell_how_to_go_on(&unfinished);
        } else {
            unfinished.discard()?;
        }
        self.answer(&job, &results, &wrote)
    }

    fn assess(&self, job: &Job, kept: Kept, watch: &dyn Watch) -> anyhow::Result<Result<Results, AssessError>> {
        let pool = pool(self.args.plan.threads())?;
        let results = pool.install(|| resume(&job.system, &job.origin.plan, kept, watch));
        self.watcher.finish();
        Ok(results)
    }

    /// Says how a run that was stopped goes on, if there is anything to go on from.
    pub(crate) fn tell_how_to_go_on(&self, unfinished: &Unfinished) {
        if unfinished.has_tallies() {
            let dir = unfinished.dir().display().to_string();
            self.messages.note(&format!("`ninefold run --resume {}` goes on with it", quoted(&dir)));
        }
    }

    fn answer(&self, job: &Job, results: &Results, wrote: &str) -> anyhow::Result<Exit> {
        let input = job.input(results);
        if self.args.json {
            output::print(&Summary::of(&input).to_json())?;
        } else {
            output::print(&(terminal::answer(&input) + wrote))?;
        }
        Ok(exit(results, self.args.undecided == Some(Undecided::Ok)))
    }
}

/// A run without an answer: one that was stopped too early ends as it was stopped, any other is refused.
pub(crate) fn ended_early(error: AssessError, watcher: &Watcher, messages: &Messages) -> anyhow::Result<Exit> {
    let exit = match watcher.stopped() {
        Some(stopped) if error.is_stopped() => stopped_exit(stopped),
        _ => return Err(error.into()),
    };
    messages.error(&error.into());
    Ok(exit)
}

/// How a run without an answer ends that was stopped.
pub(crate) fn stopped_exit(stopped: Stopped) -> Exit {
    if stopped == Stopped::Interrupted { Exit::Interrupted } else { Exit::Unproven }
}

/// The threads a run is spread over.
pub(crate) fn pool(threads: usize) -> anyhow::Result<rayon::ThreadPool> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.with_context(|| format!("{threads} threads cannot be started"))
}

/// What was written, and where.
pub(crate) fn wrote_line(dir: &Path, written: Written) -> String {
    let dir = dir.display().to_string();
    let report = if written.report { "report.html, " } else { "" };
    let plural = if written.figures == 1 { "" } else { "s" };
    let figures = if written.report { format!(", {} figure{plural}", written.figures) } else { String::new() };
    let dir = dir.trim_end_matches('/');
    format!("wrote {dir}/  ({report}summary.json, {} tables{figures})\n", written.tables)
}

/// How a run ends. What is not met is known even where the precision is not reached.
pub(crate) fn exit(results: &Results, undecided_is_ok: bool) -> Exit {
    let any = |verdict| results.requirements.iter().any(|r| r.verdict == verdict);
    match results.outcome.stopped {
        Stopped::Interrupted => Exit::Interrupted,
        _ if any(Verdict::NotMet) => Exit::NotMet,
        Stopped::Budget | Stopped::Time => Exit::Unproven,
        _ if any(Verdict::Undecided) && !undecided_is_ok => Exit::Unproven,
        Stopped::Fixed | Stopped::Precision | Stopped::Decision => Exit::Done,
    }
}
