//! How far a fitted law is from the values: Kolmogorov–Smirnov and Anderson–Darling.
//!
//! The p value is that of a law known beforehand. Here the law was fitted to the same values, which brings it closer,
//! so the p value is too large: a small one refuses the family for certain, a large one proves nothing. Values
//! rounded to minutes have ties, and with thousands of them any smooth law is refused: then judge by the distance
//! itself and by the figure. With censored values the distance is to the product-limit estimate, and there is neither
//! a p value nor Anderson–Darling.
//!
//! # Source
//! Stephens, *JASA* 69 (1974) 730 (finite-n form of the p value); Anderson & Darling, *JASA* 49 (1954) 765.

use super::product_limit::product_limit;
use super::{Model, Sample};

/// Distances between a fitted law and the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goodness {
    /// Kolmogorov–Smirnov: the largest distance between the two distribution functions, 0..=1.
    pub ks: f64,
    /// p value of `ks` as if the law had not been fitted: an upper bound. None with censored values.
    pub ks_p: Option<f64>,
    /// Anderson–Darling A², ≥ 0, weighs the tails. None with censored values, or where the law gives a value no chance.
    pub anderson_darling: Option<f64>,
}

pub(super) fn goodness(sample: &Sample, model: &Model) -> Goodness {
    let ks = kolmogorov_smirnov(sample, model);
    let whole = sample.censored().is_empty();
    Goodness {
        ks,
        ks_p: whole.then(|| p_value(ks, sample.len() as f64)),
        anderson_darling: if whole { anderson_darling(sample, model) } else { None },
    }
}

fn kolmogorov_smirnov(sample: &Sample, model: &Model) -> f64 {
    let mut before = 0.0;
    product_limit(sample).iter().fold(0.0, |largest, step| {
        let (fitted, _) = model.both_sides(step.value);
        let after = 1.0 - step.survival;
        let distance = libm::fmax((fitted - before).abs(), (fitted - after).abs());
        before = after;
        libm::fmax(largest, distance)
    })
}

fn p_value(distance: f64, n: f64) -> f64 {
    let root = libm::sqrt(n);
    kolmogorov_survival(distance * (root + 0.12 + 0.11 / root))
}

/// P(K > x) of Kolmogorov's limit law.
fn kolmogorov_survival(x: f64) -> f64 {
    use core::f64::consts::PI;
    if x < 0.2 {
        1.0
    } else if x < 1.18 {
        let q = libm::exp(-PI * PI / (8.0 * x * x));
        let sum: f64 = (1..=4).map(|k| libm::pow(q, f64::from((2 * k - 1) * (2 * k - 1)))).sum();
        1.0 - libm::sqrt(2.0 * PI) / x * sum
    } else {
        let term = |k: i32| libm::exp(-2.0 * f64::from(k * k) * x * x);
        2.0 * (term(1) - term(2) + term(3) - term(4))
    }
}

fn anderson_darling(sample: &Sample, model: &Model) -> Option<f64> {
    let values = sample.complete();
    let n = values.len();
    let sides: Vec<(f64, f64)> = values.iter().map(|x| model.both_sides(*x)).collect();
    let sum: f64 = (0..n).map(|i| (2 * i + 1) as f64 * (libm::log(sides[i].0) + libm::log(sides[n - 1 - i].1))).sum();
    let statistic = -(n as f64) - sum / n as f64;
    statistic.is_finite().then_some(statistic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kolmogorov_table() {
        // Smirnov's table: P(K > 1.3581) = 0.05, P(K > 1.6276) = 0.01, P(K > 0.8276) = 0.5.
        for (x, p) in [(1.358_1, 0.05), (1.627_6, 0.01), (0.827_57, 0.5)] {
            assert!((kolmogorov_survival(x) - p).abs() < 2e-5, "{x}");
        }
        assert!((kolmogorov_survival(1.18) - kolmogorov_survival(1.18 - 1e-12)).abs() < 1e-10);
    }
}
