//! Step scaling of AWS: the rounding of a change, steps around a threshold, or one adjustment.

use super::super::refusal::Refusal;
use super::super::replays::ReplayReading;
use super::super::study::Plan;
use super::Given;
use super::autoscaled::{Written, number_text, whole};
use crate::yaml::Node;

/// Names of the least change of a percentage.
const LEAST_CHANGE: [&str; 4] =
    ["min_adjustment_magnitude", "min_adjustment", "min_magnitude", "MinAdjustmentMagnitude"];

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let known = [
        "raw_change",
        "capacity",
        "metric",
        "threshold",
        "scale_out",
        "scale_in",
        "adjustment_type",
        "adjustment",
        "percent",
        "min_adjustment_magnitude",
        "min_adjustment",
        "min_magnitude",
        "MinAdjustmentMagnitude",
        "min",
        "max",
    ];
    let input = given.params(&known)?.node();
    if input.get("raw_change").is_some() {
        return raw_change(given, input);
    }
    let least = LEAST_CHANGE.into_iter().find(|key| input.get(key).is_some());
    let least = least.map_or(Ok(0), |key| whole(input, key))?;
    let adjust = match input.get("adjustment_type").and_then(Node::text) {
        None | Some("PercentChangeInCapacity") => "percent",
        Some("ChangeInCapacity") => "change",
        Some("ExactCapacity") => "exact",
        Some(other) => return Err(Refusal::not_supported(format!("the adjustment `{other}` is not known"))),
    };
    let one = ["adjustment", "percent"].into_iter().find(|key| input.get(key).is_some());
    let (steps, metric) = match one {
        Some(key) => (format!("out: [{{from: 0, change: {}}}]", number_text(input, key)?), "0".to_owned()),
        None => {
            let (out, into) = (steps(input.get("scale_out")), steps(input.get("scale_in")));
            (
                format!("threshold: {}, out: [{out}], in: [{into}]", number_text(input, "threshold")?),
                number_text(input, "metric")?,
            )
        }
    };
    let limit = |key: &str, silent: u32| if input.get(key).is_some() { whole(input, key) } else { Ok(silent) };
    let policy = Policy {
        steps: format!("{{adjust: {adjust}, least_change: {least}, {steps}}}"),
        min: limit("min", 0)?,
        max: limit("max", 1_000_000)?,
    };
    Ok(policy.plan(given, whole(input, "capacity")?, &metric))
}

struct Policy {
    steps: String,
    min: u32,
    max: u32,
}

impl Policy {
    fn plan(&self, given: &Given<'_>, capacity: u32, metric: &str) -> Plan {
        let Self { steps, min, max } = self;
        let component = format!("{{autoscale: {{steps: {steps}, min: {min}, max: {max}}}}}");
        let replay = format!("{{replicas: {capacity}, seen: [{{value: {metric}}}]}}");
        Written { given, component, replay }.plan("step", |measure| match measure {
            "new_capacity" | "desired_capacity" => Some(ReplayReading::Replicas),
            "change" => Some(ReplayReading::Change),
            _ => None,
        })
    }
}

/// A change of capacity before it is made whole: the same percentage of 100 instances.
fn raw_change(given: &Given<'_>, input: &Node) -> Result<Plan, Refusal> {
    let change = number_text(input, "raw_change")?;
    if change.parse::<f64>().is_ok_and(|change| change < -100.0) {
        return Err(Refusal::not_supported("a change by more than 100 instances is not written"));
    }
    let steps = format!("{{adjust: percent, out: [{{from: 0, change: {change}}}]}}");
    Ok(Policy { steps, min: 0, max: 1_000_000 }.plan(given, 100, "0"))
}

/// `[from, to, change]`, where null is without end.
fn steps(list: Option<&Node>) -> String {
    let step = |step: &Node| {
        let part = |at: usize, key: &str| {
            let text = step.items().get(at).and_then(Node::text);
            text.map_or_else(String::new, |text| format!("{key}: {text}, "))
        };
        let change = step.items().get(2).and_then(Node::text).unwrap_or_default();
        format!("{{{}{}change: {change}}}", part(0, "from"), part(1, "to"))
    };
    list.map(Node::items).unwrap_or_default().iter().map(step).collect::<Vec<_>>().join(", ")
}
