//! When requests come: a Poisson process whose rate changes from step to step.

use ninefold_sim_core::stream::{Replication, Stream};
use ninefold_sim_core::tick::Tick;

use crate::lifetime::Law;
use crate::units::Hours;

/// Arrivals of one source, drawn one after the other by inverting the integral of the rate.
#[derive(Debug)]
pub(super) struct Clock {
    pub(super) stream: Stream,
    /// Exponential with a mean of one hour, read as a pure number.
    unit: Law,
    step: usize,
}

impl Clock {
    pub(super) fn new(stream: Stream) -> Self {
        let unit = Law::exponential(Hours::new(1.0)).expect("bug: a mean of one hour is in range");
        Self { stream, unit, step: 0 }
    }

    pub(super) fn rewind(&mut self) {
        self.stream.rewind();
        self.step = 0;
    }

    /// The rate per hour that holds just before an instant; of the first instant, at it.
    pub(super) fn rate_before(&self, rates: &[(Tick, f64)], now: Tick) -> f64 {
        let after = rates.partition_point(|&(at, _)| at < now);
        rates.get(after.saturating_sub(1)).map_or(0.0, |&(_, rate)| rate)
    }

    /// The first arrival after `now` at a rate per hour that stays.
    pub(super) fn next_at(&mut self, now: Tick, rate: f64, replication: Replication) -> Tick {
        if rate <= 0.0 {
            return Tick::NEVER;
        }
        now.after(Tick::from_hours(self.unit.quantile(self.stream.open01(replication)).get() / rate))
    }

    /// The first arrival after `now`, at rates per hour of which each holds from its instant on.
    pub(super) fn next(&mut self, now: Tick, rates: &[(Tick, f64)], replication: Replication) -> Tick {
        let mut left = self.unit.quantile(self.stream.open01(replication)).get();
        let mut from = now;
        loop {
            while rates.get(self.step + 1).is_some_and(|&(at, _)| at <= from) {
                self.step += 1;
            }
            let Some(&(_, rate)) = rates.get(self.step) else { return Tick::NEVER };
            let until = rates.get(self.step + 1).map_or(Tick::NEVER, |&(at, _)| at);
            let within = if until.is_never() { f64::INFINITY } else { until.since(from).hours() * rate };
            if rate > 0.0 && left <= within {
                return from.after(Tick::from_hours(left / rate)).max(from);
            }
            if until.is_never() {
                return Tick::NEVER;
            }
            left -= within;
            from = until;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ninefold_sim_core::stream::StreamId;

    #[test]
    fn arrivals_follow_the_rate() {
        let at = Tick::from_hours;
        let rates = [(at(0.0), 100.0), (at(10.0), 0.0), (at(20.0), 400.0), (at(30.0), 100.0)];
        let mut clock = Clock::new(Stream::new(StreamId::of(0, "request_arrivals", "shop")));
        let mut counts = [0u32; 3];
        for replication in (0..200).map(|index| Replication::new(7, index)) {
            clock.rewind();
            let mut now = Tick::ZERO;
            loop {
                now = clock.next(now, &rates, replication);
                if now >= at(30.0) {
                    break;
                }
                counts[(now.hours() / 10.0) as usize] += 1;
            }
        }
        // 200 replications of 1000 and of 4000: four standard deviations are 0.9 % and 0.45 %.
        assert!((f64::from(counts[0]) / 200e3 - 1.0).abs() < 0.009, "{counts:?}");
        assert_eq!(counts[1], 0);
        assert!((f64::from(counts[2]) / 800e3 - 1.0).abs() < 0.0045, "{counts:?}");
    }
}
