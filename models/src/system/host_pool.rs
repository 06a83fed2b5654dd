//! Shared hosts: units of several components on the same machines, which fail, fill up and slow them together.
//!
//! A host is a [domain](super::DomainSpec): its loss takes its units down at once. Here is the rest: what neighbours take
//! of it, what is left where its tenants want more than it has, and who is evicted then.

use ninefold_sim_core::stream::{StreamId, StreamRegister};
use ninefold_sim_core::tick::Tick;

use super::error::SystemError;
use super::spec::{Clock, Effect, ModeSpec, Redundancy, Repair, SystemSpec};
use super::spot::ReclaimShare;
use super::units::{CauseId, ModeId, UnitId, Units, unknown};
use crate::lifetime::Law;
use crate::units::{HOURS_PER_YEAR, Hours};

/// The name of the mode that is an eviction; no id of a scenario is followed by it.
const EVICTED: &str = "evicted";

/// Most hosts × components of a pool: so many numbers are added up whenever the load of a pool changes.
pub const HOST_TENANTS_MAX: usize = 100_000;

/// A pool of hosts that are alike, with who is on them.
#[derive(Clone, Debug, PartialEq)]
pub struct HostPoolSpec {
    /// Unique among pools.
    pub name: String,
    /// The hosts: domains, in order.
    pub hosts: Vec<String>,
    /// Cores of one host that its tenants can use, > 0.
    pub cpu: f64,
    /// From one change of what neighbours take to the next, > 0.
    pub steal_every: Hours,
    /// From one look of a host at its load to the next, while it is above somebody's limit, > 0.
    pub looks_every: Hours,
    /// Components with units on the hosts, in written order: the last is evicted first.
    pub tenants: Vec<TenantSpec>,
}

/// A component with units on the hosts of a pool; it has a constant capacity.
#[derive(Clone, Debug, PartialEq)]
pub struct TenantSpec {
    /// The component.
    pub component: String,
    /// Cores that one unit uses at its full load, > 0.
    pub cpu: f64,
    /// The share of a host's time that neighbours take from it, drawn anew for each host at every change; `None` is none.
    pub steal: Option<ReclaimShare>,
    /// The share of a host's cores in use above which its units are evicted; `None` is never.
    pub eviction_above: Option<f64>,
}

impl ModeSpec {
    /// The eviction of a component's units from their host: until they run again, after a time drawn from `reschedule`.
    pub fn eviction(reschedule: Law) -> Self {
        let never_read = Law::exponential(Hours::new(HOURS_PER_YEAR)).expect("bug: a year is a mean");
        Self {
            name: EVICTED.to_owned(),
            time_to_failure: never_read,
            repair: Repair::Takes(reschedule),
            effect: Effect::Down,
            clock: Clock::Struck,
            propagates: Vec::new(),
        }
    }

    /// Whether it is an eviction.
    pub fn is_eviction(&self) -> bool {
        self.clock == Clock::Struck && self.name == EVICTED
    }

    /// Whether a mechanism of its own brings it about, and no shock.
    pub(crate) fn is_struck_alone(&self) -> bool {
        self.is_warm_up() || self.is_eviction()
    }
}

impl TenantSpec {
    /// The mean share of its time that is left to it by its neighbours.
    pub fn mean_left(&self) -> f64 {
        1.0 - self.steal.as_ref().map_or(0.0, ReclaimShare::mean)
    }
}

/// The name of the cause that a lack of cores is for a component.
pub(super) fn cause_name(tenant: &TenantSpec) -> String {
    format!("{}/contention", tenant.component)
}

/// A pool, compiled.
#[derive(Clone, Debug)]
pub struct HostPool {
    /// What was declared.
    pub spec: HostPoolSpec,
    /// From one change of what neighbours take to the next; never where nobody is taken from.
    pub steal_every: Tick,
    /// From one look to the next.
    pub looks_every: Tick,
    /// The hosts as numbered over all pools begin here.
    pub first_host: u32,
    /// For each host, the stream of what neighbours take.
    pub streams: Vec<StreamId>,
    /// Who is on them.
    pub tenants: Vec<Tenant>,
}

/// A component on the hosts of a pool, compiled.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Index of the component.
    pub component: u32,
    /// Requests per second of one unit with all the cores that it wants.
    pub rate: f64,
    /// Its units on the hosts, with their host's place in the pool, ascending.
    pub units: Vec<(UnitId, u32)>,
    /// The place of the eviction among the modes of a unit, if its units are evicted.
    pub evicted: Option<ModeId>,
    /// The cause of its lack of cores.
    pub cause: CauseId,
}

/// The tenant that a component is, and its pool.
pub(super) fn tenancy<'a>(spec: &'a SystemSpec, component: &str) -> Option<(&'a HostPoolSpec, &'a TenantSpec)> {
    let of = |pool: &'a HostPoolSpec| Some((pool, pool.tenants.iter().find(|tenant| tenant.component == component)?));
    spec.host_pools.iter().find_map(of)
}

/// Changes of what neighbours take, expected within the horizon.
pub(super) fn expected_events(spec: &SystemSpec) -> f64 {
    let changes = |pool: &HostPoolSpec| spec.time.horizon.get() / pool.steal_every.get();
    let stolen = spec.host_pools.iter().filter(|pool| pool.tenants.iter().any(|tenant| tenant.steal.is_some()));
    stolen.map(changes).sum()
}

