//! The kinds of windows an agreement or a report looks at.

use super::Refusal;
use crate::diagnostic::Code;

/// A kind of window, before it is laid on the calendar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum WindowKind {
    Month,
    Quarter,
    Year,
    /// That many days of 24 hours, ending at each midnight.
    RollingDays(u32),
    /// One after the other from the beginning of the measured time, each that many hours.
    Fixed(f64),
}

/// Longest rolling window, days.
const ROLLING_DAYS_MAX: u32 = 36_500;

/// `calendar_month`, `calendar_quarter`, `calendar_year`, `rolling_30d`, `rolling_4w`.
pub(crate) fn window_kind(text: &str) -> Result<WindowKind, Refusal> {
    match text {
        "calendar_month" => return Ok(WindowKind::Month),
        "calendar_quarter" => return Ok(WindowKind::Quarter),
        "calendar_year" => return Ok(WindowKind::Year),
        _ => {}
    }
    let rolling = text.strip_prefix("rolling_").and_then(|rest| {
        let (digits, days) = match (rest.strip_suffix('d'), rest.strip_suffix('w')) {
            (Some(digits), _) => (digits, 1),
            (None, Some(digits)) => (digits, 7),
            (None, None) => return None,
        };
        digits.parse::<u32>().ok()?.checked_mul(days)
    });
    match rolling {
        Some(days) if (1..=ROLLING_DAYS_MAX).contains(&days) => Ok(WindowKind::RollingDays(days)),
        Some(_) => Err(Refusal::new(Code::Range, format!("`{text}` is outside 1 to {ROLLING_DAYS_MAX} days"))
            .hint("write `rolling_30d` or `rolling_4w`")),
        None => {
            let words = ["calendar_month", "calendar_quarter", "calendar_year", "rolling_30d", "rolling_4w"];
            Err(Refusal::new(Code::UnknownWord, format!("`{text}` is not a kind of window"))
                .hint(crate::nearest::suggestion(text, words)))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        assert_eq!(window_kind("calendar_quarter").unwrap(), WindowKind::Quarter);
        assert_eq!(window_kind("rolling_4w").unwrap(), WindowKind::RollingDays(28));
        assert_eq!(window_kind("rolling_0d").unwrap_err().code, Code::Range);
        assert_eq!(window_kind("rolling_1y").unwrap_err().code, Code::UnknownWord);
        assert_eq!(window_kind("monthly").unwrap_err().code, Code::UnknownWord);
    }
}
