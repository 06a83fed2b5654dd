//! Rates that change over time: a level, and the course it takes.

use ninefold_sim_core::stream::{StreamId, StreamRegister};
use ninefold_sim_core::tick::Tick;

use super::error::SystemError;
use super::spec::SystemSpec;
use super::variation::{self, Variation, VariationOf};
use crate::units::Hours;

/// Most steps of one course.
pub const COURSE_STEPS_MAX: usize = 200_000;

/// A rate: of demand, or of what a unit can serve.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Per second (or in the scenario's unit of flow), ≥ 0; with a course, what its factors multiply.
    pub rate: f64,
    /// How it changes over time; `None` is constant.
    pub course: Option<Course>,
}

impl From<f64> for Level {
    fn from(rate: f64) -> Self {
        Self { rate, course: None }
    }
}

/// A piecewise-constant factor over time, and what varies about it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Course {
    /// Instants, ascending from 0, and the factor (≥ 0) from each on.
    pub steps: Vec<(Hours, f64)>,
    /// What multiplies it, drawn anew in every replication.
    pub variation: Option<Variation>,
}

/// Lognormal noise of mean 1 whose logarithm forgets exponentially (an Ornstein–Uhlenbeck process), held for one
/// correlation time after another.
///
/// # Source
/// Uhlenbeck, Ornstein, *Phys. Rev.* 36 (1930); sampled exactly, as an autoregression of order 1 with coefficient e⁻¹.
#[derive(Clone, Debug, PartialEq)]
pub struct Noise {
    /// Coefficient of variation, in (0, 10].
    pub cv: f64,
    /// Time in which the correlation of the logarithm falls to 1/e, > 0.
    pub correlation: Hours,
    /// Whose noise it is: levels of one name vary together.
    pub name: String,
}

/// Whose level it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelOf {
    /// The demand of a journey.
    Demand(u32),
    /// The capacity of a component's units.
    Capacity(u32),
    /// The share of clients that a router sends to a place; it follows no course.
    Sent(u32),
}

/// A compiled course.
#[derive(Clone, Debug)]
pub struct CourseOf {
    /// Whose.
    pub of: LevelOf,
    /// Instants, strictly ascending from 0, and the factor from each on.
    pub steps: Vec<(Tick, f64)>,
    /// What multiplies it, drawn anew in every replication.
    pub variation: Option<VariationOf>,
}

/// Checks and compiles every course: of demand by journey, of capacity by component.
pub(super) fn courses(spec: &SystemSpec) -> Result<Vec<CourseOf>, SystemError> {
    let demand = spec
        .journeys
        .iter()
        .enumerate()
        .map(|(i, journey)| (LevelOf::Demand(i as u32), "demand", &journey.name, &journey.demand));
    let capacity =
        spec.components.iter().enumerate().map(|(i, component)| {
            (LevelOf::Capacity(i as u32), "capacity", &component.name, &component.capacity_per_unit)
        });
    let (mut all, mut streams) = (Vec::new(), StreamRegister::under(spec.draw));
    let mut drawn: Vec<(&'static str, &str, StreamId)> = Vec::new();
    for (of, what, name, level) in demand.chain(capacity) {
        let Some(level) = level else { continue };
        check_number((what, name), level.rate, f64::MAX)?;
        let Some(course) = &level.course else { continue };
        if spec.time.until_first_failure {
            return Err(SystemError::EndlessCourse { what, name: name.clone() });
        }
        let variation = course.variation.as_ref().map(|variation| {
            let (purpose, whose) = (variation.purpose(), variation.name());
            let stream = match drawn.iter().find(|known| (known.0, known.1) == (purpose, whose)) {
                Some(&(.., stream)) => stream,
                None => streams.take(purpose, whose)?,
            };
            drawn.push((purpose, whose, stream));
            variation::compile((what, name), variation, (level.rate, spec.time.horizon), stream)
        });
        all.push(CourseOf { of, steps: steps((what, name), &course.steps)?, variation: variation.transpose()? });
    }
    Ok(all)
}

fn steps(of: (&'static str, &str), written: &[(Hours, f64)]) -> Result<Vec<(Tick, f64)>, SystemError> {
    if written.len() > COURSE_STEPS_MAX {
        let (what, count, limit) = ("steps of a course", written.len(), COURSE_STEPS_MAX);
        return Err(SystemError::TooMany { what, count, limit });
    }
    let mut steps: Vec<(Tick, f64)> = Vec::with_capacity(written.len().max(1));
    for &(at, factor) in written {
        check_number(of, factor, f64::MAX)?;
        let at = Tick::from_hours(at.get());
        let after = steps.last().is_none_or(|last| last.0 < at);
        if !after || (steps.is_empty() && at != Tick::ZERO) {
            let allowed = "instants that ascend from 0".to_owned();
            return Err(SystemError::OutOfRange { what: of.0, name: of.1.to_owned(), value: at.hours(), allowed });
        }
        if steps.last().is_none_or(|last| last.1 != factor) {
            steps.push((at, factor));
        }
    }
    if steps.is_empty() {
        steps.push((Tick::ZERO, 1.0));
    }
    Ok(steps)
}

fn check_number((what, name): (&'static str, &str), value: f64, most: f64) -> Result<(), SystemError> {
    if value >= 0.0 && value <= most && value.is_finite() {
        return Ok(());
    }
    let allowed = if most < f64::MAX { format!("0 to {most}") } else { "0 or more, finite".to_owned() };
    Err(SystemError::OutOfRange { what, name: name.to_owned(), value, allowed })
}
