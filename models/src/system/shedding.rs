//! How a queue sheds by what it measures, as plain data.

use ninefold_sim_core::tick::Tick;

/// Most requests that a concurrency limit lets in.
pub const LIMIT_MAX: u32 = 1_000_000;

/// What a queue measures, and what it rejects or drops for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shedding {
    /// Controlled delay: who has waited longer than `target` when the turn comes is dropped, once that has been so for an
    /// `interval`, and the more often the longer it lasts.
    ControlledDelay {
        /// A wait that is good.
        target: Tick,
        /// How long waits may be worse.
        interval: Tick,
    },
    /// A limit of requests in line and in service, which grows by one and shrinks by a factor.
    Aimd {
        /// Its ends, and where it begins.
        limit: Limit,
        /// A request that takes longer, or that nobody waits for any more, shrinks it.
        above: Tick,
        /// By what it shrinks, in (0, 1).
        shrinks_to: f64,
    },
    /// A limit that follows how times of late compare with those of long.
    Gradient {
        /// Its ends, and where it begins.
        limit: Limit,
        /// How much longer than of long a request may take before the limit shrinks, at least 1.
        tolerance: f64,
        /// Weight of the last request, in (0, 1].
        smoothing: f64,
    },
}

/// The ends of a concurrency limit, and where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Fewest requests that are let in, at least 1.
    pub least: u32,
    /// At the start.
    pub start: u32,
    /// Most, at most [`LIMIT_MAX`].
    pub most: u32,
}

impl Limit {
    /// Whether its ends are in order.
    pub const fn is_in_range(self) -> bool {
        1 <= self.least && self.least <= self.start && self.start <= self.most && self.most <= LIMIT_MAX
    }
}

impl Shedding {
    /// Whether its numbers are in range.
    pub fn is_in_range(self) -> bool {
        let some = |tick: Tick| tick > Tick::ZERO && !tick.is_never();
        match self {
            Self::ControlledDelay { target, interval } => some(target) && some(interval),
            Self::Aimd { limit, above, shrinks_to } => {
                limit.is_in_range() && some(above) && shrinks_to > 0.0 && shrinks_to < 1.0
            }
            Self::Gradient { limit, tolerance, smoothing } => {
                let smooth = smoothing > 0.0 && smoothing <= 1.0;
                limit.is_in_range() && tolerance >= 1.0 && tolerance.is_finite() && smooth
            }
        }
    }
}
