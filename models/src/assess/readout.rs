//! Reading out: tallies become rows, in final order.

use super::{AssessError, listing};
use crate::analysis;
use crate::exact;
use crate::metric::{Reading, Tallies, window};
use crate::results::{Measured, Requirement, Results, RunOutcome};
use crate::system::TrackedId;
use crate::variance::Scheme;

pub(super) fn results(
    reading: Reading<'_>,
    (tallies, scheme, attributed): (&Tallies, &Scheme, u64),
    outcome: RunOutcome,
) -> Result<Results, AssessError> {
    let system = reading.system;
    let to_first_failure = system.spec.time.until_first_failure;
    let (measures, requirements) = estimates(reading, tallies);
    let breaches = measures.iter().filter(|m| m.measure == "breach_probability");
    let worst = breaches.reduce(|a, b| if b.estimate.value > a.estimate.value { b } else { a });
    let purchases = tallies.purchase.rows(reading, worst.map(|worst| (worst.entity.clone(), worst.estimate)));
    let structural = analysis::cut_sets(system, reading.exact);
    let maps = exact::metastability(system);
    let mut results = Results {
        measures,
        requirements,
        availability: Vec::new(),
        windowed: tallies.worst_window.rows(reading),
        exceedance: Vec::new(),
        traffic_moved: Vec::new(),
        reliability: Vec::new(),
        incidents: Vec::new(),
        incident_events: Vec::new(),
        experiments: Vec::new(),
        buffers: Vec::new(),
        decisions: Vec::new(),
        failovers: Vec::new(),
        failover_steps: Vec::new(),
        failover_teams: Vec::new(),
        failover_readiness: Vec::new(),
        worst_replication: None,
        causes: Vec::new(),
        importance: reading.exact.importance().to_vec(),
        cut_sets: structural.sets,
        cut_set_counts: structural.counts,
        cut_set_downtime: Vec::new(),
        edge_downtime: Vec::new(),
        recovery: analysis::recovery_order(system),
        variance: scheme.rows(system, tallies),
        queues: reading.exact.queues().to_vec(),
        metastability: maps.cells,
        metastability_loads: maps.loads,
        capacity: tallies.capacity_course.rows(reading),
        headroom: Vec::new(),
        load_tests: tallies.load_test.rows(reading),
        purchases,
        input_shares: Vec::new(),
        outcome,
    };
    if attributed > 0 {
        let found = analysis::attribute((reading, scheme.sampling), attributed)?;
        (results.cut_set_downtime, results.edge_downtime) = (found.sets, found.edges);
        results.importance.extend(found.importance);
    }
    // Replications that end at their first failure have no long run to report.
    if !to_first_failure {
        results.availability = window::rows(tallies, reading);
        results.exceedance = tallies.distribution.exceedance(reading);
        results.traffic_moved = tallies.routing.curves(reading);
        results.reliability =
            (0..system.tracked.len() as TrackedId).map(|id| tallies.up_down.reliability(id, reading)).collect();
        results.worst_replication = tallies.worst.index();
        results.causes = tallies.cause.rows(reading);
        results.failover_teams = tallies.failover_teams.rows(reading);
        results.failover_readiness = tallies.drills.readiness(reading);
        results.buffers = tallies.capacity_buffer.rows(reading);
        listing::fill_in((system, scheme.sampling), reading.confidence, &mut results)?;
    }
    Ok(results)
}

/// Every measure, those of agreements last, and the requirements.
pub(super) fn estimates(reading: Reading<'_>, tallies: &Tallies) -> (Vec<Measured>, Vec<Requirement>) {
    let mut measures = measures(reading, tallies);
    let requirements = tallies.agreement.read(reading, &mut measures);
    (measures, requirements)
}

fn measures(reading: Reading<'_>, tallies: &Tallies) -> Vec<Measured> {
    let mut rows = Vec::new();
    let to_first_failure = reading.system.spec.time.until_first_failure;
    let targets = tallies.first_failure.targets();
    for id in 0..reading.system.tracked.len() as TrackedId {
        let is_journey = (id as usize) < reading.system.journeys.len();
        if to_first_failure {
            if (id as usize) < targets {
                tallies.first_failure.measures(id, reading, &mut rows);
                tallies.point.measures(id, reading, &mut rows);
            }
            continue;
        }
        tallies.up_down.measures(id, reading, &mut rows);
        if is_journey {
            tallies.service.measures(id, reading, &mut rows);
            tallies.shortfall.measures(id, reading, &mut rows);
            tallies.distribution.measures(id, reading, &mut rows);
            tallies.objective.measures(id, reading, &mut rows);
        }
        tallies.point.measures(id, reading, &mut rows);
        tallies.data_loss.measures(id, reading, &mut rows);
        tallies.recovery_point.measures(id, reading, &mut rows);
        tallies.bands.measures(id, reading, &mut rows);
        crate::metric::conflicts::measures(&tallies.up_down, id, reading, &mut rows);
        tallies.health_check.measures(id, reading, &mut rows);
        tallies.requests.measures(id, reading, &mut rows);
        tallies.autoscale.measures(id, reading, &mut rows);
        tallies.nodes.measures(id, reading, &mut rows);
        tallies.routing.measures(id, reading, &mut rows);
        tallies.spot.measures(id, reading, &mut rows);
    }
    if !to_first_failure {
        tallies.failover.measures(reading, &mut rows);
        tallies.duplicate_work.measures(reading, &mut rows);
        tallies.crews.measures(reading, &mut rows);
        tallies.drills.measures(reading, &mut rows);
        tallies.purchase.measures(reading, &mut rows);
        tallies.capacity_buffer.measures(reading, &mut rows);
        tallies.requests.breakers(reading, &mut rows);
        tallies.requests.followed(reading, &mut rows);
        tallies.experiment.measures(reading, &mut rows);
    }
    rows
}
