//! `failovers`, and of `monitors` the probes they look through.

mod failback;
mod probes;
mod sites;
mod steps;
mod style;
mod test;
mod views;

use ninefold_models::system::{Authority, FailoverSpec, Override, Probe, SystemSpec, Trigger};
use ninefold_models::units::Hours;

use super::Lowering;
use super::read::At;
use super::windows::Measured;
use crate::diagnostic::{Code, Diagnostic};
use crate::lower::capacity_buffer;
use crate::nearest::suggestion;
use crate::source::Span;
use failback::Of;
use probes::{Declared, Probes};

/// A standby that names a plan.
pub(crate) struct Moved {
    plan: String,
    span: Span,
    component: String,
}

pub(super) fn refused(message: impl Into<String>, at: &At<'_>, hint: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::Failover, message, at.span()).hint(hint)
}

impl Lowering<'_> {
    /// Whether a component has named a failover plan.
    pub(super) fn is_moved(&self, component: &str) -> bool {
        self.moved.iter().any(|moved| moved.component == component)
    }

    /// `failover: PLAN` of a standby, which takes the place of everything else that says how it switches.
    pub(super) fn moved(&mut self, component: &str, form: &At<'_>) -> bool {
        let Some(plan) = form.get("failover") else { return false };
        for (key, why) in [
            ("switch", "the steps of the plan say how long it takes and whether it works"),
            ("manual_switch", "the plan's `override` says when a person takes over"),
        ] {
            if let Some(other) = form.get(key) {
                let problem = Diagnostic::new(
                    Code::Failover,
                    format!("`{component}` has a failover plan and a `{key}` as well"),
                    other.key_span(),
                );
                self.sink.push(problem.secondary(plan.key_span(), "the plan").why(why).hint("keep one of the two"));
            }
        }
        if let Some(starts) = form.get("repair_starts").filter(|at| at.text() == Some("after_switch")) {
            let message = "repairs that wait for a failover plan are not supported yet";
            self.sink.push(refused(message, &starts, "remove it: repairs then start at the failure"));
        }
        if let Some(name) = plan.text() {
            let (plan, span) = (name.to_owned(), plan.span());
            self.moved.push(Moved { plan, span, component: component.to_owned() });
        }
        true
    }
}

/// Every plan, in written order.
pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, clock: &Measured, spec: &mut SystemSpec) {
    let section = top.get("failovers");
    let entries = section.iter().flat_map(At::entries);
    let plans = entries.filter(|(_, at)| !capacity_buffer::is_of_router(at)).collect::<Vec<_>>();
    let moved = std::mem::take(&mut cx.moved);
    for one in &moved {
        let name = one.plan.as_str();
        if plans.iter().all(|(known, _)| *known != name) {
            let hint = match plans[..] {
                [] => format!("declare it: `failovers: {{{name}: {{steps: [{{do: promote, takes: 30s}}]}}}}`"),
                _ => suggestion(name, plans.iter().map(|(known, _)| *known)),
            };
            let message = format!("there is no failover plan `{name}`");
            let problem = Diagnostic::new(Code::NoFailover, message, one.span);
            cx.sink.push(problem.label("not in `failovers`").hint(hint));
        }
    }
    let mut probes = probes::lower(cx, top, spec);
    for (name, at) in &plans {
        let uses = moved.iter().filter(|one| one.plan == *name);
        let components: Vec<String> = uses.map(|one| one.component.clone()).collect();
        // What is not supported yet may well be what would use it.
        if components.is_empty() && !sites::is_meant(at, &probes) && !cx.sink.awaits(at.span()) {
            let message = format!("no component uses the failover plan `{name}`");
            let problem = Diagnostic::new(Code::Failover, message, at.key_span()).label("nothing follows it");
            let hint = format!("write `redundancy: {{standby: {{mode: hot, failover: {name}}}}}`, or remove it");
            cx.sink.push(problem.hint(hint));
        }
        if let Some(plan) = plan(cx, (name, at, components), (&mut probes, clock), spec) {
            spec.failover(plan);
        }
    }
    probes.refuse_unused(cx);
}

