//! Shedding by what is measured: controlled delay, and concurrency limits that adapt.
//!
//! # Source
//! Controlled delay: Nichols, Jacobson, RFC 8289 (2018), section 5. Limits: *concurrency-limits* (Netflix), `AIMDLimit` and
//! `Gradient2Limit`, with their constants where nothing is said.

use ninefold_sim_core::tick::Tick;

use crate::system::{Limit, Shedding};

/// Requests in the mean of long, and how many of the first are averaged plainly.
const LONG: f64 = 600.0;
const FIRST: f64 = 10.0;

/// Requests that a gradient lets wait.
const SLACK: f64 = 4.0;

/// A drop state that ended within so many intervals is gone on with.
const RECENT_INTERVALS: i64 = 16;

/// What a queue has measured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shedder {
    of: Shedding,
    limit: f64,
    /// Mean time of long, in ticks, over so many requests.
    long: f64,
    seen: f64,
    delay: Delay,
}

/// The state of controlled delay.
#[derive(Clone, Copy, Debug)]
struct Delay {
    /// When a wait will have been too long for an interval; never while it is good.
    too_long_at: Tick,
    is_dropping: bool,
    next: Tick,
    count: u32,
    before: u32,
}

impl Shedder {
    pub(super) fn new(of: Shedding) -> Self {
        let limit = match of {
            Shedding::ControlledDelay { .. } => f64::INFINITY,
            Shedding::Aimd { limit, .. } | Shedding::Gradient { limit, .. } => f64::from(limit.start),
        };
        let delay = Delay { too_long_at: Tick::NEVER, is_dropping: false, next: Tick::ZERO, count: 0, before: 0 };
        Self { of, limit, long: 0.0, seen: 0.0, delay }
    }

    /// As at the start.
    pub(super) fn clear(&mut self) {
        *self = Self::new(self.of);
    }

    /// Whether another is let in beside so many.
    pub(super) fn admits(&self, present: u64) -> bool {
        (present as f64) < self.limit.floor()
    }

    /// A request was served; `present` are there, it among them.
    pub(super) fn served(&mut self, took: Tick, present: u64, is_missed: bool) {
        match self.of {
            Shedding::ControlledDelay { .. } => {}
            Shedding::Aimd { limit, above, shrinks_to } => {
                if is_missed || took > above {
                    self.limit = (self.limit * shrinks_to).floor();
                } else if 2.0 * present as f64 >= self.limit {
                    self.limit += 1.0;
                }
                self.keep(limit);
            }
            Shedding::Gradient { limit, tolerance, smoothing } => {
                let took = took.get() as f64;
                let long = self.averaged(took);
                if long > 2.0 * took {
                    self.long *= 0.95;
                }
                // A limit that nobody reaches says nothing.
                if (present as f64) < self.limit / 2.0 {
                    return;
                }
                let gradient = (tolerance * long / took.max(1.0)).clamp(0.5, 1.0);
                self.limit = self.limit * (1.0 - smoothing) + (self.limit * gradient + SLACK) * smoothing;
                self.keep(limit);
            }
        }
    }

    fn keep(&mut self, limit: Limit) {
        self.limit = self.limit.clamp(f64::from(limit.least), f64::from(limit.most));
    }

    /// The mean of long with one more time.
    fn averaged(&mut self, took: f64) -> f64 {
        self.seen += 1.0;
        let weight = if self.seen <= FIRST { 1.0 / self.seen } else { 2.0 / (LONG + 1.0) };
        self.long += (took - self.long) * weight;
        self.long
    }

    /// Whether the one whose turn it is, who has waited so long, is dropped; `waiting` wait behind.
    pub(super) fn drops(&mut self, now: Tick, waited: Tick, waiting: u64) -> bool {
        let Shedding::ControlledDelay { target, interval } = self.of else { return false };
        let state = &mut self.delay;
        if waited < target || waiting == 0 {
            (state.too_long_at, state.is_dropping) = (Tick::NEVER, false);
            return false;
        }
        if state.too_long_at.is_never() {
            state.too_long_at = now.after(interval);
            return false;
        }
        if now < state.too_long_at {
            return false;
        }
        let after =
            |from: Tick, count: u32| from.after(Tick::new((interval.get() as f64 / f64::from(count).sqrt()) as i64));
        if !state.is_dropping {
            let more = state.count - state.before;
            let is_recent = state.count > 0 && now.get() - state.next.get() < RECENT_INTERVALS * interval.get();
            state.count = if is_recent && more > 1 { more } else { 1 };
            (state.is_dropping, state.before) = (true, state.count);
            state.next = after(now, state.count);
            return true;
        }
        if now < state.next {
            return false;
        }
        state.count += 1;
        state.next = after(state.next, state.count);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: i64) -> Tick {
        Tick::new(ms * 1_000_000)
    }

    #[test]
    fn controlled_delay_drops_ever_more_often_while_waits_are_too_long() {
        let mut of = Shedder::new(Shedding::ControlledDelay { target: ms(5), interval: ms(100) });
        // Somebody's turn each millisecond, after 20 ms in line.
        let dropped: Vec<i64> = (0..400).filter(|&at| of.drops(ms(at), ms(20), 9)).collect();
        // After an interval, then 100 ms ÷ √1, √2, √3 … later.
        let mut known = vec![100.0_f64, 200.0];
        (2..9).for_each(|count| known.push(known.last().copied().unwrap_or(0.0) + 100.0 / f64::from(count).sqrt()));
        let known: Vec<i64> = known.into_iter().map(|at| at.ceil() as i64).take_while(|&at| at < 400).collect();
        assert_eq!(dropped, known);
        // A good wait, or nobody behind, ends it; the next time it goes on where it was.
        assert!(!of.drops(ms(400), ms(4), 9) && !of.drops(ms(401), ms(20), 0));
        let again: Vec<i64> = (402..650).filter(|&at| of.drops(ms(at), ms(20), 9)).collect();
        assert!(again[0] == 502 && again[1] - again[0] < 70, "{again:?}");
    }

    #[test]
    fn aimd_adds_one_and_takes_a_tenth() {
        let limit = Limit { least: 5, start: 20, most: 30 };
        let mut of = Shedder::new(Shedding::Aimd { limit, above: ms(100), shrinks_to: 0.9 });
        of.served(ms(10), 9, false);
        assert!(of.admits(19) && !of.admits(20), "a limit that nobody reaches stays");
        (0..50).for_each(|_| of.served(ms(10), 30, false));
        assert!(of.admits(29) && !of.admits(30));
        of.served(ms(101), 30, false);
        assert!(of.admits(26) && !of.admits(27));
        (0..50).for_each(|_| of.served(ms(10), 30, true));
        assert!(of.admits(4) && !of.admits(5));
    }

    #[test]
    fn a_gradient_shrinks_where_times_grow_and_finds_back() {
        let limit = Limit { least: 4, start: 40, most: 200 };
        let mut of = Shedder::new(Shedding::Gradient { limit, tolerance: 1.5, smoothing: 0.2 });
        (0..20).for_each(|_| of.served(ms(10), 100, false));
        // Each time a fifth of the slack of four is added.
        assert!(of.admits(55) && !of.admits(56), "{of:?}");
        // Four times as long as of long: at most 1.5 ÷ 4 of it, a half at a time.
        (0..60).for_each(|_| of.served(ms(40), 200, false));
        let low = of.limit;
        assert!((4.0..60.0).contains(&low), "{of:?}");
        (0..60).for_each(|_| of.served(ms(10), 200, false));
        assert!(of.limit > low);
    }
}
