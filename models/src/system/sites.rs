//! Plans that move several components together from one site to another: what they are compiled to.

use super::components::Group;
use super::error::SystemError;
use super::failover::{Action, FailoverSpec, SiteView, SitesSpec};
use super::plans::{Parts, enclosing};
use super::routing::Routing;
use super::spec::{Redundancy, SystemSpec};
use super::units::{UnitId, unknown};

/// The two sites of a plan, and what stands at them.
#[derive(Clone, Debug)]
pub struct Sites {
    /// The domains, as units: the one where the places are at first, and the one that takes them over.
    pub domains: [UnitId; 2],
    /// Each of them with those it sits in.
    pub chains: [Vec<UnitId>; 2],
    /// The standby groups whose places are moved together.
    pub members: Vec<Member>,
    /// The places of routers, numbered over all, whose clients are sent elsewhere while the places are not at the first site.
    pub drained: Vec<u32>,
    /// What the probe of the trigger sees.
    pub probe: Seen,
    /// What each of those who confirm sees.
    pub confirmers: Vec<Seen>,
}

/// A standby group of a plan of sites.
#[derive(Clone, Debug)]
pub struct Member {
    /// Index of the group.
    pub group: u32,
    /// Its units at each site, in written order.
    pub units: [Vec<UnitId>; 2],
    /// Units that must be able at a site.
    pub need: u32,
    /// Whether a step moves it; else it leaves before the first step and arrives after the last.
    pub by_step: bool,
}

/// What of a site somebody sees who looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Whatever makes it unfit.
    Any,
    /// That the first domain is lost.
    Domain,
    /// That a member has too few able units there, by its number.
    Member(u32),
}

/// What a step of a plan of sites does, by number of the member or of the place that is drained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The member leaves as the step begins, and arrives as it ends.
    Promote(u32),
    /// The member moves as the step ends.
    Start(u32),
    /// Clients are sent elsewhere, or back, as the step ends.
    Reroute(u32),
}

impl Sites {
    /// The number of a site among the two.
    pub fn number(&self, domain: UnitId) -> usize {
        usize::from(domain != self.domains[0])
    }
}

/// The sites of a plan and what each of its steps does.
pub(super) fn compile(
    plan: &FailoverSpec,
    sites: &SitesSpec,
    parts: &Parts<'_>,
) -> Result<(Sites, Vec<Vec<Act>>), SystemError> {
    let chains = [enclosing(&sites.from, parts)?, enclosing(&sites.to, parts)?];
    let domains = [chains[0][0], chains[1][0]];
    if chains[0].contains(&domains[1]) || chains[1].contains(&domains[0]) {
        return Err(refused(plan, "one of its sites lies within the other".into()));
    }
    let members = plan.components.iter().map(|name| member(plan, name, (domains, parts)));
    let mut members: Vec<Member> = members.collect::<Result<_, _>>()?;
    members.sort_by_key(|member| member.group);
    let names = |member: &Member| &parts.spec.components[parts.groups[member.group as usize].component as usize].name;
    let known = |name: &str| members.iter().position(|member| names(member) == name);
    let find = |name: &str| known(name).ok_or_else(|| refused(plan, format!("it does not move `{name}`")));
    let routed = sites.routers.iter().map(|router| drained(plan, router, (sites, parts)));
    let routed: Vec<u32> = routed.collect::<Result<_, _>>()?;
    let seen = |sight: &SiteView| -> Result<Seen, SystemError> {
        Ok(match sight {
            SiteView::Any => Seen::Any,
            SiteView::Domain => Seen::Domain,
            SiteView::Component(name) => Seen::Member(find(name)? as u32),
        })
    };
    let act = |action: &Action| match action {
        Action::Promote(name) => Ok(Act::Promote(find(name)? as u32)),
        Action::Start(name) => Ok(Act::Start(find(name)? as u32)),
        Action::Reroute(name) => {
            let place = sites.routers.iter().position(|router| router == name);
            Ok(Act::Reroute(place.ok_or_else(|| refused(plan, format!("it does not reroute `{name}`")))? as u32))
        }
    };
    let acts = plan.steps().map(|step| step.acts.iter().map(act).collect());
    let acts: Vec<Vec<Act>> = acts.collect::<Result<_, SystemError>>()?;
    let (probe, confirmers) = (seen(&sites.probe)?, sites.confirmers.iter().map(seen).collect::<Result<_, _>>()?);
    for (number, member) in (0..).zip(&mut members) {
        let of = |act: &&Act| matches!(act, Act::Promote(at) | Act::Start(at) if *at == number);
        member.by_step = match acts.iter().flatten().filter(of).count() {
            0 | 1 => acts.iter().flatten().any(|act| of(&act)),
            _ => return Err(refused(plan, "two of its steps move one component".into())),
        };
    }
    Ok((Sites { domains, chains, members, drained: routed, probe, confirmers }, acts))
}

