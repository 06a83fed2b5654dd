//! Data rates: an amount of data per unit of time, `60MB/s`; decimal units.

use super::{Refusal, number, rate};
use crate::diagnostic::Code;

const UNITS: [(&str, f64); 5] = [("B", 1.0), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12)];

/// What to write.
const FORMS: &str = "write an amount and a time, as in `60MB/s` (B, kB, MB, GB or TB)";

/// A non-negative data rate, in bytes per second.
pub(crate) fn data_rate(text: &str) -> Result<f64, Refusal> {
    let Some((digits, rest)) = number::split(text) else {
        return Err(Refusal::new(Code::NotANumber, format!("`{text}` is not a data rate")).hint(FORMS));
    };
    let Some((data, time)) = rest.split_once('/') else {
        let code = if rest.is_empty() { Code::UnitMissing } else { Code::UnitUnknown };
        return Err(Refusal::new(code, format!("the data rate `{text}` has no unit of time")).hint(FORMS));
    };
    let bytes = UNITS.iter().find(|(name, _)| *name == data.trim());
    let Some((_, bytes)) = bytes else {
        let message = format!("`{}` is not a unit of data", data.trim());
        return Err(Refusal::new(Code::UnitUnknown, message).hint(FORMS));
    };
    Ok(rate(&format!("{digits}/{}", time.trim_start()))? * bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn data_rates_and_refusals() {
        assert_eq!(data_rate("60MB/s").unwrap(), 60e6);
        assert_eq!(data_rate("1.5 GB / h").unwrap(), 1.5e9 / 3600.0);
        let table = [
            ("60", Code::UnitMissing),
            ("60MB", Code::UnitUnknown),
            ("60Mb/s", Code::UnitUnknown),
            ("60/s", Code::UnitUnknown),
            ("-1MB/s", Code::Range),
            ("fast", Code::NotANumber),
        ];
        for (text, code) in table {
            assert_eq!(data_rate(text).unwrap_err().code, code, "{text}");
        }
    }
}
