//! The incidents of the replications that are kept: run again, since a replication is a function of its index.

use ninefold_sim_core::tick::Tick;

use crate::replication::{ReplicationError, Sampling, World};
use crate::results::IncidentRow;
use crate::system::System;

/// The first replications, whose incidents are kept.
pub const REPLICATIONS_KEPT: u64 = 64;

/// Incidents kept in all.
pub const INCIDENTS_KEPT: usize = 100_000;

/// Incidents of the first replications and of the worst one, in order of replication, journey and time.
pub(super) fn rows(
    system: &System,
    sampling: Sampling,
    replications: u64,
    worst: Option<u64>,
) -> Result<Vec<IncidentRow>, ReplicationError> {
    let mut world = World::new(system);
    let mut rows = Vec::new();
    let kept = 0..replications.min(REPLICATIONS_KEPT);
    // The worst is run first, so that the limit cannot cut it.
    let others = kept.filter(|&index| Some(index) != worst);
    for index in worst.into_iter().chain(others) {
        let trace = world.run(sampling, index)?;
        for (journey, outages) in trace.outages[..system.journeys.len()].iter().enumerate() {
            let within = outages.iter().filter(|outage| outage.end > system.warmup && outage.end > outage.start);
            for (seq, outage) in within.enumerate() {
                let at_end = outage.end == trace.end && !system.spec.time.until_first_failure;
                rows.push(IncidentRow {
                    rep: index,
                    seq: seq as u64,
                    journey: system.tracked[journey].entity().to_owned(),
                    cause: system.units.causes[outage.cause as usize].clone(),
                    fault_s: seconds(outage.start),
                    restored_s: seconds(outage.end),
                    censored: outage.start < system.warmup || at_end,
                });
            }
        }
        if rows.len() >= INCIDENTS_KEPT {
            rows.truncate(INCIDENTS_KEPT);
            break;
        }
    }
    rows.sort_by(|a, b| (a.rep, &a.journey, a.seq).cmp(&(b.rep, &b.journey, b.seq)));
    Ok(rows)
}

fn seconds(tick: Tick) -> f64 {
    tick.get() as f64 / 1e9
}
