//! Recovery objectives: how soon a journey is to be up again, and how much of what was written may be lost.

use ninefold_sim_core::tick::Tick;

use super::error::SystemError;
use super::journeys::Journey;
use super::spec::SystemSpec;
use super::units::unknown;
use crate::units::Hours;

/// The recovery objectives of a journey (ISO 22301, 8.2.2: recovery time objective, RTO, and recovery point objective, RPO).
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectiveSpec {
    /// The journey.
    pub journey: String,
    /// How long an outage may last, above 0; `None` is not said.
    pub recovery_time: Option<Hours>,
    /// How much of what was written a takeover or a restore may lose, in written time, at least 0; `None` is not said.
    pub recovery_point: Option<Hours>,
}

/// The same, compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objective {
    /// Index of the journey.
    pub journey: u32,
    /// How long an outage may last.
    pub recovery_time: Option<Tick>,
    /// How much may be lost.
    pub recovery_point: Option<Tick>,
}

pub(super) fn build(spec: &SystemSpec, journeys: &[Journey]) -> Result<Vec<Objective>, SystemError> {
    let mut all: Vec<Objective> = Vec::new();
    for declared in &spec.objectives {
        let journey = spec.journeys.iter().position(|journey| journey.name == declared.journey);
        let journey = journey.filter(|&journey| journey < journeys.len());
        let journey = journey.ok_or_else(|| unknown("journey", &declared.journey))? as u32;
        if all.iter().any(|other| other.journey == journey) {
            return Err(SystemError::Duplicate { what: "objective of journey", name: declared.journey.clone() });
        }
        let ticks = |hours: Option<Hours>, least: f64| match hours {
            Some(hours) if !(hours.get() >= least && hours.get().is_finite()) => Err(SystemError::OutOfRange {
                what: "recovery objective",
                name: declared.journey.clone(),
                value: hours.get(),
                allowed: "a time above 0, and of what is lost 0 or more".to_owned(),
            }),
            hours => Ok(hours.map(|hours| Tick::from_hours(hours.get()))),
        };
        let recovery_time = ticks(declared.recovery_time, f64::MIN_POSITIVE)?;
        all.push(Objective { journey, recovery_time, recovery_point: ticks(declared.recovery_point, 0.0)? });
    }
    Ok(all)
}
