//! Shocks: what strikes several units at one instant, so that they do not fail independently.
//!
//! A unit that can be struck has a mode for it whose clock is [`Clock::Struck`]: it never runs, and the mode takes hold
//! when the shock strikes and the unit is up. Its `time_to_failure` is what the unit alone sees of the shocks. Source:
//! Marshall & Olkin, *J. Amer. Statist. Assoc.* 62 (1967).

use ninefold_sim_core::stream::{StreamId, StreamRegister};

use super::error::SystemError;
use super::failover::FailoverSpec;
use super::imperfect_repair;
use super::spec::{Clock, ComponentSpec, ModeSpec, Redundancy, Repair, RepairStarts, SystemSpec};
use super::units::{ModeId, Units, unknown};
use crate::lifetime::Law;
use crate::units::Hours;

/// A process of shocks.
#[derive(Clone, Debug, PartialEq)]
pub struct ShockSpec {
    /// Unique among shocks; it keys their random streams.
    pub name: String,
    /// What it belongs to, as tables name it (`shared_risk.NAME`, `hazards.NAME`); several shocks may belong to one.
    pub source: String,
    /// The cause of the downtime it brings, `category/name`.
    pub cause: String,
    /// Calendar time from one shock to the next.
    pub time_to_shock: Law,
    /// Whom a shock strikes.
    pub hits: Hits,
    /// Whose units can be struck, and the mode that then takes hold in each.
    pub strikes: Vec<Strike>,
}

/// Whose units a shock can strike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strike {
    /// The component or domain.
    pub owner: Owner,
    /// The mode of it; its clock is [`Clock::Struck`].
    pub mode: String,
}

/// Who owns a mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A component, by name.
    Component(String),
    /// A domain, by name.
    Domain(String),
}

/// Which of the units that can be struck a shock strikes. Only those that are up fail.
#[derive(Clone, Debug, PartialEq)]
pub enum Hits {
    /// All.
    All,
    /// Each with this probability, 0..=1, independently of the others.
    Each(f64),
    /// So many, chosen evenly, up or not; 1..=n.
    Exactly(u32),
    /// A random number of those that are up, chosen evenly, each at an even instant within the window.
    Burst(Burst),
}

/// How large a burst is, and how long it lasts.
#[derive(Clone, Debug, PartialEq)]
pub struct Burst {
    /// Sizes from 1 and their shares, which sum to 1. Of a burst larger than what is up, all that is up is struck.
    pub sizes: Vec<(u32, f64)>,
    /// From its beginning to the last instant at which it can strike.
    pub window: Hours,
}

/// A compiled process of shocks.
#[derive(Clone, Debug)]
pub struct Shock {
    /// The modes that can take hold, in order of owners as written, then of units.
    pub struck: Vec<ModeId>,
    /// Stream of the times from one shock to the next.
    pub time_stream: StreamId,
    /// Stream of whom it strikes, and when.
    pub choice_stream: StreamId,
}

impl Owner {
    pub(super) fn modes<'a>(&self, spec: &'a SystemSpec) -> Option<&'a [ModeSpec]> {
        match self {
            Self::Component(name) => spec.components.iter().find(|c| c.name == *name).map(|c| &c.modes[..]),
            Self::Domain(name) => spec.domains.iter().find(|d| d.name == *name).map(|d| &d.modes[..]),
        }
    }

    /// Its number: components in written order, then domains.
    pub(crate) fn index(&self, spec: &SystemSpec) -> Option<usize> {
        match self {
            Self::Component(name) => spec.components.iter().position(|c| c.name == *name),
            Self::Domain(name) => {
                spec.domains.iter().position(|d| d.name == *name).map(|at| at + spec.components.len())
            }
        }
    }

    pub(crate) fn name(&self) -> (&'static str, &str) {
        match self {
            Self::Component(name) => ("component", name),
            Self::Domain(name) => ("domain", name),
        }
    }
}

