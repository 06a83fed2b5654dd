//! A run that is to be carried out: from a scenario, or from what an earlier process left of it.

use std::ops::Range;
use std::path::Path;

use anyhow::Context;
use ninefold_models::assess::{failover_events, tell};
use ninefold_models::plan::Stopping;
use ninefold_models::results::{FailoverEventRow, Results};
use ninefold_models::snapshot::{Identity, Kept, SnapshotError, decode};
use ninefold_models::system::System;
use ninefold_reports::folder::{FolderError, Origin, ROWS, Spool, TALLIES, Typed, Wanted, read_file, scenario_file};
use ninefold_reports::{InputFile, ReportInput, Unfinished, feeds};
use ninefold_scenarios::{Feeds, LoadOptions, load_file};

use crate::args::{RunArgs, TableFormat};
use crate::message::Messages;
use crate::scenario;

/// A run, or a shard of one.
pub(crate) struct Job {
    pub(crate) system: System,
    pub(crate) origin: Origin,
    pub(crate) inputs: Vec<InputFile>,
    pub(crate) identity: Identity,
    feeds: Feeds,
}

impl Job {
    /// As a command line asks for it; `None` if its scenario is refused, which is shown.
    pub(crate) fn of_scenario(file: &Path, args: &RunArgs, messages: &Messages) -> anyhow::Result<Option<Self>> {
        let asked = (file, args.option.as_deref());
        let Some(loaded) = scenario::load_option_or_show(asked, &args.set, messages)? else {
            return Ok(None);
        };
        if args.per_replication && args.format != TableFormat::Parquet {
            anyhow::bail!("the table of `--per-replication` is written as Parquet alone: leave `--format` out");
        }
        let plan = args.plan.over(&loaded.plan);
        let shard = args.shard.map(|shard| shard.counted_from(args.shard_base)).transpose()?;
        if shard.is_some() && !matches!(plan.stopping, Stopping::Fixed(_)) {
            anyhow::bail!("shards are parts of a fixed number of replications: say it with `--replications N`");
        }
        let system = match scenario::ready(&loaded, &plan)? {
            Ok(system) => system,
            Err(problems) => {
                messages.refuse(&problems);
                return Ok(None);
            }
        };
        let (inputs, fits) = (scenario::inputs(&loaded), scenario::fits(&loaded));
        let (report, per_replication) = (!args.no_report, args.per_replication);
        let wanted = Wanted { format: args.format.into(), report, per_replication };
        let typed = Typed { file: file.display().to_string(), option: args.option.clone(), set: args.set.clone() };
        let feeds = loaded.feeds;
        let mut origin = Origin::new((loaded.about, fits), &inputs, plan, (wanted, typed));
        origin.shard = shard;
        Ok(Some(Self::new(system, origin, (inputs, feeds))))
    }

    /// As it was begun, from the folder of `origin`: an unfinished run or a shard.
    pub(crate) fn of_folder(folder: &Path, origin: Origin) -> anyhow::Result<Self> {
        let file = scenario_file(folder);
        let other = || FolderError::Snapshot { path: file.clone(), reason: SnapshotError::Scenario };
        if read_file(&file)? != origin.about.effective.as_bytes() {
            return Err(other().into());
        }
        let loaded = load_file(&file, &LoadOptions::default()).map_err(|problems| anyhow::anyhow!("{problems}"))?;
        let inputs = scenario::inputs(&loaded);
        if !origin.is_of(&inputs) {
            return Err(other().into());
        }
        let drawn = scenario::compile_drawn(&loaded, origin.plan.seed)?;
        let system = drawn.map_err(|problems| anyhow::anyhow!("{problems}"))?;
        Ok(Self::new(system, origin, (inputs, loaded.feeds)))
    }

    fn new(system: System, origin: Origin, (inputs, feeds): (Vec<InputFile>, Feeds)) -> Self {
        let identity = Identity::new(&system, &origin.plan, origin.scenario());
        Self { system, origin, inputs, identity, feeds }
    }

