//! A circuit breaker over the last calls: closed, open, half-open.
//!
//! Closed, it counts the last `window` calls that ended; once there are `minimum_calls` of them it opens where failures,
//! or slow calls, are at or above their share. Open, it rejects every call for `wait`. Then it lets `half_open` calls
//! through and decides by the same shares once all of them have ended: back to open, or closed with an empty window.
//! Trial calls that never end keep it half-open, unless `half_open_at_most` ends that.
//!
//! # Source
//! Resilience4j documentation, *CircuitBreaker*, count-based window; `wait` has passed when exactly that time has.

use std::collections::VecDeque;

use ninefold_sim_core::tick::Tick;

/// The breaker as it is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BreakerSpec {
    /// Calls that are remembered, 1 to 1e6.
    pub window: u32,
    /// Calls before anything is decided; more than the window counts as the window.
    pub minimum_calls: u32,
    /// Share of failures at which it opens, above 0 to 1.
    pub open_above: f64,
    /// A call that takes longer is slow; none is where this is [`Tick::NEVER`].
    pub slow_above: Tick,
    /// Share of slow calls at which it opens, above 0 to 1.
    pub slow_share: f64,
    /// How long it stays open.
    pub wait: Tick,
    /// Trial calls.
    pub half_open: u32,
    /// Longest time half-open before it opens again; [`Tick::NEVER`] for no end.
    pub half_open_at_most: Tick,
}

impl BreakerSpec {
    /// As Resilience4j sets it where nothing is said.
    pub const RESILIENCE4J: Self = Self {
        window: 100,
        minimum_calls: 100,
        open_above: 0.5,
        slow_above: Tick::NEVER,
        slow_share: 1.0,
        wait: Tick::new(60_000_000_000),
        half_open: 10,
        half_open_at_most: Tick::NEVER,
    };
}

/// The state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Calls go through.
    Closed,
    /// Calls are rejected.
    Open,
    /// A few calls go through, to see.
    HalfOpen,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ended {
    failed: bool,
    slow: bool,
}

/// A running breaker.
#[derive(Clone, Debug)]
pub struct Breaker {
    spec: BreakerSpec,
    state: State,
    since: Tick,
    /// Trial calls that may still begin.
    permits: u32,
    calls: VecDeque<Ended>,
    failures: u32,
    slow: u32,
    /// Counts the changes of state: a call that began in an earlier one is not counted.
    era: u64,
}

/// A call that was let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    since: Tick,
    era: u64,
}

impl Breaker {
    /// A closed breaker.
    pub fn new(spec: BreakerSpec) -> Self {
        let calls = VecDeque::with_capacity(spec.window as usize + 1);
        Self { spec, state: State::Closed, since: Tick::ZERO, permits: 0, calls, failures: 0, slow: 0, era: 0 }
    }

    /// As new, keeping its memory.
    pub fn clear(&mut self) {
        self.enter(State::Closed, Tick::ZERO);
        self.era = 0;
    }

    /// The state after what has been told to it.
    pub const fn state(&self) -> State {
        self.state
    }

    /// A call that begins now: its permit, or `None` if it is rejected.
    pub fn begin(&mut self, now: Tick) -> Option<Permit> {
        let elapsed = now.since(self.since);
        if self.state == State::HalfOpen && elapsed >= self.spec.half_open_at_most {
            self.enter(State::Open, now);
            return None;
        }
        if self.state == State::Open && elapsed >= self.spec.wait {
            self.enter(State::HalfOpen, now);
        }
        match self.state {
            State::Closed => {}
            State::Open => return None,
            State::HalfOpen => self.permits = self.permits.checked_sub(1)?,
        }
        Some(Permit { since: now, era: self.era })
    }