fn plan(
    cx: &mut Lowering<'_>,
    (name, at, components): (&str, &At<'_>, Vec<String>),
    (probes, clock): (&mut Probes<'_>, &Measured),
    spec: &SystemSpec,
) -> Option<FailoverSpec> {
    if !at.is_map() {
        return None;
    }
    let together = sites::is_meant(at, probes);
    if let Some(buffer) = at.get("capacity_buffer").filter(|_| !together) {
        let problem = Diagnostic::new(Code::NotYet, "`capacity_buffer` is not supported yet", buffer.key_span());
        let label = "beside steps, which move the place of a standby";
        let hint = "write a plan of its own for the places of a router: `{router: edge, capacity_buffer: {us: 0.35}}`";
        cx.sink.push(problem.label(label).why("leaving it out silently would change the answer").hint(hint));
    }
    let taken_over = at.get("override").map(|at| person(cx, &at));
    let has_person = taken_over.is_some();
    let mut trigger = trigger(cx, at, &components, probes);
    let sites = if together { sites::lower(cx, at, (&components, probes), spec).map(Some) } else { Some(None) };
    let views = if together { cx.no_views(&components) } else { cx.views(at, &components, spec) };
    trigger.iter_mut().for_each(|trigger| trigger.views.clone_from(&views));
    let authority = authority(cx, at, has_person);
    let stages = cx.stages(at, spec);
    let failback = at
        .get("failback")
        .map(|at| cx.failback(&at, has_person, Of { clock, components: &components, together, spec }));
    let test = at.get("test").map(|at| test::test(cx, &at));
    if let Some(sites) = &sites {
        style::check(cx, at, (&components, sites.as_ref(), failback.as_ref().and_then(Option::as_ref)), spec);
    }
    if failback.is_none() {
        cx.remark(
            format!("{}.failback", at.path()),
            "none",
            "without a failback the place stays where it was moved to",
        );
    }
    Some(FailoverSpec {
        name: name.to_owned(),
        components,
        trigger: trigger?,
        authority: authority?,
        stages: stages?,
        taken_over: taken_over.map_or(Some(None), |person| person.map(Some))?,
        failback: failback.map_or(Some(None), |failback| failback.map(Some))?,
        test: test.map_or(Some(None), |test| test.map(Some))?,
        sites: sites?,
    })
}

/// A duration that may be left out.
fn span(cx: &mut Lowering<'_>, at: &At<'_>, key: &str) -> Option<Hours> {
    at.get(key).map_or(Some(Hours::ZERO), |at| cx.duration(&at))
}

/// A probability that may be left out.
pub(super) fn share(cx: &mut Lowering<'_>, at: &At<'_>, key: &str, silent: f64) -> Option<f64> {
    match at.get(key) {
        Some(at) => cx.ratio(&at),
        None => {
            cx.assume(format!("{}.{key}", at.path()), silent.to_string(), "a probability that is not given");
            Some(silent)
        }
    }
}

fn person(cx: &mut Lowering<'_>, at: &At<'_>) -> Option<Override> {
    let manual_after = cx.required(at, "manual_after").and_then(|at| cx.duration(&at));
    let decide = cx.required(at, "decide").and_then(|at| cx.law(&at));
    let wrong_decision = share(cx, at, "wrong_decision", 0.0);
    if let (Some(wrong), Some(at)) = (wrong_decision, at.get("wrong_decision"))
        && wrong >= 1.0
    {
        cx.sink.push(refused("a person who is always wrong never ends it", &at, "give a probability below 1"));
        return None;
    }
    Some(Override { manual_after: manual_after?, wrong_decision: wrong_decision?, decide: decide? })
}

fn trigger(cx: &mut Lowering<'_>, plan: &At<'_>, components: &[String], probes: &mut Probes<'_>) -> Option<Trigger> {
    let silent = Trigger {
        probe: None,
        lasts: Hours::ZERO,
        confirmers: Vec::new(),
        need: 0,
        min_interval: Hours::ZERO,
        views: Vec::new(),
    };
    let Some(at) = plan.get("trigger") else {
        cx.remark(format!("{}.trigger", plan.path()), "at once", "without a trigger a loss is seen at once");
        return Some(silent);
    };
    let (lasts, min_interval) = (span(cx, &at, "for"), span(cx, &at, "min_interval"));
    let probe = looks(cx, &at, components, probes);
    let confirmers = confirmers(cx, &at, components, (probe.as_ref().and_then(Option::as_ref), probes));
    let confirmers = confirmers?;
    let need = match at.get("need") {
        Some(need) => {
            let count = cx.count(&need).and_then(|count| u32::try_from(count).ok())?;
            if count as usize > confirmers.len() {
                let message = format!("{count} must confirm, and {} can", confirmers.len());
                cx.sink.push(refused(message, &need, "name more probes in `confirm_by`, or need fewer"));
                return None;
            }
            count
        }
        None => confirmers.len() as u32,
    };
    let (probe, lasts, min_interval) = (probe?, lasts?, min_interval?);
    Some(Trigger { probe, lasts, confirmers, need, min_interval, views: Vec::new() })
}

/// How the unit in the place is looked at: by a probe, by itself now and then, or not at all.
fn looks(cx: &mut Lowering<'_>, at: &At<'_>, components: &[String], probes: &mut Probes<'_>) -> Option<Option<Probe>> {
    let every = at.get("every");
    if let Some(monitor) = at.get("monitor") {
        for key in ["every", "unhealthy_after"] {
            if let Some(other) = at.get(key) {
                let hint = format!("write `{key}` under `monitors.probes.{}`", monitor.text().unwrap_or_default());
                cx.sink.push(refused(format!("a trigger with a `monitor` has no `{key}`"), &other, hint));
                return None;
            }
        }
        return probes.named(cx, &monitor, components).map(|declared| Some(declared.probe));
    }
    let Some(every) = every else {
        if let Some(after) = at.get("unhealthy_after") {
            cx.sink.push(refused("nobody looks again and again here", &after, "add `every: 10s`, or a `monitor`"));
            return None;
        }
        return Some(None);
    };
    let hours = cx.duration(&every)?;
    let unhealthy_after = match at.get("unhealthy_after") {
        Some(after) => u32::try_from(cx.count(&after)?).ok()?,
        None => 1,
    };
    if hours.get() <= 0.0 {
        cx.sink.push(refused("looking again takes no time", &every, "give a duration above 0s, or remove it"));
        return None;
    }
    let mistakes = ninefold_models::system::Mistakes::default();
    Some(Some(Probe { every: hours, unhealthy_after, timeout: Hours::ZERO, mistakes }))
}

fn confirmers(
    cx: &mut Lowering<'_>,
    at: &At<'_>,
    components: &[String],
    (monitor, probes): (Option<&Probe>, &mut Probes<'_>),
) -> Option<Vec<ninefold_models::system::Mistakes>> {
    let Some(list) = at.get("confirm_by") else {
        if let Some(need) = at.get("need") {
            cx.sink.push(refused("nobody is asked to confirm", &need, "add `confirm_by: [PROBE]`, or remove it"));
            return None;
        }
        return Some(Vec::new());
    };
    let mut found = Vec::new();
    for item in list.items() {
        let Declared { probe, .. } = probes.named(cx, &item, components)?;
        if monitor.is_some_and(|monitor| monitor.every != probe.every) {
            let message = "who confirms must look as often as the monitor";
            cx.sink.push(refused(message, &item, "give both probes the same `every`"));
            return None;
        }
        found.push(probe.mistakes);
    }
    if monitor.is_none() && !found.is_empty() && at.get("monitor").is_none() {
        cx.sink.push(refused("there is no monitor to confirm", &list, "add `monitor: PROBE`"));
        return None;
    }
    Some(found)
}

fn authority(cx: &mut Lowering<'_>, plan: &At<'_>, has_person: bool) -> Option<Authority> {
    let Some(at) = plan.get("authority") else { return Some(Authority::default()) };
    let below = cx.required(&at, "auto_below_blast").and_then(|at| cx.ratio(&at))?;
    if !has_person {
        let message = "a person decides, and how long that takes is not said";
        let hint = "add `override: {manual_after: 10min, decide: 5min}` to the plan";
        cx.sink.push(Diagnostic::new(Code::Failover, message, at.key_span()).hint(hint));
        return None;
    }
    let approver = at.get("approver").map(|at| cx.first_come_team(&at));
    Some(Authority { auto_below_blast: Some(below), approver: approver.map_or(Some(None), |team| team.map(Some))? })
}
