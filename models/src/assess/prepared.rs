//! What of a plan is refused before the first replication: in one place, for whoever runs and for whoever only asks.

use ninefold_sim_core::checkpoints::Checkpoints;

use super::AssessError;
use super::steering::Steering;
use crate::analysis;
use crate::plan::{DEFAULT_MIN_REPLICATIONS, Goal, MAX_REPLICATIONS, Plan, Stopping};
use crate::system::System;
use crate::variance::Possible;

/// A plan that goes with a system, as far as that can be said without a replication.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Where it may stop, not yet cut to blocks of dependent replications.
    pub(super) checkpoints: Vec<u64>,
    pub(super) steering: Option<Steering>,
    pub(super) possible: Possible,
}

impl Prepared {
    pub(super) fn of(system: &System, plan: &Plan) -> Result<Self, AssessError> {
        if !system.drawn.is_empty()
            && matches!(plan.stopping, Stopping::Until { goal: Goal::Decision { .. } | Goal::Breach { .. }, .. })
        {
            return Err(AssessError::DecisionWithDraws);
        }
        if plan.attribution > 0 {
            analysis::attributable(system)?;
        }
        let checkpoints = dealt(system, checkpoints(plan)?)?;
        let steering = Steering::of(system, plan)?;
        Ok(Self { checkpoints, steering, possible: Possible::of(system, plan)? })
    }
}

/// Refuses whatever [`assess`](super::assess) would refuse before its first replication, in the same words.
///
/// What only replications show can still end a run: one that cannot be finished, or a control variate that is demanded
/// and of no use by what its pilot counts.
///
/// # Errors
/// [`AssessError`] if the plan cannot be carried out.
pub fn refuse(system: &System, plan: &Plan) -> Result<(), AssessError> {
    Prepared::of(system, plan).map(drop)
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
    match &plan.stopping {
        // A fixed run pauses too, so that it shows progress and an interruption finds something to hand over.
        Stopping::Fixed(n) => {
            in_range("replications", *n)?;
            Ok(Checkpoints::new((*n).min(DEFAULT_MIN_REPLICATIONS), *n).collect())
        }
        Stopping::Until { min, max, goal } => {
            in_range("replications.min", *min)?;
            in_range("replications.max", *max)?;
            reachable(goal)?;
            Ok(Checkpoints::new(*min, *max).collect())
        }
    }
}

/// Refuses a goal outside its range.
fn reachable(goal: &Goal) -> Result<(), AssessError> {
    let (what, value, below) = match goal {
        Goal::RelativeHalfWidth { at_most, .. } => ("relative_half_width", *at_most, f64::INFINITY),
        Goal::AbsoluteHalfWidth { at_most, .. } => ("absolute_half_width", at_most.value(), f64::INFINITY),
        Goal::Breach { at_most, .. } if !(*at_most > 0.0 && *at_most < 1.0) => {
            ("share of windows missed", *at_most, 1.0)
        }
        Goal::Decision { confidence, .. } | Goal::Breach { confidence, .. } => {
            ("confidence of the decision", *confidence, 1.0)
        }
    };
    let allowed = if below == 1.0 { "above 0, below 1" } else { "above 0" };
    if value > 0.0 && value < below { Ok(()) } else { Err(AssessError::OutOfRange { what, value, allowed }) }
}

/// Checkpoints at which every parameter draw has had as many whole chunks, where there are draws.
fn dealt(system: &System, checkpoints: Vec<u64>) -> Result<Vec<u64>, AssessError> {
    let mut dealt: Vec<u64> = checkpoints.into_iter().map(|checkpoint| system.dealt(checkpoint)).collect();
    dealt.dedup();
    match dealt.last() {
        Some(&last) if last > MAX_REPLICATIONS => {
            let what = "replications, in whole chunks for every parameter draw,";
            Err(AssessError::OutOfRange { what, value: last as f64, allowed: "1 to 4294967296" })
        }
        _ => Ok(dealt),
    }
}
