//! Systems: what a scenario lowers to, and its compiled, indexed, immutable form.

mod autoscale;
mod backup;
mod bands;
mod cache;
mod capacity_buffer;
mod closure;
mod components;
mod coverage;
mod data_loss;
mod edge;
mod election;
mod equilibrium;
mod error;
mod experiment;
mod failover;
mod hazard;
mod health_check;
mod host_pool;
mod imperfect_repair;
mod inert;
mod islands;
mod journeys;
mod level;
mod lists;
mod load_sharing;
mod load_test;
mod loss_rate;
mod metastability;
mod nodes;
mod objective;
mod offered;
mod on_demand;
mod partition;
mod path;
mod paths;
mod plan_test;
mod plans;
mod price;
mod probing;
mod proof_test;
mod queueing;
mod replication;
mod request_level;
mod request_paths;
mod request_promises;
mod requests;
mod round_trip;
mod routing;
mod runs;
mod shared_risk;
mod shedding;
mod shock;
mod sites;
mod spec;
mod spot;
mod status;
mod structure;
mod supply;
mod tracked;
mod units;
mod variation;
mod visibility;
mod warm_up;

use ninefold_sim_core::tick::Tick;

use crate::lifetime::SharedLaws;
use crate::replication::EVENTS_MAX;

pub(crate) use autoscale::in_millionths;
pub use autoscale::{Autoscale, AutoscaleSpec, LOOK_INTERVAL_MIN, Scheduled};
pub(crate) use backup::TRIES_MAX;
pub use backup::{Backup, BackupSpec, Restore};
pub use bands::{Banded, missed};
pub use cache::CacheSpec;
pub use capacity_buffer::CapacityBufferSpec;
pub use components::{Component, Group, StandbyGroup};
pub use coverage::{Coverage, CoverageGroup, Meanwhile};
pub use data_loss::{DataLoss, DataLossSpec};
pub use election::{ElectionSpec, Leadership, single_writer, single_writer_name};
pub use equilibrium::{Equilibrium, NoEquilibrium, without_equilibrium};
pub use error::SystemError;
pub use experiment::{Condition, Due, Experiment, ExperimentSpec, TIMES_MAX as EXPERIMENT_TIMES_MAX};
pub use failover::*;
pub use hazard::Hazard;
pub use health_check::{Depth, HealthCheck, HealthCheckSpec};
pub use host_pool::{HOST_TENANTS_MAX, HostPool, HostPoolSpec, Tenant, TenantSpec};
pub use imperfect_repair::{ImperfectRepair, Quality};
pub use islands::{Islands, Tie};
pub use journeys::{Flow, Journey, Served, SoftTarget};
pub use level::{COURSE_STEPS_MAX, Course, CourseOf, Level, LevelOf, Noise};
pub(crate) use lists::Lists;
pub use load_sharing::{HAZARD_MAX, LoadSharing, LoadSharingSpec, SharedHazard};
pub use load_test::{LoadTest, LoadTestSpec};
pub use loss_rate::JourneyValueSpec;
pub use metastability::{CURES_MAX, CureSpec, MetastabilitySpec, STEPS_OF_MAP_MAX, TIMEOUTS_MAX, TriggerSpec};
pub use nodes::{NODES_MAX, NodePool, NodePoolSpec, Provisioner};
pub use objective::{Objective, ObjectiveSpec};
pub use offered::Offered;
pub use on_demand::{OnDemand, OnDemandSpec};
pub use partition::{
    Minority, PartitionSide, PartitionSpec, Partitioned, Quorums, ReadFallbackSpec, ViewSpec, holders,
};
pub use path::{NamedPath, PATH_DEPTH_MAX, Path};
pub(crate) use paths::visible_modes;
pub use paths::{Coupling, Exposure, Paths, Route, Sight};
pub use plan_test::{Believed, Canary, PlanTest, TestMethod};
pub use plans::{JobId, PlanId, PlanInstance, PlanStep, Plans, StepId};
pub use price::{PRICE_MAX, PriceSpec, Prices};
pub use probing::{PROBE_INTERVAL_MIN, ProbeSpec, Probing};
pub use proof_test::{ModeTests, TestedRepair, Tests};
pub use queueing::*;
pub use replication::{Replicated, ReplicationSpec, Resync};
pub use request_level::{NotAtRequestLevel, REQUESTS_MAX, not_at_request_level};
pub use request_promises::RequestPromise;
pub use requests::{Around, Arrivals, AtOnce, Call, Line, Requests, Source, Station, StationOwner, Turn};
pub use round_trip::{RoundTripSpec, WritesFrom};
pub use routing::{COHORTS, Learns, ROUTED_PLACES_MAX, Routing, RoutingSpec};
pub use runs::{RUN_MAX, Runs, mean_trials};
pub use shared_risk::{RiskModel, RiskRefused, SharedRisk};
pub use shedding::{LIMIT_MAX, Limit, Shedding};
pub use shock::{Burst, Hits, Owner, Shock, ShockSpec, Strike, not_together};
pub use sites::{Act, Member, Seen, Sites};
pub use spec::*;
pub use spot::{ReclaimShare, ReclaimSpec, Spot, SpotSpec, SpotUnit};
pub use status::StatusSpec;
pub use structure::{GateId, Structure};
pub use supply::{CrewHours, ModeSupply, PARTS_MAX, Part, SparesSpec, SupplySpec};
pub use tracked::{Tracked, TrackedId};
pub use units::{
    CauseId, Mode, ModeCrew, ModeId, PLAN_PHASES, Slot, SlotEffect, SlotId, Unit, UnitId, UnitPropagation, Units,
};
pub use variation::{ForecastPaths, NoiseOf, PathsOf, Variation, VariationOf};
pub use visibility::VisibilitySpec;

