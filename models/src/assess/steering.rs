//! What a run stops on: the half-width of measures, or the evidence about agreements.

use ninefold_sim_core::checkpoints::enough_for_skewness;
use ninefold_sim_core::interval::Estimate;

use super::AssessError;
use crate::metric::up_down::MINUTES_PER_YEAR;
use crate::metric::{Reading, Tallies};
use crate::plan::{Goal, HalfWidth, Plan, STEERING_UNITS, SteeringUnit, Stopping, steering_unit};
use crate::results::{Judged, Reached, Requirement, SteeringRule, Stopped, Verdict};
use crate::system::{System, TrackedId};

/// What steers, and how well it is to be known.
#[derive(Debug)]
pub(super) struct Steering {
    /// As shown: the measure's or agreement's name, or what the default stands for.
    pub(super) name: String,
    rule: SteeringRule,
    /// Half-width, or probability of a wrong verdict.
    asked: f64,
    by: By,
}

#[derive(Debug)]
enum By {
    Measures(Vec<Measure>),
    /// Places in the system's agreements.
    Agreements(Vec<usize>),
    /// Place of an agreement, and the share of its windows in which it may be missed.
    Breach(usize, f64),
}

#[derive(Debug)]
enum Measure {
    Unavailability(TrackedId),
    Downtime(TrackedId),
    Unserved(u32),
    FailureRate(TrackedId),
    FirstFailure(TrackedId),
    Breach(String),
}

impl Steering {
    /// The steering of a plan; `None` if it fixes the replications.
    pub(super) fn of(system: &System, plan: &Plan) -> Result<Option<Self>, AssessError> {
        let Stopping::Until { goal, .. } = &plan.stopping else { return Ok(None) };
        Ok(Some(match goal {
            Goal::RelativeHalfWidth { measure, at_most } => {
                let silent = if system.spec.time.until_first_failure { "mttf" } else { "unavailability" };
                let (name, by) = measures(system, measure.as_deref(), silent)?;
                Self { name, rule: SteeringRule::RelativeHalfWidth, asked: *at_most, by }
            }
            Goal::AbsoluteHalfWidth { measure, at_most } => {
                in_a_unit_of(system, measure.as_deref(), *at_most)?;
                let (name, by) = measures(system, measure.as_deref(), at_most.measure())?;
                in_its_unit(&name, *at_most)?;
                let rule = SteeringRule::AbsoluteHalfWidth { unit: at_most.unit() };
                Self { name, rule, asked: at_most.value(), by }
            }
            Goal::Decision { agreement, confidence } => {
                let by = By::Agreements(agreements(system, agreement.as_deref())?);
                let name = format!("agreements.{}", agreement.as_deref().unwrap_or("*"));
                Self { name, rule: SteeringRule::Decision, asked: 1.0 - confidence, by }
            }
            Goal::Breach { agreement, at_most, confidence } => {
                let by = By::Breach(agreements(system, Some(agreement))?[0], *at_most);
                let name = format!("agreements.{agreement}.breach_probability");
                Self { name, rule: SteeringRule::Decision, asked: 1.0 - confidence, by }
            }
        }))
    }

    /// Why a run stops that has reached its goal.
    pub(super) const fn stopped(&self) -> Stopped {
        match self.by {
            By::Agreements(_) | By::Breach(..) => Stopped::Decision,
            By::Measures(_) => Stopped::Precision,
        }
    }

    /// How far the run has come with what is known least, and whether all is known well enough to stop.
    pub(super) fn reached(&self, tallies: &Tallies, reading: Reading<'_>) -> (Reached, bool) {
        let (mut worst, mut enough) = (0.0f64, true);
        let mut take = |reached: f64, fit: bool| {
            worst = worst.max(reached);
            enough &= reached <= self.asked && fit;
        };
        match &self.by {
            By::Agreements(places) => {
                places.iter().for_each(|&place| take(tallies.agreement.evidence(place, reading).doubt, true));
            }
            By::Breach(place, at_most) => {
                take(tallies.agreement.evidence_of_breach(*place, *at_most, reading).doubt, true)
            }
            By::Measures(measures) => measures.iter().for_each(|measure| {
                let (estimate, skewness) = measure.estimate(tallies, reading);
                let width = match self.rule {
                    SteeringRule::AbsoluteHalfWidth { .. } => estimate.half_width(),
                    _ => estimate.relative_half_width(),
                };
                take(width, enough_for_skewness(reading.sample().blocks(), skewness));
            }),
        }
        (Reached { rule: self.rule, asked: self.asked, reached: worst }, enough)
    }

    /// Gives the agreements that steer the verdict of the test instead of the interval's.
    pub(super) fn judge(&self, requirements: &mut [Requirement]) {
        let By::Agreements(places) = &self.by else { return };
        for &place in places {
            let requirement = &mut requirements[place];
            let decided = requirement.doubt <= self.asked;
            requirement.verdict = if decided { requirement.favours } else { Verdict::Undecided };
            requirement.judged = Judged::SequentialTest;
            requirement.confidence = 1.0 - self.asked;
        }
    }
}

