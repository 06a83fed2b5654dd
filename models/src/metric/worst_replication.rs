//! The replication with the most downtime of any journey, to be looked at closely.

use serde::{Deserialize, Serialize};

use crate::metric::{Metric, overlap};
use crate::plan::MAX_REPLICATIONS;
use crate::replication::Trace;
use crate::system::System;

/// The worst replication met; the lowest index of equals.
#[derive(Debug, Serialize, Deserialize)]
pub struct WorstReplication {
    worst: Option<(i64, u64)>,
}

impl Metric for WorstReplication {
    fn new(_: &System) -> Self {
        Self { worst: None }
    }

    fn record(&mut self, system: &System, index: u64, trace: &Trace) {
        let journeys = trace.outages[..system.journeys.len()].iter();
        let most = journeys.map(|outages| overlap(outages, system.warmup, trace.end).get()).max().unwrap_or(0);
        if most > 0 && self.worst.is_none_or(|(down, _)| most > down) {
            self.worst = Some((most, index));
        }
    }

    fn merge(&mut self, later: Self) {
        if let Some((down, index)) = later.worst
            && self.worst.is_none_or(|(mine, at)| down > mine || (down == mine && index < at))
        {
            self.worst = Some((down, index));
        }
    }

    fn fits(&self, _: &System) -> bool {
        self.worst.is_none_or(|(_, index)| index < MAX_REPLICATIONS)
    }
}

impl WorstReplication {
    /// Its index; `None` if no journey was ever down.
    pub fn index(&self) -> Option<u64> {
        self.worst.map(|(_, index)| index)
    }
}