pub(super) fn build(spec: &SystemSpec, units: &Units) -> Result<Vec<HostPool>, SystemError> {
    let mut streams = StreamRegister::under(spec.draw);
    let mut pools: Vec<HostPool> = Vec::new();
    for pool in &spec.host_pools {
        if pools.iter().any(|other| other.spec.name == pool.name) {
            return Err(SystemError::Duplicate { what: "host pool", name: pool.name.clone() });
        }
        check(pool)?;
        let host = |name: &String| units.units.iter().position(|u| u.component.is_none() && u.name == *name);
        let hosts = pool.hosts.iter().map(|name| host(name).ok_or_else(|| unknown("host", name)));
        let hosts = hosts.collect::<Result<Vec<usize>, SystemError>>()?;
        let tenants = pool.tenants.iter().map(|tenant| tenant_of(spec, units, (tenant, &hosts)));
        let tenants = tenants.collect::<Result<Vec<Tenant>, SystemError>>()?;
        let first_host = pools.last().map_or(0, |last| last.first_host + last.spec.hosts.len() as u32);
        let taken_from = pool.tenants.iter().any(|tenant| tenant.steal.is_some());
        pools.push(HostPool {
            spec: pool.clone(),
            steal_every: if taken_from { Tick::from_hours(pool.steal_every.get()) } else { Tick::NEVER },
            looks_every: Tick::from_hours(pool.looks_every.get()),
            first_host,
            streams: pool.hosts.iter().map(|host| streams.take("steal", host)).collect::<Result<_, _>>()?,
            tenants,
        });
    }
    Ok(pools)
}

fn tenant_of(
    spec: &SystemSpec,
    units: &Units,
    (tenant, hosts): (&TenantSpec, &[usize]),
) -> Result<Tenant, SystemError> {
    let name = &tenant.component;
    let component = spec.components.iter().position(|component| component.name == *name);
    let component = component.ok_or_else(|| unknown("component", name))?;
    let declared = &spec.components[component];
    refuse_together(spec, component)?;
    let rate = declared.capacity_per_unit.as_ref().map_or(f64::NAN, |level| level.rate);
    if !(rate > 0.0) {
        let (what, value) = ("capacity of a unit on a shared host", rate);
        return Err(SystemError::OutOfRange { what, name: name.clone(), value, allowed: "above 0".to_owned() });
    }
    let first = Units::first_of(spec, component);
    let host_of = |unit: usize| {
        let inside = &units.ancestors[unit];
        hosts.iter().position(|&host| inside.contains(&(host as UnitId)))
    };
    let all = first..first + declared.units.len();
    let evicted = declared.modes.iter().position(ModeSpec::is_eviction).map(|place| place as ModeId);
    if tenant.eviction_above.is_some() != evicted.is_some() {
        return Err(unknown("eviction of component", name));
    }
    Ok(Tenant {
        component: component as u32,
        rate,
        units: all.filter_map(|unit| Some((unit as UnitId, host_of(unit)? as u32))).collect(),
        evicted,
        cause: units.cause(&cause_name(tenant)),
    })
}

fn refuse_together(spec: &SystemSpec, component: usize) -> Result<(), SystemError> {
    let declared = &spec.components[component];
    let name = &declared.name;
    let other = match &declared.redundancy {
        Redundancy::Covered { .. } => "coverage",
        Redundancy::Quorum { .. } => "a quorum",
        Redundancy::Standby(_) => "a standby scheme",
        _ if super::health_check::is_probed(spec, name) => "a health check",
        _ if super::autoscale::is_scaled(spec, name) => "an autoscaler",
        _ if super::spot::spot_of(spec, name).is_some() => "spot capacity",
        _ if super::routing::router_of(spec, name).is_some() => "a router",
        _ if spec.queueing.queue(name).is_some() => "a queue",
        _ if spec.queueing.scaling(name).is_some() => "a scalability law",
        _ if declared.capacity_per_unit.as_ref().is_some_and(|level| level.course.is_some()) => {
            "a capacity that changes over time"
        }
        _ => return Ok(()),
    };
    Err(SystemError::NotTogether { component: name.clone(), one: "a shared host", other })
}

fn check(pool: &HostPoolSpec) -> Result<(), SystemError> {
    let least = f64::MIN_POSITIVE;
    let of_pool = [
        ("cores of a host", pool.cpu, (least, 1e9)),
        ("time between changes of what neighbours take", pool.steal_every.get(), (least, f64::MAX)),
        ("time between looks", pool.looks_every.get(), (least, f64::MAX)),
    ];
    let of_tenants = pool.tenants.iter().flat_map(|tenant| {
        [
            ("cores of a unit", tenant.cpu, (least, 1e9)),
            ("share of the time that is left by neighbours", tenant.mean_left(), (least, 1.0)),
            ("share of cores above which units are evicted", tenant.eviction_above.unwrap_or(1.0), (least, 1e9)),
        ]
    });
    let bad = of_pool.into_iter().chain(of_tenants).find(|(_, value, (from, to))| !(from <= value && value <= to));
    if let Some((what, value, (from, to))) = bad {
        let (name, allowed) = (pool.name.clone(), format!("{from} to {to}"));
        return Err(SystemError::OutOfRange { what, name, value, allowed });
    }
    let count = pool.hosts.len() * pool.tenants.len();
    if count > HOST_TENANTS_MAX {
        return Err(SystemError::TooMany { what: "hosts × components of a pool", count, limit: HOST_TENANTS_MAX });
    }
    Ok(())
}
