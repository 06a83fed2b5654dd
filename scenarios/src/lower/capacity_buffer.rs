//! `capacity_buffer` of a plan that is about the places of a router.

use ninefold_models::system::{CapacityBufferSpec, SystemSpec};

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

/// What moves the place of a standby, and no clients.
const OF_STANDBYS: [&str; 5] = ["trigger", "authority", "override", "failback", "test"];

/// Whether a plan is about the places of a router, which moves the clients by itself.
pub(super) fn is_of_router(plan: &At<'_>) -> bool {
    (plan.get("router").is_some() || plan.get("capacity_buffer").is_some()) && plan.get("steps").is_none()
}

/// Every plan about the places of a router, once routers are known.
pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, spec: &mut SystemSpec) {
    let Some(section) = top.get("failovers") else { return };
    for (name, at) in section.entries() {
        if !is_of_router(&at)
            && (at.get("capacity_buffer").is_none() || spec.failovers.iter().all(|of| of.name != name))
        {
            continue;
        }
        if let Some(buffer) = cx.capacity_buffer((name, &at), spec) {
            spec.capacity_buffers.push(buffer);
        }
    }
}

impl Lowering<'_> {
    fn capacity_buffer(&mut self, (plan, at): (&str, &At<'_>), spec: &SystemSpec) -> Option<CapacityBufferSpec> {
        if let Some(other) = OF_STANDBYS.iter().filter(|_| is_of_router(at)).find_map(|key| at.get(key)) {
            let message = format!("`{}` beside a router's places is not supported yet", other.path());
            let problem = Diagnostic::new(Code::NotYet, message, other.key_span());
            let why = "a router moves its clients by itself; steps move the place of a standby";
            self.sink.push(problem.why(why).hint("keep one of the two, or write two plans"));
            return None;
        }
        let shares = self.required(at, "capacity_buffer")?;
        let sites = spec.failovers.iter().find(|of| of.name == plan).and_then(|of| of.sites.as_ref());
        let (router, name) = match sites.map(|sites| &sites.routers[..]) {
            Some([only]) => (shares.clone(), only.as_str()),
            Some(routers) => {
                let message = format!("the plan sends clients of {} routers elsewhere, not of one", routers.len());
                let hint = "a buffer is of the places of one router: write a plan of its own, `{router: EDGE, capacity_buffer: {us: 0.35}}`";
                self.sink.push(Diagnostic::new(Code::Failover, message, shares.key_span()).hint(hint));
                return None;
            }
            None => {
                let router = self.required(at, "router")?;
                let name = router.text()?;
                (router, name)
            }
        };
        let Some(of) = spec.routings.iter().find(|routing| routing.router == name) else {
            let routers = spec.routings.iter().map(|routing| routing.router.as_str());
            let problem = Diagnostic::new(Code::NoComponent, format!("`{name}` directs no traffic"), router.span());
            self.sink.push(problem.hint(suggestion(name, routers)));
            return None;
        };
        if let Some(other) = spec.capacity_buffers.iter().find(|other| other.router == name) {
            let message = format!("the plan `{}` has buffers for the places of `{name}` already", other.plan);
            self.sink.push(Diagnostic::new(Code::Variant, message, at.key_span()).hint("keep one of the two"));
            return None;
        }
        let mut all = Vec::new();
        for (place, share) in shares.entries() {
            let places = || of.weights.iter().map(|(known, _)| known.as_str());
            if places().all(|known| known != place) {
                let message = format!("`{name}` sends nobody to `{place}`");
                let problem = Diagnostic::new(Code::NoDomain, message, share.key_span());
                self.sink.push(problem.hint(suggestion(place, places())));
                return None;
            }
            all.push((place.to_owned(), self.number(&share)?));
        }
        Some(CapacityBufferSpec { plan: plan.to_owned(), router: name.to_owned(), shares: all })
    }
}
