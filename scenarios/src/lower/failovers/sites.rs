//! A plan that moves several components together: from which site to which, what its steps move, and what its probes see.

use ninefold_models::system::{Action, Learns, Redundancy, RoutingSpec, SiteView, SitesSpec, SystemSpec};

use super::probes::{Probes, Target};
use super::{Lowering, refused};
use crate::diagnostic::{Code, Diagnostic};
use crate::lower::read::At;
use crate::nearest::suggestion;

/// What a step moves, with where it says so.
pub(super) fn acts<'a>(step: &At<'a>) -> Vec<(Action, At<'a>)> {
    let list = |key: &str| step.get(key).map(|at| at.items()).unwrap_or_default();
    let named = |at: At<'a>, action: fn(String) -> Action| Some((action(at.text()?.to_owned()), at));
    let promoted = list("promotes").into_iter().filter_map(|at| named(at, Action::Promote));
    let started = list("starts").into_iter().filter_map(|at| named(at, Action::Start));
    let rerouted = step.get("reroutes").and_then(|at| named(at, Action::Reroute));
    promoted.chain(started).chain(rerouted).collect()
}

/// What all steps of a plan move.
fn all_acts<'a>(plan: &At<'a>) -> Vec<(Action, At<'a>)> {
    let steps = plan.get("steps").map(|at| at.items()).unwrap_or_default();
    let each = |step: &At<'a>| match step.get("parallel") {
        Some(parallel) => parallel.items().iter().flat_map(acts).collect::<Vec<_>>(),
        None => acts(step),
    };
    steps.iter().flat_map(each).collect()
}

/// Whether a plan is about sites: it says so, or what it looks at or moves is of sites.
pub(super) fn is_meant(plan: &At<'_>, probes: &Probes<'_>) -> bool {
    let named = plan.get("from").is_some() || plan.get("to").is_some() || plan.get("router").is_some();
    let style = plan.get("style").is_some_and(|at| at.text() == Some("active_active"));
    named || style || watched(plan, probes).is_some() || !all_acts(plan).is_empty()
}

/// The domain that the monitor of a plan looks at, if it looks at one.
fn watched<'p>(plan: &At<'_>, probes: &'p Probes<'_>) -> Option<&'p str> {
    let monitor = plan.get("trigger")?.get("monitor")?;
    match probes.target(monitor.text()?) {
        Some(Target::Domain(name)) => Some(name),
        _ => None,
    }
}

