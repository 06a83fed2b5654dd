//! Lognormal by maximum likelihood.
//!
//! In 1/sigma and mu/sigma the log-likelihood is concave, censored values included, so Newton finds the one maximum;
//! without censoring the start is already there.
//!
//! # Source
//! Olsen, *Econometrica* 46 (1978) 1211 (concavity); Lawless (2003), 5.3.

use ninefold_sim_core::special;

use super::covariance::Covariance;
use super::newton::{Surface, maximise};
use super::normal_tail::{HALF_LN_TWO_PI, ln_survival_and_hazard};
use super::{Estimate, Family, FitError, Model, Parameter, Sample};

pub(super) fn fit(sample: &Sample) -> Result<Estimate, FitError> {
    sample.require_spread()?;
    let logs = Logs {
        complete: sample.complete().iter().map(|x| libm::log(*x)).collect(),
        censored: sample.censored().iter().map(|x| libm::log(*x)).collect(),
    };
    let (mu, sigma) = (sample.mean_log_complete(), sample.sd_log_complete());
    let ([g, d], surface) = maximise([1.0 / sigma, mu / sigma], |p| logs.at(p))?;
    let covariance = Covariance::at_maximum(surface.hessian)?;
    let (mu, sigma) = (d / g, 1.0 / g);
    let (mu_slope, sigma_slope) = ([-d / (g * g), 1.0 / g], [-1.0 / (g * g), 0.0]);
    let median = libm::exp(mu);
    let mean = libm::exp(mu + 0.5 * sigma * sigma);
    let mean_slope = [mean * (mu_slope[0] + sigma * sigma_slope[0]), mean * mu_slope[1]];
    if !(median.is_finite() && median > 0.0 && sigma > 0.0) {
        return Err(FitError::NoMaximum);
    }
    let mut also = vec![Parameter::number("mu", mu, covariance.standard_error(mu_slope))];
    if mean.is_finite() {
        also.push(Parameter::time("mean", mean, covariance.standard_error(mean_slope)));
    }
    Ok(Estimate {
        model: Model::Lognormal { median, sigma },
        log_likelihood: surface.value - sample.sum_log_complete(),
        parameters: vec![
            Parameter::time("median", median, median * covariance.standard_error(mu_slope)),
            Parameter::number("sigma", sigma, covariance.standard_error(sigma_slope)),
        ],
        also,
        family: Family::Lognormal,
    })
}

/// P(X ≤ x) and P(X > x).
pub(super) fn both_sides(median: f64, sigma: f64, x: f64) -> (f64, f64) {
    let z = libm::log(x / median) / sigma;
    (special::normal::cdf(z), special::normal::survival(z))
}

struct Logs {
    complete: Vec<f64>,
    censored: Vec<f64>,
}

impl Logs {
    /// At g = 1/sigma, d = mu/sigma: Σ complete ln(g φ(g y − d)) + Σ censored ln P(Z > g y − d).
    fn at(&self, [g, d]: [f64; 2]) -> Surface {
        if g <= 0.0 {
            return Surface { value: f64::NEG_INFINITY, gradient: [0.0; 2], hessian: [0.0; 3] };
        }
        let n = self.complete.len() as f64;
        let mut value = n * (libm::log(g) - HALF_LN_TWO_PI);
        let (mut by_g, mut by_d) = (n / g, 0.0);
        let (mut gg, mut gd, mut dd) = (-n / (g * g), 0.0, -n);
        for y in &self.complete {
            let z = g * y - d;
            value -= 0.5 * z * z;
            by_g -= z * y;
            by_d += z;
            gg -= y * y;
            gd += y;
        }
        for y in &self.censored {
            let z = g * y - d;
            let (ln_survival, hazard) = ln_survival_and_hazard(z);
            let slope = hazard * (hazard - z);
            value += ln_survival;
            by_g -= hazard * y;
            by_d += hazard;
            gg -= slope * y * y;
            gd += slope * y;
            dd -= slope;
        }
        Surface { value, gradient: [by_g, by_d], hessian: [gg, gd, dd] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_those_of_the_value() {
        let logs = Logs { complete: vec![0.2, 1.4, -0.6], censored: vec![0.9, 2.5, 9.0] };
        for p in [[1.0, 0.5], [0.4, -1.0], [1.5, 2.0]] {
            let h = 1e-6;
            let here = logs.at(p);
            for i in 0..2 {
                let mut up = p;
                let mut down = p;
                up[i] += h;
                down[i] -= h;
                let (up, down) = (logs.at(up), logs.at(down));
                let slope = (up.value - down.value) / (2.0 * h);
                assert!((slope - here.gradient[i]).abs() < 1e-6 * (1.0 + slope.abs()), "{p:?} {i}");
                for j in 0..2 {
                    let curve = (up.gradient[j] - down.gradient[j]) / (2.0 * h);
                    assert!((curve - here.hessian[i + j]).abs() < 1e-6 * (1.0 + curve.abs()), "{p:?} {i} {j}");
                }
            }
        }
    }
}
