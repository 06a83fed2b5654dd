//! A journey that calls several queues at once.

use super::super::super::refusal::Refusal;
use super::super::super::study::Plan;
use super::super::Given;
use super::sheet::{Found, RATES, Sheet, exponential};

/// `arrival_rate`, `service_rate`, `branches`.
pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["arrival_rate", "service_rate", "branches"])?;
    let arrivals = params.number_in("arrival_rate", RATES.0, RATES.1)?;
    let law = exponential(params.number_in("service_rate", RATES.0, RATES.1)?);
    let branches = params.count("branches", 1, 500)?;
    let sections = |_: &str| {
        let mut text = String::from("components:\n");
        (0..branches).for_each(|i| text.push_str(&format!("  b{i}: {{capacity: {{service_time: {law}}}}}\n")));
        let all: Vec<String> = (0..branches).map(|i| format!("[b{i}]")).collect();
        let path = format!("[{{all_of: [{}]}}]", all.join(", "));
        text.push_str(&format!("journeys: {{calls: {{path: {path}, demand: {arrivals}/s}}}}\n"));
        text
    };
    let find =
        |measure: &str| (measure == "mean_response").then(|| Found::plain("fork", "journeys.calls", "sojourn_mean"));
    Ok(Sheet::new(given).ask_all(given, find, sections))
}
