//! The exact answers of a system, to be looked up by entity and measure.

use std::collections::BTreeMap;

use super::error::NotExact;
use crate::results::{ImportanceRow, QueueRow};
use crate::units::Hours;

/// A measure with an exact engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Long-run share of time down.
    Unavailability,
    /// Minutes a year.
    Downtime,
    /// Up-to-down transitions a year.
    FailureRate,
    /// Mean time between them, h.
    Mtbf,
    /// Mean up time, h.
    Mut,
    /// Mean down time, h.
    Mttr,
    /// Mean time to the first, h.
    Mttf,
    /// P(up) at an instant.
    AvailabilityAt,
    /// Mean share of time up until an instant.
    IntervalAvailabilityAt,
    /// P(not yet down) at an instant.
    ReliabilityAt,
    /// Mean time to the first loss of data, h.
    Mttdl,
    /// P(data lost within the horizon).
    LossProbability,
    /// Hours of the measured time in which demand is above what can be served.
    ShortfallHours,
    /// Demand not served in full quality ÷ demand.
    UnservedRatio,
    /// 1 − demand not served ÷ demand.
    ServedRatio,
    /// Flow not served in the measured time.
    UnservedEnergy,
    /// Requests not served in the measured time.
    UnservedRequests,
    /// Spot instances that are reclaimed a year.
    Interruptions,
    /// Mean number of places of spot capacity that are empty.
    ReclaimedMean,
    /// Mean number of them that a unit on demand has.
    OnDemandMean,
    /// Work cut off by reclaims, h a year.
    LostWork,
    /// What units cost a year.
    Cost,
    /// The rows of [`Solutions::importance`].
    Importance,
}

impl Measure {
    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unavailability => "unavailability",
            Self::Downtime => "downtime",
            Self::FailureRate => "failure_rate",
            Self::Mtbf => "mtbf",
            Self::Mut => "mut",
            Self::Mttr => "mttr",
            Self::Mttf => "mttf",
            Self::AvailabilityAt => "availability_at",
            Self::IntervalAvailabilityAt => "interval_availability_at",
            Self::ReliabilityAt => "reliability_at",
            Self::Mttdl => "mttdl",
            Self::LossProbability => "loss_probability",
            Self::ShortfallHours => "shortfall_hours",
            Self::UnservedRatio => "unserved_ratio",
            Self::ServedRatio => "served_ratio",
            Self::UnservedEnergy => "unserved_energy",
            Self::UnservedRequests => "unserved_requests",
            Self::Interruptions => "interruptions",
            Self::ReclaimedMean => "reclaimed_mean",
            Self::OnDemandMean => "on_demand_mean",
            Self::LostWork => "lost_work",
            Self::Cost => "cost",
            Self::Importance => "importance",
        }
    }
}

/// What depends on the long run.
pub(super) const LONG_RUN: [Measure; 7] = [
    Measure::Unavailability,
    Measure::Downtime,
    Measure::FailureRate,
    Measure::Mtbf,
    Measure::Mut,
    Measure::Mttr,
    Measure::Importance,
];

/// What depends on how much is served in the long run.
pub(super) const SERVED: [Measure; 5] = [
    Measure::ShortfallHours,
    Measure::UnservedRatio,
    Measure::ServedRatio,
    Measure::UnservedEnergy,
    Measure::UnservedRequests,
];

/// What reclaims of spot capacity come to.
pub(super) const SPOT: [Measure; 4] =
    [Measure::Interruptions, Measure::ReclaimedMean, Measure::OnDemandMean, Measure::LostWork];

/// What units cost.
pub(super) const COST: [Measure; 1] = [Measure::Cost];

/// What depends on how often it fails.
pub(super) const RATES: [Measure; 4] = [Measure::FailureRate, Measure::Mtbf, Measure::Mut, Measure::Mttr];

/// What depends on the state at an instant.
pub(super) const POINTS: [Measure; 2] = [Measure::AvailabilityAt, Measure::IntervalAvailabilityAt];

/// What depends on the first loss of data.
pub(super) const DATA: [Measure; 2] = [Measure::Mttdl, Measure::LossProbability];

/// What depends on the first failure.
pub(super) const FIRST_FAILURE: [Measure; 2] = [Measure::ReliabilityAt, Measure::Mttf];

/// A value, and the name of the method that found it.
pub type Answer = (f64, &'static str);

/// Exact answers by entity, measure and instant.
#[derive(Clone, Debug, Default)]
pub struct Solutions {
    /// Instants by their bits: they are looked up as they were given.
    answers: BTreeMap<String, Vec<(Measure, Option<u64>, Answer)>>,
    reasons: BTreeMap<String, Vec<(Measure, NotExact)>>,
    importance: Vec<ImportanceRow>,
    pub(super) queues: Vec<QueueRow>,
}

impl Solutions {
    /// The exact value of a measure of `entity` (`journeys.NAME`, `components.NAME`, `components.NAME@DOMAIN`, `components.NAME/read`), and
    /// the method; `at_h` is the instant, in hours, of a point measure. `None` if there is none.
    pub fn get(&self, entity: &str, measure: &str, at_h: Option<f64>) -> Option<Answer> {
        let at = at_h.map(f64::to_bits);
        let answers = self.answers.get(entity)?.iter();
        answers.filter(|(known, moment, _)| known.name() == measure && *moment == at).map(|&(_, _, value)| value).next()
    }

    /// Why `entity` has no exact value of this measure.
    pub fn reason(&self, entity: &str, measure: &str) -> Option<&NotExact> {
        let reasons = self.reasons.get(entity)?.iter();
        reasons.filter(|(known, _)| known.name() == measure).map(|(_, reason)| reason).next()
    }

    /// One row a journey and component or domain, journeys in order; ratios are infinite where perfection leaves no
    /// unavailability at all. Journeys without exact unavailability have no rows.
    pub fn importance(&self) -> &[ImportanceRow] {
        &self.importance
    }

    /// Every answer about queues of requests, and why some have none.
    pub fn queues(&self) -> &[QueueRow] {
        &self.queues
    }

    pub(super) fn add(&mut self, entity: &str, measure: Measure, at: Option<Hours>, answer: Answer) {
        let at = at.map(|at| at.get().to_bits());
        self.answers.entry(entity.to_owned()).or_default().push((measure, at, answer));
    }

    /// Whether `entity` has an answer of this measure.
    pub(super) fn has(&self, entity: &str, measure: Measure) -> bool {
        self.answers.get(entity).is_some_and(|answers| answers.iter().any(|(known, _, _)| *known == measure))
    }

    /// Notes why `entity` lacks those of `measures` that it lacks.
    pub(super) fn refuse(&mut self, entity: &str, measures: &[Measure], reason: &NotExact) {
        let answers = self.answers.get(entity).map_or(&[][..], Vec::as_slice);
        let lacks = |measure: &Measure| !answers.iter().any(|(known, _, _)| known == measure);
        let missing: Vec<Measure> = measures.iter().copied().filter(lacks).collect();
        let reasons = self.reasons.entry(entity.to_owned()).or_default();
        reasons.extend(missing.into_iter().map(|measure| (measure, reason.clone())));
    }

    pub(super) fn add_importance(&mut self, rows: Vec<ImportanceRow>) {
        self.importance.extend(rows);
    }
}
