//! Assessment: replications of a system until its plan is met, read out as results.

mod decisions;
mod experiments;
mod failover_events;
mod failovers;
mod headroom;
mod incidents;
mod inputs;
mod kept;
mod listing;
mod outlook;
mod prepared;
mod readout;
mod replicated;
mod steering;
mod variance_floor;

use ninefold_sim_core::interval::Estimate;

use crate::analysis::AttributionError;
use crate::exact::{self, Solutions};
use crate::metric::gain::Controlled;
use crate::metric::{Metric, Reading, Tallies};
use crate::plan::{Plan, SteeringUnit};
use crate::replication::ReplicationError;
use crate::results::{Reached, Results, RunOutcome, Stopped};
use crate::snapshot::{Kept, Prefix};
use crate::system::{System, TrackedId};
use crate::variance::{PILOT, Scheme};

pub use decisions::DECISIONS_KEPT;
pub use experiments::EXPERIMENTS_KEPT;
pub use failover_events::{FAILOVER_EVENTS_KEPT, failover_events};
pub use failovers::{FAILOVERS_KEPT, row as failover_row};
pub use incidents::{INCIDENTS_KEPT, sampling, tell};
pub use kept::REPLICATIONS_KEPT;
pub use outlook::{OUTLOOK_ROWS, Outlook};
use prepared::Prepared;
pub(crate) use prepared::checkpoints;
pub use prepared::refuse;

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Replications done.
    pub replications: u64,
    /// Replications after which it stops at the latest.
    pub most: u64,
    /// What is asked of it and how far it has come, if it steers by anything.
    pub reached: Option<Reached>,
}

/// What a run is at, beside watching: the stages follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Seeing what can be done, by the pilot where there is one.
    Preparing,
    /// Solving exactly what can be solved so.
    Solving,
    /// Replications.
    Simulating,
    /// Making rows of what was counted; the incidents of some replications are run again for it.
    ReadingOut,
}

/// Who watches a run: sees its progress and may stop it.
pub trait Watch: Sync {
    /// Called at every checkpoint.
    fn progress(&self, _: &Progress) {}

    /// Called at the beginning of every stage, so that whoever has a clock can time them.
    fn entered(&self, _: Stage) {}

    /// Called after every chunk of the pilot of [variance reduction](crate::variance::PILOT), where there is one: so many
    /// of its replications are done.
    fn pilot(&self, _done: u64) {}

    /// Whether [`Watch::outlook`] is to be told now. Asked after every chunk and at every checkpoint.
    fn wants_outlook(&self) -> bool {
        false
    }

    /// What is known by now, where it was wanted. The run waits for it.
    fn outlook(&self, _: &Outlook) {}

    /// Asked often, from any thread; `Some` ends the run at the last checkpoint reached.
    fn should_stop(&self) -> Option<Stopped> {
        None
    }

