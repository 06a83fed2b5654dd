//! The least number of servers or units with which a promise holds.

use super::super::super::params::Params;
use super::super::super::refusal::Refusal;
use super::super::super::study::Plan;
use super::super::{Given, UNITS_MAX};
use super::sheet::{Found, RATES, STATION, Sheet, calls, exponential};

/// `offered_load` with `max_wait` (in mean service times) and `service_level`, or with `max_blocking`; or `required`,
/// `instance_availability` and `target`.
pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let keys = ["offered_load", "service_rate", "max_wait", "service_level", "max_blocking", "required"];
    let params = given.params(&[&keys[..], &["instance_availability", "target"]].concat())?;
    let (text, required) = match params.node() {
        node if node.get("required").is_some() => spares(params)?,
        node if node.get("max_blocking").is_some() => {
            let promise = format!("{{blocking: {}}}", params.ratio("max_blocking", None)?);
            (queue((params.number_in("offered_load", RATES.0, RATES.1)?, 1.0), &promise), 0)
        }
        _ => {
            let rate = params.number_in("service_rate", RATES.0, RATES.1)?;
            let within = params.number_in("max_wait", 0.0, RATES.1)? / rate;
            let share = params.ratio("service_level", None)?;
            let promise = format!("{{wait: {{within: {within}s, share: {share}}}}}");
            (queue((params.number_in("offered_load", RATES.0, RATES.1)?, rate), &promise), 0)
        }
    };
    let find = |measure: &str| {
        Some(match measure {
            "min_servers" | "min_instances" => Found::plain("size", STATION, "size_least"),
            "spares" => Found { offset: -f64::from(required), ..Found::plain("size", STATION, "size_least") },
            "sqrt_staffing_beta" => Found::plain("size", STATION, "size_beta"),
            _ if measure.ends_with("_at_min") => Found::plain("size", STATION, "size_reached"),
            _ if measure.ends_with("_one_less") => Found::plain("size", STATION, "size_one_less"),
            _ => return None,
        })
    };
    Ok(Sheet::new(given).ask_all(given, find, |_| text.clone()))
}

fn queue((offered, rate): (f64, f64), promise: &str) -> String {
    let law = exponential(rate);
    let station = format!("  station: {{capacity: {{service_time: {law}}}, size_for: {promise}}}\n");
    format!("components:\n{station}{}", calls(offered * rate))
}

fn spares(params: Params<'_>) -> Result<(String, u32), Refusal> {
    let required = params.count("required", 1, UNITS_MAX)?;
    let up = params.ratio("instance_availability", None)?;
    // A mean life of so many seconds out of a thousand, and a repair of the rest.
    let (life, repair) = (1000.0 * up, 1000.0 * (1.0 - up));
    let law = |mean: f64| format!("{{exponential: {{mean: {mean}s}}}}");
    let promise = format!("{{up: {{need: {required}, probability: {}}}}}", params.ratio("target", None)?);
    let text = format!(
        "components:\n  station:\n    size_for: {promise}\n    failure_modes: {{out: {{time_to_failure: {}, repair: {}}}}}\n\
         journeys: {{calls: {{path: [station]}}}}\n",
        law(life),
        law(repair)
    );
    Ok((text, required))
}
