//! `domains.host_pools` and `host_pool`: hosts become domains, units are packed onto them.

use ninefold_models::lifetime::Law;
use ninefold_models::system::{
    ComponentSpec, DomainSpec, HostPoolSpec, ModeSpec, ReclaimShare, SystemSpec, TenantSpec,
};
use ninefold_models::units::Hours;

use super::Lowering;
use super::domains::DomainTree;
use super::read::At;
use super::units::Placed;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

/// Room that rounding may take of a host, in shares of it.
const ROUNDING: f64 = 1e-9;

/// What does not go yet with hosts that slow or evict: of a component, and of its capacity.
const BESIDE: [&str; 4] = ["autoscale", "burst", "health_check", "routing"];
const OF_CAPACITY: [&str; 4] = ["service_time", "service_times", "usl", "profile"];

/// A pool while it fills.
#[derive(Debug)]
pub(super) struct Pool {
    spec: HostPoolSpec,
    /// For each host, the domain of the tree that it lies in.
    homes: Vec<Option<usize>>,
    first_fit: bool,
    /// For each host, the cores that are set aside.
    taken: Vec<f64>,
    /// For each host, the cores that would be used if everybody had full load.
    at_most: Vec<f64>,
}

/// A component with units on the hosts of a pool.
pub(super) struct Shared<'a> {
    pool: usize,
    tenant: TenantSpec,
    /// The eviction of its units.
    pub(super) eviction: Option<ModeSpec>,
    component: At<'a>,
    at: At<'a>,
}

/// Reads the pools and adds their hosts to the domains.
pub(super) fn lower(cx: &mut Lowering<'_>, section: &At<'_>, tree: &DomainTree<'_>, spec: &mut SystemSpec) {
    let Some(pools) = section.get("host_pools") else { return };
    for (name, at) in pools.entries() {
        let count = cx.required(&at, "hosts").and_then(|at| cx.count(&at));
        let cpu = cx.required(&at, "cpu").and_then(|at| cx.number(&at).map(|cpu| (cpu, at)));
        let homes = homes(cx, &at, tree);
        let declared = at.get("failure_modes").map(|modes| modes.entries()).unwrap_or_default();
        let modes: Vec<ModeSpec> = declared.iter().filter_map(|(name, mode)| cx.mode(name, mode)).collect();
        let steal_every = cx.every(&at, "steal_changes_every", (10.0 / 60.0, "10min"));
        let looks_every = cx.every(&at, "looks_every", (10.0 / 3600.0, "10s"));
        let (Some(count), Some((cpu, place)), Some(homes)) = (count, cpu, homes) else { continue };
        let (Some(steal_every), Some(looks_every)) = (steal_every, looks_every) else { continue };
        if cpu <= 0.0 {
            let problem = Diagnostic::new(Code::Range, "a host has no cores", place.span());
            cx.sink.push(problem.hint("give a number above 0"));
            continue;
        }
        if let Some(taken) = (1..=count).map(|i| format!("{name}/{i}")).find(|host| tree.find(host).is_some()) {
            let problem = Diagnostic::new(Code::Variant, format!("there is a domain `{taken}`"), at.key_span());
            cx.sink.push(problem.hint("call the pool something else"));
            continue;
        }
        let homes: Vec<Option<usize>> = (0..count as usize).map(|host| homes[host % homes.len()]).collect();
        let hosts: Vec<String> = (1..=count).map(|i| format!("{name}/{i}")).collect();
        spec.domains.extend(hosts.iter().zip(&homes).map(|(host, home)| DomainSpec {
            name: host.clone(),
            level: Some("host".to_owned()),
            parent: home.map(|home| tree.names[home].to_owned()),
            modes: modes.clone(),
        }));
        let (taken, at_most) = (vec![0.0; hosts.len()], vec![0.0; hosts.len()]);
        let spec = HostPoolSpec { name: name.to_owned(), hosts, cpu, steal_every, looks_every, tenants: Vec::new() };
        let first_fit = at.get("packing").and_then(|at| at.text()) == Some("first_fit");
        cx.pools.push(Pool { spec, homes, first_fit, taken, at_most });
    }
}

