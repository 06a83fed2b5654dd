//! The long run of a chain whose state is a number that rises and falls by one.

use super::error::QueueError;

/// Most states of such a chain.
pub const LENGTH_MAX: usize = 2_000_000;

/// Probabilities below this share of the largest end a chain without a last state.
const NEGLIGIBLE: f64 = 1e-300;

/// A product above this is scaled down before it overflows.
const SCALE_AT: f64 = 1e250;

/// P(state = 0, 1, …) where state `k` rises at rate `up(k)` and falls at rate `down(k)`; the last state is `last`, or, if
/// there is none, the one from which on nothing is left that matters.
///
/// # Errors
/// [`QueueError::TooLarge`] if it needs more than [`LENGTH_MAX`] states.
pub(super) fn stationary(
    last: Option<usize>,
    up: impl Fn(usize) -> f64,
    down: impl Fn(usize) -> f64,
) -> Result<Vec<f64>, QueueError> {
    let too_large =
        |count: usize| QueueError::TooLarge { what: "states", count: count as f64, limit: LENGTH_MAX as f64 };
    if let Some(last) = last.filter(|last| *last > LENGTH_MAX) {
        return Err(too_large(last));
    }
    let (mut weights, mut weight, mut largest) = (vec![1.0], 1.0_f64, 1.0_f64);
    for state in 1.. {
        if last.is_some_and(|last| state > last) {
            break;
        }
        let ratio = up(state - 1) / down(state);
        weight *= ratio;
        if last.is_none() && ratio < 1.0 && weight < NEGLIGIBLE * largest {
            break;
        }
        if state > LENGTH_MAX {
            return Err(too_large(state));
        }
        largest = largest.max(weight);
        weights.push(weight);
        if weight > SCALE_AT {
            weights.iter_mut().for_each(|w| *w /= SCALE_AT);
            (weight, largest) = (weight / SCALE_AT, largest / SCALE_AT);
        }
    }
    let total: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|w| *w /= total);
    Ok(weights)
}

/// `Σ p(k) f(k)`.
pub(super) fn mean(p: &[f64], f: impl Fn(usize) -> f64) -> f64 {
    p.iter().enumerate().map(|(k, p)| p * f(k)).sum()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_long_chain_neither_overflows_nor_loses_its_head() {
        // ρ = 2 over 5000 states: P(k) halves downwards from the last.
        let p = stationary(Some(5000), |_| 2.0, |_| 1.0).unwrap();
        assert!((p[5000] - 0.5).abs() < 1e-15 && (p[4990] - 0.5 / 1024.0).abs() < 1e-17);
        // Poisson of mean 3: an infinity of servers.
        let p = stationary(None, |_| 3.0, |k| k as f64).unwrap();
        assert!((mean(&p, |k| k as f64) - 3.0).abs() < 1e-13);
    }
}
