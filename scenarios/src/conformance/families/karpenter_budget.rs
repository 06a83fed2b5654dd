//! Disruption budgets: `nodes`, `percent`, those `deleting` and those `not_ready`.

use super::super::refusal::Refusal;
use super::super::replays::ReplayReading;
use super::super::study::Plan;
use super::Given;
use super::autoscaled::{Written, number_text, whole};

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let input = given.params(&["nodes", "percent", "deleting", "not_ready"])?.node();
    let count = |key: &str| if input.get(key).is_some() { whole(input, key) } else { Ok(0) };
    let replay = format!(
        "{{nodes: {{total: {}, deleting: {}, not_ready: {}}}}}",
        whole(input, "nodes")?,
        count("deleting")?,
        count("not_ready")?
    );
    let component = format!("{{disruption: {{max_share: {} %}}}}", number_text(input, "percent")?);
    Ok(Written { given, component, replay }
        .plan("budget", |measure| (measure == "allowed_disruptions").then_some(ReplayReading::Allowed)))
}
