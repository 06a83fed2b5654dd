//! Shortfall: how long, on how many days and by how much demand is above what can be served.
//!
//! # Source
//! Billinton, Allan, *Reliability Evaluation of Power Systems*, 2nd ed. (1996), chapter 2: loss of load expectation (hours,
//! days), loss of load probability, expected energy not supplied.

use std::borrow::Cow;

use ninefold_sim_core::interval;
use ninefold_sim_core::moments::Moments;
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::service::unserved_within;
use crate::metric::{Metric, Reading};
use crate::replication::{Loss, Share, Trace};
use crate::results::Measured;
use crate::system::{Journey, System};

/// One journey over replications.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Tally {
    /// Ticks in which not all demand is served.
    short: Moments,
    /// Days of 24 h, from the beginning of the measured time, with such a tick.
    days: Moments,
    /// Demand not served, in ticks of the journey's level.
    unserved: Moments,
    /// Replications with such a tick.
    any: u64,
}

/// The shortfall of every journey.
#[derive(Debug, Serialize, Deserialize)]
pub struct Shortfall {
    journeys: Vec<Tally>,
}

/// Whether a journey can fall short of its demand without being down.
fn can_fall_short(journey: &Journey) -> bool {
    journey.partial && journey.demand.is_some()
}

/// Ticks and days within the measured time in which something is not served.
fn short(losses: &[Loss], from: Tick, to: Tick) -> (Tick, i64) {
    let day = Tick::from_hours(24.0).get();
    let (mut ticks, mut days, mut next) = (0, 0, 0);
    for loss in losses.iter().filter(|loss| loss.unserved > Share::ZERO && loss.end > from && loss.start < to) {
        let (start, end) = (loss.start.max(from).since(from).get(), loss.end.min(to).since(from).get());
        ticks += end - start;
        if end > start {
            let (first, last) = ((start / day).max(next), (end - 1) / day);
            days += (last + 1 - first).max(0);
            next = next.max(last + 1);
        }
    }
    (Tick::new(ticks), days)
}

impl Metric for Shortfall {
    fn new(system: &System) -> Self {
        Self { journeys: vec![Tally::default(); system.journeys.len()] }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for (id, (tally, journey)) in self.journeys.iter_mut().zip(&system.journeys).enumerate() {
            if !can_fall_short(journey) || trace.losses[id].is_empty() {
                continue;
            }
            let (ticks, days) = short(&trace.losses[id], system.warmup, trace.end);
            tally.short.push_within(trace.block, ticks.get());
            tally.days.push_within(trace.block, days);
            tally.unserved.push_within(
                trace.block,
                unserved_within((system, trace, id), (system.warmup, trace.end), |loss| loss.unserved).get(),
            );
            tally.any += u64::from(ticks > Tick::ZERO);
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.journeys.iter_mut().zip(&later.journeys) {
            mine.short.merge(&other.short);
            mine.days.merge(&other.days);
            mine.unserved.merge(&other.unserved);
            mine.any += other.any;
        }
    }
}

impl Shortfall {
    /// Adds the measures of a journey that has a demand and can serve a part of it.
    pub fn measures(&self, journey: u32, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let system = reading.system;
        let of = &system.journeys[journey as usize];
        let Some(level) = of.demand.filter(|_| can_fall_short(of)) else { return };
        let entity = system.tracked[journey as usize].entity();
        let tally = &self.journeys[journey as usize];
        let (hour, measured) = (Tick::from_hours(1.0).get() as f64, system.measured().hours());
        let (sample, confidence) = (reading.sample(), reading.confidence);
        let mean = |moments: &Moments, unit: f64, largest: f64| {
            let estimate = interval::mean(moments, sample, (unit, largest), confidence);
            interval::widened(estimate, (tally.any, sample), largest, confidence)
        };
        let days = libm::ceil(measured / 24.0);
        let mut add = |measure, estimate| {
            let row = reading.measured(entity, measure, estimate);
            into.push(Measured { seen: tally.any, ..row });
        };
        add(("shortfall_hours", "h"), mean(&tally.short, hour, measured));
        add(("shortfall_days", "d"), mean(&tally.days, 1.0, days));
        add(("shortfall_probability", "1"), interval::share(tally.any, sample, confidence));
        // A rate is per second; a flow is per hour of itself.
        let (measure, per_hour, unit) = match &system.spec.flow_unit {
            Some(unit) => ("unserved_energy", level, Cow::Owned(format!("{unit}h"))),
            None => ("unserved_requests", level * 3600.0, Cow::Borrowed("1")),
        };
        let most = per_hour * of.offered.within(system.warmup, system.end).get() as f64 / hour;
        let most = if of.is_drawn { f64::INFINITY } else { most };
        let row = reading.measured(entity, (measure, ""), mean(&tally.unserved, hour / per_hour, most));
        into.push(Measured { seen: tally.any, unit, ..row });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_once() {
        let at = |hours: f64| Tick::from_hours(hours);
        let loss = |start, end| Loss { start: at(start), end: at(end), lost: Share::of(0.5), unserved: Share::of(0.5) };
        // Twice on the first day of measuring, from the second over midnight to the third, and the whole of the fifth.
        let losses = [loss(1.0, 2.0), loss(25.0, 26.0), loss(34.0, 35.0), loss(50.0, 75.0), loss(120.0, 144.0)];
        assert_eq!(short(&losses, at(24.0), at(200.0)), (at(1.0 + 1.0 + 25.0 + 24.0), 4));
        assert_eq!(short(&losses, at(0.0), at(121.0)), (at(1.0 + 1.0 + 1.0 + 25.0 + 1.0), 5));
    }
}