    /// Called after every chunk, in index order, from one thread at a time: what was counted so far, to be put away, and
    /// the [rows](crate::metric::per_replication) of the chunk, if they are wanted. The run waits for it. A run that is
    /// stopped calls it once more when nothing is under way any longer.
    fn kept(&self, _: &Prefix<'_>, _rows: &[u8]) {}

    /// Whether [`Watch::kept`] gets rows.
    fn wants_rows(&self) -> bool {
        false
    }
}

/// Nobody watches.
#[derive(Clone, Copy, Debug)]
pub struct Unwatched;

impl Watch for Unwatched {}

/// A system that cannot be assessed as planned.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AssessError {
    /// A replication cannot be finished.
    #[error(transparent)]
    Replication(#[from] ReplicationError),
    /// Downtime cannot be attributed as the plan asks.
    #[error("downtime cannot be attributed to cut sets and edges: {0}")]
    Attribution(#[from] AttributionError),
    /// The plan steers by something that is not measured.
    #[error("there is no measure `{measure}` to stop on; allowed are {allowed}")]
    UnknownMeasure {
        /// What the plan named.
        measure: String,
        /// What can be named.
        allowed: String,
    },
    /// The plan asks for a half-width in another unit than the measure's.
    #[error(
        "`{measure}` takes {} as a half-width, like {}; asked for is {}, which goes with {}",
        .needs.words, .needs.written, .found.words, listed(.found.measures)
    )]
    WrongUnit {
        /// The measure.
        measure: String,
        /// Its unit.
        needs: &'static SteeringUnit,
        /// The unit of the half-width.
        found: &'static SteeringUnit,
    },
    /// The plan asks for a half-width in a unit that nothing in this run is measured in.
    #[error("nothing in this run is measured by {}, which goes with {}: write {allowed}", .found.words, listed(.found.measures))]
    NothingInUnit {
        /// The unit of the half-width.
        found: &'static SteeringUnit,
        /// How a half-width can be written in this run, and for what.
        allowed: String,
    },
    /// The plan asks for a verdict where there is none.
    #[error("there is no agreement to decide on: state one, or stop on a precision")]
    NothingToDecide,
    /// The plan asks for a verdict on an agreement that is not stated.
    #[error("there is no agreement `{agreement}` to decide on; stated are {declared}")]
    UnknownAgreement {
        /// What the plan named.
        agreement: String,
        /// What is stated.
        declared: String,
    },
    /// A comparison is asked for what it cannot find out.
    #[error(
        "a comparison cannot stop on {0}; ask for a relative half-width, an absolute one of unavailability or downtime, or a number of replications"
    )]
    NotCompared(&'static str),
    /// A number of the plan is outside its range.
    #[error("{what} is {value}; allowed is {allowed}")]
    OutOfRange {
        /// The quantity.
        what: &'static str,
        /// The offending value.
        value: f64,
        /// The range, in words.
        allowed: &'static str,
    },
    /// A method of variance reduction that is asked for cannot be used.
    #[error("`{method}` cannot be used: {why}")]
    Variance {
        /// `antithetic`, `control` or `stratified`.
        method: &'static str,
        /// Why not.
        why: String,
    },
    /// A sequential test of an agreement, whose replications must be alike, with parameter draws, which make them differ.
    #[error(
        "a run with parameter draws cannot stop on a decision: its replications are of different systems; fix their number, or stop by precision"
    )]
    DecisionWithDraws,
    /// The run was stopped before enough was counted to show anything.
    #[error("stopped before the first {0} replications were done: there is nothing to show")]
    TooEarly(u64),
    /// The run was stopped in the pilot, which goes before all counting.
    #[error("stopped in the pilot of {0} replications, before anything was counted")]
    StoppedInPilot(u64),
}

impl AssessError {
    /// Whether the run only was stopped too early to show anything: it could go on, or be run again.
    pub const fn is_stopped(&self) -> bool {
        matches!(self, Self::TooEarly(_) | Self::StoppedInPilot(_))
    }
}

/// `a`, `b`, `c`.
fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Replications without which a run that is stopped shows nothing: below, no number has an error.
const LEAST_SHOWN: u64 = 2;

/// Assesses `system` as `plan` says.
///
/// The results are a pure function of system and plan, for any number of threads; `watch` can only end a run early, at
/// a checkpoint, or before the first one at a chunk.
///
/// # Errors
/// [`AssessError`] if the plan cannot be carried out.
pub fn assess(system: &System, plan: &Plan, watch: &dyn Watch) -> Result<Results, AssessError> {
    resume(system, plan, Kept::nothing(system, 0), watch)
}

