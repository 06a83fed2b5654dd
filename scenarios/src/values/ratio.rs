//! Ratios: `0.999`, `99.9 %`, `3 nines`.

use super::{Refusal, number};
use crate::diagnostic::Code;

/// A ratio in 0..=1.
pub(crate) fn ratio(text: &str) -> Result<f64, Refusal> {
    let Some((digits, unit)) = number::split(text) else {
        return Err(Refusal::new(Code::NotANumber, format!("`{text}` is not a ratio"))
            .hint("write `0.999`, `99.9 %` or `3 nines`"));
    };
    let value = number::finite(digits, text)?;
    match unit {
        "" if (0.0..=1.0).contains(&value) => Ok(value),
        "" if value > 1.0 && value <= 100.0 => Err(Refusal::new(Code::Ratio, format!("the ratio `{text}` is above 1"))
            .why("a bare number is a share of 1, not of 100")
            .hint(format!("did you mean `{digits} %`?"))),
        "%" if (0.0..=100.0).contains(&value) => percent(digits, text),
        "nines" | "nine" if value > 0.0 && value <= 15.0 => Ok(1.0 - libm::pow(10.0, -value)),
        "" | "%" | "nines" | "nine" => Err(Refusal::new(Code::Ratio, format!("the ratio `{text}` is outside 0 to 1"))
            .hint("write `0.999`, `99.9 %` or `3 nines`")),
        other => Err(Refusal::new(Code::UnitUnknown, format!("`{other}` is not a unit of a ratio"))
            .hint(format!("did you mean `{digits} %`?"))),
    }
}

/// Shifts the decimal point in the text, so that `99.9 %` is the same number as `0.999`.
fn percent(digits: &str, text: &str) -> Result<f64, Refusal> {
    match digits.split_once(['e', 'E']) {
        None => number::finite(&format!("{digits}e-2"), text),
        Some((mantissa, exponent)) => {
            let exponent: i32 = exponent.parse().map_err(|_| number::not_a_number(text))?;
            number::finite(&format!("{mantissa}e{}", exponent.saturating_sub(2)), text)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn three_ways_to_write_the_same() {
        for text in ["0.999", "99.9 %", "99.9%", "9.99e1 %", "3 nines"] {
            assert_eq!(ratio(text).unwrap(), 0.999, "{text}");
        }
        assert_eq!(ratio("1").unwrap(), 1.0);
        assert_eq!(ratio("0 %").unwrap(), 0.0);
    }

    #[test]
    fn refusals() {
        let table = [
            ("99.9", Code::Ratio),
            ("101 %", Code::Ratio),
            ("-0.1", Code::Ratio),
            ("0 nines", Code::Ratio),
            ("0.9 percent", Code::UnitUnknown),
            ("nan", Code::NotANumber),
        ];
        for (text, code) in table {
            assert_eq!(ratio(text).unwrap_err().code, code, "{text}");
        }
        assert!(ratio("99.9").unwrap_err().hint.contains("99.9 %"));
    }
}
