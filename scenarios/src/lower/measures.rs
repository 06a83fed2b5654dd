//! `run.measures`.

use ninefold_models::system::{OverflowSpec, SystemSpec};

use super::Lowering;
use super::metastability;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

/// Most events that are asked for.
const MEASURES_MAX: usize = 1000;

pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, spec: &mut SystemSpec) {
    let Some(list) = top.get("run").and_then(|run| run.get("measures")) else { return };
    let entries = list.entries();
    if entries.len() > MEASURES_MAX {
        let message = format!("more than {MEASURES_MAX} measures");
        cx.sink.push(Diagnostic::new(Code::Limit, message, list.key_span()).hint("ask for fewer"));
        return;
    }
    for (name, at) in entries {
        if let Some(reach) = at.get("reach") {
            let overflow = overflow(cx, (&reach, name), spec);
            spec.queueing.overflows.extend(overflow);
        } else if let Some(of) = at.get("metastability") {
            let map = metastability::map(cx, (&of, name), spec);
            spec.queueing.maps.extend(map);
        }
    }
}

fn overflow(cx: &mut Lowering<'_>, (reach, name): (&At<'_>, &str), spec: &SystemSpec) -> Option<OverflowSpec> {
    let written = cx.required(reach, "jobs");
    let jobs = written.as_ref().and_then(|jobs| cx.units(jobs));
    let counted = cx.required(reach, "in");
    let start = cx.required(reach, "start");
    cx.required(reach, "before");
    let (written, jobs, counted, start) = (written?, jobs?, counted?, start?);
    let mut among: Vec<(String, u32)> = Vec::new();
    for item in counted.items() {
        let component = item.text()?;
        let problem = if !spec.components.iter().any(|known| known.name == component) {
            let hint = suggestion(component, spec.queueing.queues.iter().map(|queue| queue.component.as_str()));
            Diagnostic::new(Code::NoComponent, format!("there is no component `{component}`"), item.span()).hint(hint)
        } else if spec.queueing.queue(component).is_none() {
            let message = format!("`{component}` has no queue in which requests could be");
            Diagnostic::new(Code::Missing, message, item.span()).hint("give its `capacity` a `service_time`")
        } else if among.iter().any(|(known, _)| known == component) {
            Diagnostic::new(Code::Range, format!("`{component}` stands twice"), item.span()).hint("keep one of the two")
        } else {
            among.push((component.to_owned(), 0));
            continue;
        };
        cx.sink.push(problem);
        return None;
    }
    for (component, at) in start.entries() {
        let jobs = cx.count(&at)?;
        let Some(known) = among.iter_mut().find(|(known, _)| known == component) else {
            let message = format!("`{component}` is not among the components at which requests are counted");
            cx.sink.push(
                Diagnostic::new(Code::NoComponent, message, at.key_span())
                    .secondary(counted.key_span(), "counted here")
                    .hint("add it to `in`, or remove it"),
            );
            return None;
        };
        known.1 = u32::try_from(jobs).unwrap_or(u32::MAX);
    }
    let begun: u64 = among.iter().map(|(_, jobs)| u64::from(*jobs)).sum();
    if !(1..u64::from(jobs)).contains(&begun) {
        let message = format!("{begun} requests at the start of a way to {jobs}");
        cx.sink.push(
            Diagnostic::new(Code::Range, message, start.key_span())
                .secondary(written.key_span(), "to be reached")
                .why("the question is which comes first, so many or none")
                .hint("write at least 1 in all, and fewer than `jobs`, such as the first request: 1"),
        );
        return None;
    }
    Some(OverflowSpec { name: name.to_owned(), jobs, among })
}
