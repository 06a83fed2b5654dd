//! Reading the parameters of a case.

use super::refusal::Refusal;
use crate::diagnostic::Code;
use crate::values;
use crate::yaml::Node;

/// Durations that a case may have, h.
const HOURS: (f64, f64) = (1e-9, 1e12);

/// The parameters of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Params<'a> {
    node: &'a Node,
}

impl<'a> Params<'a> {
    /// The parameters, where every key is among `known`.
    pub(super) fn of(node: &'a Node, known: &[&str]) -> Result<Self, Refusal> {
        match node.entries().iter().find(|entry| !known.contains(&entry.key.as_str())) {
            Some(entry) => Err(Refusal::not_supported(format!("the family has no parameter `{}`", entry.key))),
            None => Ok(Self { node }),
        }
    }

    pub(super) fn node(self) -> &'a Node {
        self.node
    }

    fn find(self, keys: &[&str]) -> Option<&'a Node> {
        keys.iter().find_map(|key| self.node.get(key))
    }

    fn required(self, keys: &[&str]) -> Result<&'a Node, Refusal> {
        self.find(keys).ok_or_else(|| {
            let message = format!("the case has no parameter `{}`", keys.join("` or `"));
            Refusal::wrong(Code::Missing, message, self.node.span, "the cases of a family have the same parameters")
        })
    }

    /// A number in `min..=max`.
    pub(super) fn number_in(self, key: &str, min: f64, max: f64) -> Result<f64, Refusal> {
        number(self.required(&[key])?, min, max)
    }

    /// A whole number in `min..=max`.
    pub(super) fn count(self, key: &str, min: u64, max: u64) -> Result<u32, Refusal> {
        let node = self.required(&[key])?;
        let read = node.text().ok_or(()).and_then(|text| values::count(text, min, max).map_err(|_| ()));
        read.ok().and_then(|count| u32::try_from(count).ok()).ok_or_else(|| {
            let message = format!("`{key}` is no whole number from {min} to {max}");
            Refusal::wrong(Code::Whole, message, node.span, "write it as digits")
        })
    }

    /// A probability; `silent` where there is none.
    pub(super) fn ratio(self, key: &str, silent: Option<f64>) -> Result<f64, Refusal> {
        match (self.find(&[key]), silent) {
            (None, Some(silent)) => Ok(silent),
            _ => self.number_in(key, 0.0, 1.0),
        }
    }

    /// A mean time in hours: as it is under one of `means`, or as a rate under one of `rates`.
    pub(super) fn mean(self, means: &[&str], rates: &[&str]) -> Result<f64, Refusal> {
        if let Some(mean) = self.find(means) {
            return number(mean, HOURS.0, HOURS.1);
        }
        if let Some(rate) = self.find(rates) {
            return Ok(1.0 / number(rate, 1.0 / HOURS.1, 1.0 / HOURS.0)?);
        }
        Err(self.required(&[means, rates].concat()).err().unwrap_or_else(|| Refusal::not_supported("no mean time")))
    }

    /// A rate per hour that may be 0 or silent.
    pub(super) fn rate_or_zero(self, key: &str) -> Result<f64, Refusal> {
        self.find(&[key]).map_or(Ok(0.0), |node| number(node, 0.0, 1.0 / HOURS.0))
    }

    /// Text.
    pub(super) fn text(self, key: &str) -> Result<&'a str, Refusal> {
        let node = self.required(&[key])?;
        node.text().ok_or_else(|| Refusal::wrong(Code::Shape, format!("`{key}` is no text"), node.span, "write a text"))
    }

    /// `true` or `false`.
    pub(super) fn flag(self, key: &str) -> Result<bool, Refusal> {
        let node = self.required(&[key])?;
        match node.text() {
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            _ => Err(Refusal::wrong(
                Code::UnknownWord,
                format!("`{key}` is neither true nor false"),
                node.span,
                "write `true` or `false`",
            )),
        }
    }
}

/// The number in a node, in `min..=max`.
pub(super) fn number(node: &Node, min: f64, max: f64) -> Result<f64, Refusal> {
    let hint = "write it as digits";
    let text = node.text().unwrap_or_default();
    let Ok(value) = text.parse::<f64>() else {
        return Err(Refusal::wrong(Code::NotANumber, format!("`{text}` is not a number"), node.span, hint));
    };
    if value >= min && value <= max {
        return Ok(value);
    }
    Err(Refusal::wrong(Code::Range, format!("`{text}` is outside {min} to {max}"), node.span, hint))
}
