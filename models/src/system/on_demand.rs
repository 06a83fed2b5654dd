//! Failures on demand: a unit that stands by may turn out to have failed when it is called.
//!
//! A mode of [`Clock::Called`] has no clock. Each time a switch calls a dormant unit of its component it takes hold with a
//! probability, and the next able unit is called. Source: NUREG/CR-6928 (2007), 4, on failures to start.

use super::error::SystemError;
use super::spec::{Clock, ComponentSpec, Effect, Redundancy, Repair, SystemSpec};
use super::units::unknown;
use crate::units::Hours;

/// How probably a unit fails when it is called.
#[derive(Clone, Debug, PartialEq)]
pub struct OnDemandSpec {
    /// The component; it has a standby scheme in which units wait.
    pub component: String,
    /// Its mode, of [`Clock::Called`]; each such mode has one of these.
    pub mode: String,
    /// Probability that the mode takes hold at a call, 0..=1.
    pub probability: f64,
}

/// A mode that may take hold when a unit is called.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnDemand {
    /// Its place among the modes of the unit.
    pub place: u32,
    /// Probability that it takes hold at a call.
    pub probability: f64,
}

/// The modes by which a unit of a component may fail when it is called, in written order.
pub(super) fn demands(spec: &SystemSpec, component: &ComponentSpec) -> Vec<OnDemand> {
    let own = |mode: &str| spec.on_demands.iter().find(|d| d.component == component.name && d.mode == mode);
    let modes = (0..).zip(&component.modes).filter(|(_, mode)| mode.clock == Clock::Called);
    modes.filter_map(|(place, mode)| own(&mode.name).map(|d| OnDemand { place, probability: d.probability })).collect()
}

/// Whether units of a component may fail when they are called.
pub(super) fn is_called(component: &ComponentSpec) -> bool {
    component.modes.iter().any(|mode| mode.clock == Clock::Called)
}

pub(super) fn check(spec: &SystemSpec) -> Result<(), SystemError> {
    for (place, demand) in spec.on_demands.iter().enumerate() {
        let component = spec.components.iter().find(|component| component.name == demand.component);
        let component = component.ok_or_else(|| unknown("component", &demand.component))?;
        let mode = component.modes.iter().find(|mode| mode.name == demand.mode && mode.clock == Clock::Called);
        let mode = mode.ok_or_else(|| unknown("mode that fails on demand", &demand.mode))?;
        let same = |other: &OnDemandSpec| (&other.component, &other.mode) == (&demand.component, &demand.mode);
        if spec.on_demands[..place].iter().any(same) {
            return Err(SystemError::Duplicate { what: "failure on demand", name: demand.mode.clone() });
        }
        if !(0.0..=1.0).contains(&demand.probability) {
            let (what, name, allowed) = ("probability of failing on demand", demand.mode.clone(), "0 to 1".to_owned());
            return Err(SystemError::OutOfRange { what, name, value: demand.probability, allowed });
        }
        let other = match (&component.redundancy, &mode.repair) {
            (Redundancy::Standby(scheme), _) if scheme.active as usize >= component.units.len() => "no unit that waits",
            (Redundancy::Standby(_), _) if mode.effect != Effect::Down => "an effect other than `down`",
            (Redundancy::Standby(_), Repair::Tested(_) | Repair::Imperfect(_) | Repair::ByRestart) => {
                "a repair that waits for a test or a restart, or leaves wear"
            }
            (Redundancy::Standby(_), repair) if repair.law().is_some_and(|law| law.cdf(Hours::ZERO) > 0.0) => {
                "a repair that may take no time"
            }
            (Redundancy::Standby(_), _) => continue,
            _ => "no standby scheme",
        };
        let component = demand.component.clone();
        return Err(SystemError::NotTogether { component, one: "a failure on demand", other });
    }
    let owners =
        spec.components.iter().map(|c| (&c.name, &c.modes)).chain(spec.domains.iter().map(|d| (&d.name, &d.modes)));
    for (owner, mode) in owners.flat_map(|(owner, modes)| modes.iter().map(move |mode| (owner, mode))) {
        let declared = |demand: &OnDemandSpec| demand.component == *owner && demand.mode == mode.name;
        if mode.clock == Clock::Called && !spec.on_demands.iter().any(declared) {
            return Err(unknown("probability of failing on demand of", &mode.name));
        }
    }
    Ok(())
}
