//! Downtime by cause.

use std::collections::BTreeMap;

use ninefold_sim_core::interval;
use ninefold_sim_core::moments::Moments;
use serde::{Deserialize, Serialize};

use crate::metric::up_down::MINUTES_PER_YEAR;
use crate::metric::{Metric, Reading};
use crate::replication::Trace;
use crate::results::CauseRow;
use crate::system::{CauseId, System};

/// Ticks of downtime by journey and cause.
#[derive(Debug, Serialize, Deserialize)]
pub struct Causes {
    booked: BTreeMap<(u32, CauseId), Moments>,
    #[serde(skip)]
    scratch: Vec<(u32, CauseId, i64)>,
}

impl Metric for Causes {
    fn new(_: &System) -> Self {
        Self { booked: BTreeMap::new(), scratch: Vec::new() }
    }

    fn record(&mut self, _: &System, _: u64, trace: &Trace) {
        self.scratch.clone_from(&trace.causes);
        self.scratch.sort_unstable();
        for same in self.scratch.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let ticks = same.iter().map(|&(_, _, ticks)| ticks).sum();
            self.booked.entry((same[0].0, same[0].1)).or_default().push_within(trace.block, ticks);
        }
    }

    fn merge(&mut self, later: Self) {
        for (key, moments) in later.booked {
            self.booked.entry(key).or_default().merge(&moments);
        }
    }

    fn fits(&self, system: &System) -> bool {
        let (journeys, causes) = (system.journeys.len(), system.units.causes.len());
        self.booked.keys().all(|&(journey, cause)| (journey as usize) < journeys && (cause as usize) < causes)
    }
}

impl Causes {
    /// The table `downtime_by_cause`: by journey, the largest first, then by name.
    pub fn rows(&self, reading: Reading<'_>) -> Vec<CauseRow> {
        let system = reading.system;
        let mut rows = Vec::new();
        for journey in 0..system.journeys.len() as u32 {
            let mut of: Vec<(CauseId, &Moments)> = self
                .booked
                .range((journey, 0)..(journey + 1, 0))
                .map(|(&(_, cause), moments)| (cause, moments))
                .collect();
            of.retain(|(_, moments)| moments.sum() > 0);
            of.sort_by_key(|&(cause, moments)| (-moments.sum(), cause));
            let total: i128 = of.iter().map(|(_, moments)| moments.sum()).sum();
            for (cause, moments) in of {
                let unit = system.measured().get() as f64;
                let share = interval::mean(moments, reading.sample(), (unit, 1.0), reading.confidence);
                rows.push(CauseRow {
                    cause: system.units.causes[cause as usize].clone(),
                    journey: system.tracked[journey as usize].entity().to_owned(),
                    minutes_per_year: share.scaled(MINUTES_PER_YEAR).into(),
                    share: moments.sum() as f64 / total as f64,
                });
            }
        }
        rows
    }
}
