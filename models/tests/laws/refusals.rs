//! Every parameter outside its range is refused, by name and value.

use ninefold_models::lifetime::{
    DURATION_MAX_HOURS, EMPIRICAL_VALUES_MAX, HAZARD_PIECES_MAX, HYPEREXPONENTIAL_BRANCHES_MAX, Law, LawError,
    MIXTURE_DEPTH_MAX, MIXTURE_PARTS_MAX,
};

use crate::cases::h;

#[track_caller]
fn refused(law: Result<Law, LawError>, parameter: &str, value: f64) {
    let error = law.unwrap_err();
    assert_eq!(error.parameter, parameter, "{error}");
    assert!(error.value == value || error.value.is_nan() && value.is_nan(), "{error}: not {value}");
    assert!(!error.allowed.is_empty());
}

/// What no duration above zero may be.
const BAD: [f64; 6] = [0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 2.0 * DURATION_MAX_HOURS];

#[test]
fn durations_are_positive_and_finite() {
    for bad in BAD {
        refused(Law::exponential(h(bad)), "exponential.mean", bad);
        refused(Law::weibull_mean(1.5, h(bad)), "weibull.mean", bad);
        refused(Law::weibull_scale(1.5, h(bad)), "weibull.scale", bad);
        refused(Law::lognormal_median_p95(h(bad), h(1.0)), "lognormal.median", bad);
        refused(Law::lognormal_median_p95(h(1.0), h(bad)), "lognormal.p95", bad);
        refused(Law::lognormal_median_sigma(h(bad), 1.0), "lognormal.median", bad);
        refused(Law::lognormal_mean_sigma(h(bad), 1.0), "lognormal.mean", bad);
        refused(Law::gamma(2.0, h(bad)), "gamma.mean", bad);
        refused(Law::normal(h(bad), h(1.0)), "normal.mean", bad);
        refused(Law::normal(h(1.0), h(bad)), "normal.sd", bad);
        refused(Law::hyperexponential(vec![(0.5, h(1.0)), (0.5, h(bad))]), "hyperexponential.mean", bad);
        refused(Law::erlang(3, h(bad)), "erlang.mean", bad);
        refused(Law::pareto(2.0, h(bad)), "pareto.min", bad);
        refused(Law::geometric(h(bad), h(1.0)), "geometric.mean", bad);
        refused(Law::geometric(h(1.0), h(bad)), "geometric.step", bad);
        refused(Law::uniform(h(0.0), h(bad)), "uniform.max", bad);
        refused(Law::pert(h(0.0), h(0.0), h(bad)), "pert.max", bad);
        refused(Law::triangular(h(0.0), h(0.0), h(bad)), "triangular.max", bad);
    }
    for bad in &BAD[1..] {
        refused(Law::constant(h(*bad)), "constant.duration", *bad);
        refused(Law::uniform(h(*bad), h(5.0)), "uniform.min", *bad);
        refused(Law::pert(h(*bad), h(2.0), h(5.0)), "pert.min", *bad);
        refused(Law::pert(h(0.0), h(*bad), h(5.0)), "pert.mode", *bad);
        refused(Law::triangular(h(*bad), h(2.0), h(5.0)), "triangular.min", *bad);
        refused(Law::triangular(h(0.0), h(*bad), h(5.0)), "triangular.mode", *bad);
        refused(Law::piecewise_hazard(vec![(h(*bad), 1.0)]), "piecewise_hazard.from", *bad);
        refused(Law::empirical(vec![h(1.0), h(*bad)]), "empirical.values", *bad);
    }
    assert_eq!(Law::constant(h(0.0)).unwrap().mean().get(), 0.0);
}

#[test]
fn plain_numbers_have_ranges() {
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 0.01, 1e9] {
        refused(Law::weibull_mean(bad, h(1.0)), "weibull.shape", bad);
        refused(Law::weibull_scale(bad, h(1.0)), "weibull.shape", bad);
        refused(Law::gamma(bad, h(1.0)), "gamma.shape", bad);
        refused(Law::pareto(bad, h(1.0)), "pareto.shape", bad);
    }
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 11.0] {
        refused(Law::lognormal_median_sigma(h(1.0), bad), "lognormal.sigma", bad);
        refused(Law::lognormal_mean_sigma(h(1.0), bad), "lognormal.sigma", bad);
    }
    refused(Law::erlang(0, h(1.0)), "erlang.stages", 0.0);
    refused(Law::erlang(u32::MAX, h(1.0)), "erlang.stages", f64::from(u32::MAX));
}

