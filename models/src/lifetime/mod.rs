//! Lifetime laws: times to failure, repairs, delays. One law, one file.

use crate::units::Hours;

/// A parameter of a law is outside its range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("`{parameter}` is {value}; allowed is {allowed}")]
#[non_exhaustive]
pub struct LawError {
    /// `law.parameter`, as written in a scenario (`weibull.shape`).
    pub parameter: &'static str,
    /// The offending value (hours for durations).
    pub value: f64,
    /// The allowed range, in words.
    pub allowed: String,
}

/// A law of a non-negative random duration.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Law {
    /// Always the same duration.
    Constant(Hours),
    /// Exponential with this mean.
    Exponential(Hours),
}

impl Law {
    /// Always `duration`; finite, ≥ 0.
    ///
    /// # Errors
    /// [`LawError`] if out of range.
    pub fn constant(duration: Hours) -> Result<Self, LawError> {
        Ok(Self::Constant(duration))
    }

    /// Exponential; `mean` finite, > 0.
    ///
    /// # Errors
    /// [`LawError`] if out of range.
    pub fn exponential(mean: Hours) -> Result<Self, LawError> {
        Ok(Self::Exponential(mean))
    }

    /// The mean.
    pub fn mean(&self) -> Hours {
        match self {
            Self::Constant(mean) | Self::Exponential(mean) => *mean,
        }
    }

    /// P(duration > `age`).
    pub fn survival(&self, age: Hours) -> f64 {
        match self {
            Self::Constant(d) => f64::from(u8::from(age < *d)),
            Self::Exponential(mean) => libm::exp(-(age / *mean)),
        }
    }

    /// The duration below which a share `p`, in (0, 1), of draws falls; monotone in `p`.
    pub fn quantile(&self, p: f64) -> Hours {
        match self {
            Self::Constant(d) => *d,
            Self::Exponential(mean) => *mean * -libm::log1p(-p),
        }
    }
}
