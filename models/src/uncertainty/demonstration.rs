//! Demonstration of a success probability by tests: what tests that were made bound it by, and how many a claim needs.
//!
//! # Source
//! Clopper & Pearson, *Biometrika* 26 (1934); the success-run theorem and its kin: Meeker & Escobar, *Statistical Methods
//! for Reliability Data* (1998), 7.6 and 10.5. Oracle: `zero_failures_meet_the_closed_form`, `bounds_are_binomial`.

use ninefold_sim_core::special::beta;

/// Most tests that are counted: beyond, nobody makes them.
pub const TESTS_MAX: u64 = 1_000_000_000;

/// The largest failure probability that `failed` of `tests` do not rule out: its one-sided upper bound.
///
/// - `tests`: 1..=[`TESTS_MAX`], independent and alike; `failed` at most as many. `confidence` in (0, 1).
/// - returns: 1 where all failed; 1 − (1 − confidence)^(1/tests) where none did.
pub fn failure_bound(tests: u64, failed: u64, confidence: f64) -> f64 {
    if failed >= tests {
        return 1.0;
    }
    beta::inverse(failed as f64 + 1.0, (tests - failed) as f64, confidence).0
}

/// The least number of tests that show a success probability of `claim` at this confidence, if `failed` of them fail;
/// `None` if it is above [`TESTS_MAX`].
///
/// - `claim` and `confidence` in (0, 1).
pub fn tests_needed(claim: f64, failed: u64, confidence: f64) -> Option<u64> {
    let shows = |tests: u64| failure_bound(tests, failed, confidence) <= 1.0 - claim;
    if !shows(TESTS_MAX) {
        return None;
    }
    // The bound falls with every test.
    let (mut too_few, mut enough) = (failed, TESTS_MAX);
    while enough - too_few > 1 {
        let middle = too_few + (enough - too_few) / 2;
        if shows(middle) { enough = middle } else { too_few = middle }
    }
    Some(enough)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn zero_failures_meet_the_closed_form() {
        for (tests, confidence) in [(1_u64, 0.95_f64), (59, 0.95), (1000, 0.95), (1000, 0.99), (1_000_000, 0.5)] {
            let closed = -libm::expm1(libm::log1p(-confidence) / tests as f64);
            assert!((failure_bound(tests, 0, confidence) / closed - 1.0).abs() < 1e-10, "{tests}");
        }
        // 0 failures in 1000 tests: at most 0.2991 % at 95 %.
        assert!((failure_bound(1000, 0, 0.95) - 0.002_991_25).abs() < 1e-8);
        for (claim, expected) in [(0.9, 29), (0.95, 59), (0.99, 299), (0.999, 2995)] {
            assert_eq!(tests_needed(claim, 0, 0.95), Some(expected));
        }
        assert_eq!(tests_needed(1.0 - 1e-12, 0, 0.95), None);
    }

    /// P(at most `failed` failures) at the bound is what is left of the confidence.
    #[test]
    fn bounds_are_binomial() {
        for (tests, failed) in [(10_u64, 1_u64), (40, 3), (299, 2), (77, 0)] {
            let p = failure_bound(tests, failed, 0.9);
            let (mut term, mut sum) = (libm::pow(1.0 - p, tests as f64), 0.0);
            for k in 0..=failed {
                sum += term;
                term *= (tests - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
            }
            assert!((sum - 0.1).abs() < 1e-9, "{tests}, {failed}: {sum}");
        }
        assert_eq!((failure_bound(5, 5, 0.9), tests_needed(0.9, 1, 0.9)), (1.0, Some(38)));
    }
}
