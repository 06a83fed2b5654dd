//! The circuit breaker of a call: whether it is made, and what that spares.

use ninefold_sim_core::tick::Tick;

use super::tally::{BreakerTally, measured, microseconds};
use crate::scaling::circuit_breaker::{Breaker, BreakerSpec, Permit, State};

/// A breaker and what is counted of it within the measured time.
#[derive(Debug)]
pub(super) struct Fuse {
    breaker: Breaker,
    booked: Tick,
    open: i128,
    tally: BreakerTally,
}

impl Fuse {
    pub(super) fn new(spec: BreakerSpec) -> Self {
        Self { breaker: Breaker::new(spec), booked: Tick::ZERO, open: 0, tally: BreakerTally::default() }
    }

    pub(super) fn clear(&mut self) {
        self.breaker.clear();
        (self.booked, self.open, self.tally) = (Tick::ZERO, 0, BreakerTally::default());
    }

    /// A call that is to be made: its permit, or `None` if it fails at once.
    pub(super) fn begin(&mut self, now: Tick, warmup: Tick) -> Option<Permit> {
        self.book(now, warmup);
        let was = self.breaker.state();
        let permit = self.breaker.begin(now);
        self.changed(was, now, warmup);
        if now >= warmup {
            self.tally.calls += 1;
            self.tally.rejected += i64::from(permit.is_none());
        }
        permit
    }

    /// A call ends.
    pub(super) fn end(&mut self, permit: Permit, (now, warmup): (Tick, Tick), failed: bool) {
        self.book(now, warmup);
        let was = self.breaker.state();
        self.breaker.end(permit, now, failed);
        self.changed(was, now, warmup);
    }

    /// What was counted until now.
    pub(super) fn counted(&mut self, now: Tick, warmup: Tick) -> BreakerTally {
        self.book(now, warmup);
        BreakerTally { open: microseconds(self.open), ..self.tally }
    }

    fn book(&mut self, now: Tick, warmup: Tick) {
        if self.breaker.state() == State::Open {
            self.open += measured(self.booked, now, warmup);
        }
        self.booked = now;
    }

    fn changed(&mut self, was: State, now: Tick, warmup: Tick) {
        self.tally.openings += i64::from(was != State::Open && self.breaker.state() == State::Open && now >= warmup);
    }
}
