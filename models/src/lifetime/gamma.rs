//! The gamma law, and Erlang's with a whole number of stages.

use super::range::{positive, within};
use super::{LawError, Lifetime, Parameter};
use crate::units::Hours;
use ninefold_sim_core::special::gamma;

/// Least shape: below, the smallest draws underflow.
pub const GAMMA_SHAPE_MIN: f64 = 0.05;
/// Largest shape: beyond, the law is a constant.
pub const GAMMA_SHAPE_MAX: f64 = 1e6;

/// Gamma: the sum of `shape` exponential stages, for any real shape.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `shape` | 1 | 0.05 to 1e6; 1 is exponential |
/// | `mean` | h | finite, > 0 |
///
/// Survival: `S(t) = Q(shape, shape·t/mean)`, the upper incomplete gamma function. Variance: `mean²/shape`.
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994), ch. 17.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gamma {
    shape: f64,
    mean_hours: f64,
    scale_hours: f64,
}

impl Gamma {
    pub(super) fn new(shape: f64, mean: Hours) -> Result<Self, LawError> {
        let shape = within("gamma.shape", shape, GAMMA_SHAPE_MIN, GAMMA_SHAPE_MAX)?;
        Ok(Self::unchecked(shape, positive("gamma.mean", mean)?))
    }

    /// For values known to be in range.
    pub(super) fn unchecked(shape: f64, mean_hours: f64) -> Self {
        Self { shape, mean_hours, scale_hours: mean_hours / shape }
    }
}

impl Lifetime for Gamma {
    fn name(&self) -> &'static str {
        "gamma"
    }
    fn parameters(&self) -> Vec<Parameter> {
        vec![("shape", self.shape, "1"), ("mean", self.mean_hours, "h")]
    }
    fn mean_hours(&self) -> f64 {
        self.mean_hours
    }
    fn variance_h2(&self) -> f64 {
        self.mean_hours * self.scale_hours
    }
    fn survival(&self, age_hours: f64) -> f64 {
        gamma::upper(self.shape, age_hours / self.scale_hours)
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        gamma::lower(self.shape, age_hours / self.scale_hours)
    }
    fn quantile_hours(&self, p: f64) -> f64 {
        self.scale_hours * gamma::inverse_lower(self.shape, p)
    }
    /// `mean · P(shape + 1, x) + t · Q(shape, x)` with `x = t/scale`.
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        let x = age_hours / self.scale_hours;
        self.mean_hours * gamma::lower(self.shape + 1.0, x) + age_hours * gamma::upper(self.shape, x)
    }
}
