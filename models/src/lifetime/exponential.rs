//! The exponential law: no memory, a constant hazard.

use super::range::positive;
use super::{LawError, Lifetime, Parameter};
use crate::units::Hours;
use ninefold_sim_core::special::ln::ln_one_minus;

/// Exponential: what has lasted until now is as good as new.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `mean` | h | finite, > 0 |
///
/// Survival: `S(t) = exp(-t/mean)`. Source: Barlow & Proschan, *Mathematical Theory of Reliability* (1965), ch. 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    mean_hours: f64,
}

impl Exponential {
    pub(super) fn new(mean: Hours) -> Result<Self, LawError> {
        Ok(Self { mean_hours: positive("exponential.mean", mean)? })
    }
}

impl Lifetime for Exponential {
    fn name(&self) -> &'static str {
        "exponential"
    }
    fn parameters(&self) -> Vec<Parameter> {
        vec![("mean", self.mean_hours, "h")]
    }
    fn mean_hours(&self) -> f64 {
        self.mean_hours
    }
    fn variance_h2(&self) -> f64 {
        self.mean_hours * self.mean_hours
    }
    fn survival(&self, age_hours: f64) -> f64 {
        libm::exp(-age_hours / self.mean_hours)
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        -libm::expm1(-age_hours / self.mean_hours)
    }
    #[inline(always)]
    fn quantile_hours(&self, p: f64) -> f64 {
        -self.mean_hours * ln_one_minus(p)
    }
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        self.mean_hours * self.cdf(age_hours)
    }
    fn accrued_hazard(&self, age_hours: f64) -> f64 {
        age_hours / self.mean_hours
    }
    fn accrues_within_hours(&self, _: f64, more: f64) -> f64 {
        self.mean_hours * more
    }
    /// No memory: what is left is as a new life.
    fn residual_quantile_hours(&self, p: f64) -> f64 {
        self.quantile_hours(p)
    }
}