impl Strike {
    /// The modes of a checked strike that can take hold, in order of units.
    pub(super) fn modes(&self, spec: &SystemSpec, units: &Units) -> Vec<ModeId> {
        let place = |modes: &[ModeSpec]| modes.iter().position(|mode| mode.name == self.mode);
        let place = self.owner.modes(spec).and_then(place).expect("bug: the strikes were checked") as ModeId;
        let owner = self.owner.index(spec).expect("bug: the strikes were checked");
        let members = match spec.components.get(owner) {
            Some(component) => {
                let first = Units::first_of(spec, owner);
                first..first + component.units.len()
            }
            None => {
                let domain = units.replicas + owner - spec.components.len();
                domain..domain + 1
            }
        };
        units.units[members].iter().map(|unit| unit.modes.start + place).collect()
    }
}

impl SystemSpec {
    /// The cause of a mode that is struck; that of an experiment or of a canary test is named as the mode.
    pub(super) fn shock_cause(&self, owner: &Owner, mode: &str) -> Option<String> {
        let is = |strike: &Strike| strike.owner == *owner && strike.mode == mode;
        let by_shock = self.shocks.iter().find(|shock| shock.strikes.iter().any(is));
        let by_experiment = self.experiments.iter().map(|experiment| &experiment.strike).find(|strike| is(strike));
        let mut by_test = self.failovers.iter().filter_map(FailoverSpec::canary_mode);
        let named = by_experiment.map(|strike| strike.mode.clone());
        by_shock.map(|shock| shock.cause.clone()).or(named).or_else(|| by_test.find(|name| name == mode))
    }
}

/// What else a component has that is not played together with shocks and hidden failures yet.
fn beside(component: &ComponentSpec, spec: &SystemSpec) -> Option<&'static str> {
    let data = spec.data_losses.iter().any(|data| data.component == component.name);
    let replicated = spec.replications.iter().any(|replication| replication.component == component.name);
    match &component.redundancy {
        Redundancy::Covered { .. } => Some("coverage"),
        _ if data => Some("loss of data"),
        _ if replicated => Some("replication"),
        _ => None,
    }
}

fn is_target(spec: &SystemSpec, component: &ComponentSpec) -> bool {
    let owners = spec.experiments.iter().map(|experiment| &experiment.strike.owner);
    owners.into_iter().any(|owner| matches!(owner, Owner::Component(name) if *name == component.name))
}

fn exposes(plan: &FailoverSpec, component: &ComponentSpec) -> bool {
    plan.components.contains(&component.name) && plan.canary_mode().is_some()
}

fn is_repaired_after_switch(component: &ComponentSpec) -> bool {
    matches!(&component.redundancy, Redundancy::Standby(scheme) if scheme.repair_starts == RepairStarts::AfterSwitch)
}

/// Components with a shared risk, an experiment or hidden failures beside something that is not simulated together with it yet: the
/// component, the one, the other.
pub fn not_together(spec: &SystemSpec) -> Vec<(String, &'static str, &'static str)> {
    let mut found = Vec::new();
    for component in &spec.components {
        let struck = component.modes.iter().any(|mode| mode.clock == Clock::Struck && !mode.is_struck_alone());
        let warms = component.modes.iter().any(ModeSpec::is_warm_up);
        let evicted = component.modes.iter().any(ModeSpec::is_eviction);
        let tested = component.modes.iter().any(|mode| matches!(mode.repair, Repair::Tested(_)));
        let on_purpose = is_target(spec, component);
        let is_exposed = spec.failovers.iter().any(|plan| exposes(plan, component));
        let one = match () {
            () if on_purpose => "an experiment",
            () if is_exposed => "a canary test",
            () if struck => "a shared risk",
            () if tested => "hidden failures",
            () if evicted => "eviction from a host",
            () => "a warm-up",
        };
        if on_purpose && is_repaired_after_switch(component) {
            found.push((component.name.clone(), one, "repairs that begin after a switch"));
        }
        if imperfect_repair::is_struck(component) {
            found.push((component.name.clone(), one, "imperfect repair or a mode that a restart clears"));
        }
        if let Some(other) = beside(component, spec).filter(|_| struck || tested || warms || evicted) {
            found.push((component.name.clone(), one, other));
        }
    }
    found
}

