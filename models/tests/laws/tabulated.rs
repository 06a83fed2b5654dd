//! Tabulated inverses against the exact distribution function: their stated error, and that they never fall.

use ninefold_models::lifetime::Law;

use crate::cases::{Case, grid, h};
use crate::identities::uniforms;

/// The stated relative error of a duration.
pub(crate) const TABULATED_ERROR: f64 = 1e-9;

pub(crate) fn is_tabulated(law: &Law) -> bool {
    ["erlang", "gamma", "hyperexponential", "mixture", "pert"].contains(&law.name())
}

/// The tabulated laws of the grid, and some that are hard to tabulate.
fn tabulated() -> Vec<Case> {
    let smooth = |law: Result<Law, _>| Case { law: law.unwrap(), corners: Vec::new(), jumps: false };
    let constant = |hours| Law::constant(h(hours)).unwrap();
    let steps = [0.0, 1.0, 2.0, 30.0].map(|hours| (0.25, constant(hours))).to_vec();
    let far_apart = vec![(0.5, Law::weibull_mean(0.3, h(1e-3)).unwrap()), (0.5, Law::normal(h(1e6), h(10.0)).unwrap())];
    let mut cases: Vec<Case> = grid().into_iter().filter(|case| is_tabulated(&case.law)).collect();
    cases.push(smooth(Law::gamma(0.05, h(1.0))));
    cases.push(smooth(Law::gamma(0.49, h(1.0))));
    cases.push(smooth(Law::gamma(0.51, h(1.0))));
    cases.push(smooth(Law::hyperexponential(vec![(0.25, h(1e-6)), (0.5, h(1.0)), (0.25, h(1e6))])));
    cases.push(Case { jumps: true, ..smooth(Law::mixture(steps)) });
    cases.push(smooth(Law::mixture(far_apart)));
    cases
}

/// Probabilities at random, evenly and evenly in the logarithm of either tail, and on both sides of each cell's edge.
fn probabilities() -> Vec<f64> {
    let mut list: Vec<f64> = uniforms(11).take(3000).collect();
    list.extend(uniforms(12).take(600).map(|u| 0.5 * libm::exp(-30.0 * u)));
    list.extend(uniforms(13).take(600).map(|u| 1.0 - 0.5 * libm::exp(-30.0 * u)));
    for cell in 4..=17 * 4 {
        let edge = libm::exp2(-f64::from(cell / 4) - 1.0) * (1.0 + f64::from(cell % 4) / 4.0);
        list.extend([edge * (1.0 - 1e-12), edge, edge * (1.0 + 1e-12), 1.0 - edge]);
    }
    list.retain(|p| *p > 0.0 && *p < 1.0);
    list.sort_by(f64::total_cmp);
    list
}

#[test]
fn the_error_is_as_stated() {
    for Case { law, corners, .. } in tabulated() {
        for p in probabilities() {
            let age = law.quantile(p).get();
            // The error of a PERT law is stated for the distance from its nearer end.
            let scale = match corners[..] {
                [min, max] if law.name() == "pert" => {
                    if p < 0.5 {
                        age - min
                    } else {
                        max - age
                    }
                }
                _ => age,
            };
            let off = TABULATED_ERROR * scale + 2.0 * f64::EPSILON * age;
            let (early, late) = (h(age - off), h(age + off));
            if p < 0.5 {
                let (below, above) = (law.cdf(early), law.cdf(late));
                assert!(age == 0.0 || below <= p * (1.0 + 1e-12), "{law:?} at {p:e}: {age} h is late, {below:e}");
                assert!(above >= p * (1.0 - 1e-12), "{law:?} at {p:e}: {age} h is early, {above:e}");
            } else {
                let (q, above, below) = (1.0 - p, law.survival(early), law.survival(late));
                assert!(age == 0.0 || above >= q * (1.0 - 1e-12), "{law:?} at 1 - {q:e}: {age} h is late, {above:e}");
                assert!(below <= q * (1.0 + 1e-12), "{law:?} at 1 - {q:e}: {age} h is early, {below:e}");
            }
        }
    }
}

#[test]
fn a_tabulated_quantile_never_falls() {
    for Case { law, .. } in tabulated() {
        let mut last = 0.0;
        for p in probabilities() {
            let age = law.quantile(p).get();
            assert!(age >= last * (1.0 - 4.0 * f64::EPSILON), "{law:?} at {p:e}: {age} h after {last} h");
            last = age;
        }
    }
}

#[test]
fn clones_and_equal_laws_draw_alike() {
    for Case { law, .. } in tabulated() {
        let clone = law.clone();
        assert_eq!(law, clone);
        assert_eq!(law.quantile(0.3), clone.quantile(0.3));
    }
}
