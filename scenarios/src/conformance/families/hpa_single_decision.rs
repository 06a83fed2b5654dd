//! One decision of the replica calculator: `kind` and its metric, or `current` and `target` of a worked example.

use std::fmt::Write;

use super::super::refusal::Refusal;
use super::super::replays::ReplayReading;
use super::super::study::Plan;
use super::Given;
use super::autoscaled::{Written, number_text, whole};
use crate::yaml::Node;

/// What is seen, as the scenario writes it, with the metric and its target.
struct Shown {
    metric: &'static str,
    target: String,
    seen: String,
}

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let input = given.params_node()?;
    let kind = input.get("kind").and_then(Node::text);
    let own: &[&str] = match kind {
        Some("resource_utilization") => &["pods", "target_pct", "request_millicores_per_pod", "pods_format"],
        Some("pods_metric") => &["values", "pods", "pods_format", "target_average"],
        Some("object_value" | "external_value") => &["value", "target_value", "ready_pods"],
        Some("object_average_value" | "external_average_value") => &["value", "target_average"],
        None => &["current", "target"],
        Some(other) => return Err(Refusal::not_supported(format!("the kind `{other}` is not known"))),
    };
    let known = [&["kind", "current_replicas", "tolerance", "tolerance_up", "tolerance_down"], own].concat();
    given.params(&known)?;
    let current = whole(input, "current_replicas")?;
    let shown = shown(input, kind, current)?;
    let tolerance = |key: &str| match input.get(key).or_else(|| input.get("tolerance")) {
        Some(_) => number_text(input, if input.get(key).is_some() { key } else { "tolerance" }),
        None => Ok("0.1".to_owned()),
    };
    let (up, down) = (tolerance("tolerance_up")?, tolerance("tolerance_down")?);
    let autoscale = format!(
        "{{metric: {}, target: {}, tolerance: {{up: {up}, down: {down}}}, min: 0, max: 1000000}}",
        shown.metric, shown.target
    );
    let replay = format!("{{replicas: {current}, remembers: nothing, seen: [{}]}}", shown.seen);
    let written = Written { given, component: format!("{{autoscale: {autoscale}}}"), replay };
    Ok(written.plan("decision", |measure| (measure == "desired_replicas").then_some(ReplayReading::Advice)))
}

fn shown(input: &Node, kind: Option<&str>, current: u32) -> Result<Shown, Refusal> {
    Ok(match kind {
        Some("resource_utilization") => {
            let pods = pods(input.get("pods"))?;
            let request = number_text(input, "request_millicores_per_pod")?;
            let target = format!("{} %", number_text(input, "target_pct")?);
            Shown { metric: "utilization", target, seen: format!("{{request: {request}, pods: [{pods}]}}") }
        }
        Some("pods_metric") => {
            let pods = pods(input.get("values").or_else(|| input.get("pods")))?;
            let target = number_text(input, "target_average")?;
            Shown { metric: "{each_pod: metric}", target, seen: format!("{{pods: [{pods}]}}") }
        }
        Some("object_value" | "external_value") => {
            let ready = if input.get("ready_pods").is_some() { whole(input, "ready_pods")? } else { current };
            let value = number_text(input, "value")?;
            let seen = format!("{{value: {value}, ready: {ready}}}");
            Shown { metric: "{value: metric}", target: number_text(input, "target_value")?, seen }
        }
        Some(_) => {
            let seen = format!("{{value: {}}}", number_text(input, "value")?);
            Shown { metric: "{per_replica: metric}", target: number_text(input, "target_average")?, seen }
        }
        None => {
            let seen = format!("{{value: {}, ready: {current}}}", number_text(input, "current")?);
            Shown { metric: "{value: metric}", target: number_text(input, "target")?, seen }
        }
    })
}

/// Pods as `[usage, state]`, `usage`, or `null` for one without a sample.
fn pods(list: Option<&Node>) -> Result<String, Refusal> {
    let list = list.ok_or_else(|| Refusal::not_supported("the case shows no pods"))?;
    let mut text = String::new();
    for pod in list.items() {
        let usage = pod.items().first().unwrap_or(pod);
        let state = match pod.items().get(1).and_then(Node::text) {
            Some("terminating") => "deleted",
            Some(state) => state,
            None if usage.is_null() => "missing",
            None => "ready",
        };
        let _ = match usage.text() {
            Some(usage) => write!(text, "{{usage: {usage}, state: {state}}}, "),
            None => write!(text, "{{state: {state}}}, "),
        };
    }
    Ok(text.trim_end_matches(", ").to_owned())
}
