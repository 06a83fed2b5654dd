//! The geometric law: time in steps, the same chance to end in each.

use super::range::{above, at_least, positive, rounded_up};
use super::{LawError, Lifetime, Parameter, refuse};
use crate::units::Hours;
use ninefold_sim_core::special::ln::ln_one_minus;

/// Most steps in a mean.
pub const GEOMETRIC_STEPS_MAX: f64 = 1e12;

/// Geometric: the duration is `k · step`, `k` = 1, 2, …, ending at each step with probability `step/mean`.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `mean` | h | `step` to 1e12 steps |
/// | `step` | h | finite, > 0 |
///
/// With `p = step/mean`: `S(t) = (1-p)^⌊t/step⌋`, variance `step²(1-p)/p²`.
/// Source: Johnson, Kemp & Kotz, *Univariate Discrete Distributions*, 3rd ed. (2005), section 5.2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometric {
    mean_hours: f64,
    step_hours: f64,
    /// `ln(1-p)`, the logarithm of surviving one step; minus infinity when each step ends it.
    ln_stay: f64,
}

impl Geometric {
    pub(super) fn new(mean: Hours, step: Hours) -> Result<Self, LawError> {
        let step_hours = positive("geometric.step", step)?;
        above("geometric.mean", mean, 0.0, "zero")?;
        let mean_hours = at_least("geometric.mean", mean, step_hours, "the step")?;
        if mean_hours / step_hours > GEOMETRIC_STEPS_MAX {
            return Err(refuse("geometric.mean", mean_hours, format!("at most {GEOMETRIC_STEPS_MAX:e} steps")));
        }
        Ok(Self { mean_hours, step_hours, ln_stay: libm::log1p(-step_hours / mean_hours) })
    }

    /// Whole steps at `age_hours`: the largest `k` with `k · step` at most the age, as the products round.
    fn steps(&self, age_hours: f64) -> f64 {
        let k = (age_hours / self.step_hours).floor();
        if k * self.step_hours > age_hours {
            k - 1.0
        } else if (k + 1.0) * self.step_hours <= age_hours {
            k + 1.0
        } else {
            k
        }
    }

    /// The logarithm of the probability to last more than `k` steps.
    #[inline(always)]
    fn ln_survival(&self, k: f64) -> f64 {
        // Zero times minus infinity would be NaN.
        if k > 0.0 { k * self.ln_stay } else { 0.0 }
    }
}

impl Lifetime for Geometric {
    fn name(&self) -> &'static str {
        "geometric"
    }
    fn parameters(&self) -> Vec<Parameter> {
        vec![("mean", self.mean_hours, "h"), ("step", self.step_hours, "h")]
    }
    fn mean_hours(&self) -> f64 {
        self.mean_hours
    }
    fn variance_h2(&self) -> f64 {
        (self.mean_hours - self.step_hours) * self.mean_hours
    }
    fn survival(&self, age_hours: f64) -> f64 {
        libm::exp(self.ln_survival(self.steps(age_hours)))
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        -libm::expm1(self.ln_survival(self.steps(age_hours)))
    }
    #[inline(always)]
    fn quantile_hours(&self, p: f64) -> f64 {
        let wanted = ln_one_minus(p);
        let k = rounded_up(wanted / self.ln_stay);
        let k = if k > 1.0 { k } else { 1.0 };
        // The division may round across a whole number, by one step at most.
        let more = if self.ln_survival(k) > wanted { k + 1.0 } else { k };
        let steps = if k > 1.0 && self.ln_survival(k - 1.0) <= wanted { k - 1.0 } else { more };
        steps * self.step_hours
    }
    /// Whole steps sum to `mean · F`; the step under way adds its part.
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        let under_way = (age_hours - self.steps(age_hours) * self.step_hours).max(0.0);
        self.mean_hours * self.cdf(age_hours) + under_way * self.survival(age_hours)
    }
    fn has_hazard(&self) -> bool {
        false
    }
}