/// Most units (replicas and domains) of a system.
pub const UNITS_MAX: usize = 1_000_000;

/// Most journeys of a system.
pub const JOURNEYS_MAX: usize = 10_000;

/// Longest horizon, in hours: 200 years of 8760 h.
pub const HORIZON_MAX_HOURS: f64 = 200.0 * 8760.0;

/// A compiled system.
#[derive(Clone, Debug)]
pub struct System {
    /// What it was compiled from.
    pub spec: SystemSpec,
    /// Replicas, domains, modes, slots, causes.
    pub units: Units,
    /// Groups of units under one redundancy scheme.
    pub groups: Vec<Group>,
    /// For each replica, its group.
    pub group_of: Vec<u32>,
    /// Places of all standby groups.
    pub places: u32,
    /// Components in written order.
    pub components: Vec<Component>,
    /// Components whose data may be lost, in written order.
    pub data: Vec<DataLoss>,
    /// Components whose data come back from backups, in written order.
    pub backups: Vec<Backup>,
    /// Components whose units share a load, in written order.
    pub load_sharings: Vec<LoadSharing>,
    /// The health checks, in the order of [`SystemSpec::health_checks`].
    pub checks: Vec<HealthCheck>,
    /// What requests do, where they are simulated one by one.
    pub requests: Requests,
    /// The autoscalers, in the order of [`SystemSpec::autoscalers`].
    pub autoscalers: Vec<Autoscale>,
    /// Spot capacity, in the order of [`SystemSpec::spots`].
    pub spots: Vec<Spot>,
    /// Pools of shared hosts, in the order of [`SystemSpec::host_pools`].
    pub host_pools: Vec<HostPool>,
    /// The routers, in the order of [`SystemSpec::routings`].
    pub routings: Vec<Routing>,
    /// Components whose writes are replicated to dormant units, in written order.
    pub replicated: Vec<Replicated>,
    /// Who leads components that elect, or that may be written on two sides, in order of components.
    pub leaderships: Vec<Leadership>,
    /// Journeys in written order.
    pub journeys: Vec<Journey>,
    /// How demand and capacity change over time: of journeys, then of components.
    pub courses: Vec<CourseOf>,
    /// For each component, the journeys that load it, ascending, and how often a request of each comes by.
    pub loaded_by: Vec<Vec<(u32, f64)>>,
    /// The gates of all of them.
    pub structure: Structure,
    /// The entities whose ups and downs are recorded: journeys, components, components by domain.
    pub tracked: Vec<Tracked>,
    /// Measures of quorums that are means over the time up.
    pub bands: Vec<Banded>,
    /// What strikes several units at once, in the order of [`SystemSpec::shocks`].
    pub shocks: Vec<Shock>,
    /// What is done to it on purpose, in the order of [`SystemSpec::experiments`].
    pub experiments: Vec<Experiment>,
    /// Which modes are present at a stationary start.
    pub equilibrium: Equilibrium,
    /// Which components are coupled with one another.
    pub islands: Islands,
    /// Which units go by a timeline, which by events.
    pub paths: Paths,
    /// The recovery objectives of journeys.
    pub objectives: Vec<Objective>,
    /// When each team works; `None` for those that always do.
    pub crew_hours: Vec<Option<CrewHours>>,
    /// What a request of each journey is worth.
    pub worth: Vec<f64>,
    /// The failover plans over standby groups.
    pub plans: Plans,
    /// Measuring begins here.
    pub warmup: Tick,
    /// A replication ends here; [`Tick::LAST`] when it runs to the first failure.
    pub end: Tick,
    /// The same system under each parameter draw, from draw 1 on; empty where no input is drawn.
    pub drawn: Vec<System>,
}

