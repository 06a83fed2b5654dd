//! The triangular law: least, likeliest and largest value, joined by straight lines.

use super::range::{above, at_least, not_negative};
use super::{LawError, Lifetime, Parameter, refuse};
use crate::units::Hours;

/// Triangular: density rising from `min` to `mode` and falling to `max`.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `min` | h | finite, ≥ 0 |
/// | `mode` | h | `min` to `max` |
/// | `max` | h | > `min` |
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 2 (1995), section 26.9.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triangular {
    min_hours: f64,
    mode_hours: f64,
    max_hours: f64,
}

impl Triangular {
    pub(super) fn new(min: Hours, mode: Hours, max: Hours) -> Result<Self, LawError> {
        let min_hours = not_negative("triangular.min", min)?;
        let mode_hours = at_least("triangular.mode", mode, min_hours, "the minimum")?;
        let max_hours = above("triangular.max", max, min_hours, "the minimum")?;
        if mode_hours > max_hours {
            return Err(refuse("triangular.mode", mode_hours, format!("at most the maximum, {max_hours} h")));
        }
        Ok(Self { min_hours, mode_hours, max_hours })
    }

    fn rise(&self) -> f64 {
        self.mode_hours - self.min_hours
    }

    fn fall(&self) -> f64 {
        self.max_hours - self.mode_hours
    }

    fn width(&self) -> f64 {
        self.max_hours - self.min_hours
    }

    /// The smaller of `F` and `S`, and whether it is `F`.
    fn smaller_side(&self, age_hours: f64) -> (f64, bool) {
        let below = (age_hours - self.min_hours).max(0.0);
        let above = (self.max_hours - age_hours).max(0.0);
        if age_hours < self.mode_hours {
            (below / self.rise() * (below / self.width()), true)
        } else if self.fall() > 0.0 {
            (above / self.fall() * (above / self.width()), false)
        } else {
            (0.0, false)
        }
    }
}

impl Lifetime for Triangular {
    fn name(&self) -> &'static str {
        "triangular"
    }
    fn parameters(&self) -> Vec<Parameter> {
        vec![("min", self.min_hours, "h"), ("mode", self.mode_hours, "h"), ("max", self.max_hours, "h")]
    }
    fn mean_hours(&self) -> f64 {
        (self.min_hours + self.mode_hours + self.max_hours) / 3.0
    }
    fn variance_h2(&self) -> f64 {
        let (rise, fall) = (self.rise(), self.fall());
        (rise * rise + rise * fall + fall * fall) / 18.0
    }
    fn survival(&self, age_hours: f64) -> f64 {
        let (side, is_below) = self.smaller_side(age_hours);
        if is_below { 1.0 - side } else { side }
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        let (side, is_below) = self.smaller_side(age_hours);
        if is_below { side } else { 1.0 - side }
    }
    fn quantile_hours(&self, p: f64) -> f64 {
        if p * self.width() < self.rise() {
            self.min_hours + (p * self.width() * self.rise()).sqrt()
        } else {
            self.max_hours - ((1.0 - p) * self.width() * self.fall()).sqrt()
        }
    }
}
