//! Quantities with a unit. Laws, scenarios and results speak hours; the kernel speaks ticks.

use std::fmt;
use std::ops::{Add, Div, Mul, Sub};

/// Hours in a year of 365 days, the year of every per-year figure.
pub const HOURS_PER_YEAR: f64 = 8760.0;

/// A span of time in hours. Any finite or infinite value; range checks belong to its users.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Default)]
pub struct Hours(f64);

impl Hours {
    /// No time at all.
    pub const ZERO: Self = Self(0.0);

    /// `hours` hours.
    pub const fn new(hours: f64) -> Self {
        Self(hours)
    }

    /// `days` days of 24 hours.
    pub const fn from_days(days: f64) -> Self {
        Self(days * 24.0)
    }

    /// `minutes` minutes.
    pub const fn from_minutes(minutes: f64) -> Self {
        Self(minutes / 60.0)
    }

    /// `seconds` seconds.
    pub const fn from_seconds(seconds: f64) -> Self {
        Self(seconds / 3600.0)
    }

    /// The number of hours.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The same span in minutes.
    pub const fn minutes(self) -> f64 {
        self.0 * 60.0
    }
}

impl Mul<f64> for Hours {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self(self.0 * factor)
    }
}

impl Div<Hours> for Hours {
    type Output = f64;
    fn div(self, other: Hours) -> f64 {
        self.0 / other.0
    }
}

impl Add for Hours {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Hours {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} h", self.0)
    }
}