impl System {
    /// Compiles a specification.
    ///
    /// # Errors
    /// [`SystemError`] if a name is unknown or taken twice, a number is out of range, domains or hard dependencies form
    /// a cycle, or a limit is passed.
    pub fn build(spec: SystemSpec) -> Result<Self, SystemError> {
        Self::build_sharing(spec, &mut SharedLaws::default())
    }

    /// Compiles a specification; of laws that equal one met before it takes that one.
    pub(crate) fn build_sharing(mut spec: SystemSpec, laws: &mut SharedLaws) -> Result<Self, SystemError> {
        check(&spec)?;
        metastability::check(&spec)?;
        spec.laws_mut().for_each(|law| laws.share(law));
        shock::check(&spec)?;
        inert::leave_out(&mut spec);
        let mut units = Units::build(&spec)?;
        let shocks = shock::build(&spec, &units)?;
        let experiments = experiment::build(&spec, &units)?;
        let equilibrium = Equilibrium::of(&spec, &units);
        let mut structure = Structure::new(units.replicas);
        let mut built = components::build(&spec, &units, &mut structure)?;
        coverage::number(&spec, &mut built.groups, &mut units);
        let backups = backup::build(&spec, &units)?;
        let data = data_loss::build(&spec, &backups)?;
        let load_sharings = load_sharing::build(&spec)?;
        let replicated = replication::build(&spec, &built.groups)?;
        let mut routings = routing::build(&spec, (&built.components, &built.groups), &mut units)?;
        let dependencies = closure::Dependencies::build(&spec)?;
        let checks = health_check::build(&spec, &built.components, &dependencies)?;
        let autoscalers = autoscale::build(&spec, &dependencies, (&built.components, &built.groups))?;
        let spots = spot::build(&spec, &units)?;
        let host_pools = host_pool::build(&spec, &units)?;
        price::check(&spec)?;
        let leaderships = election::build(&spec, &units, &built.components)?;
        let courses = level::courses(&spec)?;
        let requests = requests::build(&spec, &built.components, &built.groups, &courses)?;
        let journeys = journeys::Builder {
            spec: &spec,
            components: &built.components,
            dependencies: &dependencies,
            structure: &mut structure,
            courses: &courses,
            views: partition::views(&spec, (&units, &built.components))?,
        }
        .build()?;
        let objectives = objective::build(&spec, &journeys)?;
        let loaded_by = journeys::loaded_by(&spec, &journeys);
        capacity_buffer::lay(&spec, &mut routings, (&journeys, &courses, &loaded_by))?;
        let mut group_of = vec![0; units.replicas];
        for (group, members) in built.groups.iter().enumerate() {
            members.units.iter().for_each(|&unit| group_of[unit as usize] = group as u32);
        }
        let tracked = tracked::list(&spec, &built.components, &built.groups);
        let bands = bands::list(&spec, &built.components, &tracked);
        let warmup = Tick::from_hours(spec.time.warmup.get());
        let end = if spec.time.until_first_failure { Tick::LAST } else { Tick::from_hours(spec.time.horizon.get()) };
        let (components, groups, places) = (built.components, built.groups, built.places);
        check_events(&spec, &units, &courses)?;
        let islands = Islands::of(&spec);
        let first_domain = units.replicas;
        let (routed, ancestors) = (&routings, &units.ancestors);
        let parts = plans::Parts {
            spec: &spec,
            groups: &groups,
            journeys: &journeys,
            routings: routed,
            ancestors,
            first_domain,
        };
        let plans = Plans::build(&parts)?;
        units.add_plans(&plans, &groups, &spec);
        let (crew_hours, worth) = (supply::hours(&spec), loss_rate::worth(&spec)?);
        let paths = Paths::of(&paths::Parts {
            spec: &spec,
            islands: &islands,
            components: &components,
            groups: &groups,
            journeys: &journeys,
            structure: &structure,
            tracked: &tracked,
        });
        Ok(Self {
            spec,
            units,
            groups,
            group_of,
            places,
            components,
            data,
            backups,
            load_sharings,
            checks,
            requests,
            autoscalers,
            spots,
            host_pools,
            routings,
            replicated,
            leaderships,
            journeys,
            courses,
            loaded_by,
            objectives,
            structure,
            tracked,
            bands,
            shocks,
            experiments,
            equilibrium,
            islands,
            paths,
            crew_hours,
            worth,
            plans,
            warmup,
            end,
            drawn: Vec::new(),
        })
    }

