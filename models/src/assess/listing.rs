//! What is listed one by one: of the replications that are kept, all of it in one go.

use std::ops::ControlFlow;

use super::decisions::{self, DECISIONS_KEPT};
use super::experiments::{self, EXPERIMENTS_KEPT};
use super::failovers::{self, FAILOVERS_KEPT};
use super::headroom::Headroom;
use super::incidents::INCIDENTS_KEPT;
use super::kept::Kept;
use crate::analysis::Depths;
use crate::replication::{ReplicationError, Sampling, Trace};
use crate::results::{DecisionRow, ExperimentRow, FailoverRow, FailoverStepRow, IncidentRow, Results};
use crate::story::{Incident, incidents};
use crate::system::System;

/// The rows of one replication, or of several.
#[derive(Default)]
struct Listing {
    incidents: Vec<IncidentRow>,
    experiments: Vec<ExperimentRow>,
    decisions: Vec<DecisionRow>,
    failovers: Vec<(FailoverRow, Vec<FailoverStepRow>)>,
}

impl Listing {
    /// What a replication adds to the tables, none of it more than any of them holds in all.
    fn of((system, depths): (&System, &Depths<'_>), trace: &Trace, rep: u64) -> Self {
        let incidents = incidents(system, trace);
        let row = |incident: &Incident| IncidentRow {
            cascade_depth: depths.depth(trace, incident),
            ..incident.row(system, rep)
        };
        Self {
            incidents: incidents.iter().take(INCIDENTS_KEPT).map(row).collect(),
            experiments: experiments::rows(system, trace, rep).take(EXPERIMENTS_KEPT).collect(),
            decisions: decisions::rows(system, trace, rep).take(DECISIONS_KEPT).collect(),
            failovers: failovers::rows(system, trace, rep).into_iter().take(FAILOVERS_KEPT).collect(),
        }
    }

    fn add(&mut self, later: Self) {
        fill(&mut self.incidents, later.incidents, INCIDENTS_KEPT);
        fill(&mut self.experiments, later.experiments, EXPERIMENTS_KEPT);
        fill(&mut self.decisions, later.decisions, DECISIONS_KEPT);
        fill(&mut self.failovers, later.failovers, FAILOVERS_KEPT);
    }

    /// Whether no replication can add anything.
    fn is_full(&self, system: &System) -> bool {
        self.incidents.len() == INCIDENTS_KEPT
            && (system.experiments.is_empty() || self.experiments.len() == EXPERIMENTS_KEPT)
            && (system.autoscalers.is_empty() || self.decisions.len() == DECISIONS_KEPT)
            && (system.spec.failovers.is_empty() || self.failovers.len() == FAILOVERS_KEPT)
    }
}

fn fill<T>(rows: &mut Vec<T>, later: Vec<T>, kept: usize) {
    let room = kept - rows.len();
    rows.extend(later.into_iter().take(room));
}

/// Fills the tables that list what happened in the replications that are kept: incidents, experiments, failovers and their
/// steps in order of replication and time, decisions with the worst replication first; and what components had left
/// meanwhile.
pub(super) fn fill_in(
    (system, sampling): (&System, Sampling),
    confidence: f64,
    results: &mut Results,
) -> Result<(), ReplicationError> {
    let telling = (!system.autoscalers.is_empty()).then(|| system.clone().telling_decisions());
    let run = (telling.as_ref().unwrap_or(system), sampling);
    let (mut listing, depths) = (Listing::default(), Depths::of(system));
    // A probability is not to be less exact because a list is full.
    let listed_only = Headroom::of(system).is_empty();
    let observers = Kept::of(run, &results.outcome, results.worst_replication).again(
        || Headroom::of(system),
        |of: &System, trace: &Trace, rep: u64| Listing::of((of, &depths), trace, rep),
        |one| {
            listing.add(one);
            if listed_only && listing.is_full(system) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    )?;
    let Listing { mut incidents, mut experiments, decisions, mut failovers } = listing;
    incidents.sort_by(|a, b| (a.rep, &a.journey, a.seq).cmp(&(b.rep, &b.journey, b.seq)));
    experiments.sort_by_key(|row| (row.rep, row.seq));
    failovers.sort_by_key(|(row, _)| (row.rep, row.seq));
    (results.incidents, results.experiments, results.decisions) = (incidents, experiments, decisions);
    let (rows, steps): (Vec<_>, Vec<_>) = failovers.into_iter().unzip();
    (results.failovers, results.failover_steps) = (rows, steps.into_iter().flatten().collect());
    results.headroom = observers.into_iter().reduce(Headroom::merge).map_or_else(Vec::new, |all| all.rows(confidence));
    Ok(())
}