    /// A call that was let through ends now.
    pub fn end(&mut self, permit: Permit, now: Tick, failed: bool) {
        if permit.era != self.era {
            return;
        }
        let window = match self.state {
            State::Closed => self.spec.window,
            State::HalfOpen => self.spec.half_open,
            State::Open => return,
        };
        self.remember(Ended { failed, slow: now.since(permit.since) > self.spec.slow_above }, window);
        let counted = self.calls.len() as u32;
        let enough = if self.state == State::Closed { self.spec.minimum_calls.min(window) } else { window };
        if counted < enough {
            return;
        }
        let reaches = |count: u32, share: f64| f64::from(count) >= share * f64::from(counted);
        let opens = reaches(self.failures, self.spec.open_above) || reaches(self.slow, self.spec.slow_share);
        match (opens, self.state) {
            (true, _) => self.enter(State::Open, now),
            (false, State::HalfOpen) => self.enter(State::Closed, now),
            (false, _) => {}
        }
    }

    fn remember(&mut self, ended: Ended, window: u32) {
        self.calls.push_back(ended);
        self.failures += u32::from(ended.failed);
        self.slow += u32::from(ended.slow);
        if self.calls.len() > window as usize
            && let Some(oldest) = self.calls.pop_front()
        {
            self.failures -= u32::from(oldest.failed);
            self.slow -= u32::from(oldest.slow);
        }
    }

    fn enter(&mut self, state: State, now: Tick) {
        self.state = state;
        self.since = now;
        self.permits = if state == State::HalfOpen { self.spec.half_open } else { 0 };
        self.calls.clear();
        (self.failures, self.slow) = (0, 0);
        self.era += 1;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn spec() -> BreakerSpec {
        BreakerSpec {
            window: 10,
            minimum_calls: 10,
            open_above: 0.5,
            slow_above: Tick::new(100),
            slow_share: 1.0,
            wait: Tick::new(1000),
            half_open: 3,
            half_open_at_most: Tick::NEVER,
        }
    }

    fn call(breaker: &mut Breaker, (now, takes, failed): (i64, i64, bool)) -> Option<State> {
        let permit = breaker.begin(Tick::new(now))?;
        breaker.end(permit, Tick::new(now + takes), failed);
        Some(breaker.state())
    }

    #[test]
    fn it_opens_at_the_share_and_closes_after_good_trials() {
        let mut breaker = Breaker::new(spec());
        for i in 0..9 {
            assert_eq!(call(&mut breaker, (i, 0, i >= 5)), Some(State::Closed));
        }
        assert_eq!(call(&mut breaker, (9, 0, true)), Some(State::Open), "5 of 10");
        assert_eq!(call(&mut breaker, (1008, 0, false)), None);
        let trials = [1009, 1010, 1011].map(|now| call(&mut breaker, (now, 0, false)));
        assert_eq!(trials, [Some(State::HalfOpen), Some(State::HalfOpen), Some(State::Closed)]);
    }

    #[test]
    fn slow_calls_open_it_and_unfinished_trials_hold_it_half_open() {
        let mut breaker = Breaker::new(BreakerSpec { half_open_at_most: Tick::new(5000), ..spec() });
        for i in 0..10 {
            call(&mut breaker, (i, 101, false));
        }
        assert_eq!(breaker.state(), State::Open);
        let opened = 110;
        let permits: Vec<_> = (0..4).map(|i| breaker.begin(Tick::new(opened + 1000 + i))).collect();
        assert_eq!(permits.iter().filter(|permit| permit.is_some()).count(), 3, "three trials, no more");
        assert_eq!(breaker.begin(Tick::new(opened + 5999)), None);
        assert_eq!(breaker.state(), State::HalfOpen);
        assert_eq!(breaker.begin(Tick::new(opened + 6000)), None);
        assert_eq!(breaker.state(), State::Open);
        // A trial that ends late belongs to no state that is left.
        breaker.end(permits[0].unwrap(), Tick::new(opened + 6001), false);
        assert_eq!(breaker.state(), State::Open);
    }
}
