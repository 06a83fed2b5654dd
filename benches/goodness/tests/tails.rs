//! Quantiles to 1e-12 from either end against roots in 50 digits (`reference/quantiles.py`).
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;

use ninefold_goodness::grid::{CASES, Case, Oracle};

/// Largest relative error of a quantile.
const QUANTILE: f64 = 2e-11;
/// Largest relative error of the smaller tail's probability, beyond what rounding the quantile to a double does to it.
const PROBABILITY: f64 = 2e-11;

struct Reference {
    case: Case,
    p: f64,
    quantile_hours: f64,
    elasticity: f64,
}

/// The lines of the reference: law, parameters, p, quantile, elasticity.
fn references() -> Vec<Reference> {
    let text = include_str!("../reference/quantiles.csv");
    let number = |field: &str| -> f64 { field.parse().unwrap() };
    text.lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            let parameters: Vec<f64> = fields[1].split(' ').map(number).collect();
            Reference {
                case: Case { form: fields[0].to_owned().leak(), parameters: parameters.leak() },
                p: number(fields[2]),
                quantile_hours: number(fields[3]),
                elasticity: number(fields[4]),
            }
        })
        .collect()
}

#[test]
fn every_continuous_law_has_a_reference() {
    let continuous = CASES.iter().filter(|case| matches!(case.oracle(), Oracle::Continuous(_)));
    let wanted: BTreeSet<&str> = continuous.map(|case| case.form).collect();
    let given: BTreeSet<&str> = references().iter().map(|reference| reference.case.form).collect();
    assert_eq!(given, wanted);
}

#[test]
fn quantiles_keep_their_digits_in_both_tails() {
    let (mut worst_quantile, mut worst_probability) = ((0.0, String::new()), (0.0, String::new()));
    for Reference { case, p, quantile_hours, elasticity } in references() {
        let got = case.law().quantile(p).get();
        let relative = (got / quantile_hours - 1.0).abs();
        let rounding = elasticity * f64::EPSILON;
        let probability = (relative * elasticity - rounding).max(0.0);
        let what = format!("{case:?} at p = {p:e}: {got:e} against {quantile_hours:e}, elasticity {elasticity}");
        if relative > worst_quantile.0 {
            worst_quantile = (relative, what.clone());
        }
        if probability > worst_probability.0 {
            worst_probability = (probability, what);
        }
    }
    assert!(worst_quantile.0 <= QUANTILE, "relative {:e}: {}", worst_quantile.0, worst_quantile.1);
    assert!(worst_probability.0 <= PROBABILITY, "probability {:e}: {}", worst_probability.0, worst_probability.1);
}