fn check_together(spec: &SystemSpec) -> Result<(), SystemError> {
    match not_together(spec).into_iter().next() {
        Some((component, one, other)) => Err(SystemError::NotTogether { component, one, other }),
        None => Ok(()),
    }
}

/// Refuses shocks that cannot be, before anything is compiled.
pub(super) fn check(spec: &SystemSpec) -> Result<(), SystemError> {
    check_together(spec)?;
    for (place, shock) in spec.shocks.iter().enumerate() {
        if spec.shocks[..place].iter().any(|other| other.name == shock.name) {
            return Err(SystemError::Duplicate { what: "shock", name: shock.name.clone() });
        }
        for strike in &shock.strikes {
            let (what, name) = strike.owner.name();
            let modes = strike.owner.modes(spec).ok_or_else(|| unknown(what, name))?;
            let found = modes.iter().any(|mode| mode.name == strike.mode && mode.clock == Clock::Struck);
            if !found {
                return Err(unknown("struck mode", &strike.mode));
            }
        }
        check_numbers(shock)?;
    }
    let components = spec.components.iter().map(|c| (Owner::Component(c.name.clone()), &c.modes));
    let domains = spec.domains.iter().map(|d| (Owner::Domain(d.name.clone()), &d.modes));
    for (owner, modes) in components.chain(domains) {
        let unstruck = |mode: &&ModeSpec| {
            let is_struck = mode.clock == Clock::Struck && !mode.is_struck_alone();
            is_struck && spec.shock_cause(&owner, &mode.name).is_none()
        };
        if let Some(mode) = modes.iter().find(unstruck) {
            return Err(unknown("shock of the mode", &mode.name));
        }
    }
    Ok(())
}

fn check_numbers(shock: &ShockSpec) -> Result<(), SystemError> {
    let out_of_range = |what, value, allowed: &str| {
        Err(SystemError::OutOfRange { what, name: shock.name.clone(), value, allowed: allowed.to_owned() })
    };
    let mean = shock.time_to_shock.mean().get();
    if !(mean > 0.0) {
        return out_of_range("mean time to a shock", mean, "above 0");
    }
    match &shock.hits {
        Hits::Each(p) if !(0.0..=1.0).contains(p) => out_of_range("share that is hit", *p, "0 to 1"),
        Hits::Exactly(0) => out_of_range("units hit", 0.0, "at least 1"),
        Hits::Burst(burst) if burst.sizes.iter().any(|(size, _)| *size == 0) => {
            out_of_range("size of a burst", 0.0, "at least 1")
        }
        Hits::Burst(burst) if !(burst.window.get() >= 0.0) => {
            out_of_range("window of a burst", burst.window.get(), "at least 0")
        }
        _ => Ok(()),
    }
}

/// Compiles the shocks of a checked specification.
pub(super) fn build(spec: &SystemSpec, units: &Units) -> Result<Vec<Shock>, SystemError> {
    let mut streams = StreamRegister::under(spec.draw);
    let mut shocks = Vec::with_capacity(spec.shocks.len());
    for shock in &spec.shocks {
        let mut struck = Vec::new();
        for strike in &shock.strikes {
            struck.extend(strike.modes(spec, units));
        }
        if let Hits::Exactly(count) = shock.hits
            && count as usize > struck.len()
        {
            let allowed = format!("1 to {}", struck.len());
            let (what, name, value) = ("units hit", shock.name.clone(), f64::from(count));
            return Err(SystemError::OutOfRange { what, name, value, allowed });
        }
        let time_stream = streams.take("time_to_shock", &shock.name)?;
        shocks.push(Shock { struck, time_stream, choice_stream: streams.take("struck", &shock.name)? });
    }
    Ok(shocks)
}