    /// The same system with everything by events: the other path to the same replications.
    #[must_use]
    pub fn by_events(mut self) -> Self {
        self.paths = self.paths.events_only();
        self.drawn = self.drawn.into_iter().map(Self::by_events).collect();
        self
    }

    /// The same system whose autoscalers look at every interval: the other way to the same replications.
    #[must_use]
    pub fn at_every_look(mut self) -> Self {
        self.autoscalers.iter_mut().for_each(|scaler| scaler.every_look = true);
        self.drawn = self.drawn.into_iter().map(Self::at_every_look).collect();
        self
    }

    /// The same system whose autoscalers write down every decision.
    #[must_use]
    pub(crate) fn telling_decisions(mut self) -> Self {
        self.autoscalers.iter_mut().for_each(|scaler| scaler.tells_all = true);
        self.drawn = self.drawn.into_iter().map(Self::telling_decisions).collect();
        self
    }

    /// The autoscaler of a tracked entity: of a component, or of its state in a domain.
    pub(crate) fn autoscaler(&self, id: TrackedId) -> Option<usize> {
        let entity = self.tracked.get(id as usize)?.entity();
        self.autoscalers.iter().position(|scaler| scaler.entity == entity)
    }

    /// The component whose groups' loads change with a level of capacity or traffic, if they are told apart.
    pub(crate) fn apart(&self, of: LevelOf) -> Option<u32> {
        let component = match of {
            LevelOf::Demand(_) => None,
            LevelOf::Capacity(component) => Some(component),
            LevelOf::Sent(place) => {
                self.routings.iter().find(|routing| routing.places.contains(&place)).map(|routing| routing.to)
            }
        };
        component.filter(|&component| self.components[component as usize].apart)
    }

    /// Whether the capacity or errors of a component are part of what a journey serves.
    pub(crate) fn is_capacity_read(&self, component: u32) -> bool {
        self.journeys.iter().any(|journey| journey.partial && journey.reads.binary_search(&component).is_ok())
    }

