//! Flows: a rate of requests, or an amount of the scenario's own unit, `12 MW`.

use super::{Refusal, number, rate};
use crate::diagnostic::Code;

/// Longest name of a unit of flow.
const UNIT_MAX: usize = 12;

/// A rate, or a number of any unit: what can be told without knowing the scenario's unit.
pub(crate) fn flow(text: &str) -> Result<f64, Refusal> {
    match amount(text) {
        Some((_, value)) => value,
        None => rate(text),
    }
}

/// In the scenario's unit of flow.
pub(crate) fn flow_in(text: &str, unit: &str) -> Result<f64, Refusal> {
    match amount(text) {
        Some((found, value)) if found == unit => value,
        _ => Err(Refusal::new(Code::UnitUnknown, format!("`{text}` is not in `{unit}`"))
            .why("`flow_unit` names the unit of every capacity and demand of a scenario")
            .hint(format!("write `12 {unit}`, or remove `flow_unit` and write rates, `90/s`"))),
    }
}

/// A name that a unit of flow may have.
pub(crate) fn flow_unit(text: &str) -> Result<(), Refusal> {
    let letters = !text.is_empty() && text.len() <= UNIT_MAX && text.chars().all(|c| c.is_ascii_alphabetic());
    if letters {
        return Ok(());
    }
    Err(Refusal::new(Code::UnitUnknown, format!("`{text}` cannot be a unit of flow"))
        .hint(format!("write up to {UNIT_MAX} letters, as in `MW`")))
}

/// Unit and amount, if that is what it is: a number and letters.
fn amount(text: &str) -> Option<(&str, Result<f64, Refusal>)> {
    let (digits, unit) = number::split(text)?;
    flow_unit(unit).ok()?;
    let value = number::finite(digits, text).and_then(|value| {
        let negative = || Refusal::new(Code::Range, format!("`{text}` is negative")).hint("a flow is 0 or more");
        if value < 0.0 { Err(negative()) } else { Ok(value) }
    });
    Some((unit, value))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn flows_and_refusals() {
        assert_eq!(flow_in("12 MW", "MW").unwrap(), 12.0);
        assert_eq!(flow("12MW").unwrap(), 12.0);
        assert_eq!(flow("90/s").unwrap(), 90.0);
        assert_eq!(flow_in("12 kW", "MW").unwrap_err().code, Code::UnitUnknown);
        assert_eq!(flow_in("12/s", "MW").unwrap_err().code, Code::UnitUnknown);
        assert_eq!(flow("-1 MW").unwrap_err().code, Code::Range);
        assert_eq!(flow("12").unwrap_err().code, Code::UnitMissing);
        assert!(flow_unit("M/W").is_err());
    }
}
