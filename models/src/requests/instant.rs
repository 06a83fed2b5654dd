//! The instant at which something happens to requests.

use ninefold_sim_core::stream::Replication;
use ninefold_sim_core::tick::Tick;

use crate::mechanism::Moment;
use crate::system::System;

/// An instant: of the replication, or of the time before an episode in which its queues fill.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instant<'a> {
    pub(super) system: &'a System,
    pub(super) now: Tick,
    /// Since when is counted.
    pub(super) from: Tick,
    /// Seed and replication of every draw.
    pub(super) replication: Replication,
}

impl<'a> Instant<'a> {
    pub(super) const fn of(at: Moment<'a>, from: Tick) -> Self {
        Self { system: at.system, now: at.now, from, replication: at.replication }
    }

    #[inline]
    pub(super) fn is_measured(self) -> bool {
        self.now >= self.from
    }

    /// 1 within the measured time, else 0.
    #[inline]
    pub(super) fn counts(self) -> i64 {
        i64::from(self.is_measured())
    }
}
