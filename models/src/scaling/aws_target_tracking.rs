//! Target tracking of AWS, approximately: the exact rule is not published.
//!
//! Out when the last 3 one-minute values are all above the target, in when the last 15 are all below 90 % of it. Capacity
//! moves in proportion: to `⌈capacity × metric ÷ target⌉` either way, so that a fraction of an instance is added, and kept
//! rather than removed. While instances warm up nothing is scaled in, and they count towards what is wanted.
//!
//! # Source
//! *Amazon EC2 Auto Scaling User Guide* and *Application Auto Scaling User Guide*, target tracking; the shape of the alarms
//! as users report it. An approximation: the service may use another formula.

use ninefold_sim_core::tick::Tick;

use super::{Decision, Limit, Reading, Seen, replicas};

/// One-minute values above the target for an alarm.
const HIGH: usize = 3;
/// One-minute values below 90 % of it for an alarm.
const LOW: usize = 15;
/// Share of the target below which an alarm goes for less.
const LOW_SHARE: f64 = 0.9;

/// The policy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TargetPolicy {
    /// Metric per instance that is held, > 0.
    pub target: f64,
    /// Whether it may scale in.
    pub scale_in: bool,
    /// How long a new instance warms up.
    pub warmup: Tick,
    /// Fewest instances.
    pub min: u32,
    /// Most instances.
    pub max: u32,
}

/// Running target tracking; it looks once a minute.
#[derive(Clone, Debug)]
pub struct TargetTracking {
    policy: TargetPolicy,
    high: usize,
    low: usize,
    warming: Vec<(Tick, u32)>,
}

impl TargetTracking {
    /// With no value seen yet.
    pub const fn new(policy: TargetPolicy) -> Self {
        Self { policy, high: 0, low: 0, warming: Vec::new() }
    }

    /// What it was told.
    pub const fn policy(&self) -> &TargetPolicy {
        &self.policy
    }

    /// Takes the value of a minute, `Reading::Value` per instance, and decides.
    pub fn look(&mut self, seen: &Seen<'_>) -> Decision {
        let current = seen.current;
        let Some(&Reading::Value { value, .. }) = seen.readings.first() else {
            // A value that is not there neither alarms nor calms.
            return Decision::stay(current, None, Limit::NoMetric);
        };
        let policy = self.policy;
        self.high = if value > policy.target { self.high + 1 } else { 0 };
        self.low = if value < LOW_SHARE * policy.target { self.low + 1 } else { 0 };
        self.warming.retain(|&(until, _)| until > seen.now);
        let warming: u32 = self.warming.iter().map(|(_, count)| count).sum();
        let wanted = |base: u32| replicas((f64::from(base) * value / policy.target).ceil());
        let (raw, blocked) = match (value > policy.target, value < LOW_SHARE * policy.target) {
            (true, _) => {
                (wanted(current.saturating_sub(warming)).max(current), (self.high < HIGH).then_some(Limit::Alarm))
            }
            (_, true) => {
                let alarm = (self.low < LOW || !policy.scale_in).then_some(Limit::Alarm);
                (wanted(current).min(current), alarm.or((warming > 0).then_some(Limit::Cooldown)))
            }
            _ => (current, Some(Limit::Tolerance)),
        };
        let to = if blocked.is_some() { current } else { raw.clamp(policy.min, policy.max.max(policy.min)) };
        let limit = match blocked {
            Some(limit) => limit,
            None if to < raw => Limit::Max,
            None if to > raw => Limit::Min,
            None => Limit::None,
        };
        if to > current && policy.warmup > Tick::ZERO {
            self.warming.push((seen.now.after(policy.warmup), to - current));
        }
        Decision { from: current, to, metric: Some(value), raw, stabilised: raw, limit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(values: &[f64], scale_in: bool) -> Vec<u32> {
        let mut tracking =
            TargetTracking::new(TargetPolicy { target: 100.0, scale_in, warmup: Tick::ZERO, min: 1, max: 50 });
        let mut current = 10;
        let look = |(minute, &value): (usize, &f64)| {
            let readings = [Reading::Value { value, ready: current }];
            let now = Tick::new(minute as i64 * 60_000_000_000);
            current = tracking.look(&Seen { now, current, readings: &readings }).to;
            current
        };
        values.iter().enumerate().map(look).collect()
    }

    #[test]
    fn out_after_three_minutes_and_in_after_fifteen() {
        assert_eq!(looks(&[150.0, 150.0, 150.0], true), [10, 10, 15]);
        let slow = looks(&[85.0; 16], true);
        assert_eq!((slow[13], slow[14]), (10, 9), "8.5 keeps the half instance");
        assert_eq!(looks(&[85.0; 20], false), [10; 20]);
        assert_eq!(looks(&[95.0; 20], true), [10; 20], "within 10 % below nothing is done");
        assert_eq!(looks(&[150.0, 150.0, 99.0, 150.0, 150.0], true), [10; 5], "the alarm counts consecutive minutes");
    }
}
