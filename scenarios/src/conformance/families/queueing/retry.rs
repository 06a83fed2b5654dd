//! Clients that try again, and a server that serves also what was given up.

use super::super::super::refusal::Refusal;
use super::super::super::study::Plan;
use super::super::Given;
use super::sheet::{Found, RATES, Sheet, exponential};

/// `first_attempt_rate`, `service_rate`, `timeout`, `max_attempts`.
pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["first_attempt_rate", "service_rate", "timeout", "max_attempts"])?;
    let demand = params.number_in("first_attempt_rate", RATES.0, RATES.1)?;
    let law = exponential(params.number_in("service_rate", RATES.0, RATES.1)?);
    let timeout = params.number_in("timeout", RATES.0, RATES.1)?;
    let retries = params.count("max_attempts", 2, 1000)? - 1;
    let sections = |_: &str| {
        format!(
            "components:\n  client: {{}}\n  server: {{capacity: {{service_time: {law}}}, on_timeout: keep_serving}}\n\
             dependencies:\n  edges: [{{from: client, to: server, need: hard, timeout: {timeout}s, retries: {retries}}}]\n\
             journeys: {{calls: {{path: [client], demand: {demand}/s}}}}\n"
        )
    };
    let find = |measure: &str| {
        let measure = match measure {
            "effective_rate_fixed_points.0" => "attempt_rate",
            "effective_rate_fixed_points.1" => "tipping_rate",
            "amplification_low" => "amplification",
            "saturated_state_sustains" => "collapse_sustains",
            "vulnerable_if_also_low_root" => "vulnerable",
            "safe_first_attempt_rate" => "safe_demand",
            _ => return None,
        };
        Some(Found::plain("retries", "components.server", measure))
    };
    Ok(Sheet::new(given).ask_all(given, find, sections))
}
