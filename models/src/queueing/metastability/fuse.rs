//! A circuit breaker in the fluid: the state machine of [`crate::scaling::circuit_breaker`] over amounts of calls.

use std::collections::VecDeque;

use crate::scaling::circuit_breaker::{BreakerSpec, State};

/// Calls that ended at one step.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ended {
    pub(super) calls: f64,
    pub(super) failed: f64,
    pub(super) slow: f64,
}

/// A breaker and the amounts it has heard of; steps instead of instants.
#[derive(Debug)]
pub(super) struct Fuse {
    spec: BreakerSpec,
    state: State,
    since: usize,
    permits: f64,
    window: VecDeque<Ended>,
    sum: Ended,
    wait: usize,
    half_open_at_most: usize,
}

impl Fuse {
    pub(super) fn new(spec: BreakerSpec, step_s: f64) -> Self {
        let steps = |tick: ninefold_sim_core::tick::Tick| match tick.is_never() {
            true => usize::MAX,
            false => (tick.hours() * 3600.0 / step_s + 0.5) as usize,
        };
        Self {
            spec,
            state: State::Closed,
            since: 0,
            permits: 0.0,
            window: VecDeque::new(),
            sum: Ended::default(),
            wait: steps(spec.wait),
            half_open_at_most: steps(spec.half_open_at_most),
        }
    }

    /// The share of calls that are made at this step.
    pub(super) fn lets_through(&mut self, calls: f64, now: usize) -> f64 {
        let elapsed = now - self.since;
        if self.state == State::HalfOpen && elapsed >= self.half_open_at_most {
            self.enter(State::Open, now);
        } else if self.state == State::Open && elapsed >= self.wait {
            self.enter(State::HalfOpen, now);
        }
        match self.state {
            State::Closed => 1.0,
            State::Open => 0.0,
            State::HalfOpen => {
                let made = calls.min(self.permits);
                self.permits -= made;
                if calls > 0.0 { made / calls } else { 0.0 }
            }
        }
    }

    /// Whether it counts a call that began then.
    pub(super) const fn counts(&self, began: usize) -> bool {
        began >= self.since
    }

    /// Calls end at this step.
    pub(super) fn hears(&mut self, ended: Ended, now: usize) {
        let window = match self.state {
            State::Closed => f64::from(self.spec.window),
            State::HalfOpen => f64::from(self.spec.half_open),
            State::Open => return,
        };
        if ended.calls <= 0.0 {
            return;
        }
        self.window.push_back(ended);
        self.add(ended, 1.0);
        if self.state == State::Closed {
            while let Some(first) = self.window.front().copied().filter(|first| self.sum.calls - first.calls >= window)
            {
                self.window.pop_front();
                self.add(first, -1.0);
            }
        }
        let enough = if self.state == State::Closed { f64::from(self.spec.minimum_calls).min(window) } else { window };
        // A step's amount is a sum of parts.
        if self.sum.calls < enough * (1.0 - 1e-9) {
            return;
        }
        let reaches = |amount: f64, share: f64| amount >= share * self.sum.calls;
        let opens = reaches(self.sum.failed, self.spec.open_above) || reaches(self.sum.slow, self.spec.slow_share);
        match (opens, self.state) {
            (true, _) => self.enter(State::Open, now),
            (false, State::HalfOpen) => self.enter(State::Closed, now),
            (false, _) => {}
        }
    }

    fn add(&mut self, of: Ended, sign: f64) {
        self.sum.calls += sign * of.calls;
        self.sum.failed += sign * of.failed;
        self.sum.slow += sign * of.slow;
    }

    fn enter(&mut self, state: State, now: usize) {
        (self.state, self.since, self.sum) = (state, now, Ended::default());
        self.window.clear();
        self.permits = f64::from(self.spec.half_open);
    }
}
