//! The stationary start: every independent process drawn as if it had run for ever; `scenario.md`, "Time".
//!
//! In operating time the modes that down a unit are independent renewal processes, and calendar time is operating time
//! stretched by the repairs. So with `x = Σ mean repair ÷ mean life` the unit is up with probability 1/(1 + x), each life
//! somewhere in its course; else it is down by mode `i` with probability proportional to its own ratio, that repair
//! somewhere in its course, and so are the lives of the other modes. A mode that runs in calendar time is an alternating
//! renewal process of its own. What is left of a life or repair is drawn from its integrated tail
//! ([`Law::residual_quantile`](crate::lifetime::Law::residual_quantile)). Source: Cox, *Renewal Theory* (1962), chapters
//! 5 and 7; Ross, *Stochastic Processes*, 2nd ed. (1996), 3.4.

use ninefold_sim_core::stratum;
use ninefold_sim_core::stream::{self, Replication, StreamId};

use super::autoscale::is_scaled;
use super::coverage::coverage_of;
use super::data_loss::keeps_data;
use super::election::election_of;
use super::health_check::is_probed;
use super::imperfect_repair::ImperfectRepair;
use super::load_sharing::sharing_of;
use super::routing::router_of;
use super::spec::{
    Clock, ComponentSpec, Effect, ModeSpec, Redundancy, Repair, Standby, StandbyMode, Start, SystemSpec,
};
use super::spot::spot_of;
use super::units::{ModeId, Units};

/// For every mode, when it is present at the start; empty if everything starts new.
#[derive(Clone, Debug, Default)]
pub struct Equilibrium {
    modes: Vec<Presence>,
}

/// A mode is present at the start if a uniform number falls into a range.
#[derive(Clone, Copy, Debug)]
struct Presence {
    /// The unit's stream of such numbers, and which of them it is: one for all modes in operating time together.
    stream: StreamId,
    number: u32,
    from: f64,
    to: f64,
}

impl Equilibrium {
    pub(super) fn of(spec: &SystemSpec, units: &Units) -> Self {
        if spec.time.start == Start::New {
            return Self::default();
        }
        let mut modes = Vec::with_capacity(units.modes.len());
        for unit in &units.units {
            let own = &units.modes[unit.modes.start as usize..unit.modes.end as usize];
            let mean = |law: u32| units.laws[law as usize].mean().get();
            let ratio = |mode: &super::Mode| mode.repair.map_or(0.0, mean) / mean(mode.time_to_failure);
            // Modes that compete in operating time share one number; every other one has its own.
            let competes = |mode: &super::Mode| mode.clock == Clock::Operating && mode.effect == Effect::Down;
            let all: f64 = own.iter().filter(|mode| competes(mode)).map(ratio).sum();
            let mut below = 1.0 / (1.0 + all);
            for (number, mode) in (1..).zip(own) {
                let stream = unit.start_stream;
                modes.push(if competes(mode) {
                    let from = below;
                    below += ratio(mode) / (1.0 + all);
                    Presence { stream, number: 0, from, to: below }
                } else {
                    Presence { stream, number, from: 1.0 / (1.0 + ratio(mode)), to: f64::INFINITY }
                });
            }
            // Sums of shares round; the last mode in operating time takes what they leave.
            let first = unit.modes.start as usize;
            if let Some(last) = modes[first..].iter_mut().rev().find(|presence| presence.number == 0) {
                last.to = f64::INFINITY;
            }
        }
        Self { modes }
    }

    /// Whether lives and repairs are found in their course, not begun, at the start.
    pub const fn is_stationary(&self) -> bool {
        !self.modes.is_empty()
    }

    /// Whether a mode is present at the start of a replication.
    pub fn is_present(&self, mode: ModeId, replication: Replication) -> bool {
        self.modes.get(mode as usize).is_some_and(|presence| {
            let drawn = stream::block(presence.stream, replication, presence.number / 2);
            let uniform = stream::open01(drawn[presence.number as usize % 2]);
            let uniform = stratum::stratified(presence.stream, replication, (presence.number, uniform));
            presence.from <= uniform && uniform < presence.to
        })
    }
}

/// Why a part of a system has no stationary law that can be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{owner}` cannot start in its long-run state: {why}")]
pub struct NoEquilibrium {
    /// The component or domain.
    pub owner: String,
    /// Its mode, where it is to blame.
    pub mode: Option<String>,
    /// The reason.
    pub why: &'static str,
}

