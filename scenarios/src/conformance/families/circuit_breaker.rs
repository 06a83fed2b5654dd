//! A circuit breaker under calls `[second, 1 for a success]`, which take no time or `call_seconds`.

use super::super::refusal::Refusal;
use super::super::replays::ReplayReading;
use super::super::study::Plan;
use super::Given;
use super::autoscaled::{Written, number_text, whole};
use crate::yaml::Node;

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let known = [
        "window",
        "minimum_calls",
        "failure_threshold_pct",
        "open_seconds",
        "half_open_calls",
        "slow_call_seconds",
        "slow_threshold_pct",
        "calls",
    ];
    let input = given.params(&known)?.node();
    let slow = match input.get("slow_call_seconds") {
        Some(_) => format!(
            ", slow_above: {}s, slow_share: {} %",
            number_text(input, "slow_call_seconds")?,
            if input.get("slow_threshold_pct").is_some() {
                number_text(input, "slow_threshold_pct")?
            } else {
                "100".to_owned()
            }
        ),
        None => String::new(),
    };
    let breaker = format!(
        "{{window: {}, minimum_calls: {}, open_above: {} %, wait: {}s, half_open: {}{slow}}}",
        whole(input, "window")?,
        whole(input, "minimum_calls")?,
        number_text(input, "failure_threshold_pct")?,
        number_text(input, "open_seconds")?,
        whole(input, "half_open_calls")?
    );
    let calls: Result<Vec<String>, Refusal> =
        input.get("calls").map(Node::items).unwrap_or_default().iter().map(call).collect();
    let replay = format!("{{calls: [{}]}}", calls?.join(", "));
    let written = Written { given, component: format!("{{breaker: {breaker}}}"), replay };
    Ok(written.plan("calls", |measure| match measure {
        "permitted" => Some(ReplayReading::Permitted),
        "state_after" => Some(ReplayReading::States),
        "rejected" => Some(ReplayReading::Rejected),
        _ => None,
    }))
}

/// `[second, success]`, or `[second, success, seconds it takes]`.
fn call(call: &Node) -> Result<String, Refusal> {
    let part = |at: usize| call.items().get(at).and_then(Node::text);
    let (Some(at), Some(ok)) = (part(0), part(1)) else {
        return Err(Refusal::not_supported("a call is no pair of a second and an outcome"));
    };
    let ok = match ok {
        "1" | "true" => true,
        "0" | "false" => false,
        other => return Err(Refusal::not_supported(format!("the outcome `{other}` is not known"))),
    };
    let takes = part(2).map_or_else(String::new, |takes| format!(", takes: {takes}s"));
    Ok(format!("{{at: {at}s, ok: {ok}{takes}}}"))
}