impl Measure {
    /// Estimate, and skewness of what a replication contributes (0 where it is not tallied: rates are nearly symmetric).
    fn estimate(&self, tallies: &Tallies, reading: Reading<'_>) -> (Estimate, f64) {
        let none = Estimate { value: f64::NAN, standard_error: f64::NAN, lo: f64::NAN, hi: f64::NAN };
        match self {
            Self::Unavailability(id) => tallies.up_down.unavailability(*id, reading),
            Self::Downtime(id) => {
                let (estimate, skewness) = tallies.up_down.unavailability(*id, reading);
                (estimate.scaled(MINUTES_PER_YEAR), skewness)
            }
            Self::Unserved(journey) => tallies.service.unserved_ratio(*journey, reading),
            Self::FailureRate(id) => (tallies.up_down.failure_rate(*id, reading), 0.0),
            Self::FirstFailure(id) => tallies.first_failure.mttf(*id, reading).unwrap_or((none, 0.0)),
            Self::Breach(name) => (tallies.agreement.breach_probability(name, reading).unwrap_or(none), 0.0),
        }
    }
}

/// The measure of this name; without a name, the measure `silent` of every journey, or of every component.
fn measures(system: &System, name: Option<&str>, silent: &str) -> Result<(String, By), AssessError> {
    if let Some(name) = name {
        return Ok((name.to_owned(), By::Measures(vec![one(system, name)?])));
    }
    let (what, targets) = if system.journeys.is_empty() {
        ("components", system.components.len())
    } else {
        ("journeys", system.journeys.len())
    };
    let every = system.tracked[..targets].iter().map(|tracked| one(system, &format!("{}.{silent}", tracked.entity())));
    Ok((format!("{what}.*.{silent}"), By::Measures(every.collect::<Result<_, _>>()?)))
}

fn one(system: &System, name: &str) -> Result<Measure, AssessError> {
    let unknown = || AssessError::UnknownMeasure { measure: name.to_owned(), allowed: allowed() };
    let (entity, measure) = name.rsplit_once('.').ok_or_else(unknown)?;
    if let Some(agreement) = entity.strip_prefix("agreements.") {
        let known = system.spec.agreements.iter().any(|declared| declared.name == agreement);
        let known = known && measure == "breach_probability" && !system.spec.time.until_first_failure;
        return if known { Ok(Measure::Breach(agreement.to_owned())) } else { Err(unknown()) };
    }
    let id = system.tracked.iter().position(|tracked| tracked.entity() == entity).ok_or_else(unknown)? as TrackedId;
    let targets = if system.journeys.is_empty() { system.components.len() } else { system.journeys.len() };
    match (measure, system.spec.time.until_first_failure) {
        ("unavailability", false) => Ok(Measure::Unavailability(id)),
        ("downtime", false) => Ok(Measure::Downtime(id)),
        ("unserved_ratio", false) if (id as usize) < system.journeys.len() => Ok(Measure::Unserved(id)),
        ("failure_rate", false) => Ok(Measure::FailureRate(id)),
        ("mttf", true) if (id as usize) < targets => Ok(Measure::FirstFailure(id)),
        _ => Err(unknown()),
    }
}

fn allowed() -> String {
    "`journeys.NAME.unavailability` (or `downtime`, `failure_rate`, `unserved_ratio`), `components.NAME.unavailability`, \
     `agreements.NAME.breach_probability`, and `mttf` in a run to the first failure"
        .to_owned()
}

/// A half-width without a measure needs one of its unit in the run.
fn in_a_unit_of(system: &System, measure: Option<&str>, at_most: HalfWidth) -> Result<(), AssessError> {
    let to_first_failure = system.spec.time.until_first_failure;
    let measured = |unit: &SteeringUnit| (unit.unit == "h") == to_first_failure;
    let found = SteeringUnit::named(at_most.unit());
    if measure.is_some() || measured(found) {
        return Ok(());
    }
    let allowed = STEERING_UNITS.iter().filter(|unit| measured(unit));
    let allowed: Vec<String> = allowed.map(|unit| format!("{} for `{}`", unit.written, unit.measures[0])).collect();
    Err(AssessError::NothingInUnit { found, allowed: allowed.join(", ") })
}

/// A half-width goes with a measure of its unit.
fn in_its_unit(measure: &str, at_most: HalfWidth) -> Result<(), AssessError> {
    let needs = measure.rsplit('.').next().and_then(steering_unit).expect("bug: the measure is one that steers");
    let (needs, found) = (SteeringUnit::named(needs), SteeringUnit::named(at_most.unit()));
    if found == needs {
        return Ok(());
    }
    Err(AssessError::WrongUnit { measure: measure.to_owned(), needs, found })
}

/// The places of the agreements to decide on.
fn agreements(system: &System, name: Option<&str>) -> Result<Vec<usize>, AssessError> {
    let declared = &system.spec.agreements;
    if system.spec.time.until_first_failure || declared.is_empty() {
        return Err(AssessError::NothingToDecide);
    }
    let Some(name) = name else { return Ok((0..declared.len()).collect()) };
    let place = declared.iter().position(|agreement| agreement.name == name);
    place.map(|place| vec![place]).ok_or_else(|| AssessError::UnknownAgreement {
        agreement: name.to_owned(),
        declared: declared.iter().map(|agreement| format!("`{}`", agreement.name)).collect::<Vec<_>>().join(", "),
    })
}
