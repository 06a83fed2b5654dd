//! What journeys lose while they are not served: the rate at which the repairs of a team may be ordered.

use super::error::SystemError;
use super::spec::SystemSpec;
use super::units::unknown;

/// What a success of a journey is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct JourneyValueSpec {
    /// The journey.
    pub journey: String,
    /// Money per request served, ≥ 0.
    pub per_success: f64,
}

/// For each journey what a request is worth: 1 for all where nothing is said of any, 0 where it is said of others only.
pub(super) fn worth(spec: &SystemSpec) -> Result<Vec<f64>, SystemError> {
    for value in &spec.journey_values {
        if !spec.journeys.iter().any(|journey| journey.name == value.journey) {
            return Err(unknown("journey", &value.journey));
        }
        if !(value.per_success >= 0.0 && value.per_success.is_finite()) {
            let (name, allowed) = (value.journey.clone(), "at least 0".to_owned());
            let (what, value) = ("value of a success", value.per_success);
            return Err(SystemError::OutOfRange { what, name, value, allowed });
        }
    }
    let silent = if spec.journey_values.is_empty() { 1.0 } else { 0.0 };
    let said = |name: &str| spec.journey_values.iter().find(|value| value.journey == name);
    Ok(spec.journeys.iter().map(|journey| said(&journey.name).map_or(silent, |value| value.per_success)).collect())
}
