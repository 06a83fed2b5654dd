//! Recovery objectives: which share of outages is over in time, and which share of takeovers and restores loses little enough.

use ninefold_sim_core::interval::{self, Estimate};
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::recovery_point::{Spans, keepers_of};
use crate::metric::{Metric, Reading};
use crate::replication::Trace;
use crate::results::Measured;
use crate::system::{Objective, System};

/// Both objectives by name.
pub(crate) const MEASURES: [&str; 2] = ["rto_met", "rpo_met"];

/// Misses of both objectives of a journey, and what they are of.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct OfJourney {
    missed: [Spans; 2],
}

/// Those of every journey that has objectives.
#[derive(Debug, Serialize, Deserialize)]
pub struct Objectives {
    journeys: Vec<OfJourney>,
}

/// Whether each outage of a journey that begins within the measured time is over in time. Of one that the end of the
/// replication cuts off that is not known, unless it has lasted longer already.
pub(crate) fn times_met<'a>(
    objective: &'a Objective,
    (system, trace): (&'a System, &'a Trace),
) -> impl Iterator<Item = bool> + 'a {
    let most = objective.recovery_time;
    let began = |start: Tick| start >= system.warmup && start > Tick::ZERO;
    let outages = trace.outages[objective.journey as usize].iter().filter(move |outage| began(outage.start));
    most.into_iter().flat_map(move |most| {
        outages.clone().filter_map(move |outage| match outage.end.since(outage.start) <= most {
            true => (outage.end < trace.end).then_some(true),
            false => Some(false),
        })
    })
}

/// Whether each takeover and restore of a component that a journey needs loses no more than it may.
pub(crate) fn points_met<'a>(
    objective: &'a Objective,
    (system, trace): (&'a System, &'a Trace),
) -> impl Iterator<Item = bool> + 'a {
    let needed = &system.journeys[objective.journey as usize].served.components;
    let most = objective.recovery_point;
    let keepers = keepers_of(system, needed);
    most.into_iter().flat_map(move |most| {
        keepers.clone().into_iter().flat_map(move |keeper| keeper.lost(trace)).map(move |lost| lost <= most)
    })
}

fn misses(met: impl Iterator<Item = bool>) -> (i64, i64) {
    met.fold((0, 0), |(missed, all), met| (missed + i64::from(!met), all + 1))
}

impl Metric for Objectives {
    fn new(system: &System) -> Self {
        Self { journeys: vec![OfJourney::default(); system.objectives.len()] }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for (mine, objective) in self.journeys.iter_mut().zip(&system.objectives) {
            mine.missed[0].push_sums(trace.block, misses(times_met(objective, (system, trace))));
            mine.missed[1].push_sums(trace.block, misses(points_met(objective, (system, trace))));
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.journeys.iter_mut().zip(&later.journeys) {
            mine.missed.iter_mut().zip(&other.missed).for_each(|(mine, other)| mine.merge(other));
        }
    }

    fn fits(&self, system: &System) -> bool {
        self.journeys.len() == system.objectives.len()
    }
}

impl Objectives {
    /// Adds the measures of a journey, if it has objectives and something came up against them.
    pub fn measures(&self, journey: u32, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let found = reading.system.objectives.iter().position(|objective| objective.journey == journey);
        let Some(mine) = found.and_then(|place| self.journeys.get(place)) else { return };
        let entity = reading.system.tracked[journey as usize].entity();
        for (measure, missed) in MEASURES.into_iter().zip(&mine.missed) {
            let seen = missed.count.sum().unsigned_abs() as u64;
            if seen > 0 {
                into.push(Measured { seen, ..reading.measured(entity, (measure, "1"), met(missed, reading)) });
            }
        }
    }
}

/// One minus the share of misses. Where all were missed, or none was, the bound of what was not seen.
fn met(missed: &Spans, reading: Reading<'_>) -> Estimate {
    if missed.ticks.sum() == missed.count.sum() {
        let hi = interval::unseen(reading.sample(), reading.confidence);
        return Estimate { value: 0.0, standard_error: f64::NAN, lo: 0.0, hi };
    }
    let missed = missed.bounded_mean((1.0, 1.0), reading);
    Estimate { value: 1.0 - missed.value, lo: 1.0 - missed.hi, hi: 1.0 - missed.lo, ..missed }
}
