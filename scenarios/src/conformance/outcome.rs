//! What came out: a row for each known value and engine, and counts.

use serde_json::{Value as Json, json};

use super::case::Value;

/// Characters of a text that are printed.
const TEXT_WIDTH: usize = 16;

/// What was found of one known value by one engine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The case's id.
    pub case: String,
    /// Its family.
    pub family: String,
    /// The measure as the case names it.
    pub measure: String,
    /// The engine; none where none was asked.
    pub engine: Option<Engine>,
    /// The known value; nothing where it is neither number nor text.
    pub expected: Option<Value>,
    /// What the engine got, in the unit of the known value.
    pub got: Option<f64>,
    /// What the engine got in words, where the known value is a text.
    pub got_text: Option<String>,
    /// Standard error of an estimate.
    pub standard_error: Option<f64>,
    /// How far it is off.
    pub distance: Option<Distance>,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it failed or is not supported; empty where it passed.
    pub note: String,
}

/// Who answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// An exact solver.
    Exact,
    /// The simulation.
    Simulation,
}

impl Engine {
    /// As printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Simulation => "simulation",
        }
    }
}

/// How far a value is from the known one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distance {
    /// |got − expected| ÷ |expected|.
    Relative(f64),
    /// |got − expected| in standard errors of the estimate, beyond the rounding of the known value.
    StandardErrors(f64),
}

/// A verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// The value was found.
    Passed,
    /// Another value was found.
    Failed,
    /// Nothing is claimed: the reason is in the row's note.
    #[default]
    NotSupported,
}

impl Verdict {
    /// As printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::NotSupported => "not supported",
        }
    }
}

/// How many rows have each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Values found.
    pub passed: usize,
    /// Other values found.
    pub failed: usize,
    /// Values of which nothing is claimed.
    pub not_supported: usize,
}

impl Counts {
    /// Counts rows.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Self {
        let mut counts = Self::default();
        for row in rows {
            match row.verdict {
                Verdict::Passed => counts.passed += 1,
                Verdict::Failed => counts.failed += 1,
                Verdict::NotSupported => counts.not_supported += 1,
            }
        }
        counts
    }

    /// As an object.
    pub fn to_json(self) -> Json {
        json!({"passed": self.passed, "failed": self.failed, "not_supported": self.not_supported})
    }
}

impl Row {
    /// The known value as printed.
    pub fn expected_text(&self) -> String {
        match &self.expected {
            Some(Value::Number(value)) => digits(*value),
            Some(Value::Text(text)) => shortened(text),
            Some(Value::Nothing) => "none".to_owned(),
            Some(Value::Composed) | None => "-".to_owned(),
        }
    }

    /// What was got, as printed.
    pub fn got_shown(&self) -> String {
        let text = || self.got_text.as_deref().map(shortened);
        self.got.map(digits).or_else(text).unwrap_or_else(|| "-".to_owned())
    }

    /// Relative error or z-score, as printed.
    pub fn distance_text(&self) -> String {
        match self.distance {
            Some(Distance::Relative(error)) => format!("{error:.0e}"),
            Some(Distance::StandardErrors(z)) => format!("z {z:.2}"),
            None => "-".to_owned(),
        }
    }

    /// As an object; a number that is not finite is null.
    pub fn to_json(&self) -> Json {
        let (relative, z) = match self.distance {
            Some(Distance::Relative(error)) => (Some(error), None),
            Some(Distance::StandardErrors(z)) => (None, Some(z)),
            None => (None, None),
        };
        let expected = match &self.expected {
            Some(Value::Number(value)) => json!(value),
            Some(Value::Text(text)) => json!(text),
            Some(Value::Nothing | Value::Composed) | None => Json::Null,
        };
        json!({
            "case": self.case,
            "family": self.family,
            "measure": self.measure,
            "engine": self.engine.map(Engine::name),
            "expected": expected,
            "got": self.got.map_or_else(|| json!(self.got_text), |got| json!(got)),
            "standard_error": self.standard_error,
            "relative_error": relative,
            "z_score": z,
            "verdict": match self.verdict {
                Verdict::Passed => "passed",
                Verdict::Failed => "failed",
                Verdict::NotSupported => "not_supported",
            },
            "note": self.note,
        })
    }
}

/// The beginning of a text, where the whole is too long for a column.
fn shortened(text: &str) -> String {
    if text.chars().count() <= TEXT_WIDTH {
        return text.to_owned();
    }
    text.chars().take(TEXT_WIDTH - 1).chain(['…']).collect()
}

/// Ten digits: one more than an exact engine is held to.
fn digits(value: f64) -> String {
    if value == 0.0 || (1e-4..1e7).contains(&value.abs()) {
        let places = if value == 0.0 { 0 } else { 9 - (libm::log10(value.abs()).floor() as i32) };
        let text = format!("{value:.0$}", places.max(0) as usize);
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    } else {
        let text = format!("{value:.9e}");
        match text.split_once('e') {
            Some((mantissa, exponent)) if mantissa.contains('.') => {
                format!("{}e{exponent}", mantissa.trim_end_matches('0').trim_end_matches('.'))
            }
            _ => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn ten_digits_and_no_trailing_zeros() {
        let shown = [0.0, 40.0, 51_500.0, 0.866_666_666_666_666_7, 2.858_471_951_392_715e-5, 4.168_167_07e12, f64::NAN];
        let expected = ["0", "40", "51500", "0.8666666667", "2.858471951e-5", "4.16816707e12", "NaN"];
        assert_eq!(shown.map(digits), expected);
    }
}
