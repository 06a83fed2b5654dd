//! `routing`.

use std::collections::BTreeSet;

use ninefold_models::lifetime::Law;
use ninefold_models::system::{
    AutoscaleSpec, ComponentSpec, Learns, Path, ROUTED_PLACES_MAX, Redundancy, RoutingSpec, SystemSpec,
};
use ninefold_models::units::Hours;

use super::Lowering;
use super::domains::DomainTree;
use super::probing::Usual;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

/// Time from a new answer of the router until a client follows it, and how the router learns.
type Following = (Learns, Law);

/// The keys that belong to one method alone.
const OF_METHOD: [(&str, &[&str]); 6] = [
    ("ttl", &["dns"]),
    ("ttl_violators", &["dns"]),
    ("violator_hold", &["dns"]),
    ("converges", &["anycast"]),
    ("timeout", &["client_side"]),
    ("probe", &["dns", "anycast"]),
];

/// Every router, once components and journeys are known.
pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, tree: &DomainTree<'_>, spec: &mut SystemSpec) {
    let Some(section) = top.get("components") else { return };
    for (name, component) in section.entries() {
        let Some(at) = component.get("routing") else { continue };
        cx.refused_routers += 1;
        let following = cx.following(&at);
        let Some(to) = cx.routed(&at, name, spec) else { continue };
        let Some(places) = cx.places(&at, (name, to), tree, spec) else { continue };
        let weights = cx.weights(&at, &places);
        let spill = cx.spill(&at, &spec.components[to]);
        let Some(((learns, follows), (weights, spill))) = following.zip(weights.zip(spill)) else { continue };
        if cx.is_alone(&at, to, spec) {
            let (router, to) = (name.to_owned(), spec.components[to].name.clone());
            spec.routings.push(RoutingSpec { router, to, weights, learns, follows, spill });
            cx.refused_routers -= 1;
        }
    }
}

/// The component after `router` in a path.
fn after<'p>(path: &'p Path, router: &str) -> Option<&'p str> {
    let named = path.named_parts();
    std::iter::once(path).chain(named.iter().map(|part| &part.path)).find_map(|path| after_here(path, router))
}

fn after_here<'p>(path: &'p Path, router: &str) -> Option<&'p str> {
    let parts = match path {
        Path::Component { .. } | Path::Named(_) => return None,
        Path::All(parts) => parts,
        Path::AtOnce(branches) | Path::KOf { branches, .. } => branches,
    };
    let is_router = |part: &Path| matches!(part, Path::Component { name, .. } if name == router);
    let next = match path {
        Path::All(_) => parts.iter().position(is_router).and_then(|place| parts.get(place + 1)),
        _ => None,
    };
    match next {
        Some(Path::Component { name, .. }) => Some(name),
        _ => parts.iter().find_map(|part| after_here(part, router)),
    }
}

/// The units of a component that are there at the start, by their places within it; `None` where all are.
fn at_start(component: &ComponentSpec, spec: &SystemSpec) -> Option<BTreeSet<u32>> {
    let scalers = spec.autoscalers.iter().filter(|scaler| scaler.component == component.name);
    let there = |scaler: &AutoscaleSpec| scaler.units.iter().copied().take(scaler.replicas as usize).collect();
    let each: Vec<BTreeSet<u32>> = scalers.map(there).collect();
    (!each.is_empty()).then(|| each.into_iter().flatten().collect())
}