fn refused(plan: &FailoverSpec, why: String) -> SystemError {
    SystemError::Failover { plan: plan.name.clone(), why }
}

fn member(plan: &FailoverSpec, name: &str, (domains, parts): ([UnitId; 2], &Parts<'_>)) -> Result<Member, SystemError> {
    let is_of = |group: &&Group| parts.spec.components[group.component as usize].name == name;
    let mut groups = (0..).zip(parts.groups).filter(|(_, group)| is_of(group));
    let (Some((index, group)), None) = (groups.next(), groups.next()) else {
        return Err(refused(plan, format!("`{name}` has a state for each of several domains")));
    };
    let Some(standby) = &group.standby else { return Err(refused(plan, format!("`{name}` is no standby"))) };
    if !standby.on_demand.is_empty() {
        return Err(refused(plan, format!("units of `{name}` may fail when they are called")));
    }
    let at = |site: usize| {
        let inside = |unit: &&UnitId| parts.ancestors[**unit as usize].contains(&domains[site]);
        group.units.iter().filter(inside).copied().collect::<Vec<_>>()
    };
    let (units, scheme) = ([at(0), at(1)], &standby.scheme);
    if units[0].len() + units[1].len() != group.units.len() {
        return Err(refused(plan, format!("units of `{name}` stand at neither of its sites")));
    }
    let fits = |units: &Vec<UnitId>| (scheme.need as usize..=scheme.active as usize).contains(&units.len());
    if !units.iter().all(fits) {
        let why = format!("`{name}` needs {} to {} units at each of its sites", scheme.need, scheme.active);
        return Err(refused(plan, why));
    }
    Ok(Member { group: index, units, need: scheme.need, by_step: false })
}

/// The router of this name.
pub(super) fn router_named<'a>(name: &str, parts: &Parts<'a>) -> Option<&'a Routing> {
    parts.routings.iter().find(|of| parts.spec.components[of.router as usize].name == name)
}

/// The place of a router that is the first site; the second must be another of its places.
fn drained(plan: &FailoverSpec, router: &str, (sites, parts): (&SitesSpec, &Parts<'_>)) -> Result<u32, SystemError> {
    let of = router_named(router, parts).ok_or_else(|| unknown("router", router))?;
    let place = |site: &str| of.names.iter().position(|name| name == site);
    match (place(&sites.from), place(&sites.to)) {
        (Some(from), Some(_)) => Ok(of.places.start + from as u32),
        _ => Err(refused(plan, format!("`{router}` does not send clients to both of its sites"))),
    }
}

/// Why a plan of sites cannot be, as far as the specification says.
pub(super) fn refusal(plan: &FailoverSpec, spec: &SystemSpec) -> Option<&'static str> {
    let Some(sites) = &plan.sites else {
        let acts = plan.steps().any(|step| !step.acts.is_empty());
        return acts.then_some("its steps move what belongs to sites, and it has none");
    };
    if plan.components.is_empty() && sites.routers.is_empty() {
        return Some("it moves nothing");
    }
    if sites.confirmers.len() != plan.trigger.confirmers.len() {
        return Some("each of those who confirm looks at something");
    }
    if plan.canary_mode().is_some() {
        return Some("a canary test is of the place of one component");
    }
    if !plan.trigger.views.is_empty() {
        return Some("its probes see a site, not the failure modes of a component");
    }
    let waits = |name: &String| {
        let found = spec.components.iter().find(|component| component.name == *name);
        found.is_some_and(|component| matches!(&component.redundancy, Redundancy::Standby(by) if by.need == 0))
    };
    plan.components.iter().any(waits).then_some("a component that needs nobody is nowhere")
}
