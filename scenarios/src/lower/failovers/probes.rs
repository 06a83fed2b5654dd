//! `monitors.probes`.

use ninefold_models::system::{Mistakes, Probe, SystemSpec};
use ninefold_models::units::Hours;

use super::{Lowering, refused, share};
use crate::diagnostic::{Code, Diagnostic};
use crate::lower::read::At;
use crate::nearest::suggestion;

/// What a probe looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The unit in the place of a component.
    Component(String),
    /// A domain.
    Domain(String),
}

/// A probe and what it looks at.
#[derive(Clone, Debug)]
pub(super) struct Declared<'a> {
    name: &'a str,
    at: At<'a>,
    pub(super) target: Target,
    pub(super) probe: Probe,
    used: bool,
}

/// Every probe.
pub(super) struct Probes<'a> {
    /// Those that could be read whole, and the names of the others.
    all: Vec<(&'a str, Option<Declared<'a>>)>,
}

pub(super) fn lower<'a>(cx: &mut Lowering<'_>, top: &At<'a>, spec: &SystemSpec) -> Probes<'a> {
    let section = top.get("monitors").and_then(|monitors| monitors.get("probes"));
    let entries = section.iter().flat_map(At::entries).collect::<Vec<_>>();
    Probes { all: entries.into_iter().map(|(name, at)| (name, probe(cx, (name, &at), spec))).collect() }
}

fn probe<'a>(cx: &mut Lowering<'_>, (name, at): (&'a str, &At<'a>), spec: &SystemSpec) -> Option<Declared<'a>> {
    let target = cx.required(at, "target").and_then(|target| looked_at(cx, &target, spec));
    let every = cx.required(at, "every");
    let hours = every.as_ref().and_then(|at| cx.duration(at));
    let timeout = at.get("timeout").map_or(Some(Hours::ZERO), |at| cx.duration(&at));
    let unhealthy_after = match at.get("unhealthy_after") {
        Some(after) => cx.count(&after).and_then(|count| u32::try_from(count).ok()),
        None => {
            cx.assume(format!("{}.unhealthy_after", at.path()), "1", "one look that says unhealthy is enough");
            Some(1)
        }
    };
    let false_positive = share(cx, at, "false_positive", 0.0);
    let false_negative = share(cx, at, "false_negative", 0.0);
    if let (Some(hours), Some(every)) = (hours, &every)
        && hours.get() <= 0.0
    {
        cx.sink.push(refused("a probe looks again in no time", every, "give a duration above 0s"));
        return None;
    }
    let mistakes = Mistakes { false_positive: false_positive?, false_negative: false_negative? };
    let probe = Probe { every: hours?, unhealthy_after: unhealthy_after?, timeout: timeout?, mistakes };
    Some(Declared { name, at: at.clone(), target: target?, probe, used: false })
}

fn looked_at(cx: &mut Lowering<'_>, at: &At<'_>, spec: &SystemSpec) -> Option<Target> {
    if let Some(domain) = at.get("domain") {
        return cx.domain(&domain, spec).map(Target::Domain);
    }
    let name = at.text()?;
    if cx.component_names.iter().any(|known| known == name) {
        return Some(Target::Component(name.to_owned()));
    }
    let hint = suggestion(name, cx.component_names.iter().map(String::as_str));
    let problem = Diagnostic::new(Code::NoComponent, format!("there is no component `{name}`"), at.span());
    cx.sink.push(problem.label("not in `components`").hint(hint));
    None
}

impl<'a> Probes<'a> {
    /// What the probe of this name looks at, if it could be read.
    pub(super) fn target(&self, name: &str) -> Option<&Target> {
        let found = self.all.iter().find(|(known, _)| *known == name);
        found.and_then(|(_, declared)| declared.as_ref()).map(|declared| &declared.target)
    }

    /// The probe of this name, which must look at one of these components.
    pub(super) fn named(&mut self, cx: &mut Lowering<'_>, at: &At<'_>, components: &[String]) -> Option<Declared<'a>> {
        let name = at.text()?;
        let Some(place) = self.all.iter().position(|(known, _)| *known == name) else {
            let hint = match self.all[..] {
                [] => format!("declare it: `monitors: {{probes: {{{name}: {{target: COMPONENT, every: 10s}}}}}}`"),
                _ => suggestion(name, self.all.iter().map(|(known, _)| *known)),
            };
            let problem = Diagnostic::new(Code::NoProbe, format!("there is no probe `{name}`"), at.span());
            cx.sink.push(problem.label("not in `monitors.probes`").hint(hint));
            return None;
        };
        let declared = self.all[place].1.as_mut()?;
        declared.used = true;
        if let Target::Component(target) = &declared.target
            && !components.is_empty()
            && !components.contains(target)
        {
            let message = format!("`{name}` looks at `{target}`, whose place the plan does not move");
            let hint = format!("give it `target: {}`, or name another probe", components[0]);
            cx.sink.push(refused(message, at, hint));
            return None;
        }
        Some(declared.clone())
    }

    /// A probe that nothing reads would do nothing.
    pub(super) fn refuse_unused(&self, cx: &mut Lowering<'_>) {
        for declared in self.all.iter().filter_map(|(_, declared)| declared.as_ref()).filter(|probe| !probe.used) {
            let message =
                format!("nothing reads the probe `{}`; probes of other use are not supported yet", declared.name);
            let problem = Diagnostic::new(Code::NotYet, message, declared.at.key_span());
            let hint = format!("name it in a plan: `trigger: {{monitor: {}}}`, or remove it", declared.name);
            cx.sink.push(problem.hint(hint));
        }
    }
}