/// The domains that the hosts of a pool are dealt over.
fn homes(cx: &mut Lowering<'_>, at: &At<'_>, tree: &DomainTree<'_>) -> Option<Vec<Option<usize>>> {
    let Some(inside) = at.get("in") else {
        if let Some(spread) = at.get("spread") {
            let problem =
                Diagnostic::new(Code::Missing, "the hosts lie in no domain to be spread over", spread.key_span());
            cx.sink.push(problem.hint("add `in: DOMAIN`"));
            return None;
        }
        return Some(vec![None]);
    };
    let name = inside.text()?;
    if tree.find(name).is_none() {
        cx.sink.push(tree.unknown(name, inside.span()));
        return None;
    }
    Some(super::units::homes(cx, tree, name, at)?.into_iter().map(Some).collect())
}

/// Enters the components on shared hosts: among the tenants of a pool where what they can do changes in a run; else what a
/// certain steal leaves is taken off their capacity.
pub(super) fn finish(cx: &mut Lowering<'_>, shared: Vec<Shared<'_>>, spec: &mut SystemSpec) {
    let mut pools = std::mem::take(&mut cx.pools);
    let changing =
        |tenant: &TenantSpec| matches!(tenant.steal, Some(ReclaimShare::Drawn(_))) || tenant.eviction_above.is_some();
    let active: Vec<bool> = (0..pools.len())
        .map(|pool| pools[pool].overcommitted() || shared.iter().any(|of| of.pool == pool && changing(&of.tenant)))
        .collect();
    for of in shared {
        let component = spec.components.iter_mut().find(|component| component.name == of.tenant.component);
        let Some(component) = component.filter(|_| active[of.pool] || of.tenant.steal.is_some()) else { continue };
        if of.refuse(cx, component) {
            continue;
        }
        match (active[of.pool], &of.tenant.steal, &mut component.capacity_per_unit) {
            (true, ..) => pools[of.pool].spec.tenants.push(of.tenant),
            (false, Some(ReclaimShare::Certain(steal)), Some(capacity)) => capacity.rate *= 1.0 - steal,
            _ => {}
        }
    }
    spec.host_pools = pools.into_iter().map(|pool| pool.spec).filter(|pool| !pool.tenants.is_empty()).collect();
}

impl Shared<'_> {
    /// Refuses what cannot be slowed or evicted; returns whether it is refused.
    fn refuse(&self, cx: &mut Lowering<'_>, declared: &ComponentSpec) -> bool {
        let capacity = self.component.get("capacity");
        if capacity.is_none() {
            let message = format!("`{}` does not say what a unit serves", self.component.path());
            let problem = Diagnostic::new(Code::Missing, message, self.at.key_span());
            cx.sink.push(
                problem
                    .why("its hosts are overcommitted or slowed, and what that takes is told by what it has")
                    .hint("add `capacity: {per_replica: 50/s}`"),
            );
            return true;
        }
        let beside = BESIDE.iter().find_map(|key| self.component.get(key));
        let inner = OF_CAPACITY.iter().find_map(|key| capacity.as_ref()?.get(key));
        let by_key = beside.or(inner).map(|place| {
            let key = place.path().rsplit('.').next().unwrap_or_default().to_owned();
            (format!("`{key}` beside hosts that slow or evict is not supported yet"), place.key_span())
        });
        let scheme = declared.redundancy.scheme();
        let by_scheme =
            || Some((format!("hosts that slow or evict beside {} are not supported yet", scheme?), self.at.key_span()));
        let Some((message, place)) = by_key.or_else(by_scheme) else { return declared.capacity_per_unit.is_none() };
        let problem = Diagnostic::new(Code::NotYet, message, place);
        cx.sink.push(problem.why("leaving it out silently would change the answer").hint("remove one of the two"));
        true
    }
}

