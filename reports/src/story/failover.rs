//! Sentences on what a failover plan is at.

use ninefold_models::results::IncidentEventRow;

use super::Story;
use crate::format;

impl Story<'_> {
    /// The sentence of a transition of a plan; `None` of every other.
    pub(super) fn of_plan(&self, row: &IncidentEventRow) -> Option<String> {
        let IncidentEventRow { actor, component, detail, .. } = row;
        let began = row.parent.and_then(|parent| self.rows.get(parent as usize));
        let after = began
            .map_or_else(String::new, |began| format!(" after {}", format::duration((row.t_s - began.t_s) / 3600.0)));
        Some(match row.kind {
            "failover_started" => match detail.split_once(", from ") {
                Some(("true", from)) => {
                    format!("{from} has the place in {component} and is lost: {actor} has to notice")
                }
                Some(("false" | "flap", from)) => format!("{actor} takes {from} for lost, which it is not"),
                Some(("test", from)) => format!("{actor} is tested: the place of {from} in {component} is moved"),
                Some((_, from)) => format!("{component} begins to fail back from {from} by {actor}"),
                None => format!("{actor} begins: {detail}"),
            },
            "failover_true" => format!("the place in {component} is lost indeed"),
            "failover_deciding" => format!("{actor} asks a person"),
            "failover_approving" => format!("the person has time to decide about {actor}{after}"),
            "failover_decided" => format!("{actor} begins to move the place in {component} {detail}{after}"),
            "failover_instead" => format!("{actor} begins anew, {detail}"),
            "failover_nobody" => format!("nobody is able to take the place in {component}"),
            "failover_tested" if detail == "found" => format!("a test of {actor} finds a defect, which is mended"),
            "failover_tested" => format!("a test of {actor} finds nothing"),
            "failover_defect" => format!("{actor} does not work: a defect that no test has found"),
            "step_ready" => format!("{actor}: {detail} is handed over"),
            "step_calls" => format!("{actor}: {detail} calls for one of its team"),
            "step_begins" => format!("{actor}: {detail} begins{after}"),
            "step_done" => format!("{actor}: {detail} has worked{after}"),
            "step_failed" => format!("{actor}: {detail} fails{after}"),
            "step_given_up" => format!("{actor}: {detail} is given up"),
            "failover_override" => format!("a person takes over from {actor}"),
            "failover_wrong" => format!("the person decides wrongly{after}"),
            "failover_ended" => ended(component, detail)?,
            "fell_behind" => format!("{detail} has to catch up before it may have the place in {component} again"),
            "resyncing" if detail.is_empty() => format!("the unit that lost its place in {component} catches up"),
            "resyncing" => format!("the unit that lost its place in {component} never catches up"),
            "resynced" => format!("the unit that lost its place in {component} has caught up{after}"),
            "divergence" => format!("data of {component} have diverged, which is {detail}"),
            _ => return None,
        })
    }
}

fn ended(component: &str, detail: &str) -> Option<String> {
    let (how, unit) = detail.split_once(", ")?;
    Some(match how {
        "moved" => format!("{unit} has the place in {component}"),
        "by_hand" => format!("{unit} has the place in {component}, by hand"),
        "by_repair" => format!("{unit} is able and takes the place in {component}"),
        "recovered" => format!("{unit} is able again before the place in {component} is moved"),
        "dismissed" => format!("{unit} keeps the place in {component}"),
        _ => format!("{unit} takes its place in {component} again"),
    })
}
