//! The Weibull law: infant mortality or wear-out.

use super::range::{positive, within};
use super::{LawError, Lifetime, Parameter};
use crate::units::Hours;
use ninefold_sim_core::special::exp::exp;
use ninefold_sim_core::special::gamma;
use ninefold_sim_core::special::ln::{ln_of_normal, ln_one_minus};

/// Least shape: below, the smallest draws underflow to zero.
pub const WEIBULL_SHAPE_MIN: f64 = 0.05;
/// Largest shape: beyond, the law is a constant.
pub const WEIBULL_SHAPE_MAX: f64 = 1000.0;

/// Weibull: wear-out (`shape > 1`), infant mortality (`shape < 1`), exponential at `shape == 1`.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `shape` | 1 | 0.05 to 1000 |
/// | `scale` | h | finite, > 0; the age by which 63.2 % have failed |
///
/// Survival: `S(t) = exp(-(t/scale)^shape)`. Mean: `scale · Γ(1 + 1/shape)`.
/// Source: Weibull, *J. Appl. Mech.* 18 (1951).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weibull {
    shape: f64,
    scale_hours: f64,
    inverse_shape: f64,
    mean_hours: f64,
}

impl Weibull {
    pub(super) fn from_scale(shape: f64, scale: Hours) -> Result<Self, LawError> {
        let shape = within("weibull.shape", shape, WEIBULL_SHAPE_MIN, WEIBULL_SHAPE_MAX)?;
        let scale_hours = positive("weibull.scale", scale)?;
        let mean_hours = scale_hours * libm::tgamma(1.0 + 1.0 / shape);
        Ok(Self { shape, scale_hours, inverse_shape: 1.0 / shape, mean_hours })
    }

    pub(super) fn from_mean(shape: f64, mean: Hours) -> Result<Self, LawError> {
        let shape = within("weibull.shape", shape, WEIBULL_SHAPE_MIN, WEIBULL_SHAPE_MAX)?;
        let mean_hours = positive("weibull.mean", mean)?;
        let scale_hours = mean_hours / libm::tgamma(1.0 + 1.0 / shape);
        Ok(Self { shape, scale_hours, inverse_shape: 1.0 / shape, mean_hours })
    }
}

impl Lifetime for Weibull {
    fn name(&self) -> &'static str {
        "weibull"
    }
    fn parameters(&self) -> Vec<Parameter> {
        vec![("shape", self.shape, "1"), ("scale", self.scale_hours, "h")]
    }
    fn mean_hours(&self) -> f64 {
        self.mean_hours
    }
    /// `scale² Γ(1+2/k) - mean²`, with `ln Γ(1+2/k) - 2 ln Γ(1+1/k)` taken before the subtraction.
    fn variance_h2(&self) -> f64 {
        let k = self.inverse_shape;
        let square = self.mean_hours * self.mean_hours;
        if k < 0.01 {
            return square * libm::expm1(small_log_ratio(k));
        }
        square * libm::expm1(libm::lgamma(1.0 + 2.0 * k) - 2.0 * libm::lgamma(1.0 + k))
    }
    fn survival(&self, age_hours: f64) -> f64 {
        libm::exp(-libm::pow(age_hours / self.scale_hours, self.shape))
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        -libm::expm1(-libm::pow(age_hours / self.scale_hours, self.shape))
    }
    #[inline(always)]
    fn quantile_hours(&self, p: f64) -> f64 {
        self.scale_hours * exp(self.inverse_shape * ln_of_normal(-ln_one_minus(p)))
    }
    /// `mean · P(1/shape, (t/scale)^shape)`.
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        let accrued = libm::pow(age_hours / self.scale_hours, self.shape);
        // Before anything fails the tail is 1; the power may underflow where its root does not.
        if accrued < f64::EPSILON { age_hours } else { self.mean_hours * gamma::lower(self.inverse_shape, accrued) }
    }
    fn accrued_hazard(&self, age_hours: f64) -> f64 {
        libm::pow(age_hours / self.scale_hours, self.shape)
    }
    fn accrues_within_hours(&self, age_hours: f64, more: f64) -> f64 {
        let before = self.accrued_hazard(age_hours);
        if before < more {
            return (self.scale_hours * libm::pow(before + more, self.inverse_shape) - age_hours).max(0.0);
        }
        // Late in a long life little is added to much.
        age_hours * libm::expm1(self.inverse_shape * libm::log1p(more / before))
    }
}

/// `ln Γ(1+2k) - 2 ln Γ(1+k)` for `k` < 0.01 as `Σ (-1)ⁿ ζ(n) (2ⁿ-2) kⁿ/n` over `n` ≥ 2, so that nothing cancels.
fn small_log_ratio(k: f64) -> f64 {
    const ZETA: [f64; 11] = [
        1.644_934_066_848_226_4,
        1.202_056_903_159_594_2,
        1.082_323_233_711_138_2,
        1.036_927_755_143_37,
        1.017_343_061_984_449,
        1.008_349_277_381_923,
        1.004_077_356_197_944_3,
        1.002_008_392_826_082_2,
        1.000_994_575_127_818,
        1.000_494_188_604_119_5,
        1.000_246_086_553_308,
    ];
    let mut sum = 0.0;
    for (index, zeta) in ZETA.iter().enumerate().rev() {
        let n = index as f64 + 2.0;
        let sign = if index % 2 == 0 { 1.0 } else { -1.0 };
        sum += sign * zeta / n * (libm::pow(2.0, n) - 2.0) * libm::pow(k, n);
    }
    sum
}
