//! Failure frequency: how often an entity goes from up to down, in the long run.
//!
//! `ν = Σ Bᵢ ωᵢ`: a change of variable `i` (frequency `ωᵢ`) takes the entity down with probability `Bᵢ`, Birnbaum's
//! importance, that it is critical. `Bᵢ` is summed over the decisions on `i`: P(the decision is reached) × P(up above
//! and not below), each without subtraction. Source: Birnbaum (1969); Vesely, *Nucl. Eng. Des.* 13 (1970).

use super::bdd::{NodeId, UP};
use super::cone::Cone;
use super::error::NotExact;
use super::probability::{Chance, NodeChances};

/// Up-to-down transitions per hour of calendar time.
///
/// - `chance`, `per_hour`: of each variable, up and down probability and the frequency of its failures.
///
/// # Errors
/// [`NotExact::TooLarge`] at the limit of the manager.
pub fn failure_frequency(
    cone: &mut Cone,
    chance: impl Fn(usize) -> Chance,
    per_hour: impl Fn(usize) -> f64,
) -> Result<f64, NotExact> {
    let per_level: Vec<f64> = cone.by_level().iter().map(|&variable| per_hour(variable)).collect();
    let mut chances = cone.chances(chance);
    let mut total = 0.0;
    each_critical(cone, &mut chances, |level, critical| total += critical * per_level[level])?;
    Ok(total)
}

/// Tells `visit` of each decision its level, and the probability that it is reached and decides.
///
/// # Errors
/// [`NotExact::TooLarge`] at the limit of the manager.
pub(super) fn each_critical(
    cone: &mut Cone,
    chances: &mut NodeChances,
    mut visit: impl FnMut(usize, f64),
) -> Result<(), NotExact> {
    let top = cone.top();
    let mut reached = vec![0.0; top as usize + 1];
    reached[top as usize] = 1.0;
    for id in (2..=top as usize).rev() {
        if reached[id] == 0.0 {
            continue;
        }
        let node = cone.bdd().node(id as NodeId);
        let critical = cone.bdd().but_not(node.up, node.down)?;
        visit(node.level as usize, reached[id] * chances.get(cone.bdd(), critical).up);
        let own = chances.of_level(node.level);
        for (next, share) in [(node.up, own.up), (node.down, own.down)] {
            if next > UP {
                reached[next as usize] += reached[id] * share;
            }
        }
    }
    Ok(())
}
