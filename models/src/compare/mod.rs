//! Comparing systems replication by replication, under common random numbers.
//!
//! Streams are keyed by name, so what both systems share draws the same: nobody has to arrange it, and differences are
//! known far better than either value.

mod aim;
mod decision;
mod measure;
mod paired;
mod recovery;
mod rows;

use std::borrow::Cow;

use ninefold_sim_core::replicate::{Replicate, replicate};

use crate::assess::{AssessError, Progress, Watch, checkpoints};
use crate::plan::Plan;
use crate::results::{Estimated, Reached, SteeringRule};
use crate::system::System;

use aim::Aim;
pub use aim::DIFFERENT_AT_LEAST;
pub use decision::{Cost, Decision, Marginal, Offer, Question, Recommended, Rule, Weighed, decide};
use paired::{Pair, Pairs, Tally, Watched};

/// Most systems beside a baseline: each has a world of its own in every thread.
pub const OTHERS_MAX: usize = 64;

/// Two systems side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Replications of each.
    pub replications: u64,
    /// One row an entity and measure that both systems have, journeys first.
    pub rows: Vec<ComparedRow>,
    /// Who has less downtime, of each journey that both have (component, where there is none), if that was to be decided.
    pub verdicts: Vec<ComparedVerdict>,
    /// Journeys and components that only the first, and only the second has.
    pub alone: [Vec<String>; 2],
    /// What was asked of the comparison, and how far it came.
    pub reached: Option<Reached>,
}

/// Which of two systems has less mean downtime of an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedVerdict {
    /// The entity.
    pub entity: String,
    /// Who has less.
    pub less: Less,
    /// Bound of the probability that a comparison ever finds so little doubt where it is wrong, as far as Student's law
    /// holds for the mean difference; 0 where no replication differs.
    pub doubt: f64,
}

/// Who has less of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Less {
    /// The first.
    A,
    /// The second.
    B,
    /// Neither: in no replication do they differ.
    Neither,
    /// It is not decided.
    Undecided,
}

/// One measure of one entity in both systems.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedRow {
    /// The entity.
    pub entity: String,
    /// The measure; of all of them less is better, but of `rto_met` and `rpo_met`.
    pub measure: &'static str,
    /// Its unit.
    pub unit: Cow<'static, str>,
    /// The quantile, where it is one of a distribution; a mean otherwise.
    pub quantile: Option<f64>,
    /// In the first system.
    pub a: Estimated,
    /// In the second.
    pub b: Estimated,
    /// Second − first, paired by replication.
    pub delta: Estimated,
    /// Confidence that the second's mean (or quantile) is the smaller one, by Student's law of the paired difference; 0.5
    /// without evidence.
    pub p_b_better: f64,
    /// Share of replications in which the second has less than the first; `None` where it is not one a replication.
    pub b_less: Option<Estimated>,
    /// Share of replications in which it has more; in the rest both have the same.
    pub b_more: Option<Estimated>,
}

/// Compares two systems as `plan` says; a plan that asks for precision asks it of the differences, where one is seen. One
/// that asks for a decision asks who has less downtime.
///
/// # Errors
/// As of [`compare_all`].
pub fn compare(a: &System, b: &System, plan: &Plan, watch: &dyn Watch) -> Result<Comparison, AssessError> {
    let mut alone = compare_all(a, &[b], plan, watch)?;
    Ok(alone.pop().expect("bug: one other system is one comparison"))
}

