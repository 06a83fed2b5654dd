//! Whether whoever decides or does a step knows of the failover: if not, the work may be done twice.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use super::{Failover, Reason, drawn};
use crate::mechanism::Moment;
use crate::system::{PlanId, PlanInstance};

/// What was done twice in one instance within the measured time, and what was not because it was known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doubled {
    /// Ticks of work done again.
    pub twice: i64,
    /// Ticks of work that would have been done again.
    pub saved: i64,
}

/// Who knows of the attempt of an instance.
#[derive(Debug)]
pub(super) struct Status {
    publish: Stream,
    double: Stream,
    /// When it is known; [`Tick::NEVER`] if it never is.
    known: Tick,
    pub(super) doubled: Doubled,
}

impl Status {
    pub(super) const fn of(compiled: &PlanInstance) -> Self {
        Self {
            publish: Stream::new(compiled.publish_stream),
            double: Stream::new(compiled.double_stream),
            known: Tick::NEVER,
            doubled: Doubled { twice: 0, saved: 0 },
        }
    }

    pub(super) fn start(&mut self) {
        self.publish.rewind();
        self.double.rewind();
        (self.known, self.doubled) = (Tick::NEVER, Doubled::default());
    }
}

impl Failover {
    /// An attempt begins; its status is known some time later.
    pub(super) fn publish(&mut self, i: PlanId, at: Moment<'_>) {
        let Some(status) = &at.system.spec.status else { return };
        let own = &mut self.instances[i as usize].status;
        let late = status.publish_delay.as_ref().map(|law| drawn(law, &mut own.publish, at));
        own.known = late.map_or(Tick::NEVER, |late| at.now.after(late));
    }

    /// The time of some work by a team, or by a person of none, that begins now: twice as long where it is done twice. What
    /// is done on purpose everybody knows of.
    pub(super) fn once_or_twice(&mut self, i: PlanId, (team, takes): (Option<&str>, Tick), at: Moment<'_>) -> Tick {
        let Some(status) = &at.system.spec.status else { return takes };
        let state = &mut self.instances[i as usize];
        let on_purpose = |reason| matches!(reason, Reason::Test | Reason::Failback);
        if state.attempt.is_none_or(|attempt| on_purpose(attempt.reason)) {
            return takes;
        }
        let would = state.status.double.open01(at.replication) < status.duplicate_work;
        let knows = at.now >= state.status.known && status.is_read_by(team);
        let counted = if would && at.now >= at.system.warmup { takes.get() } else { 0 };
        let doubled = &mut state.status.doubled;
        if knows {
            doubled.saved = doubled.saved.saturating_add(counted);
        } else {
            doubled.twice = doubled.twice.saturating_add(counted);
        }
        if would && !knows { takes.after(takes) } else { takes }
    }
}