/// The sites of a plan.
pub(super) fn lower(
    cx: &mut Lowering<'_>,
    plan: &At<'_>,
    (components, probes): (&[String], &Probes<'_>),
    spec: &SystemSpec,
) -> Option<SitesSpec> {
    if cx.refused_routers > 0 && plan.get("to").is_none() {
        // Where it moves to may well be what a router says that is refused already.
        return None;
    }
    let from = cx.site_left(plan, probes, spec)?;
    let routers = cx.routers(plan, (components, &from), spec)?;
    let to = cx.site_reached(plan, (&from, &routers), spec)?;
    if from == to || inside(spec, &from, &to) || inside(spec, &to, &from) {
        let place = plan.get("to").unwrap_or_else(|| plan.clone());
        let message = format!("`{from}` and `{to}` are not two sites");
        cx.sink.push(refused(message, &place, "name two domains of which none lies within the other"));
        return None;
    }
    if components.is_empty() && routers.is_empty() {
        if cx.refused_routers > 0 {
            return None;
        }
        let message = "the plan moves nothing";
        let hint = "let a standby name it, `failover: PLAN`, or a step send clients elsewhere, `reroutes: ROUTER`";
        cx.sink.push(Diagnostic::new(Code::Failover, message, plan.key_span()).hint(hint));
        return None;
    }
    cx.acts_are_known(plan, components)?;
    let fit = components.iter().map(|name| cx.stands_at_both(plan, (name, &from, &to), spec));
    fit.collect::<Vec<_>>().into_iter().collect::<Option<Vec<()>>>()?;
    let (probe, confirmers) = cx.site_views(plan, (&from, probes))?;
    Some(SitesSpec { from, to, routers, probe, confirmers })
}

/// Whether a domain is another or lies within it.
fn inside(spec: &SystemSpec, domain: &str, site: &str) -> bool {
    let (mut at, mut left) = (Some(domain), spec.domains.len());
    while let Some(name) = at.filter(|_| left > 0) {
        if name == site {
            return true;
        }
        left -= 1;
        let found = spec.domains.iter().find(|known| known.name == name);
        at = found.and_then(|known| known.parent.as_deref());
    }
    false
}

impl Lowering<'_> {
    fn site_left(&mut self, plan: &At<'_>, probes: &Probes<'_>, spec: &SystemSpec) -> Option<String> {
        if let Some(from) = plan.get("from") {
            return self.domain(&from, spec);
        }
        if let Some(domain) = watched(plan, probes) {
            self.assume(format!("{}.from", plan.path()), domain, "it is the domain that the monitor looks at");
            return Some(domain.to_owned());
        }
        let problem = Diagnostic::new(Code::Missing, "the plan moves a site, and which is not said", plan.key_span());
        self.sink.push(problem.hint("add `from: DOMAIN` and `to: DOMAIN`"));
        None
    }

    /// The routers whose clients leave with the site; where nothing else moves, the only one that could send them.
    fn routers(
        &mut self,
        plan: &At<'_>,
        (components, from): (&[String], &str),
        spec: &SystemSpec,
    ) -> Option<Vec<String>> {
        let mut named: Vec<At<'_>> = plan.get("router").into_iter().collect();
        let acts = all_acts(plan).into_iter();
        named.extend(acts.filter(|(act, _)| matches!(act, Action::Reroute(_))).map(|(_, at)| at));
        let mut routers: Vec<String> = Vec::new();
        for at in &named {
            let name = at.text()?;
            let Some(of) = spec.routings.iter().find(|of| of.router == name) else {
                let known = spec.routings.iter().map(|of| of.router.as_str());
                let problem = Diagnostic::new(Code::NoComponent, format!("`{name}` directs no traffic"), at.span());
                self.sink.push(problem.hint(suggestion(name, known)));
                return None;
            };
            if of.learns == Learns::Clients {
                let message = format!("clients of `{name}` choose for themselves, and nobody can send them elsewhere");
                self.sink.push(refused(message, at, "write `method: dns` or `method: anycast`, or leave it out"));
                return None;
            }
            if !routers.iter().any(|known| known == name) {
                routers.push(name.to_owned());
            }
        }
        let sends =
            |of: &&RoutingSpec| of.learns != Learns::Clients && of.weights.iter().any(|(place, _)| place == from);
        let mut able = spec.routings.iter().filter(sends);
        if let (true, true, Some(only), None) = (routers.is_empty(), components.is_empty(), able.next(), able.next()) {
            let reason = "nothing else moves, and it is the only router that sends clients there";
            self.assume(format!("{}.router", plan.path()), only.router.clone(), reason);
            routers.push(only.router.clone());
        }
        Some(routers)
    }

    fn site_reached(&mut self, plan: &At<'_>, (from, routers): (&str, &[String]), spec: &SystemSpec) -> Option<String> {
        let given = plan.get("to");
        let to = match &given {
            Some(to) => Some(self.domain(to, spec)?),
            None => {
                let places = |router: &String| spec.routings.iter().find(|of| of.router == *router);
                let first = routers.first().and_then(places);
                let others = first.map(|of| of.weights.iter().map(|(place, _)| place).filter(|place| *place != from));
                match others.map(Iterator::collect::<Vec<_>>).as_deref() {
                    Some([only]) => {
                        let reason = "it is the only other place of the router";
                        self.assume(format!("{}.to", plan.path()), (*only).clone(), reason);
                        Some((*only).clone())
                    }
                    _ => None,
                }
            }
        };
        let Some(to) = to else {
            let problem = Diagnostic::new(Code::Missing, "where the site moves to is not said", plan.key_span());
            self.sink.push(problem.hint("add `to: DOMAIN`"));
            return None;
        };
        for router in routers {
            let of = spec.routings.iter().find(|of| of.router == *router);
            let lacks = |site: &str| of.is_some_and(|of| of.weights.iter().all(|(place, _)| place != site));
            if let Some(site) = [from, &to].into_iter().find(|site| lacks(site)) {
                let place = given.clone().or_else(|| plan.get("from")).unwrap_or_else(|| plan.clone());
                let known = of.iter().flat_map(|of| &of.weights).map(|(place, _)| place.as_str());
                let problem =
                    Diagnostic::new(Code::NoDomain, format!("`{router}` sends nobody to `{site}`"), place.span());
                self.sink.push(problem.hint(suggestion(site, known)));
                return None;
            }
        }
        Some(to)
    }

    /// Each component that a step moves is one of the plan's, and moves once.
    fn acts_are_known(&mut self, plan: &At<'_>, components: &[String]) -> Option<()> {
        let mut moved: Vec<String> = Vec::new();
        for (act, at) in all_acts(plan) {
            let (Action::Promote(name) | Action::Start(name)) = act else { continue };
            if !components.contains(&name) {
                let message = format!("the plan does not move `{name}`");
                let hint = match components {
                    [] => format!("let it name the plan: `{name}: {{redundancy: {{standby: {{failover: PLAN}}}}}}`"),
                    _ => suggestion(&name, components.iter().map(String::as_str)),
                };
                let why = "a plan moves the standby components that name it";
                self.sink.push(refused(message, &at, hint).why(why));
                return None;
            }
            if moved.contains(&name) {
                let message = format!("`{name}` is moved by two steps");
                self.sink.push(refused(message, &at, "let one step do it"));
                return None;
            }
            moved.push(name);
        }
        Some(())
    }

    /// A component has its units at both sites, and at each as many as it can use.
    fn stands_at_both(&mut self, plan: &At<'_>, (name, from, to): (&str, &str, &str), spec: &SystemSpec) -> Option<()> {
        let component = spec.components.iter().find(|known| known.name == *name)?;
        let Redundancy::Standby(scheme) = &component.redundancy else { return None };
        let at = |site: &str| {
            let units = component.units.iter();
            units.filter(|unit| unit.domain.as_ref().is_some_and(|domain| inside(spec, domain, site))).count()
        };
        let (home, away) = (at(from), at(to));
        let counts = format!("{home} at `{from}`, {away} at `{to}`, of {} in all", component.units.len());
        let mut refuse = |code, message: String, hint: String| {
            let problem = Diagnostic::new(code, message, plan.key_span()).why(counts.clone());
            self.sink.push(problem.hint(hint));
            None
        };
        if component.per.is_some() {
            let message = format!("`{name}` has a state for each of several domains, and moves as one");
            return refuse(Code::Failover, message, "remove its `per`".to_owned());
        }
        if spec.on_demands.iter().any(|demand| demand.component == *name) {
            let message = format!("`on_demand` of `{name}`, which moves with a site, is not supported yet");
            return refuse(Code::NotYet, message, "write it as `success` of the step that starts it".to_owned());
        }
        if home + away != component.units.len() {
            let message = format!("some units of `{name}` stand at neither site of the plan");
            let hint = format!("place them: `place: {{{from}: {{replicas: 1}}, {to}: {{replicas: 1}}}}`");
            return refuse(Code::Failover, message, hint);
        }
        if let Some(few) = [home, away].into_iter().find(|&units| units < scheme.need as usize) {
            let message = format!("`{name}` needs {} units, and a site of the plan has {few}", scheme.need);
            return refuse(Code::Failover, message, "place as many at each site, or lower `need`".to_owned());
        }
        if let Some(many) = [home, away].into_iter().find(|&units| units > scheme.active as usize) {
            let message = format!("a site has {many} units of `{name}`, and only {} are active", scheme.active);
            let hint = format!("write `active: {many}`, and in `need` how many it takes");
            return refuse(Code::NotYet, format!("{message}: spares at a site are not supported yet"), hint);
        }
        Some(())
    }

    /// What the monitor and those who confirm see of a site.
    fn site_views(&mut self, plan: &At<'_>, (from, probes): (&str, &Probes<'_>)) -> Option<(SiteView, Vec<SiteView>)> {
        let trigger = plan.get("trigger");
        let get = |key: &str| trigger.as_ref().and_then(|at| at.get(key));
        let mut view = |at: &At<'_>| match probes.target(at.text()?)? {
            Target::Component(name) => Some(SiteView::Component(name.clone())),
            Target::Domain(name) if name == from => Some(SiteView::Domain),
            Target::Domain(name) => {
                let message = format!("the probe looks at `{name}`, and the plan moves what is at `{from}`");
                self.sink.push(refused(message, at, format!("give it `target: {{domain: {from}}}`")));
                None
            }
        };
        let probe = get("monitor").map_or(Some(SiteView::Any), |at| view(&at));
        let confirmers = get("confirm_by").map(|at| at.items()).unwrap_or_default();
        let confirmers: Option<Vec<SiteView>> = confirmers.iter().map(view).collect();
        Some((probe?, confirmers?))
    }
}
