//! The circuit breaker of a call: whether it is made, and what that spares.

use ninefold_sim_core::tick::Tick;

use super::instant::Instant;
use super::tally::{BreakerTally, measured, microseconds};
use crate::scaling::circuit_breaker::{Breaker, BreakerSpec, Permit, State};

/// A breaker and what is counted of it within the measured time.
#[derive(Debug)]
pub(super) struct Fuse {
    breaker: Breaker,
    booked: Tick,
    open: i128,
    half_open: i128,
    tally: BreakerTally,
}

impl Fuse {
    pub(super) fn new(spec: BreakerSpec) -> Self {
        let tally = BreakerTally::default();
        Self { breaker: Breaker::new(spec), booked: Tick::ZERO, open: 0, half_open: 0, tally }
    }

    /// Closed, and nothing counted.
    pub(super) fn clear(&mut self) {
        self.restart(Tick::ZERO);
        (self.open, self.half_open, self.tally) = (0, 0, BreakerTally::default());
    }

    /// Closed from now on.
    pub(super) fn restart(&mut self, now: Tick) {
        self.breaker.clear();
        self.booked = now;
    }

    /// A call that is to be made: its permit, or `None` if it fails at once.
    pub(super) fn begin(&mut self, at: Instant<'_>) -> Option<Permit> {
        self.book(at);
        let was = self.breaker.state();
        let permit = self.breaker.begin(at.now);
        self.changed(was, at);
        self.tally.calls += at.counts();
        self.tally.rejected += at.counts() * i64::from(permit.is_none());
        permit
    }

    /// A call ends.
    pub(super) fn end(&mut self, permit: Permit, at: Instant<'_>, failed: bool) {
        self.book(at);
        let was = self.breaker.state();
        self.breaker.end(permit, at.now, failed);
        self.changed(was, at);
    }

    /// What was counted.
    pub(super) fn counted(&self) -> BreakerTally {
        BreakerTally { open: microseconds(self.open), half_open: microseconds(self.half_open), ..self.tally }
    }

    /// Books the time until now.
    pub(super) fn book(&mut self, at: Instant<'_>) {
        let span = measured(self.booked, at.now, at.from);
        match self.breaker.state() {
            State::Open => self.open += span,
            State::HalfOpen => self.half_open += span,
            State::Closed => {}
        }
        self.booked = at.now;
    }

    fn changed(&mut self, was: State, at: Instant<'_>) {
        self.tally.openings += i64::from(was != State::Open && self.breaker.state() == State::Open) * at.counts();
    }
}
