//! Backups: what the data of a component come back from, and when they do not.
//!
//! The data of a component are a component of their own, [`data`](BackupSpec::data), whose one unit is up while they are
//! good or nobody knows better; so the component is up while its units and its data are.

use ninefold_sim_core::stream::{StreamId, StreamRegister};
use ninefold_sim_core::tick::Tick;

use super::error::SystemError;
use super::proof_test::Tests;
use super::spec::{Clock, ComponentSpec, Effect, ModeSpec, Redundancy, Repair, SystemSpec, UnitSpec};
use super::units::{ModeId, UnitId, Units, unknown};
use crate::lifetime::Law;
use crate::units::{HOURS_PER_YEAR, Hours};

/// The mode that takes hold when more units fail than the data survive; no other mode of data is struck.
const LOST: &str = "data-loss";

/// Most backups that are tried one after the other; the last of them is good.
pub(crate) const TRIES_MAX: u32 = 10_000;

/// The backups of a component.
#[derive(Clone, Debug, PartialEq)]
pub struct BackupSpec {
    /// The component; it has at most one of these, no `per`, no router and no queue of requests.
    pub component: String,
    /// From one backup to the next, above 0; they are taken at its multiples since the start, and before.
    pub every: Hours,
    /// Probability that a backup cannot be restored, which shows once it has been, 0..1; each for itself.
    pub corrupt: f64,
}

/// A repair that brings data back from the last good backup.
#[derive(Clone, Debug, PartialEq)]
pub struct Restore {
    /// How long it takes to restore one backup.
    pub takes: Law,
    /// The tests that find that the data are wrong; `None` is at once. Until then they are in use, and so are in every
    /// backup.
    pub found: Option<Tests>,
}

impl BackupSpec {
    /// The name of the component that stands for the data of `component`.
    pub fn name_of(component: &str) -> String {
        format!("{component}/data")
    }

    /// The data of a component: it belongs among the components of the system.
    pub fn data(component: &str, modes: Vec<ModeSpec>) -> ComponentSpec {
        let name = Self::name_of(component);
        ComponentSpec {
            units: vec![UnitSpec { name: name.clone(), domain: None }],
            name,
            redundancy: Redundancy::None,
            per: None,
            modes,
            capacity_per_unit: None,
        }
    }
}

impl ModeSpec {
    /// The loss of the data of a component: it takes hold when more units fail than they survive.
    pub fn data_loss(takes: Law) -> Self {
        let never_read = Law::exponential(Hours::new(HOURS_PER_YEAR)).expect("bug: a year is a mean");
        Self {
            name: LOST.to_owned(),
            time_to_failure: never_read,
            repair: Repair::Restored(Restore { takes, found: None }),
            effect: Effect::Down,
            clock: Clock::Struck,
            propagates: Vec::new(),
        }
    }

    /// Whether it ends when data come back from a backup.
    pub(crate) const fn is_restored(&self) -> bool {
        matches!(self.repair, Repair::Restored(_))
    }
}

/// The backups of a component, compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    /// Index of the component.
    pub component: u32,
    /// Its data, as a unit.
    pub data: UnitId,
    /// From one backup to the next.
    pub every: Tick,
    /// Probability that a backup cannot be restored.
    pub corrupt: f64,
    /// Stream of which cannot.
    pub stream: StreamId,
    /// The mode that is the loss of the data, if they may be lost.
    pub lost: Option<ModeId>,
    /// Whether each failure is known at once and ends with the first backup: then the data fail and are mended as any unit.
    pub first_try: bool,
}

/// The name of the component whose data another stands for.
pub(super) fn owner_of_data(name: &str) -> &str {
    name.strip_suffix("/data").unwrap_or(name)
}

/// The data of a component as a unit, if they come back from backups.
pub(super) fn data_of(spec: &SystemSpec, component: &str) -> Result<Option<UnitId>, SystemError> {
    if !spec.backups.iter().any(|backup| backup.component == component) {
        return Ok(None);
    }
    let name = BackupSpec::name_of(component);
    let place = spec.components.iter().position(|component| component.name == name);
    let place = place.ok_or_else(|| unknown("component", &name))?;
    Ok(Some(Units::first_of(spec, place) as UnitId))
}

pub(super) fn build(spec: &SystemSpec, units: &Units) -> Result<Vec<Backup>, SystemError> {
    let mut streams = StreamRegister::under(spec.draw);
    let mut all: Vec<Backup> = Vec::new();
    for declared in &spec.backups {
        let name = &declared.component;
        let component = spec.components.iter().position(|component| component.name == *name);
        let component = component.ok_or_else(|| unknown("component", name))?;
        if all.iter().any(|other| other.component == component as u32) {
            return Err(SystemError::Duplicate { what: "backup of component", name: name.clone() });
        }
        check(spec, declared, &spec.components[component])?;
        let data = data_of(spec, name)?.ok_or_else(|| unknown("component", name))?;
        let modes = &units.units[data as usize].modes;
        let hidden = modes.clone().any(|mode| units.modes[mode as usize].tests.is_some());
        let struck = |&mode: &ModeId| units.modes[mode as usize].clock == Clock::Struck;
        all.push(Backup {
            component: component as u32,
            data,
            every: Tick::from_hours(declared.every.get()),
            corrupt: declared.corrupt,
            stream: streams.take("corrupt", name)?,
            lost: modes.clone().find(struck),
            first_try: declared.corrupt == 0.0 && !hidden && !modes.clone().any(|mode| struck(&mode)),
        });
    }
    let restored = |component: &&ComponentSpec| component.modes.iter().any(ModeSpec::is_restored);
    for data in spec.components.iter().filter(restored) {
        if !spec.backups.iter().any(|backup| BackupSpec::name_of(&backup.component) == data.name) {
            return Err(unknown("backup of", &data.name));
        }
    }
    Ok(all)
}

fn check(spec: &SystemSpec, declared: &BackupSpec, component: &ComponentSpec) -> Result<(), SystemError> {
    let name = || declared.component.clone();
    let out_of_range = |what, value, allowed: &str| {
        Err(SystemError::OutOfRange { what, name: name(), value, allowed: allowed.to_owned() })
    };
    if Tick::from_hours(declared.every.get()) <= Tick::ZERO {
        return out_of_range("time between backups", declared.every.get(), "above 0");
    }
    if !(0.0..1.0).contains(&declared.corrupt) {
        return out_of_range("probability of a corrupt backup", declared.corrupt, "0 to below 1");
    }
    match beside(spec, component) {
        Some(other) => Err(SystemError::NotTogether { component: name(), one: "a backup", other }),
        None => Ok(()),
    }
}

/// What a component that comes back from backups has beside that is not played together with them yet.
fn beside(spec: &SystemSpec, component: &ComponentSpec) -> Option<&'static str> {
    let routed = spec.routings.iter().any(|routing| routing.to == component.name || routing.router == component.name);
    match () {
        () if component.per.is_some() => Some("a state per domain"),
        () if routed => Some("a router"),
        () if spec.queueing.queue(&component.name).is_some() => Some("a queue of requests"),
        () => None,
    }
}
