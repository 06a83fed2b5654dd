//! `ninefold merge PART…`: the run folder of a run whose shards were counted apart.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ninefold_models::assess::resume;
use ninefold_models::metric::Metric;
use ninefold_models::snapshot::{Incomplete, Kept, Shard, complete};
use ninefold_reports::folder::{Origin, ROWS, TALLIES, check_spool};
use ninefold_reports::tables::Spooled;
use ninefold_reports::{FolderOptions, Summary, Unfinished, terminal, write_folder};

use crate::args::{MergeArgs, Undecided};
use crate::exit::Exit;
use crate::host::Clock;
use crate::job::Job;
use crate::verbs::run::{exit, pool, wrote_line};
use crate::{output, shard};

/// Commands for missing shards that are printed before the rest is only counted.
const COMMANDS_MAX: usize = 16;

/// Merges shards.
pub(crate) fn merge(args: &MergeArgs) -> anyhow::Result<Exit> {
    let clock = Clock::start();
    let mut parts = args.parts.iter().map(|dir| Part::read(dir)).collect::<anyhow::Result<Vec<_>>>()?;
    let (job, merged) = merged(&parts)?;
    all_there(&job, &parts)?;
    let unfinished = Unfinished::begin(&args.out, args.force)?;
    let mut results = pool(1)?.install(|| resume(&job.system, &job.origin.plan, merged, &clock))?;
    let failovers = job.tell(&mut results)?;
    parts.sort_by_key(|part| part.shard.index);
    let spools: Vec<PathBuf> = parts.iter().map(|part| part.dir.join(ROWS)).collect();
    let spooled = Spooled { files: &spools, system: &job.system };
    let replications = job.origin.wanted.per_replication.then_some(spooled);
    let feeds = job.feeds(failovers.as_deref());
    let options = FolderOptions { format: args.format.into(), report: !args.no_report, replications, feeds };
    let input = job.input(&results);
    let written = write_folder(&unfinished, &input, clock.info(1), options)?;
    unfinished.discard()?;
    if args.json {
        output::print(&Summary::of(&input).to_json())?;
    } else {
        let precision = terminal::precision_reached(&input);
        output::print(&(terminal::answer(&input) + &precision + &wrote_line(&args.out, written)))?;
    }
    Ok(exit(&results, args.undecided == Some(Undecided::Ok)))
}

/// The folder of a shard.
struct Part<'a> {
    dir: &'a Path,
    shard: Shard,
    origin: Origin,
}

impl<'a> Part<'a> {
    fn read(dir: &'a Path) -> anyhow::Result<Self> {
        let origin = Origin::of_shard(dir)?;
        let shard = origin.shard.with_context(|| format!("`{}` is a whole run and no shard of one", dir.display()))?;
        Ok(Self { dir, shard, origin })
    }

    /// What it counted of the run of `job`.
    fn counted(&self, job: &Job) -> anyhow::Result<Kept> {
        let range = self.shard.range(job.range().end);
        let (kept, mark) = job.decode(&self.dir.join(TALLIES), range.clone())?;
        if kept.end() != range.end {
            bail!(
                "`{}` is not finished: {} of its replications are there",
                self.dir.display(),
                kept.end() - kept.first
            );
        }
        if job.origin.wanted.per_replication {
            check_spool(&self.dir.join(ROWS), &mark)?;
        }
        Ok(kept)
    }
}

/// The run of which the first part is one, and what all parts counted of it.
fn merged(parts: &[Part<'_>]) -> anyhow::Result<(Job, Kept)> {
    let first = &parts[0];
    let mut whole = first.origin.clone();
    whole.shard = None;
    let job = Job::of_folder(first.dir, whole)?;
    let mut merged = Kept::nothing(&job.system, 0);
    for part in parts {
        let (dir, others) = (part.dir.display(), first.dir.display());
        if part.shard.of != first.shard.of {
            let (this, that) = (shard::named(part.shard), shard::named(first.shard));
            bail!("`{dir}` is {this}, but `{others}` is {that}: both must be cut alike");
        }
        if part.origin.wanted.per_replication != job.origin.wanted.per_replication {
            bail!("of `{dir}` and `{others}` one was counted with `--per-replication` and one without");
        }
        let counted = part.counted(&job).with_context(|| format!("`{dir}` does not go with `{others}`"))?;
        merged.decided.merge(counted.into_tallies());
    }
    Ok((job, merged))
}

/// Refuses parts of which one is doubled or missing; the commands that count the missing ones are said.
fn all_there(job: &Job, parts: &[Part<'_>]) -> anyhow::Result<()> {
    let of = parts[0].shard.of;
    let given: Vec<u64> = parts.iter().map(|part| part.shard.index).collect();
    let missing = match complete(of, &given) {
        Ok(()) => return Ok(()),
        Err(Incomplete::Doubled(one, other)) => {
            let (one, other) = (&parts[one], &parts[other]);
            bail!("`{}` and `{}` are both {}", one.dir.display(), other.dir.display(), shard::named(one.shard));
        }
        Err(Incomplete::Missing(missing)) => missing,
    };
    let numbers: Vec<String> = missing.iter().take(COMMANDS_MAX).map(|index| (index + 1).to_string()).collect();
    let command = |&index: &u64| format!("\n  {}", shard::command(&job.origin, job.range().end, Shard { index, of }));
    let commands: String = missing.iter().take(COMMANDS_MAX).map(command).collect();
    let more = missing.len().saturating_sub(COMMANDS_MAX);
    let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
    let (plural, are) = if missing.len() == 1 { ("", "is") } else { ("s", "are") };
    bail!("shard{plural} {} of {of} {are} missing; to count what is missing:{commands}{more}", numbers.join(", "))
}