/// Goes on with an assessment from what was counted of it before, to the same results as if it had never stopped. What
/// was counted by shards, merged, is such a beginning as well: with nothing left to do.
///
/// # Errors
/// [`AssessError`] if the plan cannot be carried out.
pub fn resume(system: &System, plan: &Plan, from: Kept, watch: &dyn Watch) -> Result<Results, AssessError> {
    watch.entered(Stage::Preparing);
    let Prepared { checkpoints, steering, possible } = Prepared::of(system, plan)?;
    let scheme = Scheme::decide(system, plan, possible, watch)?;
    let checkpoints = whole_blocks(checkpoints, scheme.sampling.blocks.size());
    watch.entered(Stage::Solving);
    let floors = variance_floor::floors(system, scheme.sampling.blocks);
    let known = Known { solutions: exact::solve(system), floors, scheme };
    watch.entered(Stage::Simulating);
    let Kept { decided: mut tallies, mut since, .. } = from;
    let (first, most) = (checkpoints.first().copied().unwrap_or(0), checkpoints.last().copied().unwrap_or(0));
    let (mut stopped, mut reached) = (None, None);
    let view = outlook::View { system, plan, known: &known, steering: steering.as_ref(), least: first };
    let already = tallies.replications;
    for checkpoint in checkpoints.into_iter().skip_while(|&checkpoint| checkpoint < already) {
        if tallies.replications < checkpoint {
            let scheme = &known.scheme;
            let from = replicated::From { system, scheme, first: 0, decided: &tallies, view: Some(&view) };
            let range = tallies.replications + since.replications..checkpoint;
            if replicated::count(from, range, &mut since, watch)? < checkpoint {
                stopped = watch.should_stop().or(Some(Stopped::Interrupted));
                break;
            }
            tallies.merge(std::mem::replace(&mut since, Tallies::new(system)));
        }
        if watch.wants_outlook() {
            watch.outlook(&view.of(&Prefix { first: 0, decided: &tallies, since: &since }));
        }
        let controlled = known.controlled(system, plan, &tallies);
        let reading = known.reading(system, plan, (tallies.replications, &controlled));
        reached = steering.as_ref().map(|steering| steering.reached(&tallies, reading));
        watch.progress(&Progress { replications: checkpoint, most, reached: reached.map(|(reached, _)| reached) });
        if reached.is_some_and(|(_, enough)| enough) {
            stopped = steering.as_ref().map(steering::Steering::stopped);
            break;
        }
    }
    if tallies.replications == 0 {
        // Nothing was decided, so nothing is lost by showing what there is; but every parameter draw needs its replications.
        let least = if system.drawn.is_empty() { LEAST_SHOWN } else { first };
        tallies.merge(since);
        if tallies.replications < least {
            return Err(AssessError::TooEarly(least));
        }
    }
    watch.entered(Stage::ReadingOut);
    let by_itself = if steering.is_some() { Stopped::Budget } else { Stopped::Fixed };
    let outcome = RunOutcome {
        seed: plan.seed,
        replications: tallies.replications,
        stopped: stopped.unwrap_or(by_itself),
        steering: steering.as_ref().map(|steering| steering.name.clone()),
        reached: reached.map(|(reached, _)| reached),
        confidence: plan.confidence,
        measured_h: system.measured().hours(),
        parameter_draws: system.drawn.len() as u32,
    };
    let controlled = known.controlled(system, plan, &tallies);
    let reading = known.reading(system, plan, (tallies.replications, &controlled));
    let mut results = readout::results(reading, (&tallies, &known.scheme, plan.attribution), outcome)?;
    if let Some(steering) = &steering {
        steering.judge(&mut results.requirements);
    }
    inputs::add(system, plan, &tallies, &mut results);
    Ok(results)
}

/// Counts the replications of a shard, which ends before replication `end`, from what was counted of it before; returns
/// whether all of them are done.
///
/// # Errors
/// [`AssessError`] if the plan cannot be carried out.
pub fn shard(
    system: &System,
    plan: &Plan,
    (kept, end): (&mut Kept, u64),
    watch: &dyn Watch,
) -> Result<bool, AssessError> {
    let range = kept.end()..end;
    let scheme = Scheme::decide(system, plan, Prepared::of(system, plan)?.possible, watch)?;
    let from = replicated::From { system, scheme: &scheme, first: kept.first, decided: &kept.decided, view: None };
    Ok(replicated::count(from, range, &mut kept.since, watch)? >= end)
}

/// What is known of a system without simulating it.
struct Known {
    solutions: Solutions,
    floors: Vec<f64>,
    scheme: Scheme,
}

impl Known {
    /// For each tracked entity, its unavailability by the control variate; empty where none is used.
    fn controlled(&self, system: &System, plan: &Plan, tallies: &Tallies) -> Vec<Option<Estimate>> {
        let Some(control) = &self.scheme.control else { return Vec::new() };
        let after = self.scheme.sampling.blocks.sample(tallies.replications.saturating_sub(PILOT));
        let (measured, confidence) = (system.measured(), plan.confidence);
        let of = Controlled { control, after, measured, confidence, floors: &self.floors };
        (0..system.tracked.len() as TrackedId).map(|id| tallies.gain.controlled(id, &of)).collect()
    }

    fn reading<'a>(
        &'a self,
        system: &'a System,
        plan: &Plan,
        (replications, controlled): (u64, &'a [Option<Estimate>]),
    ) -> Reading<'a> {
        let (confidence, blocks) = (plan.confidence, self.scheme.sampling.blocks);
        let (floors, exact) = (&self.floors, &self.solutions);
        Reading { system, replications, blocks, confidence, floors, exact, controlled }
    }
}

/// Checkpoints cut down to whole blocks of dependent replications; all but the last are already.
fn whole_blocks(checkpoints: Vec<u64>, size: u64) -> Vec<u64> {
    let mut cut: Vec<u64> = checkpoints.into_iter().map(|n| n / size * size).filter(|&n| n > 0).collect();
    cut.dedup();
    cut
}