    /// Tells the incidents of its results, and the failovers if they are written line by line.
    pub(crate) fn tell(&self, results: &mut Results) -> anyhow::Result<Option<Vec<FailoverEventRow>>> {
        tell(&self.system, &self.origin.plan, results)?;
        let wanted = self.feeds.failover_status;
        Ok(wanted.then(|| failover_events(&self.system, &self.origin.plan, results)).transpose()?)
    }

    /// What is written line by line, `failovers` as [`Self::tell`] has told them.
    pub(crate) fn feeds<'a>(&self, failovers: Option<&'a [FailoverEventRow]>) -> feeds::Feeds<'a> {
        feeds::Feeds { incident_events: self.feeds.incident_events, failover_status: failovers }
    }

    /// Its replications: all up to the most that its plan allows, or those of its shard.
    pub(crate) fn range(&self) -> Range<u64> {
        let (Stopping::Fixed(most) | Stopping::Until { max: most, .. }) = self.origin.plan.stopping;
        let most = self.system.dealt(most);
        self.origin.shard.map_or(0..most, |shard| shard.range(most))
    }

    /// What the file `path` holds of its replications `range`, and the mark of its rows.
    pub(crate) fn decode(&self, path: &Path, range: Range<u64>) -> Result<(Kept, Vec<u8>), FolderError> {
        let refuse = |reason| FolderError::Snapshot { path: path.to_owned(), reason };
        let (kept, mark) = decode(&read_file(path)?, &self.system, &self.identity).map_err(refuse)?;
        if kept.first != range.start || kept.end() > range.end {
            return Err(refuse(SnapshotError::Undecodable("its replications are others")));
        }
        Ok((kept, mark))
    }

    /// What documents are made from.
    pub(crate) fn input<'a>(&'a self, results: &'a Results) -> ReportInput<'a> {
        let Origin { plan, about, fits, .. } = &self.origin;
        ReportInput { spec: &self.system.spec, plan, results, about, inputs: &self.inputs, fits }
    }
}

/// A job, what of it is done, and where it is put away, if it is.
pub(crate) struct Begun {
    pub(crate) job: Job,
    pub(crate) kept: Kept,
    pub(crate) place: Option<(Unfinished, Option<Spool>)>,
}

impl Begun {
    /// Begins a job from nothing, for the folder `out`.
    pub(crate) fn anew(job: Job, out: Option<&Path>, force: bool) -> anyhow::Result<Self> {
        let place = out.map(|dir| -> anyhow::Result<_> {
            let unfinished = Unfinished::begin(dir, force)?;
            job.origin.put(&job.inputs, &unfinished)?;
            let spool = spool(&job, &unfinished, None)?;
            Ok((unfinished, spool))
        });
        Ok(Self { kept: Kept::nothing(&job.system, job.range().start), place: place.transpose()?, job })
    }

    /// Takes up the job that was left for the folder `dir`.
    pub(crate) fn left_for(dir: &Path) -> anyhow::Result<Self> {
        let unfinished = Unfinished::take_up(dir)?;
        let origin = Origin::of(&unfinished)?;
        let job = Job::of_folder(&unfinished.path(""), origin)
            .with_context(|| format!("the unfinished run for `{}` cannot go on", dir.display()))?;
        let tallies = unfinished.path(TALLIES);
        let (kept, mark) = if tallies.exists() {
            job.decode(&tallies, job.range()).map(|(kept, mark)| (kept, Some(mark)))?
        } else {
            (Kept::nothing(&job.system, job.range().start), None)
        };
        let spool = spool(&job, &unfinished, mark.as_deref())?;
        Ok(Self { job, kept, place: Some((unfinished, spool)) })
    }
}

fn spool(job: &Job, unfinished: &Unfinished, mark: Option<&[u8]>) -> Result<Option<Spool>, FolderError> {
    let path = unfinished.path(ROWS);
    let spool = || mark.map_or_else(|| Spool::create(&path), |mark| Spool::take_up(&path, mark));
    job.origin.wanted.per_replication.then(spool).transpose()
}