/// Everything in a system that keeps it from a stationary start; empty if it can have one or does not ask for it.
pub fn without_equilibrium(spec: &SystemSpec) -> Vec<NoEquilibrium> {
    if spec.time.start == Start::New {
        return Vec::new();
    }
    let mut found = Vec::new();
    if spec.time.until_first_failure {
        let why = "a run to the first failure asks how long a new system lasts";
        found.push(NoEquilibrium { owner: spec.name.clone(), mode: None, why });
    }
    for component in &spec.components {
        if keeps_data(spec, &component.name) {
            let why = "how long its data last is asked of a new system";
            found.push(NoEquilibrium { owner: component.name.clone(), mode: None, why });
        }
        if is_probed(spec, &component.name) {
            let why = "which of its units are ejected by the health check depends on the past";
            found.push(NoEquilibrium { owner: component.name.clone(), mode: None, why });
        }
        if is_scaled(spec, &component.name) {
            let why = "how many replicas its autoscaler has depends on the past";
            found.push(NoEquilibrium { owner: component.name.clone(), mode: None, why });
        }
        if sharing_of(spec, &component.name).is_some() {
            let why = "its units age by how many of them are up, and so are not independent";
            found.push(NoEquilibrium { owner: component.name.clone(), mode: None, why });
        }
        if spot_of(spec, &component.name).is_some() {
            let why = "which of its spot units are reclaimed depends on the past";
            found.push(NoEquilibrium { owner: component.name.clone(), mode: None, why });
        }
        if router_of(spec, &component.name).is_some() {
            let why = "where clients are sent by its router depends on the past";
            found.push(NoEquilibrium { owner: component.name.clone(), mode: None, why });
        }
        if election_of(spec, &component.name).is_some() {
            let why = "which of its units leads, and whether one is being elected, depends on the past";
            found.push(NoEquilibrium { owner: component.name.clone(), mode: None, why });
        }
        let scheme = match &component.redundancy {
            Redundancy::Standby(scheme) => coupled(scheme, component),
            _ if coverage_of(component).is_some() => {
                Some("its failures may be uncovered, and what it does then is nobody's long run but its own")
            }
            _ => None,
        };
        let moved = spec.failovers.iter().any(|plan| plan.components.contains(&component.name));
        let scheme = if moved { Some("where its failover plan stands depends on the past") } else { scheme };
        found.extend(scheme.map(|why| NoEquilibrium { owner: component.name.clone(), mode: None, why }));
        modes(&component.name, &component.modes, &mut found);
    }
    for domain in &spec.domains {
        modes(&domain.name, &domain.modes, &mut found);
    }
    found
}

fn modes(owner: &str, modes: &[ModeSpec], found: &mut Vec<NoEquilibrium>) {
    let downs = modes.iter().filter(|mode| mode.effect == Effect::Down);
    let calendar = downs.clone().filter(|mode| mode.clock == Clock::Calendar).count();
    let downs = downs.count();
    for mode in modes {
        let beside = match (mode.clock, mode.effect) {
            (Clock::Operating, Effect::Down) => calendar > 0,
            (Clock::Operating, Effect::Degraded { .. }) => downs > 0,
            _ => false,
        };
        let why = match &mode.repair {
            _ if mode.clock == Clock::Service => {
                "its clock stands still with the service, so it depends on everything else"
            }
            _ if mode.is_warm_up() => "whether its units are warm depends on the past",
            _ if mode.is_eviction() => "who is evicted from a host depends on the past",
            _ if mode.clock == Clock::Struck => {
                "a shared risk strikes it together with others, which then are not independent"
            }
            _ if mode.clock == Clock::Called => "it may take hold when its unit is called, which depends on the past",
            Repair::Never => "a mode that is never repaired has no long run",
            Repair::Tested(_) => {
                "its failures are found by tests at fixed times, and how long they last depends on when"
            }
            Repair::ByCrew(_) => "its repair waits for a crew, and how long depends on what else has failed",
            Repair::Imperfect(_) if mode.worn().is_some() => {
                "its repairs leave it older than new, and how old depends on the past"
            }
            Repair::ByRestart => "it lasts until a restart, which depends on another mode of its unit",
            _ if !mode.propagates.is_empty() => {
                "its failures take down units of others, which then are not independent"
            }
            _ if !(mode.time_to_failure.mean().get() > 0.0) => "its time to failure is always zero",
            _ if !mode.time_to_failure.mean().get().is_finite() => "its time to failure has no finite mean",
            Repair::Takes(takes) | Repair::Imperfect(ImperfectRepair { takes, .. })
                if !takes.mean().get().is_finite() =>
            {
                "its repair has no finite mean"
            }
            _ if beside => "its clock stands still while another mode, which it does not renew, downs the unit",
            Repair::Takes(_) | Repair::Imperfect(_) => continue,
        };
        found.push(NoEquilibrium { owner: owner.to_owned(), mode: Some(mode.name.clone()), why });
    }
}

/// Why a standby scheme has a state of its own in the long run. It has none if its places are filled whenever enough
/// units are able: no unit waits, or a waiting one ages as a working one and takes over at once and surely.
fn coupled(scheme: &Standby, component: &ComponentSpec) -> Option<&'static str> {
    let waits = component.units.len() > scheme.active as usize;
    let at_once = scheme.switch_takes.quantile(1.0).get() == 0.0 && scheme.switch_success == 1.0;
    let degrades = component.modes.iter().any(|mode| mode.effect != Effect::Down);
    if scheme.mode != StandbyMode::Hot {
        Some("its dormant units age by whether they are dormant, and who is depends on the past")
    } else if waits && !at_once {
        Some("a switch under way or failed is a state that depends on the past")
    } else if waits && degrades {
        Some("which unit is active, degraded or not, depends on the past")
    } else {
        None
    }
}
