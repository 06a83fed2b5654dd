//! Which methods can be used at all, as far as that can be said without a replication.

use super::pilot::PILOT;
use super::relaxation::{Relaxation, relaxation};
use crate::assess::AssessError;
use crate::plan::{Plan, Stopping, Use, Variance};
use crate::replication::Blocks;
use crate::system::{System, TrackedId};

/// For each method whether it can be used, or why not. Of one that is not asked for it says nothing of meaning.
#[derive(Debug)]
pub(crate) struct Possible {
    pub(super) strata: Result<(), String>,
    pub(super) pairs: Result<(), String>,
    pub(super) relaxed: Result<Relaxation, String>,
}

impl Possible {
    /// Of a system and a plan.
    ///
    /// # Errors
    /// [`AssessError::Variance`] for a method that is demanded and cannot be used.
    pub(crate) fn of(system: &System, plan: &Plan) -> Result<Self, AssessError> {
        let Variance { antithetic, control, stratified } = plan.variance;
        let possible = if system.drawn.is_empty() {
            Self::of_one(system, plan)?
        } else {
            // Replications of different systems are no sample that a pilot of one could speak for.
            let why = || "the replications of parameter draws are of different systems".to_owned();
            Self { strata: Err(why()), pairs: Err(why()), relaxed: Err(why()) }
        };
        let Self { strata, pairs, relaxed } = &possible;
        let refused = [
            ("stratified", stratified, strata.as_ref().err()),
            ("antithetic", antithetic, pairs.as_ref().err()),
            ("control", control, relaxed.as_ref().err()),
        ];
        for (method, asked, why) in refused {
            if let (Use::On, Some(why)) = (asked, why) {
                return Err(AssessError::Variance { method, why: why.clone() });
            }
        }
        Ok(possible)
    }

    fn of_one(system: &System, plan: &Plan) -> Result<Self, AssessError> {
        let Variance { antithetic, control, stratified } = plan.variance;
        if antithetic == Use::On && stratified == Use::On {
            let why = "pairs and strata both say how a first life is drawn; keep one of them".to_owned();
            return Err(AssessError::Variance { method: "antithetic", why });
        }
        let strata =
            if antithetic == Use::On { Err("pairs are asked for".to_owned()) } else { fits(plan, Blocks::Stratified) };
        let relaxed = if control == Use::Off { Err(String::new()) } else { followed(system, plan) };
        Ok(Self { strata, pairs: fits(plan, Blocks::Antithetic), relaxed })
    }
}

/// What a run is for: the journeys, or the components where there is none.
pub(super) fn targets(system: &System) -> std::ops::Range<TrackedId> {
    let targets = if system.journeys.is_empty() { system.components.len() } else { system.journeys.len() };
    0..targets as TrackedId
}

/// Refuses a number of replications that does not make whole blocks, or not two of them.
fn fits(plan: &Plan, blocks: Blocks) -> Result<(), String> {
    let size = blocks.size();
    let (most, fixed) = most(plan);
    if fixed && !most.is_multiple_of(size) {
        return Err(format!("{most} replications are no multiple of {size}; {} are", most.next_multiple_of(size)));
    }
    if most < 2 * size { Err(format!("{most} replications are fewer than two blocks of {size}")) } else { Ok(()) }
}

/// The most replications of a plan, and whether it makes exactly so many.
const fn most(plan: &Plan) -> (u64, bool) {
    match plan.stopping {
        Stopping::Fixed(n) => (n, true),
        Stopping::Until { max, .. } => (max, false),
    }
}

/// The relaxation, if it can be a control variate.
fn followed(system: &System, plan: &Plan) -> Result<Relaxation, String> {
    if system.spec.time.until_first_failure {
        return Err("a run to the first failure has no downtime to correct".to_owned());
    }
    let (most, _) = most(plan);
    if most < 2 * PILOT {
        return Err(format!("the pilot takes {PILOT} replications, and {most} leave too few after it"));
    }
    let coupled = relaxation(system);
    let relaxation = coupled.ok_or_else(|| "nothing is coupled: the exact answer is the answer".to_owned())?;
    let known = targets(system).any(|id| relaxation.expected(id).is_some());
    match relaxation.expected.iter().find_map(|expected| expected.as_ref().err()) {
        Some(reason) if !known => Err(format!("the independent relaxation has no exact mean: {reason}")),
        _ => Ok(relaxation),
    }
}
