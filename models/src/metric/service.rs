//! What journeys serve: the event-based reading, with and without quality.

use ninefold_sim_core::interval::{self, Estimate};
use ninefold_sim_core::moments::{Cubes, Moments};
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading, overlap};
use crate::replication::{Loss, Share, Trace};
use crate::results::Measured;
use crate::system::System;

/// Half a tick, in 2⁻³² ticks.
const HALF: u128 = 1 << 31;

/// What one journey did not serve over replications, in ticks of mean demand.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Lost {
    lost: Moments,
    cubes: Cubes,
    unserved: Moments,
    degraded: Moments,
    affected: u64,
}

/// What every journey did not serve.
#[derive(Debug, Serialize, Deserialize)]
pub struct ServiceLoss {
    journeys: Vec<Lost>,
}

/// Demand of a journey lost within `[from, to)`, as the time of that span in which all of it would be lost; `part` picks the
/// reading. Divided by the span it is the share of what was offered in it.
pub(crate) fn lost_within(
    (system, trace, journey): (&System, &Trace, usize),
    (from, to): (Tick, Tick),
    part: impl Fn(&Loss) -> Share,
) -> Tick {
    let lost = unserved_within((system, trace, journey), (from, to), part).get();
    let (all, time) = (trace.offered(system, journey).within(from, to).get(), to.since(from).get());
    match all {
        0 => Tick::ZERO,
        _ if all == time => Tick::new(lost),
        _ => Tick::new((i128::from(lost) * i128::from(time) / i128::from(all)) as i64),
    }
}

/// Demand of a journey lost within `[from, to)`, in ticks of its level; `part` picks the reading.
pub(super) fn unserved_within(
    (system, trace, journey): (&System, &Trace, usize),
    (from, to): (Tick, Tick),
    part: impl Fn(&Loss) -> Share,
) -> Tick {
    let (losses, offered) = (&trace.losses[journey], trace.offered(system, journey));
    let first = losses.partition_point(|loss| loss.end <= from);
    let within = losses[first..].iter().take_while(|loss| loss.start < to);
    let span = |loss: &Loss| offered.within(loss.start.max(from), loss.end.min(to));
    let sum: u128 = within.map(|loss| part(loss).of_span(span(loss))).sum();
    Tick::new(((sum + HALF) >> 32) as i64)
}

/// Time within `[from, to)` in which a journey is up but does not serve everything in full quality.
pub(super) fn degraded_within(trace: &Trace, journey: usize, from: Tick, to: Tick) -> Tick {
    let losses = &trace.losses[journey];
    let first = losses.partition_point(|loss| loss.end <= from);
    let within = losses[first..].iter().take_while(|loss| loss.start < to);
    let span = |loss: &Loss| {
        let (start, end) = (loss.start.max(from), loss.end.min(to));
        end.since(start).get() - overlap(&trace.outages[journey], start, end).get()
    };
    Tick::new(within.map(span).sum())
}

impl Metric for ServiceLoss {
    fn new(system: &System) -> Self {
        Self { journeys: vec![Lost::default(); system.journeys.len()] }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for (journey, (tally, losses)) in self.journeys.iter_mut().zip(&trace.losses).enumerate() {
            if losses.is_empty() {
                continue;
            }
            let (of, span) = ((system, trace, journey), (system.warmup, trace.end));
            let lost = lost_within(of, span, |loss| loss.lost).get();
            tally.affected += u64::from(lost > 0);
            tally.lost.push_within(trace.block, lost);
            tally.cubes.push_within(trace.block, lost);
            tally.unserved.push_within(trace.block, lost_within(of, span, |loss| loss.unserved).get());
            tally.degraded.push_within(trace.block, degraded_within(trace, journey, system.warmup, trace.end).get());
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.journeys.iter_mut().zip(&later.journeys) {
            mine.lost.merge(&other.lost);
            mine.cubes.merge(&other.cubes);
            mine.unserved.merge(&other.unserved);
            mine.degraded.merge(&other.degraded);
            mine.affected += other.affected;
        }
    }
}

impl ServiceLoss {
    /// Demand not served in full quality ÷ demand, and the skewness of a replication's share.
    pub fn unserved_ratio(&self, journey: u32, reading: Reading<'_>) -> (Estimate, f64) {
        let tally = &self.journeys[journey as usize];
        let skewness = tally.cubes.skewness(&tally.lost, reading.sample());
        (tally.ratio(&tally.lost, journey, reading), skewness)
    }

    /// Mean minutes per replication in which a journey is up but not in full service.
    pub fn degraded_min(&self, journey: u32, reading: Reading<'_>) -> f64 {
        let hour = Tick::from_hours(1.0).get() as f64;
        self.journeys[journey as usize].degraded.mean(reading.replications) / hour * 60.0
    }

    /// Adds the measures of a journey.
    pub fn measures(&self, journey: u32, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let entity = reading.system.tracked[journey as usize].entity();
        let tally = &self.journeys[journey as usize];
        let (lost, _) = self.unserved_ratio(journey, reading);
        let seen = |moments: &Moments| u64::from(moments.sum() > 0);
        let unserved = tally.ratio(&tally.unserved, journey, reading);
        let served = Estimate { value: 1.0 - unserved.value, lo: 1.0 - unserved.hi, hi: 1.0 - unserved.lo, ..unserved };
        let lost = reading.measured(entity, ("unserved_ratio", "1"), lost);
        let served = reading.measured(entity, ("served_ratio", "1"), served);
        into.push(Measured { seen: seen(&tally.lost), ..lost });
        into.push(Measured { seen: seen(&tally.unserved), ..served });
    }
}

impl Lost {
    fn ratio(&self, moments: &Moments, journey: u32, reading: Reading<'_>) -> Estimate {
        let unit = reading.system.measured().get() as f64;
        // What does not keep the rule is at most half served, so a loss varies at least a quarter as downtime does.
        let floor = reading.floors[journey as usize] / 4.0;
        let floor = if reading.system.journeys[journey as usize].partial { floor } else { 4.0 * floor };
        let estimate = interval::mean_above(moments, reading.sample(), (unit, 1.0), (reading.confidence, floor));
        interval::widened(estimate, (self.affected, reading.sample()), 1.0, reading.confidence)
    }
}
