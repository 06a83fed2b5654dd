//! Capacity buffers: how often a place that takes over traffic is overloaded, and what it sheds, by how much it has in
//! reserve. One run answers for every reserve, since who is sent where does not depend on it.

use ninefold_sim_core::interval::{self, RatioOf};
use ninefold_sim_core::moments::{CoMoment, Moments};
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading};
use crate::replication::{Strained, Trace};
use crate::results::{BufferRow, Estimated, Measured};
use crate::scaling::MILLIONTHS;
use crate::system::{Routing, System};
use crate::units::HOURS_PER_YEAR;

/// Steps of a buffer up to what is needed, and up to the largest that is priced.
const STEPS_TO_NEED: u64 = 16;
const STEPS: u64 = 20;

/// Ticks of a millisecond: shed load is summed in millionths of the own peak × ms.
const MILLISECOND: i128 = 1_000_000;

/// One buffer of one place.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Tally {
    overloads: Moments,
    both: CoMoment,
    shed: Moments,
}

/// A place of a router.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Place {
    survived: Moments,
    buffers: Vec<Tally>,
}

/// Every place of every router.
#[derive(Debug, Serialize, Deserialize)]
pub struct CapacityBuffers {
    places: Vec<Place>,
}

/// The buffers that are priced for a place, ascending, in millionths of its own peak: to beyond what is needed when the largest
/// other is lost, and the one that is written.
fn buffers(of: &Routing, place: usize) -> Vec<u64> {
    let millionths = |share: f64| (share * MILLIONTHS as f64 + 0.5) as u64;
    let step = |step: u64| millionths(of.needed(place) * step as f64 / STEPS_TO_NEED as f64);
    // What a place is handed on by others depends on what they have in reserve.
    let steps = if of.spill { 0..0 } else { 0..STEPS + 1 };
    let mut all: Vec<u64> = steps.map(step).chain(of.buffers[place].map(millionths)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Every place, with its router.
fn places(system: &System) -> impl Iterator<Item = (&Routing, usize)> {
    system.routings.iter().flat_map(|of| (0..of.weights.len()).map(move |place| (of, place)))
}

impl Metric for CapacityBuffers {
    fn new(system: &System) -> Self {
        let place = |(of, place)| Place {
            survived: Moments::default(),
            buffers: vec![Tally::default(); buffers(of, place).len()],
        };
        Self { places: places(system).map(place).collect() }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for ((id, (of, place)), tally) in (0..).zip(places(system)).zip(&mut self.places) {
            let strained = || trace.strained.iter().filter(move |one| one.place == id);
            let survived = || trace.survived.iter().filter(move |one| one.place == id && one.began >= system.warmup);
            let failovers = survived().count() as i64;
            tally.survived.push_within(trace.block, failovers);
            for (buffer, tally) in buffers(of, place).into_iter().zip(&mut tally.buffers) {
                let serves = MILLIONTHS + buffer;
                let overloads = survived().filter(|one| one.most > serves).count() as i64;
                let of = |one: &Strained| {
                    let span = one.to.since(one.from.max(system.warmup)).get().max(0);
                    i128::from(one.carries.saturating_sub(serves)) * i128::from(span)
                };
                let shed: i128 = strained().map(of).sum();
                tally.overloads.push_within(trace.block, overloads);
                tally.both.push_within(trace.block, overloads, failovers);
                tally.shed.push_within(trace.block, i64::try_from(shed / MILLISECOND).unwrap_or(i64::MAX));
            }
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.places.iter_mut().zip(&later.places) {
            mine.survived.merge(&other.survived);
            for (mine, other) in mine.buffers.iter_mut().zip(&other.buffers) {
                mine.overloads.merge(&other.overloads);
                mine.both.merge(&other.both);
                mine.shed.merge(&other.shed);
            }
        }
    }

    fn fits(&self, system: &System) -> bool {
        let lengths = places(system).map(|(of, place)| buffers(of, place).len());
        self.places.iter().map(|place| place.buffers.len()).eq(lengths)
    }
}

impl CapacityBuffers {
    /// For each place with a written buffer, how often it is overloaded when it takes over traffic, and what it sheds.
    pub fn measures(&self, reading: Reading<'_>, into: &mut Vec<Measured>) {
        for row in self.rows(reading).into_iter().filter(|row| row.written) {
            let of = |measure, unit, value: &Estimated| Measured {
                estimate: *value,
                seen: row.failovers,
                ..reading.measured(
                    &row.place,
                    (measure, unit),
                    interval::Estimate { value: 0.0, standard_error: 0.0, lo: 0.0, hi: 0.0 },
                )
            };
            into.extend(row.overload.as_ref().map(|overload| of("overload_on_failover", "1", overload)));
            into.push(of("shed_on_failover", "1/year", &row.shed));
        }
    }

    /// One row a place and buffer.
    pub(crate) fn rows(&self, reading: Reading<'_>) -> Vec<BufferRow> {
        let of = |((of, place), tally): ((&Routing, usize), &Place)| {
            if of.own_peaks[place] > 0.0 { self::rows(reading, (of, place), tally) } else { Vec::new() }
        };
        places(reading.system).zip(&self.places).flat_map(of).collect()
    }
}

fn rows(reading: Reading<'_>, (of, place): (&Routing, usize), tally: &Place) -> Vec<BufferRow> {
    let system = reading.system;
    let (sample, confidence) = (reading.sample(), reading.confidence);
    let years = system.measured().hours() / HOURS_PER_YEAR;
    // Millionths of the own peak × ms to requests.
    let requests = of.own_peaks[place] / (MILLIONTHS as f64 * 1000.0);
    let priced = buffers(of, place);
    let written = of.buffers[place].map(|share| (share * MILLIONTHS as f64 + 0.5) as u64);
    let name = &system.spec.components[of.to as usize].name;
    let row = |(buffer, one): (&u64, &Tally)| {
        let ratio = RatioOf {
            total: one.overloads.sum() as f64,
            variance: one.overloads.variance(sample),
            covariance: one.both.covariance(&one.overloads, &tally.survived, sample),
            events: &tally.survived,
        };
        let share = *buffer as f64 / MILLIONTHS as f64;
        BufferRow {
            place: format!("components.{name}@{}", of.names[place]),
            buffer: share,
            needed: of.needed(place),
            written: written == Some(*buffer),
            knee: false,
            failovers: tally.survived.sum().unsigned_abs() as u64,
            overload: (tally.survived.sum() > 0).then(|| interval::ratio(ratio, sample, confidence).into()),
            shed: interval::mean(&one.shed, sample, (years / requests, f64::INFINITY), confidence).into(),
            cost: cost(system, (of, place), share),
            break_even: None,
        }
    };
    let mut rows: Vec<BufferRow> = priced.iter().zip(&tally.buffers).map(row).collect();
    if let Some(knee) = knee(&rows) {
        rows[knee].knee = true;
    }
    for next in 1..rows.len() {
        let saved = rows[next - 1].shed.value - rows[next].shed.value;
        let costs = rows[next].cost.zip(rows[next - 1].cost).map(|(more, less)| more - less);
        rows[next].break_even = costs.filter(|_| saved > 0.0).map(|costs| costs / saved);
    }
    rows
}

/// What a reserve costs a year, where its units have a price.
fn cost(system: &System, (of, place): (&Routing, usize), share: f64) -> Option<f64> {
    let name = &system.spec.components[of.to as usize].name;
    let price = system.spec.prices.components.iter().find(|price| price.component == *name)?;
    let units = share * of.own_peaks[place] / system.components[of.to as usize].capacity_per_unit?;
    Some(units * price.on_demand * HOURS_PER_YEAR)
}

/// Where more reserve begins to buy less: the row that is furthest below the straight line from no reserve to the least one
/// that sheds nothing, or to the largest.
///
/// # Source
/// Satopää, Albrecht, Irwin, Raghavan, *Finding a "Kneedle" in a Haystack* (2011), for a decreasing convex curve.
fn knee(rows: &[BufferRow]) -> Option<usize> {
    let last = rows.iter().position(|row| row.shed.value <= 0.0).unwrap_or(rows.len().checked_sub(1)?);
    let (first, end) = (rows.first()?, rows.get(last)?);
    let (width, height) = (end.buffer - first.buffer, first.shed.value - end.shed.value);
    if !(width > 0.0 && height > 0.0) {
        return None;
    }
    let below =
        |row: &BufferRow| 1.0 - (row.buffer - first.buffer) / width - (row.shed.value - end.shed.value) / height;
    let inner = rows[..last].iter().enumerate().skip(1).map(|(place, row)| (place, below(row)));
    let best = inner.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.filter(|(_, below)| *below > 1e-9).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_knee_is_where_a_curve_is_furthest_below_its_chord() {
        let row = |(place, shed): (usize, f64)| BufferRow {
            place: String::new(),
            buffer: 0.1 * place as f64,
            needed: 0.5,
            written: false,
            knee: false,
            failovers: 1,
            overload: None,
            shed: Estimated { value: shed, standard_error: 0.0, lo: shed, hi: shed },
            cost: None,
            break_even: None,
        };
        let of = |shed: &[f64]| knee(&shed.iter().copied().enumerate().map(row).collect::<Vec<_>>());
        assert_eq!(of(&[100.0, 40.0, 20.0, 10.0, 5.0, 0.0, 0.0]), Some(1));
        assert_eq!(of(&[100.0, 90.0, 40.0, 10.0, 5.0, 0.0]), Some(3));
        assert_eq!(of(&[100.0, 75.0, 50.0, 25.0, 0.0]), None, "a straight line has none");
        assert_eq!((of(&[0.0, 0.0]), of(&[])), (None, None));
    }
}
