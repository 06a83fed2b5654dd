//! `ninefold run FILE --shard I/N`: one part of a run, counted and not read out.

use ninefold_models::assess::shard as count_shard;
use ninefold_models::results::Stopped;
use ninefold_models::snapshot::Kept;
use ninefold_reports::Unfinished;
use ninefold_reports::folder::Spool;
use ninefold_reports::format::grouped;

use crate::exit::Exit;
use crate::job::Job;
use crate::keeping::Keeping;
use crate::verbs::run::{Running, ended_early, pool, stopped_exit};
use crate::{output, shard};

/// Counts the shard of `job` into its folder.
pub(crate) fn count(
    running: &Running<'_>,
    (job, mut kept): (Job, Kept),
    unfinished: Unfinished,
    spool: Option<Spool>,
) -> anyhow::Result<Exit> {
    let range = job.range();
    let keeping = Keeping::new(&running.watcher, &unfinished, &job.identity, spool);
    let pool = pool(running.args.plan.threads())?;
    let plan = &job.origin.plan;
    let counted = pool.install(|| count_shard(&job.system, plan, (&mut kept, range.end), &keeping));
    running.watcher.finish();
    let done = match counted {
        Ok(true) => keeping.finish_with(kept.prefix()).map(|()| true),
        Ok(false) => keeping.finish().map(|()| false),
        Err(error) if error.is_stopped() => {
            keeping.finish()?;
            running.tell_how_to_go_on(&unfinished);
            return ended_early(error, &running.watcher, running.messages);
        }
        // It would end so again.
        Err(error) => {
            drop(keeping);
            unfinished.discard()?;
            return Err(error.into());
        }
    }?;
    if !done {
        running.tell_how_to_go_on(&unfinished);
        return Ok(stopped_exit(running.watcher.stopped().unwrap_or(Stopped::Interrupted)));
    }
    let name = job.origin.shard.map(shard::named).unwrap_or_default();
    let dir = unfinished.dir().display().to_string();
    unfinished.become_shard()?;
    let replications = grouped(range.end - range.start);
    output::print(&format!("wrote {}/  ({name}: {replications} replications)\n", dir.trim_end_matches('/')))?;
    Ok(Exit::Done)
}
