//! Comparing two systems replication by replication, under common random numbers.
//!
//! Streams are keyed by name, so what both systems share draws the same: nobody has to arrange it, and differences are
//! known far better than either value.

mod aim;
mod paired;
mod recovery;
mod rows;

use ninefold_sim_core::replicate::{Replicate, replicate};

use crate::assess::{AssessError, Progress, Watch, checkpoints};
use crate::plan::Plan;
use crate::results::{Estimated, Reached, SteeringRule};
use crate::system::System;

use aim::Aim;
pub use aim::DIFFERENT_AT_LEAST;
use paired::{Pair, Tally, Watched};

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
    /// The measure; of all of them less is better.
    pub measure: &'static str,
    /// Its unit.
    pub unit: &'static str,
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
/// [`AssessError`] if the plan cannot be carried out or demands a method of variance reduction, or the two are measured
/// over different times.
pub fn compare(a: &System, b: &System, plan: &Plan, watch: &dyn Watch) -> Result<Comparison, AssessError> {
    let comparable = a.measured() == b.measured() && a.warmup == b.warmup;
    if !comparable || a.spec.time.until_first_failure || b.spec.time.until_first_failure {
        let (what, value) = ("measured time of the second system, in hours,", b.measured().hours());
        return Err(AssessError::OutOfRange {
            what,
            value,
            allowed: "the first one's, and no run to the first failure",
        });
    }
    if let Some(method) = plan.variance.demanded() {
        let why = "a comparison pairs replications by common random numbers already".to_owned();
        return Err(AssessError::Variance { method, why });
    }
    let pair = Pair::of(a, b, plan.seed);
    let (mut tallies, mut done, mut looks, mut reached) = (pair.tally(), 0, 0, None);
    let aim = Aim::of(plan)?;
    let checkpoints = checkpoints(plan)?;
    let (first, most) = (checkpoints.first().copied().unwrap_or(0), checkpoints.last().copied().unwrap_or(0));
    for checkpoint in checkpoints {
        let mut batch = pair.tally();
        if replicate(&pair, done..checkpoint, &mut batch, &Watched(watch))? < checkpoint {
            break;
        }
        pair.merge(&mut tallies, batch);
        (done, looks) = (checkpoint, looks + 1);
        reached = aim.map(|aim| aim.reached(&tallies[..pair.headline], (a, done, plan), looks));
        watch.progress(&Progress { replications: done, most, reached });
        if reached.is_some_and(|reached: Reached| reached.reached <= reached.asked) {
            break;
        }
    }
    if done == 0 {
        return Err(AssessError::TooEarly(first));
    }
    let decides = aim.filter(|aim| aim.rule == SteeringRule::Decision);
    Ok(Comparison {
        replications: done,
        rows: rows::rows(&pair, &tallies, done, plan.confidence),
        verdicts: decides.map_or_else(Vec::new, |aim| verdicts(&pair, &tallies, (done, looks), aim.asked)),
        alone: [alone(a, b), alone(b, a)],
        reached,
    })
}

fn verdicts(pair: &Pair<'_>, tallies: &[Tally], (n, look): (u64, u64), asked: f64) -> Vec<ComparedVerdict> {
    let verdict = |(tally, &[id, _]): (&Tally, &[usize; 2])| {
        let doubt = aim::doubt(&tally.down, n, look);
        let less = match tally.down.delta.sum() {
            _ if doubt > asked => Less::Undecided,
            _ if tally.down.less + tally.down.more == 0 => Less::Neither,
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