    /// Whether anything but the weight of time follows from a course: somebody's numbers, or what was drawn for it.
    pub(crate) fn is_course_seen(&self, course: usize) -> bool {
        let course = &self.courses[course];
        let is_read = |component: u32| self.is_capacity_read(component);
        match course.of {
            LevelOf::Demand(journey) => {
                course.variation.is_some()
                    || self.journeys[journey as usize].loads.iter().any(|&component| is_read(component))
            }
            LevelOf::Capacity(component) => is_read(component),
            LevelOf::Sent(_) => false,
        }
    }

    /// Whether any number that a journey reads changes over time: its demand, that of others beside it, or capacity.
    pub(crate) fn is_varying(&self, journey: &Journey) -> bool {
        self.courses.iter().any(|course| match course.of {
            LevelOf::Demand(other) => self.journeys[other as usize]
                .loads
                .iter()
                .any(|component| journey.reads.binary_search(component).is_ok()),
            LevelOf::Capacity(component) => journey.reads.binary_search(&component).is_ok(),
            LevelOf::Sent(_) => false,
        })
    }

    /// The tenant of shared hosts that a component is, if it is one.
    pub(crate) fn tenant(&self, component: u32) -> Option<&Tenant> {
        self.host_pools.iter().flat_map(|pool| &pool.tenants).find(|tenant| tenant.component == component)
    }

    /// How the units of a component share its load, if they do.
    pub(crate) fn load_sharing(&self, component: u32) -> Option<&LoadSharing> {
        self.load_sharings.iter().find(|sharing| sharing.component == component)
    }

    /// The measured time of a replication.
    pub fn measured(&self) -> Tick {
        self.end.since(self.warmup)
    }
}

/// Refuses at once what would pass the limit on events of a replication, by the means of its laws.
fn check_events(spec: &SystemSpec, units: &Units, courses: &[CourseOf]) -> Result<(), SystemError> {
    if spec.time.until_first_failure {
        return Ok(());
    }
    let mean = |law: u32| units.laws[law as usize].mean().get();
    let cycle = |mode: &Mode| mean(mode.time_to_failure) + mode.repair.map_or(f64::INFINITY, mean);
    let shocks: f64 = spec.shocks.iter().map(|shock| spec.time.horizon.get() / shock.time_to_shock.mean().get()).sum();
    let fastest =
        |unit: &Unit| unit.component.map_or(1.0, |c| load_sharing::fastest(spec, &spec.components[c as usize].name));
    let failures: f64 = units
        .units
        .iter()
        .map(|unit| {
            let modes = units.modes[unit.modes.start as usize..unit.modes.end as usize].iter();
            fastest(unit) * modes.map(|mode| spec.time.horizon.get() / cycle(mode)).sum::<f64>()
        })
        .sum();
    let changes: f64 = courses
        .iter()
        .map(|course| {
            let held = course.variation.as_ref().map_or(f64::INFINITY, |variation| variation.held().hours());
            course.steps.len() as f64 + spec.time.horizon.get() / held
        })
        .sum();
    let components = spec.components.iter().map(|component| (&component.modes, component.units.len()));
    let owners = components.chain(spec.domains.iter().map(|domain| (&domain.modes, 1)));
    let worn: f64 = owners
        .flat_map(|(modes, units)| modes.iter().map(move |mode| (mode, units)))
        .map(|(mode, units)| units as f64 * imperfect_repair::expected_failures(mode, spec.time.horizon))
        .sum();
    let failures = failures
        + worn
        + changes
        + shocks
        + experiment::expected_events(spec)
        + health_check::expected_events(spec)
        + routing::expected_events(spec)
        + spot::expected_events(spec)
        + host_pool::expected_events(spec);
    let limit = EVENTS_MAX as usize;
    if failures <= limit as f64 {
        return Ok(());
    }
    Err(SystemError::TooMany {
        what: "failures and changes of levels expected within the horizon",
        count: failures as usize,
        limit,
    })
}

