//! The constant law: always the same duration.

use super::range::not_negative;
use super::{LawError, Lifetime, Parameter};
use crate::units::Hours;

/// Always the same duration; zero is allowed (a repair may take no time).
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `duration` | h | finite, ≥ 0 |
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant {
    duration_hours: f64,
}

impl Constant {
    pub(super) fn new(duration: Hours) -> Result<Self, LawError> {
        Ok(Self { duration_hours: not_negative("constant.duration", duration)? })
    }
}

impl Lifetime for Constant {
    fn name(&self) -> &'static str {
        "constant"
    }
    fn parameters(&self) -> Vec<Parameter> {
        vec![("duration", self.duration_hours, "h")]
    }
    fn mean_hours(&self) -> f64 {
        self.duration_hours
    }
    fn variance_h2(&self) -> f64 {
        0.0
    }
    fn survival(&self, age_hours: f64) -> f64 {
        f64::from(u8::from(age_hours < self.duration_hours))
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        f64::from(u8::from(age_hours >= self.duration_hours))
    }
    fn quantile_hours(&self, _: f64) -> f64 {
        self.duration_hours
    }
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        age_hours.min(self.duration_hours)
    }
    fn has_hazard(&self) -> bool {
        false
    }
}