impl Pool {
    /// Whether the tenants of some host could want more than it has.
    fn overcommitted(&self) -> bool {
        self.at_most.iter().any(|&cores| cores > self.spec.cpu * (1.0 + ROUNDING))
    }

    /// The host for a unit that takes `room`, of those inside `home`; `of` counts the component's units by host.
    fn host_for(&self, (home, tree): (Option<usize>, &DomainTree<'_>), room: f64, of: &[u32]) -> Option<usize> {
        let fits = |host: &usize| {
            let inside = match (home, self.homes[*host]) {
                (None, _) => true,
                (Some(home), Some(lies)) => tree.upwards(lies).any(|up| up == home),
                (Some(_), None) => false,
            };
            inside && self.taken[*host] + room <= self.spec.cpu * (1.0 + ROUNDING)
        };
        let mut open = (0..self.taken.len()).filter(fits);
        if self.first_fit {
            return open.next();
        }
        open.min_by(|&a, &b| of[a].cmp(&of[b]).then(self.taken[a].total_cmp(&self.taken[b])).then(a.cmp(&b)))
    }

    /// Whether any host lies inside a domain.
    fn reaches(&self, home: Option<usize>, tree: &DomainTree<'_>) -> bool {
        home.is_none_or(|home| self.homes.iter().flatten().any(|&lies| tree.upwards(lies).any(|up| up == home)))
    }
}

impl Lowering<'_> {
    /// A time between two things, above 0; so long where nothing is said.
    fn every(&mut self, at: &At<'_>, key: &str, (silent_h, shown): (f64, &str)) -> Option<Hours> {
        let Some(given) = at.get(key) else {
            self.assume(format!("{}.{key}", at.path()), shown, "it is not said how often");
            return Some(Hours::new(silent_h));
        };
        let every = self.duration(&given)?;
        if every.get() > 0.0 {
            return Some(every);
        }
        self.sink.push(Diagnostic::new(Code::Range, format!("`{key}` is 0"), given.span()).hint("give a time above 0"));
        None
    }

