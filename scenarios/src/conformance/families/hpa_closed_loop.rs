//! A Horizontal Pod Autoscaler on an external `AverageValue` against a demand that is a formula or a list.

use super::super::refusal::Refusal;
use super::super::replays::ReplayReading;
use super::super::study::Plan;
use super::Given;
use super::autoscaled::{Written, behavior, number_text, whole};
use crate::yaml::{Node, quoted};

/// Decimals to which a replay rounds a demand.
const DECIMALS: &str = "6 decimals";

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let known = [
        "tick_seconds",
        "ticks",
        "start_replicas",
        "min",
        "max",
        "target_average",
        "tolerance",
        "behavior",
        "behavior_defaults",
        "demand",
        "pod_start_seconds",
        "metric_delay_seconds",
    ];
    let input = given.params(&known)?.node();
    let tick: f64 = number_text(input, "tick_seconds")?.parse().unwrap_or(f64::NAN);
    let target = number_text(input, "target_average")?;
    let seconds = |key: &str| if input.get(key).is_some() { number_text(input, key) } else { Ok("0".to_owned()) };
    let component = format!(
        "{{capacity: {{per_replica: {target}/s}}, start: {{boot: {}s}}, autoscale: {{metric: {{per_replica: demand}}, \
         target: {target}/s, tolerance: {}, interval: {tick}s, metric_delay: {}s, min: {}, max: {}{}}}}}",
        seconds("pod_start_seconds")?,
        if input.get("tolerance").is_some() { number_text(input, "tolerance")? } else { "0.1".to_owned() },
        seconds("metric_delay_seconds")?,
        whole(input, "min")?,
        whole(input, "max")?,
        behavior(input.get("behavior"))?
    );
    let replay = format!(
        "{{replicas: {}, remembers: nothing, for: {}s, demand: {}}}",
        whole(input, "start_replicas")?,
        tick * f64::from(whole(input, "ticks")?),
        demand(input, tick)?
    );
    Ok(Written { given, component, replay }.plan("loop", reading))
}

fn reading(measure: &str) -> Option<ReplayReading> {
    match measure {
        "replicas_rle" => Some(ReplayReading::RunLengths),
        "max_replicas" => Some(ReplayReading::Most),
        "final_replicas" => Some(ReplayReading::Replicas),
        "pod_seconds" => Some(ReplayReading::PodSeconds),
        "ticks_under_capacity" => Some(ReplayReading::ShortLooks),
        "unserved_demand_ticks_sum" => Some(ReplayReading::UnservedLooks),
        _ => None,
    }
}

fn demand(input: &Node, tick: f64) -> Result<String, Refusal> {
    let demand = input.get("demand").ok_or_else(|| Refusal::not_supported("the case has no demand"))?;
    if let Some(values) = demand.get("values").or_else(|| Some(demand).filter(|list| !list.items().is_empty())) {
        let values: Vec<&str> = values.items().iter().filter_map(Node::text).collect();
        return Ok(format!("{{list: {{every: {tick}s, values: [{}]}}}}", values.join(", ")));
    }
    if let Some(rounding) = demand.get("rounding").and_then(Node::text).filter(|text| *text != DECIMALS) {
        return Err(Refusal::not_supported(format!("demand rounded to `{rounding}`; a replay rounds to {DECIMALS}")));
    }
    match demand.get("formula").and_then(Node::text).or_else(|| demand.text()) {
        Some(formula) => Ok(format!("{{formula: {}}}", quoted(formula))),
        None => Err(Refusal::not_supported("the demand is neither a formula nor a list of values")),
    }
}
