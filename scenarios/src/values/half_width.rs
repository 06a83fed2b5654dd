//! Half-widths of intervals, in the unit of what is measured: `0.01 %`, `5min/year`, `0.1/year`, `100h`.

use ninefold_models::plan::HalfWidth;

use super::{Refusal, duration, rate, ratio};
use crate::diagnostic::Code;
use crate::values::number;

/// Seconds in a year of 365 days.
const YEAR_S: f64 = 31_536_000.0;

/// A half-width above 0; its unit says which kind of measure it goes with.
pub(crate) fn half_width(text: &str) -> Result<HalfWidth, Refusal> {
    let Some((digits, unit)) = number::split(text) else {
        return Err(Refusal::new(Code::NotANumber, format!("`{text}` is not a half-width")).hint(FORMS));
    };
    let width = match (unit, unit.split_once('/')) {
        (_, Some(("", _))) => HalfWidth::PerYear(rate(text).map_err(|refusal| refusal.hint(FORMS))? * YEAR_S),
        (_, Some((of_time, per))) => match per.trim_start() {
            "y" | "year" => HalfWidth::MinutesPerYear(duration(&format!("{digits}{}", of_time.trim_end()))? * 60.0),
            other => {
                return Err(Refusal::new(Code::UnitUnknown, format!("`/{other}` is not a unit of a half-width"))
                    .hint("downtime is measured per year: write `5min/year`"));
            }
        },
        ("" | "%", None) => HalfWidth::Ratio(ratio(text).map_err(|refusal| refusal.hint(FORMS))?),
        ("nines" | "nine", None) => {
            return Err(Refusal::new(Code::UnitUnknown, "a half-width is not written in nines").hint(FORMS));
        }
        (_, None) => HalfWidth::Hours(duration(text)?),
    };
    if width.value() > 0.0 {
        return Ok(width);
    }
    Err(Refusal::new(Code::Range, format!("the half-width `{text}` is 0"))
        .why("no run ends that waits for an interval without width")
        .hint("write a half-width above 0"))
}

const FORMS: &str =
    "write `0.00001` or `0.001 %` for a share, `5min/year` for downtime, `0.1/year` for failures, `100h` for an MTTF";

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_says_what_is_meant() {
        let table = [
            ("1e-5", HalfWidth::Ratio(1e-5)),
            ("0.5 %", HalfWidth::Ratio(0.005)),
            ("5min/year", HalfWidth::MinutesPerYear(5.0)),
            ("1.5 h / y", HalfWidth::MinutesPerYear(90.0)),
            ("0.1/year", HalfWidth::PerYear(0.1)),
            ("100h", HalfWidth::Hours(100.0)),
            ("2d", HalfWidth::Hours(48.0)),
        ];
        for (text, width) in table {
            let found = half_width(text).unwrap();
            assert_eq!(found.unit(), width.unit(), "{text}");
            assert!((found.value() / width.value() - 1.0).abs() < 1e-12, "{text}: {found:?}");
        }
    }

    #[test]
    fn refusals() {
        let table = [
            ("0", Code::Range),
            ("0 %", Code::Range),
            ("0s/y", Code::Range),
            ("0/year", Code::Range),
            ("-5min/year", Code::Range),
            ("-0.1", Code::Ratio),
            ("5", Code::Ratio),
            ("NaN", Code::NotANumber),
            ("inf", Code::NotANumber),
            ("3 nines", Code::UnitUnknown),
            ("5min/week", Code::UnitUnknown),
            ("5m/year", Code::UnitUnknown),
            ("5min/month", Code::UnitUnknown),
        ];
        for (text, code) in table {
            assert_eq!(half_width(text).unwrap_err().code, code, "{text}");
        }
    }
}
