//! Shared hosts: what is left of their capacity to components whose units share them, and who is evicted.
//!
//! The cores that a unit wants are those for the load that comes to it, at most those of its full load. Where the units of
//! a host want more than it has, each gets an equal part of what it wants; what neighbours take comes off besides. A
//! component's capacity is that of its serving units, each by its host.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::system::{HostPool, LevelOf, ReclaimShare, System, Tenant, UnitId};

/// The hosts of one world.
#[derive(Debug)]
pub(super) struct Hosts {
    pools: Vec<Pool>,
    /// For each unit, its pool and tenant, if it is on a host.
    of_unit: Vec<Option<(u32, u32)>>,
    /// For each component, its pool, if it has units on one.
    of_component: Vec<Option<u32>>,
}

/// One pool.
#[derive(Debug)]
struct Pool {
    streams: Vec<Stream>,
    /// For each tenant and host, the share of its time that neighbours leave to it.
    left: Vec<Vec<f64>>,
    /// When that is drawn anew.
    changes: Tick,
    /// For each host, whether it looks at its load again.
    looks: Vec<bool>,
    /// For each host, the share of its cores in use; of more than 1 its units get a part.
    used: Vec<f64>,
    /// For each tenant and host, its serving units there.
    serving: Vec<Vec<u32>>,
    /// For each tenant, the factor that its capacity has.
    factors: Vec<f64>,
}

impl Pool {
    fn of(pool: &HostPool) -> Self {
        let hosts = pool.spec.hosts.len();
        Self {
            streams: pool.streams.iter().map(|&stream| Stream::new(stream)).collect(),
            left: pool.tenants.iter().map(|_| vec![1.0; hosts]).collect(),
            changes: Tick::NEVER,
            looks: vec![false; hosts],
            used: vec![0.0; hosts],
            serving: pool.tenants.iter().map(|_| vec![0; hosts]).collect(),
            factors: vec![1.0; pool.tenants.len()],
        }
    }

    fn begin(&mut self, pool: &HostPool, at: Moment<'_>) {
        self.changes = pool.steal_every;
        self.looks.fill(false);
        self.factors.fill(1.0);
        self.streams.iter_mut().for_each(Stream::rewind);
        self.draw(pool, at);
        for (tenant, serving) in pool.tenants.iter().zip(&mut self.serving) {
            count(tenant, serving, at);
        }
    }

    /// What neighbours take of each host is drawn anew; its tenants share the draw.
    fn draw(&mut self, pool: &HostPool, at: Moment<'_>) {
        for (host, stream) in self.streams.iter_mut().enumerate() {
            let drawn = stream.open01(at.replication);
            for (left, spec) in self.left.iter_mut().zip(&pool.spec.tenants) {
                left[host] = 1.0 - spec.steal.as_ref().map_or(0.0, |steal: &ReclaimShare| steal.quantile(drawn));
            }
        }
    }

    /// Adds up who wants what, and tells what that leaves of each component's capacity.
    fn settle(&mut self, pool: &HostPool, at: Moment<'_>, out: &mut Out) {
        self.used.fill(0.0);
        for (tenant, (spec, serving)) in pool.tenants.iter().zip(pool.spec.tenants.iter().zip(&self.serving)) {
            let units: u32 = serving.iter().sum();
            let full = f64::from(units) * tenant.rate;
            let share = if full > 0.0 { (at.board.load(tenant.component) / full).min(1.0) } else { 0.0 };
            let of_host = spec.cpu * share / pool.spec.cpu;
            self.used.iter_mut().zip(serving).for_each(|(used, &units)| *used += f64::from(units) * of_host);
        }
        for (place, tenant) in pool.tenants.iter().enumerate() {
            let left = |host: usize| self.left[place][host] / self.used[host].max(1.0);
            let serving = &self.serving[place];
            let units: u32 = serving.iter().sum();
            let in_all: f64 = serving.iter().enumerate().map(|(host, &units)| f64::from(units) * left(host)).sum();
            let off_hosts = elsewhere(tenant, at);
            let counted = f64::from(units) + off_hosts;
            let factor = if counted > 0.0 { (in_all + off_hosts) / counted } else { 1.0 };
            if factor.to_bits() != self.factors[place].to_bits() {
                self.factors[place] = factor;
                out.set_level(LevelOf::Capacity(tenant.component), factor);
            }
        }
        for host in 0..self.used.len() {
            if !self.looks[host] && self.evicts(pool, host).is_some() {
                self.looks[host] = true;
                out.schedule(at.now.after(pool.looks_every), Kind::HostLooks, pool.first_host + host as u32);
            }
        }
    }