impl Lowering<'_> {
    fn following(&mut self, at: &At<'_>) -> Option<Following> {
        let method = self.required(at, "method")?.text()?;
        if !["dns", "anycast", "client_side"].contains(&method) {
            return None;
        }
        for (key, methods) in OF_METHOD {
            if let Some(given) = at.get(key)
                && !methods.contains(&method)
            {
                let message = format!("`{method}` has no `{key}`");
                let hint = format!("remove it, or write `method: {}`", methods[0]);
                self.sink.push(Diagnostic::new(Code::UnknownKey, message, given.key_span()).hint(hint));
                return None;
            }
        }
        let follows = match method {
            "dns" => self.time_to_live(at),
            "anycast" => self.required(at, "converges").and_then(|law| self.law(&law)),
            _ => self.required(at, "timeout").and_then(|law| self.law(&law)),
        };
        if method == "client_side" {
            return Some((Learns::Clients, follows?));
        }
        if at.get("probe").and_then(|probe| probe.text()) == Some("none") {
            return Some((Learns::Plan, follows?));
        }
        let path = format!("{}.probe", at.path());
        let usual = Usual {
            interval: Some(("30s", Hours::new(30.0 / 3600.0))),
            in_a_row: (3, "the usual health check of a name service (AWS Route 53: 30 s, 3 in a row)"),
        };
        let probes = self.probes((at.get("probe").as_ref(), &path), &usual);
        Some((Learns::Probes(probes?), follows?))
    }

    /// The rest of an answer's time to live is uniform; those that hold on have a law of their own.
    fn time_to_live(&mut self, at: &At<'_>) -> Option<Law> {
        let place = self.required(at, "ttl")?;
        let ttl = self.duration(&place)?;
        let uniform = match ttl.get() {
            0.0 => self.made(Law::constant(Hours::ZERO), &place)?,
            _ => self.made(Law::uniform(Hours::ZERO, ttl), &place)?,
        };
        if at.get("violator_hold").is_some() && at.get("ttl_violators").is_none() {
            self.required(at, "ttl_violators");
            return None;
        }
        let violators = self.chance(
            (at.get("ttl_violators"), at.path()),
            "ttl_violators",
            "every client asks again once its answer's time to live is over",
        )?;
        let hold = match at.get("violator_hold") {
            Some(hold) => Some(self.law(&hold)?),
            None if violators > 0.0 => {
                self.required(at, "violator_hold");
                return None;
            }
            None => None,
        };
        match hold {
            Some(hold) if violators >= 1.0 => Some(hold),
            Some(hold) if violators > 0.0 => {
                self.made(Law::mixture(vec![(1.0 - violators, uniform), (violators, hold)]), &place)
            }
            _ => Some(uniform),
        }
    }

    /// The component whose places it sends to.
    fn routed(&mut self, at: &At<'_>, router: &str, spec: &SystemSpec) -> Option<usize> {
        let find = |name: &str| spec.components.iter().position(|component| component.name == name);
        if let Some(to) = at.get("to") {
            let name = to.text()?;
            let found = find(name).filter(|_| name != router);
            if found.is_none() {
                let names = spec.components.iter().map(|component| component.name.as_str());
                let message = format!("`{router}` cannot send clients to `{name}`");
                let hint = suggestion(name, names.filter(|name| *name != router));
                let why = "`to` names another component, whose places it chooses from";
                self.sink.push(Diagnostic::new(Code::NoComponent, message, to.span()).why(why).hint(hint));
            }
            return found;
        }
        let mut next: Vec<&str> = spec.journeys.iter().filter_map(|journey| after(&journey.path, router)).collect();
        next.sort_unstable();
        next.dedup();
        if let [name] = next[..] {
            self.assume(format!("{}.to", at.path()), name, "it is what follows the router in the paths of journeys");
            return find(name);
        }
        let why = if next.is_empty() {
            "no path names a component right after it".to_owned()
        } else {
            format!("paths go on from it to {}", next.join(" and "))
        };
        let message = format!("where `{router}` sends clients is not clear");
        self.sink.push(Diagnostic::new(Code::Missing, message, at.key_span()).why(why).hint("add `to: COMPONENT`"));
        None
    }

    /// The places of a component, with the units of each; the component has one state for each of them from now on.
    fn places(
        &mut self,
        at: &At<'_>,
        (router, to): (&str, usize),
        tree: &DomainTree<'_>,
        spec: &mut SystemSpec,
    ) -> Option<Vec<(String, usize)>> {
        let component = &spec.components[to];
        let given = at.get("level");
        let level = match (&given, &component.per) {
            (Some(level), _) => level.text()?.to_owned(),
            (None, Some(per)) => per.clone(),
            (None, None) => {
                self.assume(format!("{}.level", at.path()), "region", "a router chooses among regions");
                "region".to_owned()
            }
        };
        let refuse = |cx: &mut Self, code, message: String, (why, hint): (String, String)| {
            let place = given.as_ref().map_or(at.key_span(), At::span);
            cx.sink.push(Diagnostic::new(code, message, place).why(why).hint(hint));
            None
        };
        let name = component.name.clone();
        let differs = component.per.as_ref().is_some_and(|per| *per != level);
        if differs || (component.per.is_none() && component.redundancy != Redundancy::None) {
            let message = format!("sending clients to `{name}`, which has no state by `{level}`, is not supported yet");
            let why = "a router needs to know for each place whether it is up".to_owned();
            return refuse(self, Code::NotYet, message, (why, format!("write `per: {level}` in its `redundancy`")));
        }
        let mut places: Vec<(String, usize)> = Vec::new();
        let there = at_start(component, spec);
        for (number, unit) in (0..).zip(&component.units) {
            let inside = unit.domain.as_ref().and_then(|domain| tree.find(domain));
            let Some(place) = inside.and_then(|domain| tree.of_level(domain, &level)) else {
                let message = format!("`{}` sits in no domain of level `{level}`", unit.name);
                let why = format!("`{router}` sends clients to the domains of one level");
                return refuse(self, Code::OutsideLevel, message, (why, "place the units inside such domains".into()));
            };
            let is_there = usize::from(there.as_ref().is_none_or(|there| there.contains(&number)));
            match places.iter_mut().find(|(name, _)| name == tree.names[place]) {
                Some((_, units)) => *units += is_there,
                None => places.push((tree.names[place].to_owned(), is_there)),
            }
        }
        if component.units.is_empty() {
            return None;
        }
        if !(2..=ROUTED_PLACES_MAX).contains(&places.len()) {
            let message =
                format!("`{name}` has {} places; a router chooses among 2 to {ROUTED_PLACES_MAX}", places.len());
            let why = "there is nowhere else to send clients".to_owned();
            let hint = format!("give `{name}` units in two or more domains of level `{level}`");
            return refuse(self, Code::Range, message, (why, hint));
        }
        spec.components[to].per = Some(level);
        Some(places)
    }

    /// `policy`: whether a place hands on what it cannot serve.
    fn spill(&mut self, at: &At<'_>, to: &ComponentSpec) -> Option<bool> {
        let Some(spill) = at.get("policy").and_then(|policy| policy.get("spill")) else { return Some(false) };
        if spill.text()? != "overload" || to.capacity_per_unit.is_some() {
            return Some(spill.text()? == "overload");
        }
        let message = format!("what `{}` cannot serve is not known", to.name);
        let problem = Diagnostic::new(Code::Missing, message, spill.key_span());
        self.sink.push(problem.hint(format!("give `{}` a `capacity: {{per_replica: 50/s}}`", to.name)));
        None
    }

    fn weights(&mut self, at: &At<'_>, places: &[(String, usize)]) -> Option<Vec<(String, f64)>> {
        let Some(given) = at.get("weights") else {
            let units: usize = places.iter().map(|(_, units)| units).sum();
            let reason = "each place has a share of the clients in proportion to its units";
            self.remark(format!("{}.weights", at.path()), "by units", reason);
            let weight = |(name, own): &(String, usize)| (name.clone(), *own as f64 / units as f64);
            return Some(places.iter().map(weight).collect());
        };
        let mut weights = Vec::new();
        for (name, weight) in given.entries() {
            if !places.iter().any(|(place, _)| place == name) {
                let message = format!("there is no place `{name}` to send clients to");
                let hint = suggestion(name, places.iter().map(|(place, _)| place.as_str()));
                self.sink.push(Diagnostic::new(Code::NoDomain, message, weight.key_span()).hint(hint));
                return None;
            }
            weights.push((name.to_owned(), self.ratio(&weight)?, weight));
        }
        let sum: f64 = weights.iter().map(|(_, weight, _)| weight).sum();
        let nobodys = weights.iter().find(|(_, weight, _)| *weight <= 0.0);
        if weights.len() < places.len() || nobodys.is_some() {
            let place = nobodys.map_or(given.key_span(), |(.., at)| at.span());
            let message = "every place is some client's own";
            let hint = "give each place a weight above 0";
            self.sink.push(Diagnostic::new(Code::Shares, message, place).hint(hint));
            return None;
        }
        if (sum - 1.0).abs() > 1e-9 {
            let message = format!("the weights add up to {sum}, not to 1");
            self.sink.push(Diagnostic::new(Code::Shares, message, given.key_span()).hint("let them add up to 1"));
            return None;
        }
        Some(weights.into_iter().map(|(name, weight, _)| (name, weight)).collect())
    }

    /// Whether nothing stands beside it that no engine plays together with it yet.
    fn is_alone(&mut self, at: &At<'_>, to: usize, spec: &SystemSpec) -> bool {
        let component = &spec.components[to];
        let other = match &component.redundancy {
            Redundancy::Standby(_) => Some("a standby scheme"),
            Redundancy::Quorum { .. } => Some("a quorum"),
            Redundancy::Covered { .. } => Some("coverage"),
            _ if spec.queueing.queues.iter().any(|queue| queue.component == component.name) => Some("a `service_time`"),
            _ if spec.time.until_first_failure => Some("a run to the first failure"),
            _ if spec.journeys.iter().any(|journey| journey.rule.capacity_at_least.is_some()) => {
                Some("a journey's `capacity_at_least`")
            }
            _ => None,
        };
        if let Some(other) = other {
            let message = format!("sending clients to `{}` beside {other} is not supported yet", component.name);
            self.sink.push(Diagnostic::new(Code::NotYet, message, at.key_span()).hint("leave one of them out"));
            return false;
        }
        if let Some(first) = spec.routings.iter().find(|routing| routing.to == component.name) {
            let message = format!("`{}` already sends clients to `{}`", first.router, component.name);
            let problem = Diagnostic::new(Code::NotYet, message, at.key_span());
            self.sink.push(problem.why("two routers of one component are not supported yet").hint("keep one of them"));
            return false;
        }
        true
    }
}
