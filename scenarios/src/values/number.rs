//! Plain numbers, and the number in front of a unit.

use super::Refusal;
use crate::diagnostic::Code;

/// A finite number in `min..=max`.
pub(crate) fn number_in(text: &str, min: f64, max: f64) -> Result<f64, Refusal> {
    let value = number(text)?;
    if (min..=max).contains(&value) {
        return Ok(value);
    }
    Err(Refusal::new(Code::Range, format!("`{text}` is outside {min} to {max}"))
        .hint(format!("write a number from {min} to {max}")))
}

/// A finite number.
fn number(text: &str) -> Result<f64, Refusal> {
    match split(text) {
        Some((number, "")) => finite(number, text),
        _ => Err(not_a_number(text)),
    }
}

/// A whole number in `min..=max`.
pub(crate) fn count(text: &str, min: u64, max: u64) -> Result<u64, Refusal> {
    let value = number(text)?;
    if value.fract() != 0.0 {
        let message = format!("`{text}` is not a whole number");
        return Err(Refusal::new(Code::Whole, message).hint(format!("write a whole number from {min} to {max}")));
    }
    // Whole texts are read exactly; `1e6` goes through the float.
    let exact = text.parse::<u64>().ok().or_else(|| (0.0..9e15).contains(&value).then_some(value as u64));
    exact.filter(|n| (min..=max).contains(n)).ok_or_else(|| {
        Refusal::new(Code::Range, format!("`{text}` is outside {min} to {max}"))
            .hint(format!("write a whole number from {min} to {max}"))
    })
}

/// Splits `1.5e3 rest` into its number and what follows it, with at most one space between.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let mut end = digits(sign);
    let mut seen = end - sign;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        seen += fraction - end - 1;
        end = fraction;
    }
    if seen == 0 {
        return None;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let from = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(from);
        if exponent > from {
            end = exponent;
        }
    }
    let rest = &text[end..];
    Some((&text[..end], rest.strip_prefix(' ').unwrap_or(rest)))
}

pub(super) fn finite(number: &str, whole: &str) -> Result<f64, Refusal> {
    match number.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(not_a_number(whole)),
    }
}

pub(super) fn not_a_number(text: &str) -> Refusal {
    let lower = text.trim_start_matches(['.', '-', '+']).to_ascii_lowercase();
    let refusal = Refusal::new(Code::NotANumber, format!("`{text}` is not a finite number"));
    if lower.starts_with("nan") || lower.starts_with("inf") {
        return refusal.why("nothing can be computed from it").hint("write a finite number");
    }
    if text.contains(['_', ',']) {
        return refusal.hint("write digits without separators, and `.` before decimals");
    }
    refusal.hint("write digits, as in `0.5` or `1e-6`")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_counts() {
        assert_eq!(number("1e-3").unwrap(), 0.001);
        assert_eq!(number(".5").unwrap(), 0.5);
        assert_eq!(split("4y"), Some(("4", "y")));
        assert_eq!(split("2e3h"), Some(("2e3", "h")));
        assert_eq!(split("2eh"), Some(("2", "eh")));
        for bad in ["", "nan", ".inf", "1_000", "1,5", "--1", "1e999"] {
            assert_eq!(number(bad).unwrap_err().code, Code::NotANumber, "{bad}");
        }
        assert_eq!(count("3", 1, 5).unwrap(), 3);
        assert_eq!(count("18446744073709551615", 0, u64::MAX).unwrap(), u64::MAX);
        assert_eq!(count("2.5", 1, 5).unwrap_err().code, Code::Whole);
        assert_eq!(count("6", 1, 5).unwrap_err().code, Code::Range);
    }
}
