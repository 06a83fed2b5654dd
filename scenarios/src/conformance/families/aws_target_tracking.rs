//! Target tracking on a backlog an instance, or the forecast and the actual capacity of predictive scaling.

use super::super::refusal::Refusal;
use super::super::replays::{ReplayReading, ReplayStudy};
use super::super::study::Plan;
use super::Given;
use super::autoscaled::{Written, number_text, whole};
use crate::yaml::{Node, quoted};

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    match given.params_node()?.get("pairs") {
        Some(_) => forecasts(given),
        None => tracking(given),
    }
}

/// Three minutes above the target: the alarm that goes for more.
fn tracking(given: &Given<'_>) -> Result<Plan, Refusal> {
    let known = [
        "messages",
        "instances",
        "seconds_per_message",
        "acceptable_latency",
        "capacity",
        "metric",
        "target",
        "min",
        "max",
    ];
    let input = given.params(&known)?.node();
    let (capacity, target, metric) = if input.get("messages").is_some() {
        let instances = whole(input, "instances")?;
        let messages: f64 = number_text(input, "messages")?.parse().unwrap_or(f64::NAN);
        let (latency, service) =
            (number_text(input, "acceptable_latency")?, number_text(input, "seconds_per_message")?);
        let target = format!("{{backlog: {{latency: {latency}s, service_time: {service}s}}}}");
        (instances, target, (messages / f64::from(instances)).to_string())
    } else {
        (whole(input, "capacity")?, number_text(input, "target")?, number_text(input, "metric")?)
    };
    let limit = |key: &str, silent: u32| if input.get(key).is_some() { whole(input, key) } else { Ok(silent) };
    let (min, max) = (limit("min", 0)?, limit("max", 1_000_000)?);
    let component = format!("{{autoscale: {{target_tracking: {{target: {target}}}, min: {min}, max: {max}}}}}");
    let looks = if is_below(given)? { 15 } else { 3 };
    let replay = format!("{{replicas: {capacity}, seen: [{{value: {metric}, looks: {looks}}}]}}");
    Ok(Written { given, component, replay }.plan("tracking", |measure| match measure {
        "target_backlog_per_instance" | "target" => Some(ReplayReading::Target),
        "backlog_per_instance" => Some(ReplayReading::Metric),
        "instances_added" | "change" => Some(ReplayReading::Change),
        "new_capacity" | "desired" | "desired_capacity" => Some(ReplayReading::Replicas),
        _ => None,
    }))
}

/// Whether the metric calls for less.
fn is_below(given: &Given<'_>) -> Result<bool, Refusal> {
    let input = given.params_node()?;
    let of = |key: &str| input.get(key).and_then(Node::text).and_then(|text| text.parse::<f64>().ok());
    Ok(match (of("metric"), of("target")) {
        (Some(metric), Some(target)) => metric < target,
        _ => match (of("messages"), of("instances"), of("acceptable_latency"), of("seconds_per_message")) {
            (Some(messages), Some(instances), Some(latency), Some(service)) => messages / instances < latency / service,
            _ => false,
        },
    })
}

/// Pairs of predicted and actual capacity, one after another: each sets what is there.
fn forecasts(given: &Given<'_>) -> Result<Plan, Refusal> {
    let input = given.params(&["pairs"])?.node();
    let pair = |pair: &Node| {
        let part = |at: usize| pair.items().get(at).and_then(Node::text).unwrap_or_default();
        format!("{{value: {}, replicas: {}}}", part(0), part(1))
    };
    let seen: Vec<String> = input.get("pairs").map(Node::items).unwrap_or_default().iter().map(pair).collect();
    let text = format!(
        "scenario: {}\ncomponents:\n  web: {{autoscale: {{predictive: {{}}, min: 0, max: 1000000}}}}\n\
         replay: {{replicas: 1, seen: [{}]}}\n",
        quoted(given.id()),
        seen.join(", ")
    );
    let mut plan = Plan::default();
    let mut asks = Vec::new();
    for (place, expected) in given.answers() {
        match expected.measure.as_str() {
            "desired" => asks.push((place, ReplayReading::Each)),
            other => plan.refused.push((place, format!("the measure `{other}` is not known"))),
        }
    }
    plan.replays.push(ReplayStudy { name: "forecasts".to_owned(), text, asks });
    Ok(plan)
}
