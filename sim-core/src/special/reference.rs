//! The elementary functions against correctly rounded values (`sim-core/reference/elementary.py`), over their whole
//! range.

use super::exp::exp;
use super::ln::{ln, ln_of_normal, ln_one_minus};
use super::normal::{quantile, quantile_inside};

/// Inputs and correctly rounded outputs.
fn table(text: &str) -> Vec<(f64, f64)> {
    let bits = |word: &str| f64::from_bits(u64::from_str_radix(word, 16).expect("bug: a hexadecimal number"));
    text.lines().map(|line| line.split_once(' ').expect("bug: two columns")).map(|(x, y)| (bits(x), bits(y))).collect()
}

/// The distance in units in the last place of `want`.
fn units(got: f64, want: f64) -> f64 {
    let next = f64::from_bits(want.abs().to_bits() + 1);
    (got - want).abs() / (next - want.abs())
}

/// The largest distance over the table, with its input; at least `least` rows, so that a truncated table is seen.
fn worst(text: &str, least: usize, function: impl Fn(f64) -> f64) -> (f64, f64) {
    let table = table(text);
    assert!(table.len() >= least, "{} rows", table.len());
    let off = table.into_iter().map(|(x, want)| (units(function(x), want), x));
    off.max_by(|a, b| a.0.total_cmp(&b.0)).expect("bug: rows")
}

#[test]
fn ln_is_within_one_unit() {
    let (off, at) = worst(include_str!("../../reference/ln.txt"), 450, ln);
    assert!(off <= 1.0, "{off} at {at:e}");
    assert_eq!([ln(0.0), ln(-0.0), ln(f64::INFINITY)], [f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY]);
    assert!(ln(-1e-320).is_nan() && ln(f64::NEG_INFINITY).is_nan() && ln(f64::NAN).is_nan());
    assert_eq!(ln(0.3), ln_of_normal(0.3));
}

#[test]
fn ln_one_minus_is_within_one_unit() {
    let (off, at) = worst(include_str!("../../reference/ln_one_minus.txt"), 350, ln_one_minus);
    assert!(off <= 1.0, "{off} at {at:e}");
    assert_eq!(ln_one_minus(0.0), 0.0);
}

#[test]
fn exp_is_within_one_unit() {
    let (off, at) = worst(include_str!("../../reference/exp.txt"), 390, exp);
    assert!(off <= 1.0, "{off} at {at:e}");
    assert_eq!([exp(f64::NEG_INFINITY), exp(-746.0), exp(0.0)], [0.0, 0.0, 1.0]);
    assert_eq!([exp(710.0), exp(f64::INFINITY)], [f64::INFINITY; 2]);
    assert!(exp(f64::NAN).is_nan());
}

#[test]
fn the_normal_quantile_is_within_its_stated_error() {
    let (off, at) = worst(include_str!("../../reference/normal_quantile.txt"), 370, quantile);
    assert!(off <= 5.0, "{off} at {at:e}");
    assert_eq!([quantile(0.0), quantile(0.5), quantile(1.0)], [f64::NEG_INFINITY, 0.0, f64::INFINITY]);
    assert!(quantile(-0.1).is_nan() && quantile(1.1).is_nan() && quantile(f64::NAN).is_nan());
    for p in [1e-300, 1e-20, 0.01, 0.3, 0.9, 1.0 - 1e-16] {
        assert_eq!(quantile(p), quantile_inside(p));
    }
    for p in [0.5_f64.powi(53), 0.25, 0.0625, 0.5_f64.powi(30)] {
        assert_eq!(quantile(1.0 - p), -quantile(p));
    }
}
