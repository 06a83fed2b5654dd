//! The step of a history: so many seconds, or a month of the calendar.

use std::fmt;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

use super::ForecastFileError;
use crate::values;

/// Time between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many seconds, at least 1.
    Seconds(i64),
    /// A month, of 28 to 31 days; in UTC.
    Month,
}

impl Step {
    /// The instant `count` steps after `from`, both in seconds since 1970; nothing beyond the years of the calendar.
    pub fn after(self, from: i64, count: i64) -> Option<i64> {
        match self {
            Self::Seconds(length) => from.checked_add(length.checked_mul(count)?).filter(|at| zoned(*at).is_some()),
            Self::Month => Some(zoned(from)?.checked_add(count.months()).ok()?.timestamp().as_second()),
        }
    }

    /// How many steps a text of the command line says: a count, or a duration that is a whole number of steps.
    pub(super) fn count(self, what: &'static str, text: &str) -> Result<usize, ForecastFileError> {
        let refuse = |reason: String| ForecastFileError::setting(what, reason);
        if let Ok(count) = text.trim().parse::<usize>() {
            return if count > 0 { Ok(count) } else { Err(refuse("it has at least 1 step".to_owned())) };
        }
        let seconds = duration(what, text)?;
        let Self::Seconds(length) = self else {
            return Err(refuse(format!("the steps are months, of which `{text}` has no whole number: write a count")));
        };
        let steps = seconds / length as f64;
        if steps < 1.0 || (steps - steps.round()).abs() > 1e-9 * steps {
            return Err(refuse(format!("`{text}` is no whole number of steps of {self}")));
        }
        Ok(steps.round() as usize)
    }

    /// Seasons that demand has at this step, where nobody says: the day and the week of steps within a day, the week of
    /// days, the year of months, else none.
    pub(crate) fn usual_seasons(self) -> Vec<usize> {
        match self {
            Self::Month => vec![12],
            Self::Seconds(86_400) => vec![7],
            Self::Seconds(length) if length < 86_400 && 86_400 % length == 0 => {
                vec![(86_400 / length) as usize, (604_800 / length) as usize]
            }
            Self::Seconds(_) => vec![1],
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Seconds(seconds) = self else { return f.write_str("1 month") };
        let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
        let (length, unit) = units.into_iter().find(|(length, _)| seconds % length == 0).unwrap_or((1, "s"));
        write!(f, "{} {unit}", seconds / length)
    }
}

/// Seconds of a duration, above 0.
pub(super) fn duration(what: &'static str, text: &str) -> Result<f64, ForecastFileError> {
    match values::duration(text) {
        Ok(hours) if hours > 0.0 => Ok(hours * 3600.0),
        Ok(_) => Err(ForecastFileError::setting(what, "it is longer than 0")),
        Err(refusal) => Err(ForecastFileError::setting(what, refusal.line())),
    }
}

/// An instant in UTC.
pub(super) fn zoned(second: i64) -> Option<Zoned> {
    Some(Timestamp::from_second(second).ok()?.to_zoned(TimeZone::UTC))
}

/// An instant, in seconds since 1970, as people read it: RFC 3339 in UTC, or the date alone where it is midnight.
pub fn written(second: i64) -> String {
    let Ok(at) = Timestamp::from_second(second) else { return format!("{second} s") };
    if second % 86_400 == 0 { at.strftime("%Y-%m-%d").to_string() } else { at.to_string() }
}