    /// The last of the tenants of a host whose limit its load is above.
    fn evicts(&self, pool: &HostPool, host: usize) -> Option<usize> {
        let above = |place: &usize| {
            let limit = pool.spec.tenants[*place].eviction_above;
            self.serving[*place][host] > 0 && limit.is_some_and(|limit| self.used[host] > limit)
        };
        (0..pool.tenants.len()).rev().find(above)
    }

    /// One unit has to go, if the load still is above a limit.
    fn look(&mut self, pool: &HostPool, host: usize, at: Moment<'_>, out: &mut Out) {
        self.looks[host] = false;
        let Some(place) = self.evicts(pool, host) else { return };
        let tenant = &pool.tenants[place];
        let on_host = tenant.units.iter().filter(|(_, on)| *on as usize == host).map(|(unit, _)| *unit);
        if let (Some(unit), Some(mode)) = (on_host.into_iter().find(|&unit| at.board.is_up(unit)), tenant.evicted) {
            out.note(FactKind::Struck, at.system.units.units[unit as usize].modes.start + mode);
        }
        self.looks[host] = true;
        out.schedule(at.now.after(pool.looks_every), Kind::HostLooks, pool.first_host + host as u32);
    }
}

/// Counts the serving units of a tenant by host.
fn count(tenant: &Tenant, serving: &mut [u32], at: Moment<'_>) {
    serving.fill(0);
    for &(unit, host) in &tenant.units {
        serving[host as usize] += u32::from(at.board.is_up(unit));
    }
}

/// Serving units of a tenant's component that are on none of the hosts.
fn elsewhere(tenant: &Tenant, at: Moment<'_>) -> f64 {
    let all = at.system.components[tenant.component as usize].units.clone();
    if all.len() == tenant.units.len() {
        return 0.0;
    }
    let on_host = |unit: UnitId| tenant.units.binary_search_by_key(&unit, |(unit, _)| *unit).is_ok();
    all.filter(|&unit| !on_host(unit) && at.board.is_up(unit)).count() as f64
}

impl Hosts {
    /// The pool that a host is of, and its place there.
    fn place_of(at: Moment<'_>, host: u32) -> (usize, usize) {
        let pools = &at.system.host_pools;
        let pool = pools.partition_point(|pool| pool.first_host <= host) - 1;
        (pool, (host - pools[pool].first_host) as usize)
    }
}

impl Mechanism for Hosts {
    const LISTENS: FactSet = FactSet::of(&[FactKind::UnitDown, FactKind::UnitUp, FactKind::LoadChanged]);

    fn new(system: &System) -> Self {
        let any = !system.host_pools.is_empty();
        let mut of_unit = vec![None; if any { system.units.replicas } else { 0 }];
        let mut of_component = vec![None; if any { system.components.len() } else { 0 }];
        for (number, pool) in (0..).zip(&system.host_pools) {
            for (place, tenant) in (0..).zip(&pool.tenants) {
                tenant.units.iter().for_each(|(unit, _)| of_unit[*unit as usize] = Some((number, place)));
                of_component[tenant.component as usize] = Some(number);
            }
        }
        Self { pools: system.host_pools.iter().map(Pool::of).collect(), of_unit, of_component }
    }

    fn listens(&self) -> FactSet {
        if self.pools.is_empty() { FactSet::NONE } else { Self::LISTENS }
    }

    fn start(&mut self, at: Moment<'_>, out: &mut Out) {
        for (pool, of) in self.pools.iter_mut().zip(&at.system.host_pools) {
            pool.begin(of, at);
        }
        // The load is there once everything has started.
        (0..self.pools.len()).for_each(|pool| out.schedule(Tick::ZERO, Kind::HostsChange, pool as u32));
    }

    fn event(&mut self, kind: Kind, entity: u32, at: Moment<'_>, out: &mut Out) {
        if kind == Kind::HostLooks {
            let (number, host) = Self::place_of(at, entity);
            return self.pools[number].look(&at.system.host_pools[number], host, at, out);
        }
        let (of, pool) = (&at.system.host_pools[entity as usize], &mut self.pools[entity as usize]);
        if at.now >= pool.changes {
            pool.draw(of, at);
            pool.changes = at.now.after(of.steal_every);
        }
        if pool.changes <= at.system.end {
            out.schedule(pool.changes, Kind::HostsChange, entity);
        }
        pool.settle(of, at, out);
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        let pool = if fact.kind == FactKind::LoadChanged {
            self.of_component.get(fact.subject as usize).copied().flatten()
        } else if let Some(&Some((pool, place))) = self.of_unit.get(fact.subject as usize) {
            let tenant = &at.system.host_pools[pool as usize].tenants[place as usize];
            count(tenant, &mut self.pools[pool as usize].serving[place as usize], at);
            Some(pool)
        } else {
            None
        };
        // Settled once for all that has happened at this instant.
        if let Some(pool) = pool {
            out.schedule(at.now, Kind::HostsChange, pool);
        }
    }
}