#[test]
fn order_matters() {
    refused(Law::lognormal_median_p95(h(3.0), h(3.0)), "lognormal.p95", 3.0);
    refused(Law::lognormal_median_p95(h(3.0), h(2.0)), "lognormal.p95", 2.0);
    refused(Law::lognormal_median_p95(h(3.0), h(3e9)), "lognormal.p95", 3e9);
    refused(Law::pert(h(3.0), h(2.0), h(9.0)), "pert.mode", 2.0);
    refused(Law::pert(h(3.0), h(10.0), h(9.0)), "pert.mode", 10.0);
    refused(Law::pert(h(3.0), h(3.0), h(3.0)), "pert.max", 3.0);
    refused(Law::triangular(h(3.0), h(2.0), h(9.0)), "triangular.mode", 2.0);
    refused(Law::triangular(h(3.0), h(10.0), h(9.0)), "triangular.mode", 10.0);
    refused(Law::triangular(h(3.0), h(3.0), h(3.0)), "triangular.max", 3.0);
    refused(Law::uniform(h(3.0), h(3.0)), "uniform.max", 3.0);
    refused(Law::uniform(h(3.0), h(2.0)), "uniform.max", 2.0);
    refused(Law::geometric(h(1.0), h(2.0)), "geometric.mean", 1.0);
    refused(Law::geometric(h(1e15), h(1.0)), "geometric.mean", 1e15);
}

#[test]
fn shares_sum_to_one() {
    let exponential = || Law::exponential(h(1.0)).unwrap();
    refused(Law::hyperexponential(vec![(0.5, h(1.0)), (0.4, h(2.0))]), "hyperexponential.share", 0.9);
    refused(Law::mixture(vec![(0.5, exponential()), (0.4, exponential())]), "mixture.share", 0.9);
    for bad in [0.0, -0.2, 1.2, f64::NAN, f64::INFINITY] {
        refused(Law::hyperexponential(vec![(bad, h(1.0)), (1.0 - bad, h(2.0))]), "hyperexponential.share", bad);
        refused(Law::mixture(vec![(bad, exponential()), (1.0 - bad, exponential())]), "mixture.share", bad);
    }
    assert!(Law::hyperexponential(vec![(0.3, h(1.0)), (0.7 + 5e-10, h(2.0))]).is_ok());
    let third = 1.0 / 3.0;
    assert!(Law::mixture(vec![(third, exponential()), (third, exponential()), (third, exponential())]).is_ok());
}

#[test]
fn hazards_ascend_and_end_above_zero() {
    let pieces =
        |list: &[(f64, f64)]| Law::piecewise_hazard(list.iter().map(|(from, rate)| (h(*from), *rate)).collect());
    refused(pieces(&[(1.0, 0.1)]), "piecewise_hazard.from", 1.0);
    refused(pieces(&[(0.0, 0.1), (5.0, 0.2), (5.0, 0.3)]), "piecewise_hazard.from", 5.0);
    refused(pieces(&[(0.0, 0.1), (5.0, 0.2), (4.0, 0.3)]), "piecewise_hazard.from", 4.0);
    refused(pieces(&[(0.0, 0.1), (5.0, 0.0)]), "piecewise_hazard.hazard", 0.0);
    refused(pieces(&[(0.0, -0.1), (5.0, 1.0)]), "piecewise_hazard.hazard", -0.1);
    refused(pieces(&[(0.0, f64::NAN), (5.0, 1.0)]), "piecewise_hazard.hazard", f64::NAN);
    refused(pieces(&[(0.0, f64::INFINITY)]), "piecewise_hazard.hazard", f64::INFINITY);
}

#[test]
fn sizes_are_limited() {
    refused(Law::hyperexponential(vec![]), "hyperexponential.branches", 0.0);
    refused(Law::piecewise_hazard(vec![]), "piecewise_hazard.pieces", 0.0);
    refused(Law::mixture(vec![]), "mixture.parts", 0.0);
    refused(Law::empirical(vec![]), "empirical.values", 0.0);
    refused(Law::empirical(vec![h(0.0); 3]), "empirical.values", 0.0);
    refused(
        Law::empirical(vec![h(1.0); EMPIRICAL_VALUES_MAX + 1]),
        "empirical.values",
        EMPIRICAL_VALUES_MAX as f64 + 1.0,
    );
    let many = HYPEREXPONENTIAL_BRANCHES_MAX + 1;
    refused(Law::hyperexponential(vec![(1.0 / many as f64, h(1.0)); many]), "hyperexponential.branches", many as f64);
    let many = HAZARD_PIECES_MAX + 1;
    refused(Law::piecewise_hazard(vec![(h(0.0), 1.0); many]), "piecewise_hazard.pieces", many as f64);
    let half = |law: &Law| Law::mixture(vec![(0.5, law.clone()), (0.5, Law::exponential(h(1.0)).unwrap())]);
    let mut law = Law::exponential(h(2.0)).unwrap();
    for _ in 0..MIXTURE_DEPTH_MAX {
        law = half(&law).unwrap();
    }
    refused(half(&law), "mixture.parts", f64::from(MIXTURE_DEPTH_MAX) + 1.0);
    let many = MIXTURE_PARTS_MAX / 2 + 1;
    let wide = Law::mixture(vec![(1.0 / many as f64, Law::exponential(h(2.0)).unwrap()); many]).unwrap();
    refused(Law::mixture(vec![(0.5, wide.clone()), (0.5, wide)]), "mixture.parts", 2.0 * many as f64);
}
