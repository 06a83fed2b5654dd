//! What is left of a duration at a chance instant: the integrated tail and its inverse, for each law.

use ninefold_sim_core::special::quadrature::gauss_legendre;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::cases::{Case, grid, h};
use crate::identities::{KS_LIMIT, kolmogorov, uniforms};
use crate::properties::any_law;

#[test]
fn the_integrated_tail_is_the_integral_of_the_survival() {
    for Case { law, corners, .. } in grid() {
        let quantiles = (1..200).map(|i| law.quantile(f64::from(i) / 200.0).get());
        let mut ends: Vec<f64> = quantiles.chain(corners).chain([0.0]).collect();
        ends.sort_by(f64::total_cmp);
        ends.dedup();
        let mean = law.mean().get();
        for pair in ends.windows(2) {
            let expected = gauss_legendre(pair[0], pair[1], 4, |t| law.survival(h(t)));
            let found = law.integrated_tail(h(pair[1])).get() - law.integrated_tail(h(pair[0])).get();
            assert!(
                (found - expected).abs() <= 1e-12 * mean + 1e-6 * expected,
                "{law:?} over {pair:?}: {found}, {expected}"
            );
        }
        let whole = law.integrated_tail(law.quantile(1.0 - 1e-15)).get();
        let cap = if law.variance_h2().is_finite() { 1e-6 } else { 1e-4 };
        assert!((whole / mean - 1.0).abs() < cap, "{law:?}: {whole} of {mean}");
        assert_eq!(law.integrated_tail(h(f64::INFINITY)).get(), mean);
    }
}

#[test]
fn the_residual_quantile_inverts_it() {
    for Case { law, .. } in grid() {
        let mean = law.mean().get();
        for p in [1e-15, 1e-6, 0.01, 0.2, 0.5, 0.9, 0.999, 1.0 - 1e-9] {
            let age = law.residual_quantile(p);
            let found = law.integrated_tail(age).get() / mean;
            // The age itself is rounded.
            let slack = 4.0 * f64::EPSILON * age.get() * law.survival(age) / mean;
            assert!((found - p).abs() <= 2e-13 * p + 4e-16 + slack, "{law:?} at {p}: {found} at {age}");
        }
    }
}

/// The residual has the mean E[X²]/(2 E[X]): Cox, *Renewal Theory* (1962), section 5.4.
#[test]
fn residuals_have_the_mean_of_renewal_theory() {
    for Case { law, .. } in grid().into_iter().filter(|case| case.law.variance_h2().is_finite()) {
        let (mean, n) = (law.mean().get(), 5_000);
        let expected = (law.variance_h2() + mean * mean) / (2.0 * mean);
        // Midpoints in p: the tail beyond the last one is what a heavy law loses.
        let ages = (0..n).map(|i| law.residual_quantile((f64::from(i) + 0.5) / f64::from(n)).get());
        let found = ages.sum::<f64>() / f64::from(n);
        let heavy = law.variance_h2() > 20.0 * mean * mean;
        assert!(found <= expected * (1.0 + 1e-3), "{law:?}: {found}, not {expected}");
        assert!(heavy || found >= expected * 0.99, "{law:?}: {found}, not {expected}");
    }
}

/// The forward time to the next renewal at a late instant, simulated renewal by renewal, follows the residual law.
#[test]
fn a_process_that_has_run_for_long_shows_them() {
    for law in [
        ninefold_models::lifetime::Law::weibull_mean(1.8, h(10.0)).unwrap(),
        ninefold_models::lifetime::Law::lognormal_mean_sigma(h(10.0), 0.8).unwrap(),
        ninefold_models::lifetime::Law::gamma(0.7, h(10.0)).unwrap(),
    ] {
        let mut u = uniforms(11);
        let mut residual = || {
            let mut left = 2000.0;
            loop {
                let life = law.quantile(u.next().unwrap()).get();
                if life > left {
                    return life - left;
                }
                left -= life;
            }
        };
        let draws = (0..4000).map(|_| residual()).collect();
        let distance = kolmogorov(draws, |age| law.integrated_tail(h(age)).get() / law.mean().get());
        assert!(distance < KS_LIMIT, "{law:?}: {distance}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn residuals_rise_and_stay_in_range(law in any_law(), p in 0.0..1.0, gap in 1e-9..1.0) {
        prop_assume!(law.mean().get().is_finite());
        let q = p + gap * (1.0 - p);
        let (low, high) = (law.residual_quantile(p).get(), law.residual_quantile(q).get());
        prop_assert!(low >= 0.0 && high.is_finite(), "{law:?}: {low} {high}");
        prop_assert!(high >= low * (1.0 - 1e-9), "{law:?}: {low} at {p}, {high} at {q}");
        prop_assert!(low >= p * law.mean().get() * (1.0 - 1e-12), "{law:?}: {low} at {p}");
    }
}
