//! The outlook: what is known of the main measures while a run goes on.

use ninefold_sim_core::interval::Estimate;

use super::Known;
use super::steering::Steering;
use crate::metric::Metric;
use crate::plan::Plan;
use crate::results::{Measured, Requirement};
use crate::snapshot::Prefix;
use crate::system::{System, TrackedId};

/// Entities in an outlook: what fits on a screen, so that its cost is bounded however large the system is.
pub const OUTLOOK_ROWS: usize = 10;

/// What is known by now, from the replications that are done.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// Replications it rests on.
    pub replications: u64,
    /// The least number of replications a run stops at: an outlook of fewer is preliminary.
    pub least: u64,
    /// Unavailability (MTTF in a run to the first failure) of the first journeys, or components where there is none.
    pub measures: Vec<Measured>,
    /// The agreements, with the verdicts that a run stopped now would give.
    pub requirements: Vec<Requirement>,
}

/// What an outlook is taken from, beside the tallies.
pub(super) struct View<'a> {
    pub(super) system: &'a System,
    pub(super) plan: &'a Plan,
    pub(super) known: &'a Known,
    pub(super) steering: Option<&'a Steering>,
    pub(super) least: u64,
}

impl View<'_> {
    /// The outlook from all that was counted.
    pub(super) fn of(&self, prefix: &Prefix<'_>) -> Outlook {
        let Prefix { decided, since, .. } = *prefix;
        let system = self.system;
        let replications = decided.replications + since.replications;
        // What the control variate corrects is shown at the end.
        let reading = self.known.reading(system, self.plan, (replications, &[]));
        let mut up_down = decided.up_down.of_first(OUTLOOK_ROWS);
        up_down.merge(since.up_down.of_first(OUTLOOK_ROWS));
        let mut first_failure = decided.first_failure.of_first(OUTLOOK_ROWS);
        first_failure.merge(since.first_failure.of_first(OUTLOOK_ROWS));
        let mut agreement = decided.agreement.clone();
        agreement.merge(since.agreement.clone());
        let targets = if system.journeys.is_empty() { system.components.len() } else { system.journeys.len() };
        let row = |id: TrackedId| {
            let entity = system.tracked[id as usize].entity();
            let row = |name, estimate: Estimate| reading.measured(entity, name, estimate);
            match first_failure.mttf(id, reading) {
                Some((mttf, _)) => row(("mttf", "h"), mttf),
                None => row(("unavailability", "1"), up_down.unavailability(id, reading).0),
            }
        };
        let measures = (0..targets.min(OUTLOOK_ROWS) as TrackedId).map(row).collect();
        let mut requirements = agreement.read(reading, &mut Vec::new());
        if let Some(steering) = self.steering {
            steering.judge(&mut requirements);
        }
        Outlook { replications, least: self.least, measures, requirements }
    }
}
