//! What a forecast in probabilities is worth: proper scores, which nobody can better by saying something else than what they
//! believe.
//!
//! The continuous ranked probability score of a distribution function `F` and a value `y` is `∫ (F(x) − [x ≥ y])² dx`, in the
//! unit of the value, less is better; of a forecast of one number it is the absolute error.
//!
//! Source: Gneiting and Raftery, *J. American Statistical Association* 102 (2007), section 4.2; the closed forms as in Jordan,
//! Krüger and Lerch, *J. Statistical Software* 90 (2019), appendix A.

use ninefold_sim_core::special::exp::exp;
use ninefold_sim_core::special::ln::ln;
use ninefold_sim_core::special::normal::{cdf, pdf};

use super::ForecastError;

/// 1/√π.
const INVERSE_SQRT_PI: f64 = 0.564_189_583_547_756_3;

/// Continuous ranked probability score of the normal law of this mean and standard deviation (above 0):
/// `σ (z (2Φ(z) − 1) + 2φ(z) − 1/√π)` with `z = (y − μ)/σ`.
///
/// # Errors
/// [`ForecastError::Parameter`] for a standard deviation that is not above 0.
pub fn crps_normal((mean, sd): (f64, f64), value: f64) -> Result<f64, ForecastError> {
    above_0("standard deviation", sd)?;
    let z = (value - mean) / sd;
    Ok(sd * (z * (2.0 * cdf(z) - 1.0) + 2.0 * pdf(z) - INVERSE_SQRT_PI))
}

/// Continuous ranked probability score of the lognormal law whose logarithm has mean `mu` and standard deviation `sigma`
/// (above 0): `y (2Φ(z) − 1) − 2 exp(μ + σ²/2) (Φ(z − σ) + Φ(σ/√2) − 1)` with `z = (ln y − μ)/σ`.
///
/// # Errors
/// [`ForecastError::Parameter`] for a `sigma` that is not above 0.
pub fn crps_lognormal((mu, sigma): (f64, f64), value: f64) -> Result<f64, ForecastError> {
    above_0("sigma", sigma)?;
    // Up to 0 there is nothing of the law.
    let (below, shifted) = match value > 0.0 {
        true => {
            let z = (ln(value) - mu) / sigma;
            (cdf(z), cdf(z - sigma))
        }
        false => (0.0, 0.0),
    };
    let half = cdf(sigma / core::f64::consts::SQRT_2);
    Ok(value * (2.0 * below - 1.0) - 2.0 * exp(mu + 0.5 * sigma * sigma) * (shifted + half - 1.0))
}

/// Continuous ranked probability score of a sample, each value as probable as the others:
/// `mean |x − y| − ½ mean |x − x′|`. The sample is sorted.
///
/// # Errors
/// [`ForecastError::Lengths`] for no sample.
pub fn crps_sample(sample: &mut [f64], value: f64) -> Result<f64, ForecastError> {
    let n = sample.len();
    if n == 0 {
        return Err(ForecastError::Lengths { forecast: 0, actual: 1 });
    }
    sample.sort_by(f64::total_cmp);
    // Σᵢⱼ |xᵢ − xⱼ| = 2 Σᵢ (2i − n − 1) xᵢ, i from 1.
    let (mut near, mut apart) = (0.0, 0.0);
    for (at, x) in sample.iter().enumerate() {
        near += (x - value).abs();
        apart += (2.0 * at as f64 + 1.0 - n as f64) * x;
    }
    Ok(near / n as f64 - apart / (n * n) as f64)
}

/// Where a value lies among a sample of `n`, as an interval of probability: from the share `b/(n + 1)` of those below to
/// `(b + e + 1)/(n + 1)` with the `e` that equal it. Over many values the intervals fill 0 to 1 evenly where the forecast is
/// the truth: the probability integral transform, without a draw.
///
/// Source: Czado, Gneiting and Held, *Biometrics* 65 (2009).
pub fn pit_of_sample(sample: &[f64], value: f64) -> (f64, f64) {
    let below = sample.iter().filter(|x| **x < value).count();
    let equal = sample.iter().filter(|x| **x == value).count();
    let of = |count: usize| count as f64 / (sample.len() + 1) as f64;
    (of(below), of(below + equal + 1))
}

fn above_0(what: &'static str, value: f64) -> Result<(), ForecastError> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(ForecastError::Parameter { what, value, allowed: "above 0, finite" })
}
