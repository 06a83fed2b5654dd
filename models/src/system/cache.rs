//! Caches before a call, as plain data.

use crate::units::Hours;

/// Each unit of the caller keeps answers: only what it misses is called for.
///
/// A unit that begins to serve has none; so long after that it has `hits × (1 − exp(−t ÷ fills))` of what it is asked for.
/// Those that serve from the start are warm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CacheSpec {
    /// Share of requests that a warm cache answers, in [0, 1).
    pub hits: f64,
    /// Mean time in which it fills, > 0.
    pub fills: Hours,
}

impl CacheSpec {
    /// Share that is answered so long after the unit has begun to serve.
    pub fn hit_ratio(&self, since: Hours) -> f64 {
        self.hits * -libm::expm1(-since.get() / self.fills.get())
    }
}
