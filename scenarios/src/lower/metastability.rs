//! `run.measures` with `metastability`.

use ninefold_models::system::{CURES_MAX, CureSpec, MetastabilitySpec, SystemSpec, TIMEOUTS_MAX, TriggerSpec};

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

/// Sizes and loads where nothing is said.
const SIZES: u32 = 16;
const LOADS: u32 = 20;

/// The map that is asked for, if the call can have one.
pub(super) fn map(cx: &mut Lowering<'_>, (at, name): (&At<'_>, &str), spec: &SystemSpec) -> Option<MetastabilitySpec> {
    let written = cx.required(at, "call");
    let trigger_at = cx.required(at, "trigger");
    let steps = |cx: &mut Lowering<'_>, key: &str, silent| at.get(key).map_or(Some(silent), |at| cx.units(&at));
    let (sizes, loads) = (steps(cx, "sizes", SIZES), steps(cx, "loads", LOADS));
    let most_load = match at.get("up_to") {
        Some(up_to) => Some(cx.rate(&up_to).filter(|&most| most > 0.0 || refuse_none(cx, &up_to))?),
        None => None,
    };
    let cures = cures(cx, at);
    let (written, trigger_at) = (written?, trigger_at?);
    let trigger = trigger(cx, &trigger_at)?;
    let (from, to) = call(cx, &written, spec)?;
    let of = MetastabilitySpec {
        name: name.to_owned(),
        from,
        to,
        trigger,
        sizes: sizes?,
        most_load,
        loads: loads?,
        cures: cures?,
    };
    let follows = spec.autoscalers.iter().any(|scaler| scaler.component == of.to)
        || spec.spots.iter().any(|spot| spot.component == of.to);
    let mapped = if follows { Err("the servers of what is called come and go") } else { spec.queueing.mapped(&of) };
    if let Err(why) = mapped {
        let message = format!("the call of `{}` by `{}` has no map of metastability", of.to, of.from);
        cx.sink.push(
            Diagnostic::new(Code::Missing, message, written.span()).why(why).hint(
                "a map needs an edge with `timeout` and `retries`, and a queue with one `service_time` behind it",
            ),
        );
        return None;
    }
    let timeouts = of.timeouts(&spec.queueing);
    if timeouts > TIMEOUTS_MAX {
        let message = format!("{timeouts:.0} timeouts of one trigger, or of one request with its pauses, are too many");
        cx.sink.push(
            Diagnostic::new(Code::Limit, message, trigger_at.span())
                .why(format!("the map is computed in parts of a timeout, and the limit is {TIMEOUTS_MAX} timeouts"))
                .hint("ask for a shorter trigger, or a shorter `wait` of a breaker"),
        );
        return None;
    }
    Some(of)
}

fn refuse_none(cx: &mut Lowering<'_>, at: &At<'_>) -> bool {
    cx.sink.push(Diagnostic::new(Code::Range, "no load at all", at.span()).hint("write a rate above 0"));
    false
}

/// Who calls, and who is called.
fn call(cx: &mut Lowering<'_>, written: &At<'_>, spec: &SystemSpec) -> Option<(String, String)> {
    let items = written.items();
    let [from, to] = &items[..] else {
        let message = format!("a call is between 2 components, not {}", items.len());
        cx.sink.push(Diagnostic::new(Code::Shape, message, written.span()).hint("write `call: [caller, called]`"));
        return None;
    };
    for end in [from, to] {
        let name = end.text()?;
        if !spec.components.iter().any(|component| component.name == name) {
            let hint = suggestion(name, spec.components.iter().map(|component| component.name.as_str()));
            let message = format!("there is no component `{name}`");
            cx.sink.push(Diagnostic::new(Code::NoComponent, message, end.span()).hint(hint));
            return None;
        }
    }
    Some((from.text()?.to_owned(), to.text()?.to_owned()))
}

fn trigger(cx: &mut Lowering<'_>, at: &At<'_>) -> Option<TriggerSpec> {
    let trigger = if let Some(outage) = at.get("outage") {
        TriggerSpec::Outage(cx.duration(&outage)?)
    } else {
        let spike = at.get("spike")?;
        let times = cx.required(&spike, "times").and_then(|at| cx.number(&at));
        let lasts = cx.required(&spike, "for").and_then(|at| cx.duration(&at));
        TriggerSpec::Spike(times?, lasts?)
    };
    let grows = !matches!(trigger, TriggerSpec::Spike(times, _) if times <= 1.0);
    if grows && trigger.lasts().get() > 0.0 {
        return Some(trigger);
    }
    cx.sink.push(
        Diagnostic::new(Code::Range, "a trigger that changes nothing", at.span())
            .hint("write a length above 0, and a spike above 1"),
    );
    None
}

/// What is tried; `Some(None)` is what is usual.
fn cures(cx: &mut Lowering<'_>, at: &At<'_>) -> Option<Option<Vec<CureSpec>>> {
    let Some(list) = at.get("cures") else {
        let reason = "what is tried against a storm where nothing is said: a retry budget of a tenth, a circuit breaker as \
                      Resilience4j sets it, room for half a timeout";
        cx.remark(format!("{}.cures", at.path()), "retry-budget, breaker, short-queue", reason);
        return Some(None);
    };
    let entries = list.entries();
    if entries.len() > CURES_MAX {
        let message = format!("more than {CURES_MAX} cures");
        cx.sink.push(Diagnostic::new(Code::Limit, message, list.key_span()).hint("ask for two maps"));
        return None;
    }
    entries.into_iter().map(|(name, at)| cure(cx, (&at, name))).collect::<Option<Vec<_>>>().map(Some)
}

fn cure(cx: &mut Lowering<'_>, (at, name): (&At<'_>, &str)) -> Option<CureSpec> {
    if at.entries().is_empty() {
        let message = format!("`{name}` changes nothing");
        cx.sink.push(Diagnostic::new(Code::Missing, message, at.key_span()).hint("write `retry_budget: 10 %`"));
        return None;
    }
    let attempts = match at.get("retries") {
        Some(retries) => Some(u32::try_from(cx.count(&retries)?).ok()? + 1),
        None => None,
    };
    let places = match at.get("places") {
        Some(places) => Some(cx.count(&places)?),
        None => None,
    };
    let says = |key: &str, word: &str| at.get(key).is_some_and(|at| at.text() == Some(word));
    Some(CureSpec {
        name: name.to_owned(),
        attempts,
        backoff: at.get("backoff").and_then(|at| super::queues::backoff(cx, &at)),
        budget: at.get("retry_budget").and_then(|at| super::queues::budget(cx, &at)),
        breaker: at.get("breaker").and_then(|at| cx.breaker(&at)),
        places,
        newest_first: says("order", "lifo"),
        drops_expired: says("on_timeout", "drop_at_dequeue"),
    })
}
