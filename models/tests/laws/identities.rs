//! What holds for each law by itself: inversion, moments, draws.

use ninefold_models::lifetime::{LAW_NAMES, Law};
use ninefold_sim_core::special::quadrature::gauss_legendre;

use crate::cases::{Case, grid, h};
use crate::tabulated::{TABULATED_ERROR, is_tabulated};

const PROBABILITIES: [f64; 14] =
    [1e-15, 1e-9, 1e-4, 0.01, 0.05, 0.2, 0.49, 0.5, 0.51, 0.8, 0.95, 0.999, 1.0 - 1e-9, 1.0 - 1e-14];

#[track_caller]
fn close(law: &Law, what: &str, got: f64, want: f64, relative: f64) {
    assert!((got - want).abs() <= relative * want.abs(), "{what} of {law:?}: got {got:e}, want {want:e}");
}

#[test]
fn the_grid_holds_every_law() {
    let names: std::collections::BTreeSet<_> = grid().iter().map(|case| case.law.name()).collect();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), LAW_NAMES);
}

#[test]
fn the_quantile_inverts_the_distribution() {
    for Case { law, jumps, .. } in grid() {
        for p in PROBABILITIES {
            let age = law.quantile(p);
            let (below, above) = (law.cdf(age), law.survival(age));
            assert!((below + above - 1.0).abs() < 1e-14, "{law:?} at {p}: {below} + {above}");
            if jumps {
                let error = if is_tabulated(&law) { TABULATED_ERROR } else { 1e-14 };
                let before = h(age.get() * (1.0 - error));
                let after = if is_tabulated(&law) { h(age.get() * (1.0 + error)) } else { age };
                let below = law.cdf(after);
                assert!(below >= p * (1.0 - 1e-14), "{law:?} at {p}: {below}");
                assert!(
                    age.get() == 0.0 || law.cdf(before) <= p * (1.0 + 1e-12),
                    "{law:?} at {p}: {}",
                    law.cdf(before)
                );
                continue;
            }
            // The age itself is rounded, or tabulated: what that alone may do to the probability is allowed for.
            let error = if is_tabulated(&law) { TABULATED_ERROR } else { 4.0 * f64::EPSILON };
            let step = h(age.get() * (1.0 + error));
            let slack = if p < 0.5 { law.cdf(step) - below } else { above - law.survival(step) };
            let (got, want) = if p < 0.5 { (below, p) } else { (above, 1.0 - p) };
            assert!((got - want).abs() <= 4e-13 * want + slack.abs(), "{law:?} at {p}: got {got:e}, want {want:e}");
        }
    }
}

#[test]
fn the_quantile_never_falls() {
    for Case { law, .. } in grid() {
        let mut last = law.quantile(1e-18);
        assert!(law.quantile(0.0) <= last && last.get() >= 0.0, "{law:?}");
        for i in 1..2000 {
            let next = law.quantile(f64::from(i) / 2000.0);
            assert!(next >= last, "{law:?} at {i}");
            last = next;
        }
        let end = law.quantile(1.0);
        assert!(end >= last && end.get().is_finite(), "{law:?}: {end}");
    }
}

#[test]
fn outside_ages_are_certain() {
    for Case { law, .. } in grid() {
        for age in [-1.0, -1e-300, f64::NEG_INFINITY] {
            assert_eq!((law.survival(h(age)), law.cdf(h(age))), (1.0, 0.0), "{law:?}");
        }
        assert_eq!((law.survival(h(f64::INFINITY)), law.cdf(h(f64::INFINITY))), (0.0, 1.0), "{law:?}");
        assert_eq!((law.survival(h(1e300)), law.cdf(h(1e300))).1, 1.0, "{law:?}");
    }
}

/// `∫ S dt` and `2 ∫ (t - mean) S dt` from 0, on panels between the corners and, in between, at quantiles.
fn integrals(case: &Case) -> (f64, f64) {
    let law = &case.law;
    let mut ends: Vec<f64> = case.corners.clone();
    if ends.len() < 50 {
        let low = law.quantile(1e-15).get().max(1e-12 * law.median().get());
        let mut end = low;
        // Far enough that what is left does not count, in steps of 7 %.
        let power = if law.variance_h2().is_finite() { 2.0 } else { 1.0 };
        let left = |end: f64| law.survival(h(end)) * libm::pow(end / law.median().get(), power);
        while end < law.median().get() || left(end) > 1e-11 {
            ends.push(end);
            end *= 1.07;
        }
        ends.extend((1..100).map(|i| law.quantile(f64::from(i) / 100.0).get()));
        let tails = (3..16).map(|digits| libm::pow(10.0, -f64::from(digits)));
        ends.extend(tails.flat_map(|p| [law.quantile(p).get(), law.quantile(1.0 - p).get()]));
    }
    ends.push(0.0);
    ends.sort_by(f64::total_cmp);
    ends.dedup();
    let (mut mean, mut second) = (0.0, 0.0);
    for pair in ends.windows(2) {
        mean += gauss_legendre(pair[0], pair[1], 1, |t| law.survival(h(t)));
        second += gauss_legendre(pair[0], pair[1], 1, |t| 2.0 * (t - law.mean().get()) * law.survival(h(t)));
    }
    (mean, second + law.mean().get() * law.mean().get())
}

