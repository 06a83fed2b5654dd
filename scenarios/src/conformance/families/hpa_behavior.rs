//! Raw advice through `behavior`: as run lengths at ticks, or one wish that is followed step by step.

use super::super::refusal::Refusal;
use super::super::replays::ReplayReading;
use super::super::study::Plan;
use super::Given;
use super::autoscaled::{Written, behavior, number_text, policies, whole};
use crate::yaml::Node;

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    if given.params_node()?.get("desired").is_some() { one_wish(given) } else { at_ticks(given) }
}

fn reading(measure: &str) -> Option<ReplayReading> {
    match measure {
        "replicas_rle" => Some(ReplayReading::RunLengths),
        "replicas_per_minute" => Some(ReplayReading::PerMinute),
        "final_replicas" => Some(ReplayReading::Replicas),
        "max_replicas" => Some(ReplayReading::Most),
        _ => None,
    }
}

fn at_ticks(given: &Given<'_>) -> Result<Plan, Refusal> {
    let known = ["tick_seconds", "start_replicas", "min", "max", "behavior", "behavior_defaults", "raw_desired_rle"];
    let input = given.params(&known)?.node();
    let advice: Vec<String> =
        input.get("raw_desired_rle").map(Node::items).unwrap_or_default().iter().map(run).collect();
    let autoscale = format!(
        "{{interval: {}s, min: {}, max: {}{}}}",
        number_text(input, "tick_seconds")?,
        whole(input, "min")?,
        whole(input, "max")?,
        behavior(input.get("behavior"))?
    );
    let start = whole(input, "start_replicas")?;
    let replay = format!("{{replicas: {start}, remembers: nothing, advice: [{}]}}", advice.join(", "));
    let written = Written { given, component: format!("{{autoscale: {autoscale}}}"), replay };
    Ok(written.plan("advice", reading))
}

/// `[replicas, looks]`.
fn run(pair: &Node) -> String {
    let part = |at: usize| pair.items().get(at).and_then(Node::text).unwrap_or_default();
    format!("{{replicas: {}, looks: {}}}", part(0), part(1))
}

/// A wish that stays, followed as fast as the policies allow.
fn one_wish(given: &Given<'_>) -> Result<Plan, Refusal> {
    let known = ["start", "desired", "policies", "selectPolicy", "one_decision_per_seconds"];
    let input = given.params(&known)?.node();
    let (start, desired) = (whole(input, "start")?, whole(input, "desired")?);
    let direction = if desired < start { "down" } else { "up" };
    let select = input.get("selectPolicy").and_then(Node::text).unwrap_or("Max").to_ascii_lowercase();
    let listed = policies(input.get("policies").unwrap_or(input))?;
    let interval = number_text(input, "one_decision_per_seconds")?;
    let seconds: f64 = interval.parse().unwrap_or(60.0);
    let minutes = given.case.get("expected").and_then(|expected| expected.get("replicas_per_minute"));
    let minutes = minutes.map_or(1, |list| list.items().len());
    let looks = ((minutes as f64 * 60.0 / seconds.max(1.0)).round() as u64).max(1);
    let autoscale = format!(
        "{{interval: {interval}s, min: 1, max: 1000000, {direction}: {{policies: {listed}, select: {select}, stabilization: 0s}}}}"
    );
    let replay =
        format!("{{replicas: {start}, remembers: nothing, advice: [{{replicas: {desired}, looks: {looks}}}]}}");
    let written = Written { given, component: format!("{{autoscale: {autoscale}}}"), replay };
    Ok(written.plan("advice", reading))
}
