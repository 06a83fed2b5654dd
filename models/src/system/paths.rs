//! Paths: which units go by a timeline and which by events, and which of their ups and downs anybody can see.
//!
//! A unit whose clocks read nothing but its own state is independent: all its ups and downs can be laid out before
//! anything else happens. A unit that reads the state of others belongs to a coupled island and needs the queue of
//! events. Coupling is directed: what only influences an island stays on the timeline and enters as a sorted source.

use std::ops::Range;

use super::components::{Component, Group};
use super::data_loss::keeps_data;
use super::election::election_of;
use super::host_pool::tenancy;
use super::islands::{Islands, Tie};
use super::journeys::Journey;
use super::spec::{Clock, Effect, ModeSpec, Redundancy, Repair, StandbyMode, SystemSpec};
use super::spot::spot_of;
use super::structure::{GateId, Structure};
use super::tracked::Tracked;
use super::units::{ModeId, UnitId, Units};
use super::visibility::is_observed;

/// How the ups and downs of a component's units, or of the domains, come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Laid out beforehand: nothing they read is anybody else's.
    Timeline,
    /// By events, one after the other.
    Events(Coupling),
}

/// Why a component needs events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coupling {
    /// Its dormant units age otherwise than active ones: their clocks read who is active.
    Dormancy,
    /// Their repairs wait for a crew, and how long depends on what else has failed.
    Crew,
    /// Failures of one component take down units of another.
    Propagation,
    /// A shock or an experiment takes down several units at once.
    Shock,
    /// The repair of a failed unit waits until its place is filled.
    RepairAfterSwitch,
    /// A repair begins at the next test: it reads the calendar.
    Tested,
    /// Its repairs leave its units older than new: each life depends on all before it.
    Worn,
    /// A restart clears what no repair mends: one mode's clock reads another's repair.
    Restart,
    /// Failures that its redundancy survives may be uncovered, and hold its other units.
    Coverage,
    /// An autoscaler starts and removes its units, which do not age while they are away.
    Scaled,
    /// Its units share a load: their clocks read how many of them are up.
    LoadSharing,
    /// Its dormant units may fail when they are called: they read who is lost.
    OnDemand,
    /// Its health check sees some of its modes and not others: each is told when it comes and goes.
    Observed,
    /// Its data may be lost, and every failure is counted when it happens.
    DataLoss,
    /// A clock stands still while every journey through it is down: it reads the journeys.
    ServiceClock,
    /// A unit of its that is able again warms up: it is struck then.
    WarmUp,
    /// Its units share hosts with others: what each can do reads how many are up, and some are evicted.
    SharedHosts,
    /// Each replication ends at the first failure, which no timeline can know beforehand.
    FirstFailure,
    /// Asked for, to hold the two paths against each other.
    Asked,
}

/// Which of the ups and downs of a group's units are shown to the rest of the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All of them.
    Every(Exposure),
    /// Those while at least this many units are down, 2 or more: before that its state cannot change.
    Down(u32),
}

/// Why every up and down of a group's units is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// The loss of a single unit changes its state.
    NoSpare,
    /// A standby scheme switches at each of them, or coverage is drawn for it.
    Switching,
    /// Journeys read the capacity or the errors of its units.
    Numbers,
    /// Somebody reads a unit for itself.
    Unit,
    /// A health check probes each of them.
    Probed,
    /// Some of them are spot, and reclaimed whatever else they do.
    Spot,
    /// They share hosts, and each counts there.
    SharedHosts,
    /// Requests are served by each of them.
    Serving,
    /// A router looks at the groups they are in.
    Routed,
    /// Any of them may lead, or be the last of its side.
    Voting,
    /// It is a domain: its loss is the loss of what is inside.
    Domain,
}

/// The paths of a system.
#[derive(Clone, Debug)]
pub struct Paths {
    /// For each component, how its units go.
    pub components: Vec<Route>,
    /// How the domains go.
    pub domains: Route,
    /// For each group, what is shown of its units.
    pub sights: Vec<Sight>,
    /// Spells down that a tile of the timeline is meant to show, and to draw for units that are drawn for together: it
    /// bounds the memory, and changes no answer.
    pub spells_a_tile: f64,
}

