//! Rates: a number per unit of time, `3/week`, `1200/s`.

use super::{Refusal, number};
use crate::diagnostic::Code;

/// A non-negative rate, per second.
pub(crate) fn rate(text: &str) -> Result<f64, Refusal> {
    let Some((digits, rest)) = number::split(text) else {
        return Err(Refusal::new(Code::NotANumber, format!("`{text}` is not a rate"))
            .hint("write a number per unit of time, as in `90/s` or `3/week`"));
    };
    let value = number::finite(digits, text)?;
    let Some(unit) = rest.strip_prefix('/') else {
        if rest.is_empty() {
            return Err(Refusal::new(Code::UnitMissing, format!("the rate `{text}` has no unit"))
                .why("a bare number could be per second or per year")
                .hint(format!("did you mean `{digits}/s`, `{digits}/h` or `{digits}/y`?")));
        }
        return Err(Refusal::new(Code::UnitUnknown, format!("`{text}` is not a rate"))
            .hint(format!("write `{digits}/s`, or per min, h, d, w or y")));
    };
    let seconds = match unit.strip_prefix(' ').unwrap_or(unit) {
        "s" | "second" => 1.0,
        "min" | "minute" => 60.0,
        "h" | "hour" => 3600.0,
        "d" | "day" => 86_400.0,
        "w" | "week" => 604_800.0,
        "y" | "year" => 31_536_000.0,
        "mo" | "month" => return Err(month(text, "month", value * 12.0)),
        "q" | "quarter" => return Err(month(text, "quarter", value * 4.0)),
        other => {
            return Err(Refusal::new(Code::UnitUnknown, format!("`/{other}` is not a unit of a rate"))
                .hint(format!("write `{digits}/s`, or per min, h, d, w or y")));
        }
    };
    if value < 0.0 {
        return Err(Refusal::new(Code::Range, format!("the rate `{text}` is negative")).hint("a rate is 0 or more"));
    }
    Ok(value / seconds)
}

fn month(text: &str, unit: &str, a_year: f64) -> Refusal {
    Refusal::new(Code::UnitMonth, format!("`{text}`: a {unit} has no fixed length"))
        .why("two readers would get different numbers")
        .hint(format!("write `{a_year}/year`"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn rates_and_refusals() {
        assert_eq!(rate("1200/s").unwrap(), 1200.0);
        assert_eq!(rate("3/week").unwrap(), 3.0 / 604_800.0);
        assert_eq!(rate("3 / y").unwrap(), rate("3/year").unwrap());
        let table = [
            ("90", Code::UnitMissing),
            ("1/month", Code::UnitMonth),
            ("1/quarter", Code::UnitMonth),
            ("5/fortnight", Code::UnitUnknown),
            ("12 MW", Code::UnitUnknown),
            ("-1/s", Code::Range),
            ("many", Code::NotANumber),
        ];
        for (text, code) in table {
            assert_eq!(rate(text).unwrap_err().code, code, "{text}");
        }
        assert!(rate("1/month").unwrap_err().hint.contains("12/year"));
    }
}
