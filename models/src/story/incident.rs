//! Incidents of a replication: the outages of its journeys within the measured time, numbered.

use ninefold_sim_core::tick::Tick;

use crate::replication::{Outage, Trace};
use crate::results::IncidentRow;
use crate::system::System;

/// One outage of a journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incident {
    /// The journey's index.
    pub journey: u32,
    /// Its number within the replication and journey, from 0, by time.
    pub seq: u64,
    /// From when to when, and by what cause in its first instant.
    pub outage: Outage,
    /// Open when measuring began or at the horizon.
    pub censored: bool,
}

/// The incidents of a replication, by journey and time.
pub fn incidents(system: &System, trace: &Trace) -> Vec<Incident> {
    let mut incidents = Vec::new();
    for (journey, outages) in trace.outages[..system.journeys.len()].iter().enumerate() {
        let within = outages.iter().filter(|outage| outage.end > system.warmup && outage.end > outage.start);
        for (seq, &outage) in (0..).zip(within) {
            let at_end = outage.end == trace.end && !system.spec.time.until_first_failure;
            let censored = outage.start < system.warmup || at_end;
            incidents.push(Incident { journey: journey as u32, seq, outage, censored });
        }
    }
    incidents
}

impl Incident {
    /// How long it lasted.
    pub fn lasted(&self) -> Tick {
        self.outage.end.since(self.outage.start)
    }

    /// Its row of the table `incidents`, the depth of its cascade left open.
    pub fn row(&self, system: &System, rep: u64) -> IncidentRow {
        IncidentRow {
            rep,
            seq: self.seq,
            journey: system.tracked[self.journey as usize].entity().to_owned(),
            cause: system.units.causes[self.outage.cause as usize].clone(),
            cascade_depth: None,
            fault_s: seconds(self.outage.start),
            restored_s: seconds(self.outage.end),
            censored: self.censored,
        }
    }
}

/// A tick in seconds since the start.
pub(super) fn seconds(tick: Tick) -> f64 {
    tick.get() as f64 / 1e9
}
