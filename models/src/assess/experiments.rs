//! The experiments of the replications that are kept: run again, since a replication is a function of its index.

use super::incidents::REPLICATIONS_KEPT;
use crate::replication::{Experimented, ReplicationError, Sampling, Trace};
use crate::results::ExperimentRow;
use crate::system::{Owner, System};
use crate::uncertainty::DrawnWorld;

/// Experiments kept in all.
pub const EXPERIMENTS_KEPT: usize = 100_000;

/// Experiments of the first replications and of the worst one, in order of replication and of when they were due.
pub(super) fn rows(
    system: &System,
    sampling: Sampling,
    replications: u64,
    worst: Option<u64>,
) -> Result<Vec<ExperimentRow>, ReplicationError> {
    let mut rows = Vec::new();
    if system.experiments.is_empty() {
        return Ok(rows);
    }
    let first = replications.min(REPLICATIONS_KEPT);
    let mut world = DrawnWorld::new(system, None);
    for rep in (0..first).chain(worst.filter(|&worst| worst >= first)) {
        let (of, trace) = world.run(sampling, rep)?;
        let measured = trace.experimented.iter().filter(|one| one.began >= of.warmup);
        for (seq, one) in (0..).zip(measured) {
            if rows.len() == EXPERIMENTS_KEPT {
                return Ok(rows);
            }
            rows.push(row((of, trace), (rep, seq), one));
        }
    }
    Ok(rows)
}

fn row((system, trace): (&System, &Trace), (rep, seq): (u64, u64), one: &Experimented) -> ExperimentRow {
    let declared = &system.spec.experiments[one.of as usize];
    let held = one.held(system, trace);
    let is_over = one.is_begun() && !one.ended.is_never();
    let finding = match (one.is_begun(), one.aborted, held) {
        (false, ..) => "not_begun",
        (_, true, _) => "aborted",
        (.., Some(true)) => "held",
        (.., Some(false)) => "refuted",
        (.., None) if is_over => "done",
        (.., None) => "censored",
    };
    let target = match &declared.strike.owner {
        Owner::Component(name) => format!("components.{name}"),
        Owner::Domain(name) => format!("domains.{name}"),
    };
    ExperimentRow {
        rep,
        seq,
        experiment: declared.name.clone(),
        target,
        began_s: one.began.hours() * 3600.0,
        took_s: is_over.then(|| one.ended.since(one.began).hours() * 3600.0),
        held,
        aborted: one.aborted,
        blast_ratio: f64::from(one.struck) / system.experiments[one.of as usize].modes.len() as f64,
        users_hurt: one.users_hurt(system, trace),
        finding,
    }
}
