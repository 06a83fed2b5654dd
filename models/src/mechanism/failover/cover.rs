//! Degraded redundancy: the unit in the place is able, and nobody could take over from it.

use ninefold_sim_core::tick::Tick;

use super::{Failover, Phase};
use crate::mechanism::Moment;
use crate::replication::Bare;
use crate::system::PlanId;

/// Since when each instance has been so, and the spans that are over.
#[derive(Debug, Default)]
pub(super) struct Cover {
    since: Vec<Option<Tick>>,
    spans: Vec<Bare>,
}

impl Cover {
    pub(super) fn new(instances: usize) -> Self {
        Self { since: vec![None; instances], spans: Vec::new() }
    }

    pub(super) fn start(&mut self) {
        self.since.fill(None);
        self.spans.clear();
    }

    fn is_bare(&mut self, instance: PlanId, bare: bool, now: Tick) {
        let since = &mut self.since[instance as usize];
        match (bare, *since) {
            (true, None) => *since = Some(now),
            (false, Some(from)) => {
                *since = None;
                if from < now {
                    self.spans.push(Bare { instance, from, to: now });
                }
            }
            _ => {}
        }
    }

    /// All spans, those that are not over up to the end; for the memory of an earlier replication.
    pub(super) fn hand_over(&mut self, end: Tick, into: &mut Vec<Bare>) {
        (0..self.since.len() as PlanId).for_each(|instance| self.is_bare(instance, false, end));
        std::mem::swap(&mut self.spans, into);
    }
}

impl Failover {
    /// Whether an instance has somebody who could take over may have changed.
    pub(super) fn look_at_cover(&mut self, i: PlanId, at: Moment<'_>) {
        let bare = self.instances[i as usize].phase == Phase::Watching && self.choose(i, at).is_none();
        self.cover.is_bare(i, bare, at.now);
    }
}
