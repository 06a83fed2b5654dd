//! What is left of a life at an age: the accrued hazard and its inverse, for each law that has a hazard.

use ninefold_models::lifetime::Law;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::cases::{Case, grid, h};
use crate::identities::{KS_LIMIT, kolmogorov, uniforms};
use crate::properties::any_law;

fn with_hazard() -> impl Iterator<Item = Law> {
    grid().into_iter().map(|case| case.law).filter(Law::has_hazard)
}

#[test]
fn laws_with_a_hazard_are_those_without_jumps_and_without_an_end() {
    for Case { law, jumps, .. } in grid() {
        let ends = ["uniform", "triangular", "pert"].contains(&law.name());
        assert_eq!(law.has_hazard(), !jumps && !ends, "{law:?}");
    }
}

#[test]
fn the_accrued_hazard_is_minus_the_logarithm_of_the_survival() {
    for law in with_hazard() {
        for p in [1e-9, 0.01, 0.3, 0.5, 0.9, 0.999_999] {
            let age = law.quantile(p);
            let (found, survival, below) = (law.accrued_hazard(age), law.survival(age), law.cdf(age));
            let expected = if below < 0.5 { -(-below).ln_1p() } else { -survival.ln() };
            assert!((found / expected - 1.0).abs() < 1e-9, "{law:?} at {age}: {found}, {expected}");
        }
        assert_eq!(law.accrued_hazard(h(0.0)), 0.0);
        assert_eq!(law.accrued_hazard(h(f64::INFINITY)), f64::INFINITY);
    }
}

/// Where the survival is below every double: sums of Erlang, the asymptotic series of the normal tail, and sums of
/// exponentials by their longest branch.
#[test]
fn far_tails_have_their_logarithms() {
    let close = |law: Law, age: f64, expected: f64| {
        let found = law.accrued_hazard(h(age));
        assert!((found / expected - 1.0).abs() < 1e-13, "{law:?} at {age}: {found}, {expected}");
    };
    close(Law::erlang(3, h(3.0)).unwrap(), 1000.0, 1000.0 - 501_001.0_f64.ln());
    close(Law::gamma(3.0, h(3.0)).unwrap(), 5000.0, 5000.0 - 12_505_001.0_f64.ln());
    let series = 1.0 - 1.0 / 2500.0 + 3.0 / 50.0_f64.powi(4) - 15.0 / 50.0_f64.powi(6);
    let tail = 1250.0 + (50.0 * std::f64::consts::TAU.sqrt()).ln() - series.ln();
    close(Law::normal(h(1000.0), h(1.0)).unwrap(), 1050.0, tail);
    close(Law::lognormal_median_sigma(h(1.0), 0.1).unwrap(), 5.0_f64.exp(), tail);
    let branches = vec![(0.9, h(1.0)), (0.1, h(100.0))];
    close(Law::hyperexponential(branches).unwrap(), 1e5, 1000.0 - 0.1_f64.ln());
    let parts = vec![(0.25, Law::weibull_scale(2.0, h(10.0)).unwrap()), (0.75, Law::exponential(h(1.0)).unwrap())];
    close(Law::mixture(parts).unwrap(), 900.0, 900.0 - 0.75_f64.ln());
}

#[test]
fn what_is_left_accrues_what_is_drawn() {
    for law in with_hazard() {
        for reached in [1e-6, 0.2, 0.7, 0.999] {
            let age = law.quantile(reached);
            for p in [1e-6, 0.1, 0.5, 0.9, 1.0 - 1e-9] {
                let end = h(age.get() + law.remaining_quantile(age, p).get());
                let (found, expected) = (law.accrued_hazard(end) - law.accrued_hazard(age), -(-p).ln_1p());
                // The end is a rounded sum: what accrues over the rounding is lost.
                let slope = law.accrued_hazard(h(end.get() * (1.0 + 1e-9))) - law.accrued_hazard(end);
                let slack = 1e-9 * expected + slope * 1e-6 + 1e-13 * law.accrued_hazard(end);
                assert!((found - expected).abs() <= slack, "{law:?} at {age}, {p}: {found}, {expected}");
            }
        }
    }
}

#[test]
fn at_age_zero_it_is_a_new_life_bit_for_bit() {
    for law in with_hazard() {
        for p in [1e-9, 0.4, 0.999] {
            assert_eq!(law.remaining_quantile(h(0.0), p), law.quantile(p), "{law:?}");
        }
    }
}

/// Lives that are left, among whole lives drawn until they pass the age, follow the same law.
#[test]
fn it_is_the_law_of_lives_that_have_passed_the_age() {
    for law in [
        Law::weibull_mean(1.8, h(10.0)).unwrap(),
        Law::weibull_mean(0.6, h(10.0)).unwrap(),
        Law::lognormal_mean_sigma(h(10.0), 0.8).unwrap(),
        Law::gamma(0.7, h(10.0)).unwrap(),
        Law::normal(h(10.0), h(4.0)).unwrap(),
    ] {
        let age = law.quantile(0.6);
        let mut u = uniforms(23);
        let draws: Vec<f64> = (0..4000).map(|_| law.remaining_quantile(age, u.next().unwrap()).get()).collect();
        let conditional = |t: f64| 1.0 - law.survival(h(age.get() + t)) / law.survival(age);
        let distance = kolmogorov(draws, conditional);
        assert!(distance < KS_LIMIT, "{law:?}: {distance}");
        let mut passed: Vec<f64> = u.take(12_000).map(|p| law.quantile(p).get() - age.get()).collect();
        passed.retain(|left| *left > 0.0);
        let distance = kolmogorov(passed, conditional);
        assert!(distance < KS_LIMIT, "{law:?}: {distance}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_left_rises_and_stays_in_range(law in any_law(), reached in 0.0..1.0, p in 0.0..1.0, gap in 1e-6..1.0) {
        prop_assume!(law.has_hazard());
        let age = law.quantile(reached);
        let q = p + gap * (1.0 - p);
        let (low, high) = (law.remaining_quantile(age, p).get(), law.remaining_quantile(age, q).get());
        prop_assert!(low >= 0.0 && !high.is_nan(), "{law:?}: {low} {high}");
        prop_assert!(high >= low * (1.0 - 1e-9) - 1e-12 * age.get(), "{law:?}: {low} at {p}, {high} at {q}");
    }
}
