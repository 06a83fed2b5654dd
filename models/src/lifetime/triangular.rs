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
/// Distribution: `F(t) = (t-min)²/((mode-min)(max-min))` up to the mode, mirrored after it.
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

    /// `F` and `S`, each without cancellation, also where the mode is at an end.
    fn both(&self, age_hours: f64) -> (f64, f64) {
        let age_hours = age_hours.clamp(self.min_hours, self.max_hours);
        let (rise, fall) = (self.rise(), self.fall());
        if age_hours < self.mode_hours {
            let (from_min, to_mode) = (age_hours - self.min_hours, self.mode_hours - age_hours);
            let below = from_min / rise * (from_min / self.width());
            (below, (fall + to_mode * ((rise + from_min) / rise)) / self.width())
        } else if fall > 0.0 {
            let (from_mode, to_max) = (age_hours - self.mode_hours, self.max_hours - age_hours);
            let above = to_max / fall * (to_max / self.width());
            ((rise + from_mode * ((fall + to_max) / fall)) / self.width(), above)
        } else {
            (1.0, 0.0)
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
        self.both(age_hours).1
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        self.both(age_hours).0
    }
    fn quantile_hours(&self, p: f64) -> f64 {
        let (rise, fall, share) = (self.rise(), self.fall(), p * self.width());
        if share < rise {
            return self.min_hours + (share * rise).sqrt();
        }
        let to_max = ((1.0 - p) * self.width() * fall).sqrt();
        if to_max < 0.5 * fall {
            self.max_hours - to_max
        } else {
            self.mode_hours + fall * (share - rise) / (fall + to_max)
        }
    }
    /// Cubic in the age: `t - (t - min)³/(3 · rise · width)` up to the mode, `mean - (max - t)³/(3 · fall · width)` after.
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        if age_hours <= self.min_hours {
            age_hours
        } else if age_hours < self.mode_hours {
            let from_min = age_hours - self.min_hours;
            age_hours - from_min / self.rise() * (from_min / self.width()) * from_min / 3.0
        } else if age_hours < self.max_hours {
            let to_max = self.max_hours - age_hours;
            self.mean_hours() - to_max / self.fall() * (to_max / self.width()) * to_max / 3.0
        } else {
            self.mean_hours()
        }
    }
    fn has_hazard(&self) -> bool {
        false
    }
}
