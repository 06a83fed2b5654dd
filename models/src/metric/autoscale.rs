//! What autoscalers do: how many replicas, how often that changes, and how long it was too few.

use ninefold_sim_core::interval;
use ninefold_sim_core::moments::Moments;
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading};
use crate::replication::{Scaled, Stand, Trace};
use crate::results::Measured;
use crate::system::{System, TrackedId};

/// One autoscaler over replications; times are ticks within the measured time.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Tally {
    /// Replicas × time.
    replicas: Moments,
    /// Most replicas.
    peak: Moments,
    /// Time at the largest number.
    at_most: Moments,
    /// Time in which the load was above what serves.
    short: Moments,
    /// Decisions that changed the number.
    changes: Moments,
    /// Changes from more to fewer or back.
    turns: Moments,
}

/// Every autoscaler.
#[derive(Debug, Serialize, Deserialize)]
pub struct Autoscaling {
    scalers: Vec<Tally>,
}

/// What one replication did.
#[derive(Default)]
struct Sums {
    replicas: i64,
    peak: u32,
    at_most: i64,
    short: i64,
}

impl Sums {
    fn of(stands: &[Stand], (from, to): (Tick, Tick), (most, per_replica): (u32, u64)) -> Self {
        let mut sums = Self::default();
        let ends = stands.iter().skip(1).map(|next| next.at).chain([to]);
        for (stand, end) in stands.iter().zip(ends) {
            let span = end.min(to).since(stand.at.max(from)).get();
            if span <= 0 {
                continue;
            }
            sums.replicas += span * i64::from(stand.replicas);
            sums.peak = sums.peak.max(stand.replicas);
            sums.at_most += if stand.replicas >= most { span } else { 0 };
            let is_short = stand.demand > u64::from(stand.serving) * per_replica;
            sums.short += if is_short { span } else { 0 };
        }
        sums
    }
}

/// Changes, and those among them that go the other way than the one before.
fn count<'a>(changes: impl Iterator<Item = &'a Scaled>) -> (i64, i64) {
    let (mut all, mut turns, mut before) = (0, 0, None);
    for change in changes {
        let grows = change.decision.to > change.decision.from;
        all += 1;
        turns += i64::from(before.is_some_and(|grew| grew != grows));
        before = Some(grows);
    }
    (all, turns)
}

/// What an autoscaler did in a replication, within the measured time.
pub(crate) struct OfReplication {
    /// Ticks in which the load was above what serves.
    pub(crate) short: i64,
    /// Changes from more to fewer replicas or back.
    pub(crate) turns: i64,
}

/// What the autoscaler at `place` did in a replication.
pub(crate) fn of_replication(system: &System, place: usize, trace: &Trace) -> OfReplication {
    let (sums, (_, turns)) = observe(system, place, trace);
    OfReplication { short: sums.short, turns }
}

/// What it stood at; and its changes, and turns among them.
fn observe(system: &System, place: usize, trace: &Trace) -> (Sums, (i64, i64)) {
    let declared = &system.autoscalers[place];
    let limits = (declared.spec.scaler.limits().1, declared.per_replica);
    let sums = Sums::of(&trace.stands[place], (system.warmup, trace.end), limits);
    let is_change = |s: &&Scaled| s.of as usize == place && s.at >= system.warmup && s.decision.to != s.decision.from;
    (sums, count(trace.scaled.iter().filter(is_change)))
}

impl Metric for Autoscaling {
    fn new(system: &System) -> Self {
        Self { scalers: vec![Tally::default(); system.autoscalers.len()] }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for (place, tally) in self.scalers.iter_mut().enumerate() {
            let (sums, (changes, turns)) = observe(system, place, trace);
            tally.replicas.push_within(trace.block, sums.replicas);
            tally.peak.push_within(trace.block, i64::from(sums.peak));
            tally.at_most.push_within(trace.block, sums.at_most);
            tally.short.push_within(trace.block, sums.short);
            tally.changes.push_within(trace.block, changes);
            tally.turns.push_within(trace.block, turns);
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.scalers.iter_mut().zip(&later.scalers) {
            mine.replicas.merge(&other.replicas);
            mine.peak.merge(&other.peak);
            mine.at_most.merge(&other.at_most);
            mine.short.merge(&other.short);
            mine.changes.merge(&other.changes);
            mine.turns.merge(&other.turns);
        }
    }
}

impl Autoscaling {
    /// Adds the measures of an entity, if it is scaled: a component, or its state in a domain.
    pub fn measures(&self, id: TrackedId, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let system = reading.system;
        let Some(place) = system.autoscaler(id) else { return };
        let Some(tally) = self.scalers.get(place) else { return };
        let (measured, days) = (system.measured().get() as f64, system.measured().hours() / 24.0);
        let units = system.autoscalers[place].units.len() as f64;
        let rows = [
            ("replicas_mean", "1", &tally.replicas, (measured, units)),
            ("replicas_peak", "1", &tally.peak, (1.0, units)),
            ("at_most_ratio", "1", &tally.at_most, (measured, 1.0)),
            ("under_capacity_ratio", "1", &tally.short, (measured, 1.0)),
            ("scalings", "1/day", &tally.changes, (days, f64::INFINITY)),
            ("scaling_turns", "1/day", &tally.turns, (days, f64::INFINITY)),
        ];
        let entity = system.tracked[id as usize].entity();
        for (measure, unit, moments, scale) in rows {
            let estimate = interval::mean(moments, reading.sample(), scale, reading.confidence);
            let seen = moments.sum().unsigned_abs() as u64;
            into.push(Measured { seen, ..reading.measured(entity, (measure, unit), estimate) });
        }
    }
}
