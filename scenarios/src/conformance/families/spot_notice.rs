//! A spot instance that is reclaimed: `notice_seconds`, `replacement_ready_seconds`, `drain_seconds_needed`.

use super::super::refusal::Refusal;
use super::super::replays::ReplayReading;
use super::super::study::Plan;
use super::Given;
use super::autoscaled::{Written, number_text};

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let known = ["notice_seconds", "replacement_ready_seconds", "drain_seconds_needed", "rebalance_seconds"];
    let input = given.params(&known)?.node();
    let rebalance = match input.get("rebalance_seconds") {
        Some(_) => format!(", rebalance: {}s", number_text(input, "rebalance_seconds")?),
        None => String::new(),
    };
    let component = format!(
        "{{burst: {{notice: {}s{rebalance}}}, start: {{boot: {}s}}, drain: {}s}}",
        number_text(input, "notice_seconds")?,
        number_text(input, "replacement_ready_seconds")?,
        number_text(input, "drain_seconds_needed")?
    );
    let written = Written { given, component, replay: "{reclaim: once}".to_owned() };
    Ok(written.plan("reclaim", |measure| match measure {
        "capacity_gap_seconds" => Some(ReplayReading::Gap),
        "drain_completed" => Some(ReplayReading::Drained),
        "work_lost_seconds" => Some(ReplayReading::Lost),
        _ => None,
    }))
}