/// Spells down that a tile is meant to show.
const SPELLS_A_TILE: f64 = 131_072.0;

/// What paths are chosen from.
pub(super) struct Parts<'a> {
    pub(super) spec: &'a SystemSpec,
    pub(super) islands: &'a Islands,
    pub(super) components: &'a [Component],
    pub(super) groups: &'a [Group],
    pub(super) journeys: &'a [Journey],
    pub(super) structure: &'a Structure,
    pub(super) tracked: &'a [Tracked],
}

impl Paths {
    /// The paths that suit a system.
    pub(super) fn of(parts: &Parts<'_>) -> Self {
        let route = |component: usize| route_of(parts, component);
        let domains = if parts.spec.time.until_first_failure {
            Route::Events(Coupling::FirstFailure)
        } else if parts.islands.hold_domains() {
            Route::Events(if parts.islands.strike_domains() { Coupling::Shock } else { Coupling::Crew })
        } else if parts.spec.domains.iter().any(|domain| is_tested(&domain.modes)) {
            Route::Events(Coupling::Tested)
        } else if parts.spec.domains.iter().any(|domain| is_worn(&domain.modes)) {
            Route::Events(Coupling::Worn)
        } else {
            Route::Timeline
        };
        let readers = readers(parts);
        let exposed = exposed_leaves(parts);
        let sight = |group: &Group| sight_of(parts, group, (readers[group.component as usize], &exposed));
        Self {
            components: (0..parts.components.len()).map(route).collect(),
            domains,
            sights: parts.groups.iter().map(sight).collect(),
            spells_a_tile: SPELLS_A_TILE,
        }
    }

    /// Everything by events.
    #[must_use]
    pub fn events_only(mut self) -> Self {
        self.components.fill(Route::Events(Coupling::Asked));
        self.domains = Route::Events(Coupling::Asked);
        self
    }

    /// Whether a unit goes by the timeline.
    #[inline]
    pub fn is_on_timeline(&self, units: &Units, unit: UnitId) -> bool {
        let route = units.units[unit as usize].component.map_or(self.domains, |c| self.components[c as usize]);
        route == Route::Timeline
    }

    /// The modes of the units that go by events.
    pub fn modes_by_events(&self, units: &Units) -> Vec<ModeId> {
        let unit = |&unit: &UnitId| !self.is_on_timeline(units, unit);
        (0..units.units.len() as UnitId)
            .filter(unit)
            .flat_map(|unit| units.units[unit as usize].modes.clone())
            .collect()
    }
}

fn route_of(parts: &Parts<'_>, component: usize) -> Route {
    let declared = &parts.spec.components[component];
    let dormancy = match &declared.redundancy {
        Redundancy::Standby(standby) => standby.mode != StandbyMode::Hot,
        _ => false,
    };
    if parts.spec.time.until_first_failure {
        Route::Events(Coupling::FirstFailure)
    } else if let Some(tie) = parts.islands.ties[component] {
        Route::Events(match tie {
            Tie::Crew => Coupling::Crew,
            Tie::Propagation => Coupling::Propagation,
            Tie::Shock => Coupling::Shock,
            Tie::RepairAfterSwitch => Coupling::RepairAfterSwitch,
            Tie::Coverage => Coupling::Coverage,
            Tie::LoadSharing => Coupling::LoadSharing,
            Tie::OnDemand => Coupling::OnDemand,
        })
    } else if is_tested(&declared.modes) {
        Route::Events(Coupling::Tested)
    } else if is_worn(&declared.modes) {
        Route::Events(Coupling::Worn)
    } else if declared.modes.iter().any(ModeSpec::is_cleared) {
        Route::Events(Coupling::Restart)
    } else if declared.modes.iter().any(ModeSpec::is_warm_up) {
        Route::Events(Coupling::WarmUp)
    } else if tenancy(parts.spec, &declared.name).is_some() {
        Route::Events(Coupling::SharedHosts)
    } else if dormancy {
        Route::Events(Coupling::Dormancy)
    } else if parts.components[component].scaled {
        Route::Events(Coupling::Scaled)
    } else if declared.modes.iter().any(|mode| mode.clock == Clock::Service) {
        Route::Events(Coupling::ServiceClock)
    } else if is_observed(parts.spec, &declared.name) {
        Route::Events(Coupling::Observed)
    } else if keeps_data(parts.spec, &declared.name) {
        Route::Events(Coupling::DataLoss)
    } else {
        Route::Timeline
    }
}

