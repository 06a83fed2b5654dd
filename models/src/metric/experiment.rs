//! Experiments: how often they are carried out, given up or not begun, whether they held, and whom they hurt.

use ninefold_sim_core::interval;
use serde::{Deserialize, Serialize};

use super::recovery_point::Spans;
use crate::metric::{Metric, Reading};
use crate::replication::{Experimented, Trace};
use crate::results::Measured;
use crate::system::System;
use crate::units::HOURS_PER_YEAR;

/// Fixed point of requests.
const MILLION: f64 = 1e6;

/// One experiment; events and what they add up to.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct OfExperiment {
    /// Begun, of those due.
    begun: Spans,
    /// Given up, of those begun.
    aborted: Spans,
    /// Held, of those whose hypothesis was judged.
    held: Spans,
    /// Units struck, of those begun.
    struck: Spans,
    /// Millionths of requests not served, of those that ended.
    hurt: Spans,
}

/// Every experiment.
#[derive(Debug, Serialize, Deserialize)]
pub struct Experiments {
    all: Vec<OfExperiment>,
}

impl OfExperiment {
    fn push(&mut self, block: u64, (system, trace): (&System, &Trace), those: &[&Experimented]) {
        let of = |found: &dyn Fn(&Experimented) -> Option<i64>| {
            let values = those.iter().filter_map(|one| found(one));
            values.fold((0_i64, 0_i64), |(sum, count), value| (sum.saturating_add(value), count + 1))
        };
        let begun = |one: &Experimented, value: i64| one.is_begun().then_some(value);
        let ended = |one: &Experimented| one.is_begun() && !one.ended.is_never();
        let hurt = |one: &Experimented| {
            let requests = one.users_hurt(system, trace).filter(|_| ended(one))?;
            Some(libm::round(requests * MILLION) as i64)
        };
        self.begun.push_sums(block, of(&|one| Some(i64::from(one.is_begun()))));
        self.aborted.push_sums(block, of(&|one| begun(one, i64::from(one.aborted))));
        self.held.push_sums(block, of(&|one| one.held(system, trace).map(i64::from)));
        self.struck.push_sums(block, of(&|one| begun(one, i64::from(one.struck))));
        self.hurt.push_sums(block, of(&hurt));
    }

    fn parts(&mut self) -> [&mut Spans; 5] {
        [&mut self.begun, &mut self.aborted, &mut self.held, &mut self.struck, &mut self.hurt]
    }
}

impl Metric for Experiments {
    fn new(system: &System) -> Self {
        Self { all: vec![OfExperiment::default(); system.experiments.len()] }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for (of, mine) in (0..).zip(&mut self.all) {
            let due = trace.experimented.iter().filter(|one| one.of == of && one.began >= system.warmup);
            let due: Vec<&Experimented> = due.collect();
            mine.push(trace.block, (system, trace), &due);
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, mut other) in self.all.iter_mut().zip(later.all) {
            mine.parts().into_iter().zip(other.parts()).for_each(|(mine, other)| mine.merge(other));
        }
    }

    fn fits(&self, system: &System) -> bool {
        self.all.len() == system.experiments.len()
    }
}

impl Experiments {
    /// Adds the measures of every experiment.
    pub fn measures(&self, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let years = reading.system.measured().hours() / HOURS_PER_YEAR;
        let declared = reading.system.spec.experiments.iter().zip(&reading.system.experiments);
        for (mine, (spec, compiled)) in self.all.iter().zip(declared) {
            let entity = format!("experiments.{}", spec.name);
            let sample = reading.sample();
            let yearly = interval::mean(&mine.begun.ticks, sample, (years, f64::INFINITY), reading.confidence);
            let seen = |of: &Spans| of.count.sum().unsigned_abs() as u64;
            let begun = reading.measured(&entity, ("experiments_begun", "1/year"), yearly);
            into.push(Measured { seen: mine.begun.ticks.sum().unsigned_abs() as u64, ..begun });
            let units = compiled.modes.len() as f64;
            let has_abort = compiled.abort_below.is_some();
            let rows = [
                (true, ("begun_ratio", "1"), &mine.begun, 1.0, 1.0),
                (has_abort, ("aborted_ratio", "1"), &mine.aborted, 1.0, 1.0),
                (compiled.hypothesis.is_some(), ("held_ratio", "1"), &mine.held, 1.0, 1.0),
                (true, ("blast_ratio", "1"), &mine.struck, units, 1.0),
                (true, ("users_hurt", "1"), &mine.hurt, MILLION, f64::INFINITY),
            ];
            for (_, measure, spans, unit, most) in rows.into_iter().filter(|row| row.0 && seen(row.2) > 0) {
                let estimate = spans.bounded_mean((unit, most), reading);
                into.push(Measured { seen: seen(spans), ..reading.measured(&entity, measure, estimate) });
            }
        }
    }
}
