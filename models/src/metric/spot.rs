//! What reclaims of spot capacity come to: how often, how many places are empty and for how long, and what work is cut off.

use ninefold_sim_core::interval::{self, RatioOf};
use ninefold_sim_core::moments::{CoMoment, Moments};
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading};
use crate::replication::{Running, SpotTurn, Trace};
use crate::results::Measured;
use crate::system::{System, Tracked, TrackedId};
use crate::units::HOURS_PER_YEAR;

/// The spot capacity of one component over replications; times are ticks within the measured time.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Tally {
    /// Instances reclaimed.
    interruptions: Moments,
    /// Empty places × time.
    empty: Moments,
    /// Places with a unit on demand × time.
    on_demand: Moments,
    /// Beginnings of dips: spans in which some place is empty.
    dips: Moments,
    /// Time in dips.
    dipping: Moments,
    both: CoMoment,
    /// Most places that are empty at once.
    deepest: Moments,
}

/// All spot capacity.
#[derive(Debug, Serialize, Deserialize)]
pub struct SpotCapacity {
    of: Vec<Tally>,
}

/// What one replication did.
#[derive(Clone, Copy, Default)]
struct Sums {
    interruptions: i64,
    empty: i64,
    on_demand: i64,
    dips: i64,
    dipping: i64,
    deepest: i64,
}

impl Sums {
    fn of<'t>(turns: impl Iterator<Item = &'t SpotTurn>, (from, to): (Tick, Tick)) -> Self {
        let mut sums = Self::default();
        let (mut empty, mut on_demand, mut since) = (0_i64, 0_i64, Tick::ZERO);
        let mut turns = turns.peekable();
        while let Some(turn) = turns.next() {
            sums.span((empty, on_demand), turn.at.min(to).since(since.max(from)));
            let before = empty;
            let mut apply = |turn: &SpotTurn| {
                let change = |what| i64::from(turn.to == what) - i64::from(turn.from == what);
                empty += change(Running::Nothing);
                on_demand += change(Running::OnDemand);
                sums.interruptions += i64::from(turn.is_interruption() && turn.at >= from);
            };
            apply(turn);
            // What happens at one instant is one step.
            while let Some(same) = turns.next_if(|next| next.at == turn.at) {
                apply(same);
            }
            sums.dips += i64::from(before == 0 && empty > 0 && turn.at >= from);
            since = turn.at;
        }
        sums.span((empty, on_demand), to.since(since.max(from)));
        sums
    }

    fn span(&mut self, (empty, on_demand): (i64, i64), span: Tick) {
        let span = span.get();
        if span <= 0 {
            return;
        }
        self.empty += span * empty;
        self.on_demand += span * on_demand;
        self.dipping += if empty > 0 { span } else { 0 };
        self.deepest = self.deepest.max(empty);
    }
}

impl Metric for SpotCapacity {
    fn new(system: &System) -> Self {
        Self { of: vec![Tally::default(); system.spots.len()] }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for (of, tally) in (0..).zip(&mut self.of) {
            let turns = trace.spot_turns.iter().filter(|turn| turn.of == of);
            let sums = Sums::of(turns, (system.warmup, trace.end));
            tally.interruptions.push_within(trace.block, sums.interruptions);
            tally.empty.push_within(trace.block, sums.empty);
            tally.on_demand.push_within(trace.block, sums.on_demand);
            tally.dips.push_within(trace.block, sums.dips);
            tally.dipping.push_within(trace.block, sums.dipping);
            tally.both.push_within(trace.block, sums.dipping, sums.dips);
            tally.deepest.push_within(trace.block, sums.deepest);
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.of.iter_mut().zip(&later.of) {
            mine.interruptions.merge(&other.interruptions);
            mine.empty.merge(&other.empty);
            mine.on_demand.merge(&other.on_demand);
            mine.dips.merge(&other.dips);
            mine.dipping.merge(&other.dipping);
            mine.both.merge(&other.both);
            mine.deepest.merge(&other.deepest);
        }
    }

    fn fits(&self, system: &System) -> bool {
        self.of.len() == system.spots.len()
    }
}

impl SpotCapacity {
    /// Adds the measures of an entity, if it is a component with spot capacity.
    pub fn measures(&self, id: TrackedId, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let system = reading.system;
        let Tracked::Gate { component, .. } = &system.tracked[id as usize] else { return };
        if id as usize != system.journeys.len() + *component as usize {
            return;
        }
        let Some(place) = system.spots.iter().position(|spot| spot.component == *component) else { return };
        let (Some(tally), spot) = (self.of.get(place), &system.spots[place]) else { return };
        let entity = system.tracked[id as usize].entity();
        let (measured, places) = (system.measured().get() as f64, spot.units.len() as f64);
        let years = system.measured().hours() / HOURS_PER_YEAR;
        let seen = |moments: &Moments| moments.sum().unsigned_abs() as u64;
        let cut_off = spot.spec.cut_off().get();
        let rows = [
            ("interruptions", "1/year", &tally.interruptions, (years, f64::INFINITY), 1.0),
            ("lost_work", "h/year", &tally.interruptions, (years, f64::INFINITY), cut_off),
            ("reclaimed_mean", "1", &tally.empty, (measured, places), 1.0),
            ("on_demand_mean", "1", &tally.on_demand, (measured, places), 1.0),
            ("dips", "1/year", &tally.dips, (years, f64::INFINITY), 1.0),
            ("dip_deepest", "1", &tally.deepest, (1.0, places), 1.0),
        ];
        for (measure, unit, moments, scale, times) in rows {
            let estimate = interval::mean(moments, reading.sample(), scale, reading.confidence).scaled(times);
            let row = reading.measured(entity, (measure, unit), estimate);
            into.push(Measured { seen: if times > 0.0 { seen(moments) } else { 0 }, ..row });
        }
        if tally.dips.sum() > 0 {
            let (sample, minute) = (reading.sample(), Tick::from_hours(1.0).get() as f64 / 60.0);
            let of = RatioOf {
                total: tally.dipping.sum() as f64 / minute,
                variance: tally.dipping.variance(sample) / (minute * minute),
                covariance: tally.both.covariance(&tally.dipping, &tally.dips, sample) / minute,
                events: &tally.dips,
            };
            let duration = interval::ratio(of, sample, reading.confidence);
            into.push(Measured {
                seen: seen(&tally.dips),
                ..reading.measured(entity, ("dip_duration", "min"), duration)
            });
        }
    }
}
