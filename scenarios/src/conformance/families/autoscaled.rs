//! What the families of autoscalers share: a component with its policy, and `behavior` of Kubernetes in our words.

use std::fmt::Write;

use super::super::params;
use super::super::refusal::Refusal;
use super::super::replays::{ReplayReading, ReplayStudy};
use super::super::study::Plan;
use super::Given;
use crate::diagnostic::Code;
use crate::yaml::{Node, quoted};

/// A scenario of one component and a replay.
pub(super) struct Written<'a> {
    pub(super) given: &'a Given<'a>,
    /// The component `web`.
    pub(super) component: String,
    /// The section `replay`.
    pub(super) replay: String,
}

impl Written<'_> {
    fn text(&self) -> String {
        let title = quoted(self.given.id());
        format!("scenario: {title}\ncomponents:\n  web: {}\nreplay: {}\n", self.component, self.replay)
    }

    /// One study, with a reading for every measure that has one.
    pub(super) fn plan(&self, name: &str, reading: impl Fn(&str) -> Option<ReplayReading>) -> Plan {
        let mut plan = Plan::default();
        let mut asks = Vec::new();
        for (place, expected) in self.given.answers() {
            match reading(&expected.measure) {
                Some(reading) => asks.push((place, reading)),
                None => plan.refused.push((place, format!("the measure `{}` is not known", expected.measure))),
            }
        }
        plan.replays.push(ReplayStudy { name: name.to_owned(), text: self.text(), asks });
        plan
    }
}

fn found<'a>(input: &'a Node, key: &str) -> Result<&'a Node, Refusal> {
    let hint = "the cases of a family have the same parameters";
    let message = format!("the case has no parameter `{key}`");
    input.get(key).ok_or_else(|| Refusal::wrong(Code::Missing, message, input.span, hint))
}

/// A whole number of at most a million.
pub(super) fn whole(input: &Node, key: &str) -> Result<u32, Refusal> {
    params::number(found(input, key)?, 0.0, 1e6).map(|value| value as u32)
}

/// A number, as it is written.
pub(super) fn number_text(input: &Node, key: &str) -> Result<String, Refusal> {
    let node = found(input, key)?;
    params::number(node, -1e12, 1e12)?;
    Ok(node.text().unwrap_or_default().to_owned())
}

/// `behavior` as the keys `up` and `down`, each with a comma before it.
pub(super) fn behavior(node: Option<&Node>) -> Result<String, Refusal> {
    let mut text = String::new();
    for entry in node.map(Node::entries).unwrap_or_default() {
        let key = match entry.key.as_str() {
            "scaleUp" => "up",
            "scaleDown" => "down",
            other => return Err(Refusal::not_supported(format!("a behavior has no part `{other}`"))),
        };
        let _ = write!(text, ", {key}: {}", direction(&entry.value)?);
    }
    Ok(text)
}

/// The rules of one direction.
pub(super) fn direction(rules: &Node) -> Result<String, Refusal> {
    let mut parts = Vec::new();
    for entry in rules.entries() {
        let value = entry.value.text().unwrap_or_default();
        parts.push(match entry.key.as_str() {
            "stabilizationWindowSeconds" => format!("stabilization: {value}s"),
            "selectPolicy" => format!("select: {}", value.to_ascii_lowercase()),
            "policies" => format!("policies: {}", policies(&entry.value)?),
            other => return Err(Refusal::not_supported(format!("scaling rules have no part `{other}`"))),
        });
    }
    Ok(format!("{{{}}}", parts.join(", ")))
}

/// A list of policies.
pub(super) fn policies(list: &Node) -> Result<String, Refusal> {
    let policy = |policy: &Node| {
        let kind = match found(policy, "type")?.text() {
            Some("Pods") => "pods",
            Some("Percent") => "percent",
            other => return Err(Refusal::not_supported(format!("the policy {other:?} is not known"))),
        };
        let (value, per) = (number_text(policy, "value")?, number_text(policy, "periodSeconds")?);
        Ok(format!("{{{kind}: {value}, per: {per}s}}"))
    };
    let all: Result<Vec<String>, Refusal> = list.items().iter().map(policy).collect();
    Ok(format!("[{}]", all?.join(", ")))
}
