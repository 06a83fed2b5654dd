//! Availability by reporting window, time-based and event-based, and over the whole measured time.

use ninefold_sim_core::interval::{self, Estimate};
use ninefold_sim_core::moments::Moments;
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::service::{degraded_within, lost_within};
use crate::metric::up_down::nines;
use crate::metric::{Metric, Reading, Tallies, overlap};
use crate::replication::Trace;
use crate::results::AvailabilityRow;
use crate::system::{System, TrackedId};

/// One journey in one window.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Cell {
    down: Moments,
    lost: Moments,
    degraded: Moments,
}

/// Every journey in every reporting window, journey by journey.
#[derive(Debug, Serialize, Deserialize)]
pub struct Windows {
    #[serde(skip)]
    spans: Vec<(Tick, Tick)>,
    cells: Vec<Cell>,
}

impl Metric for Windows {
    fn new(system: &System) -> Self {
        let windows = system.spec.time.reporting.iter().flat_map(|kind| &kind.windows);
        let spans: Vec<_> =
            windows.map(|window| (Tick::from_hours(window.start.get()), Tick::from_hours(window.end.get()))).collect();
        Self { cells: vec![Cell::default(); spans.len() * system.journeys.len()], spans }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for (journey, losses) in trace.losses.iter().enumerate() {
            if losses.is_empty() && trace.outages[journey].is_empty() {
                continue;
            }
            let cells = &mut self.cells[journey * self.spans.len()..];
            for (cell, &(from, to)) in cells.iter_mut().zip(&self.spans) {
                cell.down.push_within(trace.block, overlap(&trace.outages[journey], from, to).get());
                let lost = lost_within((system, trace, journey), (from, to), |loss| loss.lost);
                cell.lost.push_within(trace.block, lost.get());
                cell.degraded.push_within(trace.block, degraded_within(trace, journey, from, to).get());
            }
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.cells.iter_mut().zip(&later.cells) {
            mine.down.merge(&other.down);
            mine.lost.merge(&other.lost);
            mine.degraded.merge(&other.degraded);
        }
    }
}

/// The numbers behind a pair of rows.
struct Numbers {
    total_min: f64,
    unavailability: Estimate,
    unserved: Estimate,
    degraded_min: f64,
}

impl Numbers {
    fn rows(&self, entity: &str, window_kind: &str, window: &str, into: &mut Vec<AvailabilityRow>) {
        for (definition, ratio) in [("good_minutes", self.unavailability.value), ("success_ratio", self.unserved.value)]
        {
            into.push(AvailabilityRow {
                entity: entity.to_owned(),
                definition,
                maintenance: "include",
                window_kind: window_kind.to_owned(),
                window: window.to_owned(),
                good_min: self.total_min * (1.0 - ratio),
                total_min: self.total_min,
                unavailability: self.unavailability.into(),
                unserved_ratio: self.unserved.into(),
                performability: 1.0 - self.unserved.value,
                downtime_min: self.total_min * self.unavailability.value,
                degraded_min: self.degraded_min,
                nines: nines(ratio),
            });
        }
    }
}

/// The table `availability`: journeys over the horizon and by window, then components over the horizon.
///
/// A component serves all or nothing in this table: its event-based reading is its time-based one.
pub fn rows(tallies: &Tallies, reading: Reading<'_>) -> Vec<AvailabilityRow> {
    let mut rows = Vec::new();
    let total_min = reading.system.measured().hours() * 60.0;
    let journeys = reading.system.journeys.len();
    for (id, tracked) in reading.system.tracked.iter().enumerate() {
        let (unavailability, _) = tallies.up_down.unavailability(id as TrackedId, reading);
        let (unserved, degraded_min) = if id < journeys {
            let (unserved, _) = tallies.service.unserved_ratio(id as u32, reading);
            (unserved, tallies.service.degraded_min(id as u32, reading))
        } else {
            (unavailability, 0.0)
        };
        let numbers = Numbers { total_min, unavailability, unserved, degraded_min };
        numbers.rows(tracked.entity(), "horizon", "horizon", &mut rows);
        if id < journeys {
            tallies.window.journey_rows(id, reading, &mut rows);
        }
    }
    rows
}

impl Windows {
    fn journey_rows(&self, journey: usize, reading: Reading<'_>, into: &mut Vec<AvailabilityRow>) {
        let kinds = &reading.system.spec.time.reporting;
        let labels = kinds.iter().flat_map(|kind| kind.windows.iter().map(move |window| (&kind.kind, &window.label)));
        let cells = &self.cells[journey * self.spans.len()..];
        for ((cell, &(from, to)), (kind, label)) in cells.iter().zip(&self.spans).zip(labels) {
            let span = to.since(from);
            let share = |moments: &Moments| {
                interval::mean(moments, reading.sample(), (span.get() as f64, 1.0), reading.confidence)
            };
            let total_min = span.hours() * 60.0;
            let numbers = Numbers {
                total_min,
                unavailability: share(&cell.down),
                unserved: share(&cell.lost),
                degraded_min: total_min * cell.degraded.mean(reading.replications) / span.get() as f64,
            };
            numbers.rows(reading.system.tracked[journey].entity(), kind, label, into);
        }
    }
}
