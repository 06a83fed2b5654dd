//! The gamma law, and Erlang's with a whole number of stages.

use super::range::{positive, within};
use super::tabulated::{End, Solved, Tabulated};
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
#[derive(Clone, Debug, PartialEq)]
pub struct Gamma {
    shape: f64,
    mean_hours: f64,
    scale_hours: f64,
    pub(super) table: Tabulated,
}

/// Below this shape the law rises from 0 like a power above 2, and its logarithm is tabulated.
const STEEP_BELOW: f64 = 0.5;

impl Gamma {
    pub(super) fn new(shape: f64, mean: Hours) -> Result<Self, LawError> {
        let shape = within("gamma.shape", shape, GAMMA_SHAPE_MIN, GAMMA_SHAPE_MAX)?;
        Ok(Self::unchecked(shape, positive("gamma.mean", mean)?))
    }

    /// For values known to be in range.
    pub(super) fn unchecked(shape: f64, mean_hours: f64) -> Self {
        Self { shape, mean_hours, scale_hours: mean_hours / shape, table: Tabulated::default() }
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
    #[inline(always)]
    fn quantile_hours(&self, p: f64) -> f64 {
        self.tabulated_hours(p)
    }
    #[inline(always)]
    fn quantiles_hours(&self, p_to_hours: &mut [f64]) {
        self.tabulate_hours(p_to_hours);
    }
    fn exact_quantile_hours(&self, p: f64) -> f64 {
        self.solved_hours(p)
    }
    /// `mean · P(shape + 1, x) + t · Q(shape, x)` with `x = t/scale`.
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        let x = age_hours / self.scale_hours;
        self.mean_hours * gamma::lower(self.shape + 1.0, x) + age_hours * gamma::upper(self.shape, x)
    }
    fn accrued_hazard(&self, age_hours: f64) -> f64 {
        -gamma::ln_upper(self.shape, age_hours / self.scale_hours)
    }
}

impl Solved for Gamma {
    fn solve(&self, end: End, m: f64) -> f64 {
        match end {
            End::Lower => gamma::inverse_lower(self.shape, m),
            End::Upper => gamma::inverse_upper(self.shape, m),
        }
    }
    #[inline(always)]
    fn hours(&self, root: f64, _: End) -> f64 {
        self.scale_hours * root
    }
    #[inline(always)]
    fn logarithmic(&self) -> bool {
        self.shape < STEEP_BELOW
    }
    fn table(&self) -> &Tabulated {
        &self.table
    }
}
