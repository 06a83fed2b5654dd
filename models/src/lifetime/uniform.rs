//! The uniform law: every duration between two ends is as likely.

use super::range::{above, not_negative};
use super::{LawError, Lifetime, Parameter};
use crate::units::Hours;

/// Uniform between `min` and `max`.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `min` | h | finite, ≥ 0 |
/// | `max` | h | > `min` |
///
/// Distribution: `F(t) = (t-min)/(max-min)`.
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 2 (1995), ch. 26.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Uniform {
    min_hours: f64,
    max_hours: f64,
}

impl Uniform {
    pub(super) fn new(min: Hours, max: Hours) -> Result<Self, LawError> {
        let min_hours = not_negative("uniform.min", min)?;
        Ok(Self { min_hours, max_hours: above("uniform.max", max, min_hours, "the minimum")? })
    }

    fn width(&self) -> f64 {
        self.max_hours - self.min_hours
    }
}

impl Lifetime for Uniform {
    fn name(&self) -> &'static str {
        "uniform"
    }
    fn parameters(&self) -> Vec<Parameter> {
        vec![("min", self.min_hours, "h"), ("max", self.max_hours, "h")]
    }
    fn mean_hours(&self) -> f64 {
        0.5 * (self.min_hours + self.max_hours)
    }
    fn variance_h2(&self) -> f64 {
        self.width() * self.width() / 12.0
    }
    fn survival(&self, age_hours: f64) -> f64 {
        ((self.max_hours - age_hours) / self.width()).clamp(0.0, 1.0)
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        ((age_hours - self.min_hours) / self.width()).clamp(0.0, 1.0)
    }
    fn quantile_hours(&self, p: f64) -> f64 {
        if p < 0.5 { self.min_hours + p * self.width() } else { self.max_hours - (1.0 - p) * self.width() }
    }
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        let inside = (age_hours - self.min_hours).clamp(0.0, self.width());
        age_hours.min(self.min_hours) + inside * (1.0 - 0.5 * inside / self.width())
    }
    fn has_hazard(&self) -> bool {
        false
    }
}
