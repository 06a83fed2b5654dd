//! How busy crews are, how long repairs wait for one, and how often a store has the part that is asked for.
//!
//! Waits are sums over time divided by counts, by Little's law: what began to wait before the measured time counts with the
//! ticks that lie in it.

use ninefold_sim_core::interval;
use ninefold_sim_core::moments::Moments;
use serde::{Deserialize, Serialize};

use crate::mechanism::{Crewed, Stocked};
use crate::metric::recovery_point::Spans;
use crate::metric::{Metric, Reading};
use crate::replication::Trace;
use crate::results::Measured;
use crate::system::{System, TeamSpec};
use crate::units::HOURS_PER_YEAR;

/// One team over replications.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct OfTeam {
    busy: Moments,
    there: Moments,
    calls: Moments,
    waits: Spans,
}

/// The parts of one kind over replications.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct OfPart {
    at_hand: Moments,
    demands: Moments,
    waits: Spans,
    /// Those that were at hand, of all.
    filled: Spans,
}

/// Every team that repairs, and all parts.
#[derive(Debug, Serialize, Deserialize)]
pub struct Crews {
    teams: Vec<OfTeam>,
    parts: Vec<OfPart>,
}

impl Metric for Crews {
    fn new(system: &System) -> Self {
        Self {
            teams: vec![OfTeam::default(); system.spec.teams.len()],
            parts: vec![OfPart::default(); system.units.parts.len()],
        }
    }

    fn record(&mut self, _: &System, _: u64, trace: &Trace) {
        for (team, &Crewed { busy, there, waiting, calls }) in self.teams.iter_mut().zip(&trace.crewed) {
            team.busy.push_within(trace.block, thousandths(busy));
            team.there.push_within(trace.block, thousandths(there));
            team.calls.push_within(trace.block, calls);
            team.waits.push_sums(trace.block, (thousandths(waiting), calls));
        }
        for (part, &Stocked { at_hand, waiting, demands, filled }) in self.parts.iter_mut().zip(&trace.stocked) {
            part.at_hand.push_within(trace.block, thousandths(at_hand));
            part.demands.push_within(trace.block, demands);
            part.waits.push_sums(trace.block, (thousandths(waiting), demands));
            part.filled.push_sums(trace.block, (filled, demands));
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.teams.iter_mut().zip(&later.teams) {
            mine.busy.merge(&other.busy);
            mine.there.merge(&other.there);
            mine.calls.merge(&other.calls);
            mine.waits.merge(&other.waits);
        }
        for (mine, other) in self.parts.iter_mut().zip(&later.parts) {
            mine.at_hand.merge(&other.at_hand);
            mine.demands.merge(&other.demands);
            mine.waits.merge(&other.waits);
            mine.filled.merge(&other.filled);
        }
    }

    fn fits(&self, system: &System) -> bool {
        self.teams.len() == system.spec.teams.len() && self.parts.len() == system.units.parts.len()
    }
}

impl Crews {
    /// Adds the measures of every team that was ever called, and of its parts.
    pub fn measures(&self, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let mut parts = self.parts.iter();
        for (team, spec) in self.teams.iter().zip(&reading.system.spec.teams) {
            team.measures(&format!("teams.{}", spec.name), reading, into);
            for name in part_names(spec) {
                if let Some(part) = parts.next() {
                    part.measures(&name, reading, into);
                }
            }
        }
    }
}

fn part_names(team: &TeamSpec) -> impl Iterator<Item = String> {
    team.spares.iter().map(|spares| format!("teams.{}.spares.{}", team.name, spares.name))
}

/// Ticks, perhaps of many at once, as thousandths of a second: a million of them for 200 years fit.
const fn thousandths(ticks: i128) -> i64 {
    (ticks / 1_000_000) as i64
}

/// Thousandths of a second in an hour.
const HOUR: f64 = 3.6e6;

fn years(reading: Reading<'_>) -> f64 {
    reading.system.measured().hours() / HOURS_PER_YEAR
}

fn seen(moments: &Moments) -> u64 {
    moments.sum().unsigned_abs() as u64
}

impl OfTeam {
    fn measures(&self, entity: &str, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let (there, sample) = (self.there.sum() as f64, reading.sample());
        if there == 0.0 {
            return;
        }
        let each = there / reading.replications as f64;
        let busy = interval::mean(&self.busy, sample, (each, 1.0), reading.confidence);
        let row = reading.measured(entity, ("crew_utilisation", "1"), busy);
        into.push(Measured { seen: u64::from(self.busy.sum() > 0), ..row });
        let calls = interval::mean(&self.calls, sample, (years(reading), f64::INFINITY), reading.confidence);
        into.push(Measured { seen: seen(&self.calls), ..reading.measured(entity, ("crew_calls", "1/year"), calls) });
        if self.calls.sum() > 0 {
            let wait = self.waits.bounded_mean((HOUR, f64::INFINITY), reading);
            into.push(Measured { seen: seen(&self.calls), ..reading.measured(entity, ("crew_wait_mean", "h"), wait) });
        }
    }
}

impl OfPart {
    fn measures(&self, entity: &str, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let sample = reading.sample();
        let measured = reading.system.measured().hours() * HOUR;
        let at_hand = interval::mean(&self.at_hand, sample, (measured, f64::INFINITY), reading.confidence);
        let row = reading.measured(entity, ("part_stock_mean", "1"), at_hand);
        into.push(Measured { seen: u64::from(self.at_hand.sum() > 0), ..row });
        let demands = interval::mean(&self.demands, sample, (years(reading), f64::INFINITY), reading.confidence);
        let row = reading.measured(entity, ("part_demands", "1/year"), demands);
        into.push(Measured { seen: seen(&self.demands), ..row });
        if self.demands.sum() == 0 {
            return;
        }
        let filled = self.filled.bounded_mean((1.0, 1.0), reading);
        let wait = self.waits.bounded_mean((HOUR, f64::INFINITY), reading);
        for (measure, unit, estimate) in [("part_fill_rate", "1", filled), ("part_wait_mean", "h", wait)] {
            into.push(Measured { seen: seen(&self.demands), ..reading.measured(entity, (measure, unit), estimate) });
        }
    }
}
