//! Load sharing: the fewer units of a component are up, the more each of them carries, and the faster it ages.
//!
//! Every clock of an up unit runs `hazard` times as fast while that many are up: its *age* runs so fast, whatever its law,
//! so that of an exponential law the rate is multiplied. Source: Kapur & Lamberson, *Reliability in Engineering Design*
//! (1977), 8.4; cumulative exposure: Nelson, *IEEE Trans. Reliab.* 29 (1980) 103.

use super::autoscale::is_scaled;
use super::error::SystemError;
use super::spec::{Redundancy, SystemSpec};
use super::units::unknown;

/// Fastest that a clock may run.
pub const HAZARD_MAX: f64 = 1e6;

/// How fast the units of a component age, by how many of them are up.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadSharingSpec {
    /// The component; it has at most one of these, and neither a standby scheme, coverage, spot
    /// capacity nor an autoscaler.
    pub component: String,
    /// Each count of units up at most once; with a count that is not named clocks run at speed 1.
    pub hazards: Vec<SharedHazard>,
}

/// How fast clocks run while so many units are up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SharedHazard {
    /// Units of the component that are up, 1..=n.
    pub units_up: u32,
    /// Factor on the speed of their operating and service clocks, above 0, at most [`HAZARD_MAX`].
    pub hazard: f64,
}

/// A component whose units share its load, compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadSharing {
    /// Index of the component.
    pub component: u32,
    /// Speed of clocks by the number of units up, from 0 to all.
    pub hazards: Vec<f64>,
}

/// How the units of a component share its load, if they do.
pub(super) fn sharing_of<'a>(spec: &'a SystemSpec, component: &str) -> Option<&'a LoadSharingSpec> {
    spec.load_sharings.iter().find(|sharing| sharing.component == component)
}

/// The fastest that clocks of a component run.
pub(super) fn fastest(spec: &SystemSpec, component: &str) -> f64 {
    let hazards = sharing_of(spec, component).into_iter().flat_map(|sharing| &sharing.hazards);
    hazards.map(|step| step.hazard).fold(1.0, f64::max)
}

pub(super) fn build(spec: &SystemSpec) -> Result<Vec<LoadSharing>, SystemError> {
    let compile = |(place, sharing): (usize, &LoadSharingSpec)| {
        let name = &sharing.component;
        let component = spec.components.iter().position(|component| component.name == *name);
        let component = component.ok_or_else(|| unknown("component", name))?;
        if spec.load_sharings[..place].iter().any(|other| other.component == *name) {
            return Err(SystemError::Duplicate { what: "load sharing of component", name: name.clone() });
        }
        let other = match &spec.components[component].redundancy {
            Redundancy::Standby(_) => Some("a standby scheme"),
            Redundancy::Covered { .. } => Some("coverage"),
            _ if spec.spots.iter().any(|spot| spot.component == *name) => Some("spot capacity"),
            _ => is_scaled(spec, name).then_some("an autoscaler"),
        };
        if let Some(other) = other {
            return Err(SystemError::NotTogether { component: name.clone(), one: "load sharing", other });
        }
        let units = spec.components[component].units.len();
        let mut hazards = vec![None; units + 1];
        for step in &sharing.hazards {
            let out_of_range =
                |what, value, allowed| SystemError::OutOfRange { what, name: name.clone(), value, allowed };
            if !(1..=units).contains(&(step.units_up as usize)) {
                return Err(out_of_range("units up", f64::from(step.units_up), format!("1 to {units}")));
            }
            if !(step.hazard > 0.0 && step.hazard <= HAZARD_MAX) {
                return Err(out_of_range("hazard", step.hazard, format!("above 0, at most {HAZARD_MAX}")));
            }
            if hazards[step.units_up as usize].replace(step.hazard).is_some() {
                return Err(SystemError::Duplicate { what: "a number of units up of", name: name.clone() });
            }
        }
        let hazards = hazards.into_iter().map(|hazard| hazard.unwrap_or(1.0)).collect();
        Ok(LoadSharing { component: component as u32, hazards })
    };
    spec.load_sharings.iter().enumerate().map(compile).collect()
}
