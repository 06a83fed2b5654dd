//! The fallback of KEDA: a metric fails for longer than is borne, and another value is reported.

use super::super::refusal::Refusal;
use super::super::replays::ReplayReading;
use super::super::study::Plan;
use super::Given;
use super::autoscaled::{Written, number_text, whole};
use crate::yaml::Node;

/// Failures that are borne: any number gives the same report after them.
const AFTER: u32 = 3;

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let input = given.params(&["target", "fallback_replicas", "ready_replicas", "metric_type"])?.node();
    let metric = match input.get("metric_type").and_then(Node::text) {
        Some("AverageValue") | None => "{per_replica: metric}",
        Some("Value") => "{value: metric}",
        Some(other) => return Err(Refusal::not_supported(format!("the metric type `{other}` is not known"))),
    };
    let (fallback, ready) = (whole(input, "fallback_replicas")?, whole(input, "ready_replicas")?);
    let component = format!(
        "{{autoscale: {{metric: {metric}, target: {}, fallback: {{after: {AFTER}, replicas: {fallback}}}, max: 1000000}}}}",
        number_text(input, "target")?
    );
    let replay = format!("{{replicas: {ready}, remembers: nothing, seen: [{{failed: true, looks: {}}}]}}", AFTER + 1);
    Ok(Written { given, component, replay }.plan("fallback", |measure| match measure {
        "reported_metric" => Some(ReplayReading::Metric),
        "desired_replicas" => Some(ReplayReading::Advice),
        _ => None,
    }))
}
