//! `run.demand_mode`: whether the simulation takes demand as a flow or goes request by request.

use ninefold_models::system::{NotAtRequestLevel, REQUESTS_MAX, RequestLevel, SystemSpec, not_at_request_level};
use ninefold_models::units::Hours;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

/// Most calls expected of a replication where nothing is said.
const DEFAULT_MAX: u64 = 1_000_000;

/// Hours from the opening of an incident on where nothing is said.
const DEFAULT_HOLD_H: f64 = 1.0 / 6.0;

fn mode<'a>(top: &At<'a>) -> Option<At<'a>> {
    top.get("run").and_then(|run| run.get("demand_mode"))
}

/// Whether the simulation goes request by request.
pub(super) fn asked(cx: &mut Lowering<'_>, top: &At<'_>) -> Option<RequestLevel> {
    let mode = mode(top)?;
    let is_always = mode.get("normal").is_some_and(|normal| normal.text() == Some("request_level"));
    let most = mode.get("max_requests").map_or(Some(DEFAULT_MAX), |at| cx.count(&at));
    let Some(on) = mode.get("on") else {
        if is_always {
            return Some(RequestLevel { most: most?, around: None });
        }
        if let Some(at) = mode.get("max_requests") {
            let problem = Diagnostic::new(Code::NotYet, "`max_requests` of a flow is not supported yet", at.key_span());
            cx.sink
                .push(problem.hint("write `normal: request_level`, or `on: {incidents: request_level}`, or remove it"));
        }
        return None;
    };
    if is_always {
        let problem =
            Diagnostic::new(Code::Variant, "incidents are simulated request by request anyway", on.key_span());
        cx.sink.push(problem.hint("remove `on`, or write `normal: fluid`"));
        return None;
    }
    let hold = match on.get("for") {
        Some(at) => cx.duration(&at)?,
        None => {
            let reason = "how long requests are simulated one by one after an incident opens";
            cx.remark(format!("{}.for", on.path()), "10min", reason);
            Hours::new(DEFAULT_HOLD_H)
        }
    };
    if hold.get() <= 0.0 {
        let place = on.get("for").map_or(on.span(), |at| at.span());
        cx.sink.push(Diagnostic::new(Code::Range, "no time at all", place).hint("write `for: 10min`"));
        return None;
    }
    Some(RequestLevel { most: most?, around: Some(hold) })
}

/// Refuses, at its place, what has no meaning yet where requests are simulated one by one.
pub(super) fn refuse(cx: &mut Lowering<'_>, top: &At<'_>, spec: &SystemSpec) {
    let Some(mode) = mode(top) else { return };
    for NotAtRequestLevel { name, why } in not_at_request_level(spec) {
        let place = match name.split_once('.') {
            Some((section, inner)) => top.get(section).and_then(|section| section.get(inner)),
            None => Some(mode.clone()),
        };
        let place = place.map_or(mode.span(), |place| place.key_span());
        let is_limit = why.contains("the limit is");
        let code = if is_limit { Code::Range } else { Code::NotYet };
        let problem = Diagnostic::new(code, format!("`{name}` request by request: {why}"), place);
        cx.sink.push(problem.secondary(mode.key_span(), "asked for here").hint(match is_limit {
            true => format!("shorten `calendar.horizon`, or raise `max_requests` (at most {REQUESTS_MAX})"),
            false => "remove `run.demand_mode`: the flow holds it".to_owned(),
        }));
    }
}

/// Refuses what a call says of callers that only a simulation request by request obeys.
pub(super) fn refuse_in_flow(cx: &mut Lowering<'_>, (at, key): (&At<'_>, &str)) {
    let message = format!("`{key}` is obeyed request by request only, and is not supported yet of a flow");
    let problem = Diagnostic::new(Code::NotYet, message, at.key_span());
    cx.sink.push(problem.hint("write `run: {demand_mode: {normal: request_level}}`, or remove it"));
}