    /// Packs the units of a component onto the hosts it names; `None` if it names none, or cannot be packed.
    pub(super) fn shared_hosts<'a>(
        &mut self,
        (component, name): (&At<'a>, &str),
        tree: &DomainTree<'_>,
        placed: Option<&mut Placed>,
    ) -> Option<Shared<'a>> {
        let at = component.get("host_pool")?;
        let id = self.required(&at, "id")?;
        let named = id.text()?;
        let Some(pool) = self.pools.iter().position(|pool| pool.spec.name == named) else {
            self.sink.push(if self.pools.is_empty() {
                Diagnostic::new(Code::NotYet, "a host pool without hosts is not supported yet", id.span())
                    .why("what is on one host is not known")
                    .hint("declare them: `domains: {host_pools: {NAME: {hosts: 12, cpu: 16}}}`")
            } else {
                let known = self.pools.iter().map(|pool| pool.spec.name.as_str());
                let hint = suggestion(named, known);
                Diagnostic::new(Code::NoDomain, format!("there is no host pool `{named}`"), id.span())
                    .label("not in `domains.host_pools`")
                    .hint(hint)
            });
            return None;
        };
        let (tenant, overcommit, reschedule) = self.tenant(&at, name)?;
        let quota = match at.get("quota") {
            Some(quota) => Some((self.number(&quota)?, quota)),
            None => None,
        };
        let placed = placed?;
        let room = tenant.cpu / overcommit;
        if let Some((quota, place)) = quota {
            let wanted = placed.units.len() as f64 * room;
            if wanted > quota * (1.0 + ROUNDING) {
                let message =
                    format!("{} units of {room} cores are {wanted} cores, the quota is {quota}", placed.units.len());
                self.sink
                    .push(Diagnostic::new(Code::Spread, message, place.span()).hint("raise it, or take fewer units"));
                return None;
            }
        }
        self.pack(&at, (pool, tree), (placed, room, tenant.cpu))?;
        let eviction = tenant.eviction_above.and(reschedule).map(ModeSpec::eviction);
        Some(Shared { pool, tenant, eviction, component: component.clone(), at })
    }

    /// What is said of a component on shared hosts, how much it is overcommitted, and when an evicted unit runs again.
    fn tenant(&mut self, at: &At<'_>, name: &str) -> Option<(TenantSpec, f64, Option<Law>)> {
        let cpu = match at.get("cpu") {
            Some(cpu) => {
                let value = self.number(&cpu)?;
                if value <= 0.0 {
                    let problem = Diagnostic::new(Code::Range, "a unit uses no cores", cpu.span());
                    self.sink.push(problem.hint("give a number above 0"));
                    return None;
                }
                value
            }
            None => {
                self.assume(format!("{}.cpu", at.path()), "1", "a unit uses one core at its full load");
                1.0
            }
        };
        let overcommit = at.get("overcommit_cpu").map_or(Some(1.0), |at| self.number(&at))?;
        let steal = match at.get("neighbour_steal") {
            None => None,
            Some(share) if share.text().is_some() => Some(ReclaimShare::Certain(self.ratio(&share)?)),
            Some(share) => Some(ReclaimShare::Drawn(self.drawn_share(&share)?)),
        };
        let eviction_above = match at.get("eviction_above") {
            Some(above) => Some(self.ratio(&above)?),
            None => None,
        };
        let reschedule = match (at.get("reschedule"), eviction_above) {
            (Some(law), Some(_)) => Some(self.law(&law)?),
            (Some(law), None) => {
                let problem = Diagnostic::new(Code::Missing, "nothing evicts these units", law.key_span());
                self.sink.push(problem.hint("add `eviction_above: 92 %`, or remove this"));
                return None;
            }
            (None, Some(_)) => {
                self.assume(format!("{}.reschedule", at.path()), "30s", "a unit that is evicted is started elsewhere");
                Law::constant(Hours::new(30.0 / 3600.0)).ok()
            }
            (None, None) => None,
        };
        let tenant = TenantSpec { component: name.to_owned(), cpu, steal, eviction_above };
        Some((tenant, overcommit, reschedule))
    }

    /// Gives each unit its host, in written order.
    fn pack(
        &mut self,
        at: &At<'_>,
        (number, tree): (usize, &DomainTree<'_>),
        (placed, room, cpu): (&mut Placed, f64, f64),
    ) -> Option<()> {
        let pool = &mut self.pools[number];
        let mut of = vec![0u32; pool.taken.len()];
        let mut on_hosts = 0;
        for (unit, home) in placed.units.iter_mut().zip(&placed.domains) {
            if !pool.reaches(*home, tree) {
                continue;
            }
            let Some(host) = pool.host_for((*home, tree), room, &of) else {
                let (name, cpu, count) = (&pool.spec.name, pool.spec.cpu, pool.taken.len());
                let message = format!("no host of `{name}` has room for `{}`", unit.name);
                let why = format!("it takes {room} cores, and each of the {count} hosts has {cpu}, in part taken");
                let problem = Diagnostic::new(Code::Spread, message, at.key_span()).why(why);
                self.sink.push(problem.hint("add hosts, place fewer units, or raise `overcommit_cpu`"));
                return None;
            };
            pool.taken[host] += room;
            pool.at_most[host] += cpu;
            of[host] += 1;
            on_hosts += 1;
            unit.domain = Some(pool.spec.hosts[host].clone());
        }
        if on_hosts == 0 {
            let message = format!("no unit is placed where `{}` has hosts", pool.spec.name);
            self.sink.push(Diagnostic::new(Code::Spread, message, at.key_span()).hint("place units in its domain"));
            return None;
        }
        Some(())
    }
}
