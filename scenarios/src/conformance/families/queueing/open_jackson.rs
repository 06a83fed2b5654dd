//! Open Jackson networks: a journey for each queue that is called from outside, an edge for each way on.

use super::super::super::params::Params;
use super::super::super::refusal::Refusal;
use super::super::super::study::Plan;
use super::super::Given;
use super::law::numbers;
use super::sheet::{Found, Sheet, common, exponential};
use crate::yaml::Node;

/// `external_arrivals`, `routing`, `servers`, `service_rates`.
pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params: Params<'_> = given.params(&["external_arrivals", "routing", "servers", "service_rates"])?;
    let node = params.node();
    let arrivals = numbers(node, "external_arrivals")?;
    let (servers, rates) = (numbers(node, "servers")?, numbers(node, "service_rates")?);
    let n = arrivals.len();
    let rows = node.get("routing").map(Node::items).unwrap_or_default();
    let unlike = || Refusal::not_supported("the lists of the network differ in length");
    if [servers.len(), rates.len(), rows.len()].iter().any(|length| *length != n) {
        return Err(unlike());
    }
    let mut edges = String::new();
    for (from, row) in rows.iter().enumerate() {
        for (to, share) in row.items().iter().enumerate() {
            let share: f64 = share.text().and_then(|text| text.parse().ok()).ok_or_else(unlike)?;
            // A way back is no dependency.
            let need = if to > from { "hard" } else { "async" };
            if share > 0.0 && to < n {
                edges.push_str(&format!("  - {{from: s{from}, to: s{to}, need: {need}, share: {share}}}\n"));
            }
        }
    }
    let sections = |_: &str| {
        let mut text = String::from("components:\n");
        for i in 0..n {
            let law = exponential(rates[i]);
            text.push_str(&format!("  s{i}: {{replicas: {}, capacity: {{service_time: {law}}}}}\n", servers[i]));
        }
        if !edges.is_empty() {
            text.push_str(&format!("dependencies:\n  edges:\n{}", edges.replace("  - ", "    - ")));
        }
        text.push_str("journeys:\n");
        for (i, rate) in arrivals.iter().enumerate().filter(|(_, rate)| **rate > 0.0) {
            text.push_str(&format!("  j{i}: {{path: [s{i}], demand: {rate}/s}}\n"));
        }
        text
    };
    let find = |measure: &str| match measure {
        "L_total" => Some(Found::plain("network", "system", "in_system")),
        "W_total" => Some(Found::plain("network", "system", "sojourn_mean")),
        _ => {
            let (station, name) = measure.strip_prefix("stations.")?.split_once('.')?;
            let station: usize = station.parse().ok()?;
            Some(Found::plain("network", &format!("components.s{station}"), common(name)?))
        }
    };
    Ok(Sheet::new(given).ask_all(given, find, sections))
}
