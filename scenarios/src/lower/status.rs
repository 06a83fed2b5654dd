//! `run.feeds`, as far as it acts on a run: how late the status of a failover is known, to whom, and what is done twice meanwhile.

use ninefold_models::lifetime::Law;
use ninefold_models::system::{StatusSpec, SystemSpec};
use ninefold_models::units::Hours;

use super::Lowering;
use super::failovers::refused;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

/// After the failover plans.
pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, spec: &mut SystemSpec) {
    let Some(feeds) = top.get("run").and_then(|run| run.get("feeds")) else { return };
    let (late, readers) = (feeds.get("publish_delay"), feeds.get("subscribers"));
    let Some(twice) = feeds.get("duplicate_work") else {
        if let Some(at) = late.or(readers) {
            let message = "it makes no difference who knows of a failover: nothing is done twice";
            cx.sink.push(refused(message, &at, "add `duplicate_work: 0.3`, or remove it"));
        }
        return;
    };
    if spec.failovers.is_empty() {
        let message = "there is no failover of which somebody could know";
        cx.sink.push(refused(message, &twice, "remove it, or add a plan under `failovers`"));
        return;
    }
    let publish_delay = match &late {
        None => {
            cx.assume("run.feeds.publish_delay", "0s", "the status of a failover is known at once");
            Law::constant(Hours::ZERO).ok().map(Some)
        }
        Some(at) if at.text() == Some("never") => Some(None),
        Some(at) => cx.law(at).map(Some),
    };
    let subscribers = readers.map(|list| teams(cx, &list));
    if subscribers.is_none() {
        cx.remark("run.feeds.subscribers", "all teams", "every team reads the status of a failover");
    }
    let (Some(publish_delay), Some(duplicate_work)) = (publish_delay, cx.ratio(&twice)) else { return };
    spec.status = Some(StatusSpec { publish_delay, subscribers, duplicate_work });
}

fn teams(cx: &mut Lowering<'_>, list: &At<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for item in list.items() {
        let Some(name) = item.text() else { continue };
        if !cx.teams.iter().any(|team| team.name == name) {
            let hint = suggestion(name, cx.teams.iter().map(|team| team.name.as_str()));
            let problem = Diagnostic::new(Code::NoTeam, format!("there is no team `{name}`"), item.span());
            cx.sink.push(problem.label("not in `teams`").hint(hint));
            continue;
        }
        all.push(name.to_owned());
    }
    all
}
