//! Assessment: replications of a system until its plan is met, read out as results.

mod incidents;
mod readout;
mod steering;
mod variance_floor;

use ninefold_sim_core::checkpoints::Checkpoints;
use ninefold_sim_core::replicate::{Replicate, replicate};

use crate::exact::{self, Solutions};
use crate::metric::{Metric, Reading, Tallies};
use crate::plan::{DEFAULT_MIN_REPLICATIONS, MAX_REPLICATIONS, Plan, Stopping};
use crate::replication::{ReplicationError, World};
use crate::results::{Results, RunOutcome, Stopped};
use crate::system::System;

pub use incidents::{INCIDENTS_KEPT, REPLICATIONS_KEPT};
pub use steering::STEERING_MEASURES;

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Replications done.
    pub replications: u64,
    /// Replications after which it stops at the latest.
    pub most: u64,
    /// Relative half-width of the steering measure, if it steers by one; infinite while nothing was seen.
    pub reached: Option<f64>,
    /// Relative half-width asked for.
    pub asked: Option<f64>,
}

/// Who watches a run: sees its progress and may stop it.
pub trait Watch: Sync {
    /// Called at every checkpoint.
    fn progress(&self, _: &Progress) {}

    /// Asked often, from any thread; `Some` ends the run at the last checkpoint reached.
    fn should_stop(&self) -> Option<Stopped> {
        None
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
    /// The plan steers by something that is not measured.
    #[error("there is no measure `{measure}` to stop on; allowed are {allowed}")]
    UnknownMeasure {
        /// What the plan named.
        measure: String,
        /// What can be named.
        allowed: String,
    },
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
    /// The run was stopped before its first checkpoint: there is nothing to show.
    #[error("stopped before the first {0} replications were done: there is nothing to show")]
    TooEarly(u64),
}

/// Replications of a system under a seed.
struct Replicated<'a> {
    system: &'a System,
    seed: u64,
}

impl<'a> Replicate for Replicated<'a> {
    type World = World<'a>;
    type Tally = Tallies;
    type Error = ReplicationError;

    fn world(&self) -> World<'a> {
        World::new(self.system)
    }

    fn tally(&self) -> Tallies {
        Tallies::new(self.system)
    }

    fn replicate(&self, world: &mut World<'a>, index: u64, tally: &mut Tallies) -> Result<(), ReplicationError> {
        let trace = world.run(self.seed, index)?;
        tally.record(self.system, index, trace);
        Ok(())
    }

    fn merge(&self, into: &mut Tallies, later: Tallies) {
        into.merge(later);
    }
}

/// The checkpoints of a plan.
pub(crate) fn checkpoints(plan: &Plan) -> Result<Vec<u64>, AssessError> {
    let allowed = "1 to 4294967296";
    let in_range = |what, n: u64| {
        let value = n as f64;
        if (1..=MAX_REPLICATIONS).contains(&n) { Ok(()) } else { Err(AssessError::OutOfRange { what, value, allowed }) }
    };
    if !(plan.confidence > 0.0 && plan.confidence < 1.0) {
        let (what, value) = ("confidence", plan.confidence);
        return Err(AssessError::OutOfRange { what, value, allowed: "above 0, below 1" });
    }
    match plan.stopping {
        // A fixed run pauses too, so that it shows progress and an interruption finds something to hand over.
        Stopping::Fixed(n) => {
            in_range("replications", n)?;
            Ok(Checkpoints::new(n.min(DEFAULT_MIN_REPLICATIONS), n).collect())
        }
        Stopping::Precision { min, max, relative_half_width, .. } => {
            in_range("replications.min", min)?;
            in_range("replications.max", max)?;
            if !(relative_half_width > 0.0) {
                let what = "relative_half_width";
                return Err(AssessError::OutOfRange { what, value: relative_half_width, allowed: "above 0" });
            }
            Ok(Checkpoints::new(min, max).collect())
        }
    }
}

/// Assesses `system` as `plan` says.
///
/// The results are a pure function of system and plan, for any number of threads; `watch` can only end a run early, at
/// a checkpoint.
///
/// # Errors
/// [`AssessError`] if the plan cannot be carried out.
pub fn assess(system: &System, plan: &Plan, watch: &dyn Watch) -> Result<Results, AssessError> {
    let checkpoints = checkpoints(plan)?;
    let steering = steering::Steering::of(system, plan)?;
    let replicated = Replicated { system, seed: plan.seed };
    let known = Known { solutions: exact::solve(system), floors: variance_floor::floors(system) };
    let mut tallies = Tallies::new(system);
    let (first, most) = (checkpoints.first().copied().unwrap_or(0), checkpoints.last().copied().unwrap_or(0));
    let (mut stopped, mut reached) = (None, None);
    for checkpoint in checkpoints {
        let done = tallies.replications;
        let mut batch = Tallies::new(system);
        let finished = replicate(&replicated, done..checkpoint, &mut batch, &|| watch.should_stop().is_some())?;
        if !finished {
            stopped = watch.should_stop().or(Some(Stopped::Interrupted));
            break;
        }
        tallies.merge(batch);
        let reading = reading(system, plan, &tallies, &known);
        reached = steering.as_ref().map(|steering| steering.reached(&tallies, reading));
        let asked = steering.as_ref().map(|steering| steering.asked);
        let width = reached.map(|(width, _)| width);
        watch.progress(&Progress { replications: checkpoint, most, reached: width, asked });
        if reached.is_some_and(|(_, enough)| enough) {
            stopped = Some(Stopped::Precision);
            break;
        }
    }
    if tallies.replications == 0 {
        return Err(AssessError::TooEarly(first));
    }
    let by_itself = if steering.is_some() { Stopped::Budget } else { Stopped::Fixed };
    let outcome = RunOutcome {
        seed: plan.seed,
        replications: tallies.replications,
        stopped: stopped.unwrap_or(by_itself),
        steering: steering.as_ref().map(|steering| steering.name.clone()),
        asked_half_width: steering.as_ref().map(|steering| steering.asked),
        reached_half_width: reached.map(|(width, _)| width),
        confidence: plan.confidence,
        measured_h: system.measured().hours(),
    };
    readout::results(reading(system, plan, &tallies, &known), &tallies, outcome)
}

/// What is known of a system without simulating it.
struct Known {
    solutions: Solutions,
    floors: Vec<f64>,
}

fn reading<'a>(system: &'a System, plan: &Plan, tallies: &Tallies, known: &'a Known) -> Reading<'a> {
    let (replications, confidence) = (tallies.replications, plan.confidence);
    Reading { system, replications, confidence, floors: &known.floors, exact: &known.solutions }
}