fn check(spec: &SystemSpec) -> Result<(), SystemError> {
    let units = spec.components.iter().map(|c| c.units.len()).sum::<usize>() + spec.domains.len();
    for (what, count, limit) in [("units", units, UNITS_MAX), ("journeys", spec.journeys.len(), JOURNEYS_MAX)] {
        if count > limit {
            return Err(SystemError::TooMany { what, count, limit });
        }
    }
    let (horizon, warmup) = (spec.time.horizon.get(), spec.time.warmup.get());
    if !(horizon > 0.0 && horizon <= HORIZON_MAX_HOURS) {
        let allowed = format!("above 0, at most {HORIZON_MAX_HOURS} h");
        return Err(SystemError::OutOfRange { what: "horizon", name: spec.name.clone(), value: horizon, allowed });
    }
    if !(warmup >= 0.0 && warmup < horizon) {
        let allowed = format!("0 to below the horizon of {horizon} h");
        return Err(SystemError::OutOfRange { what: "warmup", name: spec.name.clone(), value: warmup, allowed });
    }
    if let Some(without) = without_equilibrium(spec).into_iter().next() {
        return Err(without.into());
    }
    teams(spec)?;
    supply::check(spec)?;
    status::check(spec)?;
    imperfect_repair::check(spec)?;
    on_demand::check(spec)?;
    visibility::check(spec)?;
    for agreement in &spec.agreements {
        if !spec.journeys.iter().any(|journey| journey.name == agreement.journey) {
            return Err(units::unknown("journey", &agreement.journey));
        }
    }
    Ok(())
}

fn teams(spec: &SystemSpec) -> Result<(), SystemError> {
    for (i, team) in spec.teams.iter().enumerate() {
        if spec.teams[..i].iter().any(|other| other.name == team.name) {
            return Err(SystemError::Duplicate { what: "team", name: team.name.clone() });
        }
        if team.crews == 0 {
            let (name, allowed) = (team.name.clone(), "at least 1".to_owned());
            return Err(SystemError::OutOfRange { what: "crews", name, value: 0.0, allowed });
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::lifetime::Law;
    use crate::units::Hours;

    /// A component that waits cold, whose laws are equal to those of every other call and made anew.
    fn component(name: &str) -> ComponentSpec {
        let gamma = || Law::gamma(2.5, Hours::new(4.0)).unwrap();
        let standby = Standby {
            mode: StandbyMode::Cold,
            active: 1,
            need: 1,
            switch_takes: gamma(),
            switch_success: 1.0,
            manual_switch: Some(gamma()),
            repair_starts: RepairStarts::AtOnce,
        };
        ComponentSpec {
            name: name.into(),
            units: (1..=2).map(|i| UnitSpec { name: format!("{name}/{i}"), domain: None }).collect(),
            redundancy: Redundancy::Standby(standby),
            per: None,
            modes: vec![ModeSpec {
                name: "crash".into(),
                time_to_failure: Law::gamma(0.7, Hours::new(100.0)).unwrap(),
                repair: Repair::Takes(gamma()),
                effect: Effect::Down,
                clock: Clock::Operating,
                propagates: Vec::new(),
            }],
            capacity_per_unit: None,
        }
    }

    #[test]
    fn each_distinct_law_of_a_system_and_its_draws_has_one_table() {
        let spec = |draw| SystemSpec { components: vec![component("a"), component("b")], draw, ..Default::default() };
        let system = System::build(spec(0)).unwrap().with_draws(vec![spec(1), spec(2)]).unwrap();
        let (life, repair) = (&system.units.laws[0], &system.units.laws[1]);
        assert!(!life.shares_table(repair));
        let mut met = 0;
        for mut spec in [&system].into_iter().chain(&system.drawn).map(|system| system.spec.clone()) {
            for law in spec.laws_mut() {
                assert!(law.shares_table(if law.mean() == life.mean() { life } else { repair }));
                met += 1;
            }
        }
        assert_eq!(met, 3 * 2 * 4);
    }
}
