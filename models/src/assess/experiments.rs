//! The experiments of the replications that are kept.

use crate::replication::{Experimented, Trace};
use crate::results::ExperimentRow;
use crate::system::{Owner, System};

/// Experiments kept in all.
pub const EXPERIMENTS_KEPT: usize = 100_000;

/// The experiments of a replication, in the order of when they were due: those that are measured.
pub(super) fn rows<'t>(system: &'t System, trace: &'t Trace, rep: u64) -> impl Iterator<Item = ExperimentRow> + 't {
    let measured = trace.experimented.iter().filter(|one| one.began >= system.warmup);
    (0..).zip(measured).map(move |(seq, one)| row((system, trace), (rep, seq), one))
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
