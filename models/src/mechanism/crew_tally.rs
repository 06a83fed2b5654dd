//! What is counted of a team's crews and of the parts in its store, within the measured time.

use ninefold_sim_core::tick::Tick;

use crate::mechanism::Moment;

/// What was counted of one team.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crewed {
    /// Crews at work × ticks.
    pub busy: i128,
    /// Crews there to work × ticks.
    pub there: i128,
    /// Repairs, and steps of plans, that wait for a crew × ticks; those that one has left for the day among them.
    pub waiting: i128,
    /// Calls for a crew.
    pub calls: i64,
}

/// What was counted of the parts of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stocked {
    /// Parts at hand × ticks.
    pub at_hand: i128,
    /// Repairs that wait for one × ticks.
    pub waiting: i128,
    /// Parts asked for.
    pub demands: i64,
    /// Those of them that were at hand.
    pub filled: i64,
}

/// Levels summed over time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span(Tick);

impl Span {
    pub(super) const fn new() -> Self {
        Self(Tick::ZERO)
    }

    /// Ticks of the measured time since it was asked last.
    pub(super) fn passed(&mut self, at: Moment<'_>) -> i128 {
        self.until(at.now, at.system.warmup)
    }

    /// The same, until an instant.
    pub(super) fn until(&mut self, now: Tick, warmup: Tick) -> i128 {
        let from = std::mem::replace(&mut self.0, now).max(warmup);
        i128::from((now.get() - from.get()).max(0))
    }
}
