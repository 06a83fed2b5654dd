//! What a run stops on: the relative half-width of one measure, or of the main measure of every journey.

use ninefold_sim_core::checkpoints::enough_for_skewness;
use ninefold_sim_core::interval::Estimate;

use super::AssessError;
use crate::metric::{Reading, Tallies};
use crate::plan::{Plan, Stopping};
use crate::system::{System, TrackedId};

/// Measures a run can stop on, after an entity's name and a dot.
pub const STEERING_MEASURES: [&str; 6] =
    ["unavailability", "downtime", "unserved_ratio", "failure_rate", "mttf", "breach_probability"];

/// The measures that steer, and how well they are to be known.
#[derive(Debug)]
pub(super) struct Steering {
    /// As shown: the measure's name, or what the default stands for.
    pub(super) name: String,
    /// Relative half-width asked for.
    pub(super) asked: f64,
    by: Vec<By>,
}

#[derive(Debug)]
enum By {
    Unavailability(TrackedId),
    Unserved(u32),
    FailureRate(TrackedId),
    FirstFailure(TrackedId),
    Breach(String),
}

impl Steering {
    /// The steering of a plan; `None` if it fixes the replications.
    pub(super) fn of(system: &System, plan: &Plan) -> Result<Option<Self>, AssessError> {
        let Stopping::Precision { measure, relative_half_width: asked, .. } = &plan.stopping else { return Ok(None) };
        let by = match measure {
            Some(name) => vec![one(system, name)?],
            None => every(system),
        };
        let kind = if system.spec.time.until_first_failure { "mttf" } else { "unavailability" };
        let what = if system.journeys.is_empty() { "components" } else { "journeys" };
        let name = measure.clone().unwrap_or_else(|| format!("{what}.*.{kind}"));
        Ok(Some(Self { name, asked: *asked, by }))
    }

    /// The largest relative half-width of the steering measures, and whether all are known well enough to stop.
    pub(super) fn reached(&self, tallies: &Tallies, reading: Reading<'_>) -> (f64, bool) {
        let (mut widest, mut enough) = (0.0f64, true);
        for by in &self.by {
            let (estimate, skewness) = by.estimate(tallies, reading);
            let width = estimate.relative_half_width();
            widest = widest.max(width);
            enough &= width <= self.asked && enough_for_skewness(reading.sample().blocks(), skewness);
        }
        (widest, enough)
    }
}

impl By {
    fn estimate(&self, tallies: &Tallies, reading: Reading<'_>) -> (Estimate, f64) {
        let none = Estimate { value: f64::NAN, standard_error: f64::NAN, lo: f64::NAN, hi: f64::NAN };
        match self {
            Self::Unavailability(id) => tallies.up_down.unavailability(*id, reading),
            Self::Unserved(journey) => tallies.service.unserved_ratio(*journey, reading),
            Self::FailureRate(id) => (tallies.up_down.failure_rate(*id, reading), 0.0),
            Self::FirstFailure(id) => tallies.first_failure.mttf(*id, reading).unwrap_or((none, 0.0)),
            Self::Breach(name) => (tallies.agreement.breach_probability(name, reading).unwrap_or(none), 0.0),
        }
    }
}

fn every(system: &System) -> Vec<By> {
    let targets = if system.journeys.is_empty() { system.components.len() } else { system.journeys.len() };
    let by = if system.spec.time.until_first_failure { By::FirstFailure } else { By::Unavailability };
    (0..targets as TrackedId).map(by).collect()
}

fn one(system: &System, name: &str) -> Result<By, AssessError> {
    let unknown = || AssessError::UnknownMeasure { measure: name.to_owned(), allowed: allowed() };
    let (entity, measure) = name.rsplit_once('.').ok_or_else(unknown)?;
    if let Some(agreement) = entity.strip_prefix("agreements.") {
        let known = system.spec.agreements.iter().any(|declared| declared.name == agreement);
        let known = known && measure == "breach_probability" && !system.spec.time.until_first_failure;
        return if known { Ok(By::Breach(agreement.to_owned())) } else { Err(unknown()) };
    }
    let id = system.tracked.iter().position(|tracked| tracked.entity() == entity).ok_or_else(unknown)? as TrackedId;
    let targets = if system.journeys.is_empty() { system.components.len() } else { system.journeys.len() };
    match (measure, system.spec.time.until_first_failure) {
        ("unavailability" | "downtime", false) => Ok(By::Unavailability(id)),
        ("unserved_ratio", false) if (id as usize) < system.journeys.len() => Ok(By::Unserved(id)),
        ("failure_rate", false) => Ok(By::FailureRate(id)),
        ("mttf", true) if (id as usize) < targets => Ok(By::FirstFailure(id)),
        _ => Err(unknown()),
    }
}

fn allowed() -> String {
    "`journeys.NAME.unavailability` (or `downtime`, `failure_rate`, `unserved_ratio`), `components.NAME.unavailability`, \
     `agreements.NAME.breach_probability`, and `mttf` in a run to the first failure"
        .to_owned()
}
