//! The decisions of autoscalers in the replications that are kept: every one that is another than the one before.

use crate::replication::{Stand, Trace};
use crate::results::DecisionRow;
use crate::scaling::MILLIONTHS;
use crate::system::System;

/// Decisions kept in all.
pub const DECISIONS_KEPT: usize = 20_000;

/// The decisions of a replication that was [told](System::telling_decisions) them, in the order of time.
pub(super) fn rows<'t>(system: &'t System, trace: &'t Trace, rep: u64) -> impl Iterator<Item = DecisionRow> + 't {
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
