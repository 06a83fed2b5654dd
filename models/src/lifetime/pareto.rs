//! The Pareto law: a power tail, so that the longest durations carry the mean.

use super::range::{positive, within};
use super::{LawError, Lifetime, Parameter};
use crate::units::Hours;
use ninefold_sim_core::special::exp::exp;
use ninefold_sim_core::special::ln::ln_one_minus;

/// Least shape: below, the largest draws overflow.
pub const PARETO_SHAPE_MIN: f64 = 0.1;
/// Largest shape: beyond, the law is a constant.
pub const PARETO_SHAPE_MAX: f64 = 1000.0;

/// Pareto: never below `min`, and each doubling of the duration is `2^shape` times rarer.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `shape` | 1 | 0.1 to 1000; the mean is infinite up to 1, the variance up to 2 |
/// | `min` | h | finite, > 0 |
///
/// Survival: `S(t) = (min/t)^shape` from `min` on. Mean: `min·shape/(shape-1)`.
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994), ch. 20.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pareto {
    shape: f64,
    min_hours: f64,
}

impl Pareto {
    pub(super) fn new(shape: f64, min: Hours) -> Result<Self, LawError> {
        let shape = within("pareto.shape", shape, PARETO_SHAPE_MIN, PARETO_SHAPE_MAX)?;
        Ok(Self { shape, min_hours: positive("pareto.min", min)? })
    }

    /// `ln S(t)`, at most 0.
    fn ln_survival(&self, age_hours: f64) -> f64 {
        let excess = (age_hours - self.min_hours) / self.min_hours;
        if excess > 0.0 { -self.shape * libm::log1p(excess) } else { 0.0 }
    }
}

impl Lifetime for Pareto {
    fn name(&self) -> &'static str {
        "pareto"
    }
    fn parameters(&self) -> Vec<Parameter> {
        vec![("shape", self.shape, "1"), ("min", self.min_hours, "h")]
    }
    fn mean_hours(&self) -> f64 {
        if self.shape > 1.0 { self.min_hours * self.shape / (self.shape - 1.0) } else { f64::INFINITY }
    }
    fn variance_h2(&self) -> f64 {
        if self.shape <= 2.0 {
            return f64::INFINITY;
        }
        let off = self.min_hours / (self.shape - 1.0);
        off * off * self.shape / (self.shape - 2.0)
    }
    fn survival(&self, age_hours: f64) -> f64 {
        libm::exp(self.ln_survival(age_hours))
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        -libm::expm1(self.ln_survival(age_hours))
    }
    #[inline(always)]
    fn quantile_hours(&self, p: f64) -> f64 {
        self.min_hours * exp(-ln_one_minus(p) / self.shape)
    }
    /// `min + min/(shape - 1) · (1 - (min/t)^(shape - 1))` from `min` on.
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        if age_hours <= self.min_hours {
            return age_hours;
        }
        let ln = libm::log1p((age_hours - self.min_hours) / self.min_hours);
        let power = self.shape - 1.0;
        let beyond = if power == 0.0 { ln } else { -libm::expm1(-power * ln) / power };
        self.min_hours * (1.0 + beyond)
    }
    fn accrued_hazard(&self, age_hours: f64) -> f64 {
        -self.ln_survival(age_hours)
    }
    fn accrues_within_hours(&self, age_hours: f64, more: f64) -> f64 {
        let from = age_hours.max(self.min_hours);
        from - age_hours + from * libm::expm1(more / self.shape)
    }
}
