//! Cooldowns: what waits after a change, and what instances that were just asked for count as.
//!
//! # Source
//! *Application Auto Scaling User Guide*, cooldown periods: a scale-out waits unless it is larger than the one under way,
//! whose instances count towards it; a scale-in waits, and a scale-out ends that wait. *Amazon EC2 Auto Scaling User Guide*,
//! instance warm-up: instances that warm up count in the same way, and nothing is scaled in meanwhile.

use ninefold_sim_core::tick::Tick;

use super::Decision;

/// How long a change makes the next one wait; none by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cooldown {
    /// Before more replicas.
    pub out: Tick,
    /// Before fewer.
    pub into: Tick,
}

/// Instances that were asked for together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Added {
    warms_until: Tick,
    counts_until: Tick,
    by: u32,
}

/// What a policy remembers of its own changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Recent {
    added: Vec<Added>,
    in_until: Tick,
}

impl Recent {
    pub(super) const NONE: Self = Self { added: Vec::new(), in_until: Tick::ZERO };

    pub(super) fn forget(&mut self) {
        self.added.clear();
        self.in_until = Tick::ZERO;
    }

    /// Forgets what is over.
    pub(super) fn pass(&mut self, now: Tick) {
        self.added.retain(|added| added.counts_until > now);
    }

    /// Instances that what is wanted starts without, and that count towards it.
    pub(super) fn counted(&self) -> u32 {
        self.added.iter().map(|added| added.by).sum()
    }

    /// Whether nothing may be scaled in.
    pub(super) fn holds_in(&self, now: Tick) -> bool {
        now < self.in_until || self.added.iter().any(|added| added.warms_until > now)
    }

    /// Whether what it remembers ends by itself.
    pub(super) fn is_running(&self, now: Tick) -> bool {
        !self.added.is_empty() || now < self.in_until
    }

    /// Remembers a decision.
    pub(super) fn note(&mut self, decision: &Decision, now: Tick, (warmup, cooldown): (Tick, Cooldown)) {
        let Decision { from, to, .. } = *decision;
        if to > from {
            self.in_until = Tick::ZERO;
            let counts = warmup.max(cooldown.out);
            if counts > Tick::ZERO {
                let (warms_until, counts_until) = (now.after(warmup), now.after(counts));
                self.added.push(Added { warms_until, counts_until, by: to - from });
            }
        } else if to < from {
            self.in_until = now.after(cooldown.into);
        }
    }
}
