//! Draws follow what was asked for; draws of a law that is off by a little do not.
#![allow(missing_docs)]

use ninefold_goodness::fit::{drawn, tested};
use ninefold_goodness::grid::{CASES, Case};

/// Few, for a debug build; `fit` takes a million.
const DRAWS: usize = 10_000;

#[test]
fn every_law_draws_what_was_asked_for() {
    let outcomes: Vec<_> = CASES.iter().map(|case| (case, tested(case, drawn(case, DRAWS)))).collect();
    let tests = outcomes.iter().map(|(_, tested)| tested.len()).sum();
    for (case, tested) in outcomes {
        assert!(tested.iter().all(|one| !one.rejected(tests)), "{case:?}: {tested:?}");
    }
}

/// The number of tests of `fit`, to whose level the wrong laws are held.
fn tests() -> usize {
    CASES.iter().map(|case| tested(case, drawn(case, 1000)).len()).sum()
}

const fn case(form: &'static str, parameters: &'static [f64]) -> Case {
    Case { form, parameters }
}

/// What is asked for, and what is drawn instead; a million draws tell, at the level of the full grid.
const WRONG: [(Case, Case); 15] = [
    (case("exponential", &[30.0]), case("exponential", &[30.3])),
    (case("weibull_scale", &[0.74, 180.0]), case("weibull_scale", &[0.74 * 1.01, 180.0])),
    (case("weibull_mean", &[1.8, 4320.0]), case("weibull_mean", &[1.8, 4320.0 * 1.005])),
    (case("lognormal_median_sigma", &[5.0, 1.1]), case("lognormal_median_sigma", &[5.0, 1.1 * 1.01])),
    (case("lognormal_median_sigma", &[2.0, 1e-3]), case("lognormal_median_sigma", &[2.0 * 1.000_01, 1e-3])),
    (case("gamma_mean", &[3.3, 12.0]), case("gamma_mean", &[3.3, 12.0 * 1.005])),
    (case("gamma_mean", &[3.3, 12.0]), case("gamma_mean", &[3.3 * 1.02, 12.0])),
    (case("erlang", &[25.0, 10.0]), case("erlang", &[25.0, 10.0 * 1.002])),
    (case("pert", &[0.0, 1.0, 4.0]), case("pert", &[0.0, 1.01, 4.0])),
    (case("triangular", &[1.0, 2.0, 7.0]), case("triangular", &[1.0, 2.0, 7.0 * 1.005])),
    (case("normal", &[10.0, 2.0]), case("normal", &[10.0 * 1.005, 2.0])),
    (case("pareto", &[1.5, 0.01]), case("pareto", &[1.5 * 1.01, 0.01])),
    (case("hyperexponential", &[0.9, 1.0, 0.1, 100.0]), case("hyperexponential", &[0.895, 1.0, 0.105, 100.0])),
    (case("geometric", &[5.0, 1.0]), case("geometric", &[5.0 * 1.01, 1.0])),
    (case("mixture_with_an_atom", &[1.0, 0.7, 50.0, 24.0]), case("mixture_with_an_atom", &[1.05, 0.7, 50.0, 24.0])),
];

#[test]
#[cfg_attr(debug_assertions, ignore = "a million draws a law: in release builds")]
fn laws_that_are_off_by_a_little_are_rejected() {
    let tests = tests();
    for (asked, drawn_instead) in WRONG {
        let right = tested(&asked, drawn(&asked, DRAWS));
        assert!(right.iter().all(|one| !one.rejected(tests)), "{asked:?}: {right:?}");
        let wrong = tested(&asked, drawn(&drawn_instead, 1_000_000));
        assert!(wrong.iter().any(|one| one.rejected(tests)), "{asked:?} against {drawn_instead:?}: {wrong:?}");
    }
}

/// Atoms and recorded values: a single value that is off by the last bit is rejected.
#[test]
fn a_value_that_was_never_recorded_is_rejected() {
    for (asked, other) in [
        (case("constant", &[3.5]), case("constant", &[3.5 + 4e-16])),
        (case("empirical", &[1.0, 2.0, 2.0, 7.0]), case("empirical", &[1.0, 2.0, 2.0, 7.0 + 1e-15])),
    ] {
        let wrong = tested(&asked, drawn(&other, DRAWS));
        assert_eq!(wrong[0].p_value, 0.0, "{asked:?} against {other:?}");
    }
}