fn partition_of(spec: &SystemSpec, component: &str) -> bool {
    spec.quorums.partitions.iter().any(|partition| partition.component == component)
}

fn is_tested(modes: &[ModeSpec]) -> bool {
    modes.iter().any(|mode| matches!(mode.repair, Repair::Tested(_)))
}

fn is_worn(modes: &[ModeSpec]) -> bool {
    modes.iter().any(|mode| mode.worn().is_some())
}

/// For each component, whether a journey reads numbers of it.
fn readers(parts: &Parts<'_>) -> Vec<bool> {
    let mut read = vec![false; parts.components.len()];
    for journey in parts.journeys.iter().filter(|journey| journey.partial) {
        journey.reads.iter().for_each(|&component| read[component as usize] = true);
    }
    read
}

/// For each leaf, whether anything but gates looks at it.
fn exposed_leaves(parts: &Parts<'_>) -> Vec<bool> {
    let mut exposed = vec![false; parts.structure.leaves()];
    let mut expose = |gate: GateId| {
        if parts.structure.is_leaf(gate) {
            exposed[gate as usize] = true;
        }
    };
    for tracked in parts.tracked {
        if let Tracked::Gate { gate, .. } = tracked {
            expose(*gate);
        }
    }
    for journey in parts.journeys {
        expose(journey.served.gate);
        journey.soft.iter().for_each(|target| expose(target.served.gate));
    }
    exposed
}

/// A group is seen through gates over its units and nothing else: until the weakest of them is one unit from giving
/// way, nobody can tell which of its units are down.
fn sight_of(parts: &Parts<'_>, group: &Group, (read, exposed): (bool, &[bool])) -> Sight {
    if read {
        return Sight::Every(Exposure::Numbers);
    }
    if group.standby.is_some() || group.coverage.is_some() {
        return Sight::Every(Exposure::Switching);
    }
    if parts.components[group.component as usize].probed {
        return Sight::Every(Exposure::Probed);
    }
    if spot_of(parts.spec, &parts.spec.components[group.component as usize].name).is_some() {
        return Sight::Every(Exposure::Spot);
    }
    if tenancy(parts.spec, &parts.spec.components[group.component as usize].name).is_some() {
        return Sight::Every(Exposure::SharedHosts);
    }
    if parts.components[group.component as usize].serves_requests {
        return Sight::Every(Exposure::Serving);
    }
    if parts.components[group.component as usize].routed.is_some() {
        return Sight::Every(Exposure::Routed);
    }
    let votes = &parts.spec.components[group.component as usize].name;
    if partition_of(parts.spec, votes) || election_of(parts.spec, votes).is_some() {
        return Sight::Every(Exposure::Voting);
    }
    if group.units.iter().any(|&unit| exposed[unit as usize]) {
        return Sight::Every(Exposure::Unit);
    }
    let mut need = 0;
    for &unit in &group.units {
        for &gate in parts.structure.parents(unit) {
            if parts.structure.children(gate) != group.units {
                return Sight::Every(Exposure::Unit);
            }
            need = need.max(parts.structure.need(gate));
        }
    }
    match group.units.len() as u32 - need {
        0 => Sight::Every(Exposure::NoSpare),
        spare => Sight::Down(spare + 1),
    }
}

/// The modes of a unit that anybody can see: a mode that only degrades is not, where nobody reads numbers.
pub(crate) fn visible_modes(units: &Units, unit: UnitId, sight: Sight) -> impl Iterator<Item = ModeId> {
    let modes: Range<ModeId> = units.units[unit as usize].modes.clone();
    modes.filter(move |&mode| {
        sight == Sight::Every(Exposure::Numbers) || units.modes[mode as usize].effect == Effect::Down
    })
}
