//! The decisions of autoscalers in the replications that are kept: run again, with every decision told that is another than
//! the one before.

use super::incidents::REPLICATIONS_KEPT;
use crate::replication::{ReplicationError, Sampling, Stand, Trace};
use crate::results::DecisionRow;
use crate::scaling::MILLIONTHS;
use crate::system::System;
use crate::uncertainty::DrawnWorld;

/// Decisions kept in all.
pub const DECISIONS_KEPT: usize = 20_000;

/// Decisions of the worst replication, and then of the first ones, each in order of time, as many as are kept.
pub(super) fn rows(
    system: &System,
    sampling: Sampling,
    replications: u64,
    worst: Option<u64>,
) -> Result<Vec<DecisionRow>, ReplicationError> {
    let mut rows = Vec::new();
    if system.autoscalers.is_empty() {
        return Ok(rows);
    }
    let telling = system.clone().telling_decisions();
    let mut world = DrawnWorld::new(&telling, None);
    let first = (0..replications.min(REPLICATIONS_KEPT)).filter(|&rep| Some(rep) != worst);
    for rep in worst.into_iter().chain(first) {
        if rows.len() >= DECISIONS_KEPT {
            break;
        }
        let (of, trace) = world.run(sampling, rep)?;
        rows.extend(told(of, trace, rep).take(DECISIONS_KEPT - rows.len()));
    }
    Ok(rows)
}

fn told<'t>(system: &'t System, trace: &'t Trace, rep: u64) -> impl Iterator<Item = DecisionRow> + 't {
    (0..).zip(&trace.scaled).map(move |(look, scaled)| {
        let stands = &trace.stands[scaled.of as usize];
        // What was there before: a decision changes the number at its own instant.
        let before = stands.partition_point(|stand| stand.at < scaled.at).saturating_sub(1);
        let now = stands.partition_point(|stand| stand.at <= scaled.at).saturating_sub(1);
        DecisionRow {
            rep,
            component: system.autoscalers[scaled.of as usize].entity.clone(),
            look,
            at_s: scaled.at.hours() * 3600.0,
            demand: stands.get(now).map(|stand: &Stand| stand.demand as f64 / MILLIONTHS as f64),
            serving: stands.get(before).map(|stand| stand.serving),
            decision: scaled.decision,
        }
    })
}
