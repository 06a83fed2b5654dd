//! The checks that the constructors share: each names the parameter, the value and the range.

use super::LawError;
use crate::units::Hours;

/// Shortest positive duration of a parameter, in hours: far below a tick.
pub const DURATION_MIN_HOURS: f64 = 1e-15;

/// Longest duration of a parameter, in hours.
pub const DURATION_MAX_HOURS: f64 = 1e18;

/// How far shares may be from summing to 1.
pub const SHARE_TOLERANCE: f64 = 1e-9;

/// The least whole number not below `x`, for `x` from 0 to 2⁵¹: `ceil` in lanes, for which the x86-64 baseline has no
/// instruction.
#[inline(always)]
pub(super) fn rounded_up(x: f64) -> f64 {
    const TWO_52: f64 = 4_503_599_627_370_496.0;
    let nearest = (x + TWO_52) - TWO_52;
    if nearest < x { nearest + 1.0 } else { nearest }
}

/// An error about `parameter`.
pub(super) fn refuse(parameter: &'static str, value: f64, allowed: impl Into<String>) -> LawError {
    LawError { parameter, value, allowed: allowed.into() }
}

/// A duration above zero, in hours.
pub(super) fn positive(parameter: &'static str, duration: Hours) -> Result<f64, LawError> {
    let hours = duration.get();
    if (DURATION_MIN_HOURS..=DURATION_MAX_HOURS).contains(&hours) {
        return Ok(hours);
    }
    let allowed = format!("a duration above 0, from {DURATION_MIN_HOURS:e} h to {DURATION_MAX_HOURS:e} h");
    Err(refuse(parameter, hours, allowed))
}

/// A duration that may be zero, in hours.
pub(super) fn not_negative(parameter: &'static str, duration: Hours) -> Result<f64, LawError> {
    if duration.get() == 0.0 {
        return Ok(0.0);
    }
    positive(parameter, duration).map_err(|error| LawError { allowed: format!("0 or {}", error.allowed), ..error })
}

/// A duration of at least `least` hours; `what` names `least`.
pub(super) fn at_least(parameter: &'static str, duration: Hours, least: f64, what: &str) -> Result<f64, LawError> {
    let hours = not_negative(parameter, duration)?;
    if hours >= least { Ok(hours) } else { Err(refuse(parameter, hours, format!("at least {what}, {least} h"))) }
}

/// A duration above `least` hours; `what` names `least`.
pub(super) fn above(parameter: &'static str, duration: Hours, least: f64, what: &str) -> Result<f64, LawError> {
    let hours = not_negative(parameter, duration)?;
    if hours > least { Ok(hours) } else { Err(refuse(parameter, hours, format!("above {what}, {least} h"))) }
}

/// A plain number in a closed range.
pub(super) fn within(parameter: &'static str, value: f64, least: f64, most: f64) -> Result<f64, LawError> {
    if value >= least && value <= most {
        return Ok(value);
    }
    Err(refuse(parameter, value, format!("from {least} to {most}")))
}

/// A list with 1 to `most` entries.
pub(super) fn count(parameter: &'static str, entries: usize, most: usize) -> Result<(), LawError> {
    if (1..=most).contains(&entries) {
        return Ok(());
    }
    Err(refuse(parameter, entries as f64, format!("1 to {most} entries")))
}

/// Shares above 0 that sum to 1 up to [`SHARE_TOLERANCE`]; returned so that they sum to 1 up to rounding.
pub(super) fn shares(parameter: &'static str, shares: impl Iterator<Item = f64> + Clone) -> Result<Vec<f64>, LawError> {
    for share in shares.clone() {
        if !(share > 0.0 && share <= 1.0) {
            return Err(refuse(parameter, share, "above 0 and at most 1"));
        }
    }
    let sum: f64 = shares.clone().sum();
    if (sum - 1.0).abs() > SHARE_TOLERANCE {
        return Err(refuse(parameter, sum, "shares that sum to 1"));
    }
    Ok(shares.map(|share| share / sum).collect())
}