/// Compares each of several systems with a baseline, all in the same replications, until what `plan` asks for is known of
/// every one; a comparison for each, in their order.
///
/// # Errors
/// [`AssessError`] if the plan cannot be carried out or demands a method of variance reduction, if two are measured over
/// different times, or if there are no others or more than [`OTHERS_MAX`].
pub fn compare_all(
    baseline: &System,
    others: &[&System],
    plan: &Plan,
    watch: &dyn Watch,
) -> Result<Vec<Comparison>, AssessError> {
    refuse(baseline, others, plan)?;
    let pairs = others.iter().map(|other| Pair::of(baseline, other)).collect();
    let pairs = Pairs { baseline, seed: plan.seed, pairs };
    let (mut tallies, mut done, mut looks, mut reached) = (pairs.tally(), 0, 0, None);
    let aim = Aim::of(plan)?;
    let checkpoints = checkpoints(plan)?;
    let (first, most) = (checkpoints.first().copied().unwrap_or(0), checkpoints.last().copied().unwrap_or(0));
    for checkpoint in checkpoints {
        let mut batch = pairs.tally();
        if replicate(&pairs, done..checkpoint, &mut batch, &Watched(watch))? < checkpoint {
            break;
        }
        pairs.merge(&mut tallies, batch);
        (done, looks) = (checkpoint, looks + 1);
        let each = pairs.pairs.iter().zip(&tallies);
        let of = |aim: Aim, (pair, tallies): (&Pair<'_>, &Vec<Tally>)| {
            aim.reached(&tallies[..pair.headline], (baseline, done, plan), looks)
        };
        let further = |a: Reached, b: Reached| if b.reached > a.reached { b } else { a };
        reached = aim.and_then(|aim| each.map(|one| of(aim, one)).reduce(further));
        watch.progress(&Progress { replications: done, most, reached });
        if reached.is_some_and(|reached: Reached| reached.reached <= reached.asked) {
            break;
        }
    }
    if done == 0 {
        return Err(AssessError::TooEarly(first));
    }
    let decides = aim.filter(|aim| aim.rule == SteeringRule::Decision);
    let one = |(pair, tallies): (&Pair<'_>, &Vec<Tally>)| Comparison {
        replications: done,
        rows: rows::rows(pair, tallies, done, plan.confidence),
        verdicts: decides.map_or_else(Vec::new, |aim| verdicts(pair, tallies, (done, looks), aim.asked)),
        alone: [alone(pair.systems[0], pair.systems[1]), alone(pair.systems[1], pair.systems[0])],
        reached,
    };
    Ok(pairs.pairs.iter().zip(&tallies).map(one).collect())
}

/// What cannot be compared.
fn refuse(baseline: &System, others: &[&System], plan: &Plan) -> Result<(), AssessError> {
    if !(1..=OTHERS_MAX).contains(&others.len()) {
        let (what, value) = ("systems beside the baseline", others.len() as f64);
        return Err(AssessError::OutOfRange { what, value, allowed: "1 to 64" });
    }
    for other in others {
        let comparable = baseline.measured() == other.measured() && baseline.warmup == other.warmup;
        if !comparable || baseline.spec.time.until_first_failure || other.spec.time.until_first_failure {
            let (what, value) = ("measured time of the second system, in hours,", other.measured().hours());
            return Err(AssessError::OutOfRange {
                what,
                value,
                allowed: "the first one's, and no run to the first failure",
            });
        }
    }
    if let Some(method) = plan.variance.demanded() {
        let why = "a comparison pairs replications by common random numbers already".to_owned();
        return Err(AssessError::Variance { method, why });
    }
    Ok(())
}

fn verdicts(pair: &Pair<'_>, tallies: &[Tally], (n, look): (u64, u64), asked: f64) -> Vec<ComparedVerdict> {
    let verdict = |(tally, &[id, _]): (&Tally, &[usize; 2])| {
        let doubt = aim::doubt(tally.down(), n, look);
        let less = match tally.down().delta.sum() {
            _ if doubt > asked => Less::Undecided,
            _ if tally.down().less + tally.down().more == 0 => Less::Neither,
            sum if sum < 0 => Less::B,
            _ => Less::A,
        };
        ComparedVerdict { entity: pair.systems[0].tracked[id].entity().to_owned(), less, doubt }
    };
    tallies[..pair.headline].iter().zip(&pair.shared).map(verdict).collect()
}

/// The journeys and components that another system does not have.
fn alone(system: &System, other: &System) -> Vec<String> {
    let has = |entity: &str| other.tracked.iter().any(|tracked| tracked.entity() == entity);
    let named = &system.tracked[..system.journeys.len() + system.components.len()];
    named.iter().map(|tracked| tracked.entity()).filter(|entity| !has(entity)).map(str::to_owned).collect()
}