#[test]
fn moments_are_the_integrals_of_the_survival() {
    for case in grid() {
        let (mean, variance) = integrals(&case);
        // A Pareto law of shape 1.5 keeps 1e-4 of its mean beyond 1e8 times its least value.
        let tolerance = if case.law.variance_h2().is_infinite() { 1e-3 } else { 1e-9 };
        close(&case.law, "mean", case.law.mean().get(), mean, tolerance);
        let scale = case.law.mean().get() * case.law.mean().get();
        let (got, cap) = (case.law.variance_h2(), 1e-7);
        if got.is_finite() {
            assert!((got - variance).abs() <= cap * got + 1e-10 * scale, "{:?}: {got:e}, {variance:e}", case.law);
        }
    }
}

/// Uniform numbers in (0, 1): SplitMix64 (Steele, Lea & Flood 2014).
pub(crate) fn uniforms(seed: u64) -> impl Iterator<Item = f64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 * 2.0_f64.powi(-53) + 2.0_f64.powi(-54)
    })
}

/// Largest distance between the share of `draws` at or below each draw and `cdf`, times `√n`.
pub(crate) fn kolmogorov(mut draws: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    draws.sort_by(f64::total_cmp);
    let n = draws.len() as f64;
    let mut distance = 0.0_f64;
    for (index, draw) in draws.iter().enumerate() {
        let below = cdf(*draw);
        // At a jump only the last of equal draws counts upwards.
        if draws.get(index + 1) != Some(draw) {
            distance = distance.max((index as f64 + 1.0) / n - below);
        }
        // Nor downwards more than the first, and from below the jump.
        if index == 0 || draws[index - 1] != *draw {
            let jumps = draws.get(index + 1) == Some(draw);
            let before = match *draw {
                0.0 => 0.0,
                _ if jumps => cdf(draw * (1.0 - 1e-14)),
                _ => below,
            };
            distance = distance.max(before - index as f64 / n);
        }
    }
    distance * n.sqrt()
}

/// The limit of [`kolmogorov`] at a level of 0.0005.
pub(crate) const KS_LIMIT: f64 = 2.04;

#[test]
fn draws_follow_their_law() {
    let mut seen = std::collections::BTreeSet::new();
    for (index, Case { law, .. }) in grid().into_iter().enumerate() {
        // 100 000 draws of each law; further parameters of laws that are solved numerically get fewer.
        let slow = ["gamma", "erlang", "pert", "mixture", "hyperexponential"].contains(&law.name());
        let n = if seen.insert(law.name()) || !slow { 100_000 } else { 5_000 };
        let draws = uniforms(index as u64).take(n).map(|u| law.quantile(u).get()).collect();
        let distance = kolmogorov(draws, |age| law.cdf(h(age)));
        assert!(distance < KS_LIMIT, "{law:?}: {distance}");
    }
}

/// The same bits in debug and release builds and on every platform; a change here changes every published number.
#[test]
fn quantiles_are_pinned() {
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    for (index, Case { law, .. }) in grid().into_iter().enumerate() {
        for u in uniforms(500 + index as u64).take(200) {
            let age = law.quantile(u);
            for value in [age.get(), law.survival(age), law.cdf(age)] {
                digest = (digest ^ value.to_bits()).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    assert_eq!(digest, 0x62b0_7f69_4736_c996, "{digest:#x}");
}

#[test]
fn the_empirical_mean_is_the_sample_mean() {
    let values = [0.1, 0.7, 2.3, 1e6, 5.0];
    let law = Law::empirical(values.map(h).to_vec()).unwrap();
    assert_eq!(law.mean().get(), 1_000_008.1 / 5.0);
    assert_eq!(law.quantile(0.2).get(), 0.1);
    assert_eq!(law.quantile(0.2 + 1e-15).get(), 0.7);
}

#[test]
fn exponential_is_recognised() {
    let found = |law: Law| law.is_exponential().map(|mean| mean.get());
    assert_eq!(found(Law::exponential(h(7.0)).unwrap()), Some(7.0));
    assert_eq!(found(Law::weibull_mean(1.0, h(7.0)).unwrap()), Some(7.0));
    assert_eq!(found(Law::gamma(1.0, h(7.0)).unwrap()), Some(7.0));
    assert_eq!(found(Law::erlang(1, h(7.0)).unwrap()), Some(7.0));
    assert_eq!(found(Law::weibull_mean(1.1, h(7.0)).unwrap()), None);
    assert_eq!(found(Law::constant(h(1.0)).unwrap()), None);
}

#[test]
fn forms_of_one_law_agree() {
    let lognormal = Law::lognormal_median_p95(h(4.0), h(20.0)).unwrap();
    close(&lognormal, "median", lognormal.median().get(), 4.0, 1e-15);
    close(&lognormal, "p95", lognormal.quantile(0.95).get(), 20.0, 1e-14);
    close(&lognormal, "mean form", Law::lognormal_mean_sigma(h(4.0), 1.3).unwrap().mean().get(), 4.0, 1e-15);
    let weibull = Law::weibull_scale(0.74, h(9.0)).unwrap();
    close(&weibull, "scale", weibull.survival(h(9.0)), libm::exp(-1.0), 1e-15);
    let by_mean = Law::weibull_mean(0.74, weibull.mean()).unwrap();
    close(&by_mean, "quantile", by_mean.quantile(0.3).get(), weibull.quantile(0.3).get(), 1e-14);
    let steep = Law::weibull_mean(150.0, h(9.0)).unwrap();
    close(&steep, "variance", steep.variance_h2(), 81.0 * 7.240587362171246e-05, 1e-13);
    assert!(Law::pareto(0.9, h(1.0)).unwrap().mean().get().is_infinite());
}
