//! What is left of a life at an age: the accrued hazard and its inverse.
//!
//! A life that has reached an age ends when `E` more of its hazard has accrued, `E` exponential of mean 1. Source: Cinlar,
//! *Introduction to Stochastic Processes* (1975), 4.7; Ross, *Stochastic Processes*, 2nd ed. (1996), 2.4.

use ninefold_sim_core::special::root;

use super::Lifetime;

/// Doublings after which a bracket is given up: beyond every duration.
const DOUBLINGS_MAX: u32 = 1100;

/// `-ln S` by whichever of the two tails is small.
pub(super) fn accrued(law: &(impl Lifetime + ?Sized), age_hours: f64) -> f64 {
    let below = law.cdf(age_hours);
    if below < 0.5 { -libm::log1p(-below) } else { -libm::log(law.survival(age_hours)) }
}

/// The time after an age by which `more` of the hazard accrues: doubled until it is enough, then bisected.
pub(super) fn invert(law: &(impl Lifetime + ?Sized), age_hours: f64, more: f64) -> f64 {
    let before = law.accrued_hazard(age_hours);
    let reached = |hours: f64| law.accrued_hazard(age_hours + hours) - before >= more;
    let mut high = law.mean_hours().min(age_hours).max(f64::MIN_POSITIVE);
    for _ in 0..DOUBLINGS_MAX {
        if reached(high) || high >= f64::MAX {
            break;
        }
        high = (2.0 * high).min(f64::MAX);
    }
    root::first(0.0, high, reached)
}

/// `ln Σ exp`: the logarithm of a sum of parts given by theirs, the largest of them `largest`.
pub(super) fn ln_sum(largest: f64, parts: impl Iterator<Item = f64>) -> f64 {
    if largest == f64::NEG_INFINITY {
        return largest;
    }
    largest + libm::log(parts.map(|part| libm::exp(part - largest)).sum())
}
