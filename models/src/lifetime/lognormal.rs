//! The lognormal law: durations of human work and repairs, with a long right tail.

use super::range::{above, positive, within};
use super::{LawError, Lifetime, Parameter, refuse};
use crate::units::Hours;
use ninefold_sim_core::special::exp::exp;
use ninefold_sim_core::special::normal;

/// Least standard deviation of the logarithm.
pub const LOGNORMAL_SIGMA_MIN: f64 = 1e-9;
/// Largest standard deviation of the logarithm.
pub const LOGNORMAL_SIGMA_MAX: f64 = 10.0;

/// The 95 % quantile of the standard normal law.
const Z95: f64 = 1.644_853_626_951_472_7;

/// Lognormal: the logarithm of the duration is normal.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `median` | h | finite, > 0 |
/// | `sigma` | 1 | 1e-9 to 10; standard deviation of `ln t` |
///
/// Survival: `S(t) = Φ(-ln(t/median)/sigma)`. Mean: `median · exp(sigma²/2)`.
/// Source: Aitchison & Brown, *The Lognormal Distribution* (1957), ch. 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lognormal {
    median_hours: f64,
    sigma: f64,
}

impl Lognormal {
    pub(super) fn from_sigma(median: Hours, sigma: f64) -> Result<Self, LawError> {
        let median_hours = positive("lognormal.median", median)?;
        let sigma = within("lognormal.sigma", sigma, LOGNORMAL_SIGMA_MIN, LOGNORMAL_SIGMA_MAX)?;
        Ok(Self { median_hours, sigma })
    }

    pub(super) fn from_p95(median: Hours, p95: Hours) -> Result<Self, LawError> {
        let median_hours = positive("lognormal.median", median)?;
        let p95_hours = above("lognormal.p95", p95, median_hours, "the median")?;
        let sigma = libm::log(p95_hours / median_hours) / Z95;
        if !(LOGNORMAL_SIGMA_MIN..=LOGNORMAL_SIGMA_MAX).contains(&sigma) {
            let most = libm::exp(LOGNORMAL_SIGMA_MAX * Z95);
            return Err(refuse("lognormal.p95", p95_hours, format!("above the median, at most {most:.2e} times it")));
        }
        Ok(Self { median_hours, sigma })
    }

    pub(super) fn from_mean(mean: Hours, sigma: f64) -> Result<Self, LawError> {
        let mean_hours = positive("lognormal.mean", mean)?;
        let sigma = within("lognormal.sigma", sigma, LOGNORMAL_SIGMA_MIN, LOGNORMAL_SIGMA_MAX)?;
        Ok(Self { median_hours: mean_hours * libm::exp(-0.5 * sigma * sigma), sigma })
    }

    fn score(&self, age_hours: f64) -> f64 {
        let excess = (age_hours - self.median_hours) / self.median_hours;
        // Close to the median the ratio would round away what a small sigma needs.
        let ln = if excess.abs() < 0.5 { libm::log1p(excess) } else { libm::log(age_hours / self.median_hours) };
        ln / self.sigma
    }
}

impl Lifetime for Lognormal {
    fn name(&self) -> &'static str {
        "lognormal"
    }
    fn parameters(&self) -> Vec<Parameter> {
        vec![("median", self.median_hours, "h"), ("sigma", self.sigma, "1")]
    }
    fn mean_hours(&self) -> f64 {
        self.median_hours * libm::exp(0.5 * self.sigma * self.sigma)
    }
    fn variance_h2(&self) -> f64 {
        let mean = self.mean_hours();
        mean * mean * libm::expm1(self.sigma * self.sigma)
    }
    fn survival(&self, age_hours: f64) -> f64 {
        normal::survival(self.score(age_hours))
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        normal::cdf(self.score(age_hours))
    }
    #[inline(always)]
    fn quantile_hours(&self, p: f64) -> f64 {
        self.median_hours * exp(self.sigma * normal::quantile_inside(p))
    }
    #[inline(always)]
    fn quantiles_hours(&self, p_to_hours: &mut [f64]) {
        normal::each_quantile(p_to_hours);
        let (median_hours, sigma) = (self.median_hours, self.sigma);
        for score in p_to_hours {
            *score = median_hours * exp(sigma * *score);
        }
    }
    /// `mean · Φ(z - sigma) + t · Φ(-z)` with `z = ln(t/median)/sigma`.
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        let score = self.score(age_hours);
        self.mean_hours() * normal::cdf(score - self.sigma) + age_hours * normal::survival(score)
    }
    fn accrued_hazard(&self, age_hours: f64) -> f64 {
        -normal::ln_survival(self.score(age_hours))
    }
}
