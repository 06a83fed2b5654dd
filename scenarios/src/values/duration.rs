//! Durations: a number and its unit, `500ms 30s 5min 4h 90d 4w 1y`.

use super::{Refusal, number};
use crate::diagnostic::Code;

/// The units and how many seconds each has. A year is 365 days, as in every per-year figure.
const UNITS: [(&str, f64); 7] =
    [("ms", 0.001), ("s", 1.0), ("min", 60.0), ("h", 3600.0), ("d", 86_400.0), ("w", 604_800.0), ("y", 31_536_000.0)];

/// A non-negative duration, in hours.
pub(crate) fn duration(text: &str) -> Result<f64, Refusal> {
    let Some((digits, unit)) = number::split(text) else {
        return Err(Refusal::new(Code::NotANumber, format!("`{text}` is not a duration"))
            .hint("write a number and a unit, as in `30s`, `5min`, `4h`, `90d` or `1y`"));
    };
    let value = number::finite(digits, text)?;
    if unit.is_empty() {
        return Err(Refusal::new(Code::UnitMissing, format!("the duration `{text}` has no unit"))
            .why("a bare number could be seconds, hours or days")
            .hint(format!("did you mean `{digits}s`, `{digits}min`, `{digits}h` or `{digits}d`?")));
    }
    if let Some((_, seconds)) = UNITS.iter().find(|(name, _)| *name == unit) {
        if value < 0.0 {
            return Err(Refusal::new(Code::Range, format!("the duration `{text}` is negative"))
                .hint("a duration is 0 or longer"));
        }
        let hours = if *seconds < 3600.0 { value * seconds / 3600.0 } else { value * (seconds / 3600.0) };
        if hours > HOURS_MAX {
            return Err(Refusal::new(Code::Range, format!("the duration `{text}` is above 1e12 hours"))
                .hint("write a shorter duration, or `repair: never`"));
        }
        return Ok(hours);
    }
    Err(wrong_unit(text, digits, unit))
}

/// Beyond this, sums of durations lose milliseconds.
const HOURS_MAX: f64 = 1e12;

fn wrong_unit(text: &str, digits: &str, unit: &str) -> Refusal {
    let lower = unit.to_ascii_lowercase();
    if matches!(lower.as_str(), "mo" | "mon" | "month" | "months" | "quarter" | "quarters" | "q") {
        return Refusal::new(Code::UnitMonth, format!("`{text}`: months and quarters have no fixed length"))
            .why("a month has 28 to 31 days, so two readers would get different numbers")
            .hint("write days, as in `30d` or `91d`");
    }
    let meant = match lower.as_str() {
        "m" | "mins" | "minute" | "minutes" => Some("min"),
        "sec" | "secs" | "second" | "seconds" => Some("s"),
        "hr" | "hrs" | "hour" | "hours" => Some("h"),
        "day" | "days" => Some("d"),
        "week" | "weeks" => Some("w"),
        "yr" | "yrs" | "year" | "years" | "a" => Some("y"),
        "msec" | "millis" | "milliseconds" => Some("ms"),
        other => UNITS.iter().map(|(name, _)| *name).find(|name| *name == other.trim()),
    };
    let refusal = Refusal::new(Code::UnitUnknown, format!("`{unit}` is not a unit of time"));
    match meant {
        Some(unit) => refusal.hint(format!("did you mean `{digits}{unit}`?")),
        None => refusal.hint("units are `ms`, `s`, `min`, `h`, `d`, `w` and `y` (= 8760 h)"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_unit() {
        let table = [
            ("3600000ms", 1.0),
            ("90 s", 0.025),
            ("30min", 0.5),
            ("4h", 4.0),
            ("24.5h", 24.5),
            ("2d", 48.0),
            ("4w", 672.0),
            ("1y", 8760.0),
            ("1e3h", 1000.0),
            ("0s", 0.0),
        ];
        for (text, hours) in table {
            assert_eq!(duration(text).unwrap(), hours, "{text}");
        }
    }

    #[test]
    fn refusals() {
        let table = [
            ("30", Code::UnitMissing),
            ("0", Code::UnitMissing),
            ("1 month", Code::UnitMonth),
            ("1quarter", Code::UnitMonth),
            ("5m", Code::UnitUnknown),
            ("5  min", Code::UnitUnknown),
            ("5 Min", Code::UnitUnknown),
            ("-5min", Code::Range),
            ("1e300y", Code::Range),
            ("soon", Code::NotANumber),
        ];
        for (text, code) in table {
            assert_eq!(duration(text).unwrap_err().code, code, "{text}");
        }
        assert!(duration("5m").unwrap_err().hint.contains("`5min`"));
    }
}
