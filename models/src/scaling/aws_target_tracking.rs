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

use super::cooldown::Recent;
use super::{Cooldown, Decision, Limit, Reading, Seen, replicas_for};

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
    /// What waits after a change.
    pub cooldown: Cooldown,
    /// Fewest instances.
    pub min: u32,
    /// Most instances.
    pub max: u32,
}

/// Running target tracking; it looks once a minute.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetTracking {
    policy: TargetPolicy,
    /// Values in a row above the target, and below 90 % of it; counted as far as an alarm needs.
    high: usize,
    low: usize,
    recent: Recent,
    /// Whether time alone may change the next decision.
    is_waiting: bool,
}

impl TargetTracking {
    /// With no value seen yet.
    pub const fn new(policy: TargetPolicy) -> Self {
        Self { policy, high: 0, low: 0, recent: Recent::NONE, is_waiting: false }
    }

    /// What it was told.
    pub const fn policy(&self) -> &TargetPolicy {
        &self.policy
    }

    /// As one that has not looked yet, with this smallest number.
    pub(crate) fn restart(&mut self, min: u32) {
        self.recent.forget();
        (self.high, self.low, self.is_waiting, self.policy.min) = (0, 0, false, min);
    }

    /// From now on at least so many.
    pub(crate) const fn set_min(&mut self, min: u32) {
        self.policy.min = min;
    }

    /// Whether looks after this decision come to the same as long as nothing changes that they see.
    pub(crate) const fn rests(&self, decision: &Decision) -> bool {
        let is_counting = !matches!(self.high, 0 | HIGH) || !matches!(self.low, 0 | LOW);
        decision.from == decision.to && !self.is_waiting && !is_counting
    }

    /// Takes the value of a minute, `Reading::Value` per instance, and decides.
    pub fn look(&mut self, seen: &Seen<'_>) -> Decision {
        let current = seen.current;
        let policy = self.policy;
        self.recent.pass(seen.now);
        self.is_waiting = self.recent.is_running(seen.now);
        let Some(&Reading::Value { value, .. }) = seen.readings.first() else {
            // A value that is not there neither alarms nor calms.
            return Decision::within(current, (policy.min, policy.max), None, Limit::NoMetric);
        };
        self.high = if value > policy.target { (self.high + 1).min(HIGH) } else { 0 };
        self.low = if value < LOW_SHARE * policy.target { (self.low + 1).min(LOW) } else { 0 };
        let counted = self.recent.counted();
        let wanted = |base: u32| replicas_for(f64::from(base) * value / policy.target);
        let (raw, blocked) = match (value > policy.target, value < LOW_SHARE * policy.target) {
            (true, _) => {
                let raw = wanted(current.saturating_sub(counted)).max(current);
                let alarm = (self.high < HIGH).then_some(Limit::Alarm);
                (raw, alarm.or((counted > 0 && raw == current).then_some(Limit::Cooldown)))
            }
            (_, true) => {
                let alarm = (self.low < LOW || !policy.scale_in).then_some(Limit::Alarm);
                (wanted(current).min(current), alarm.or(self.recent.holds_in(seen.now).then_some(Limit::Cooldown)))
            }
            _ => (current, Some(Limit::Tolerance)),
        };
        let to = if blocked.is_some() { current } else { raw };
        let limit = blocked.unwrap_or(Limit::None);
        let asked = Decision { from: current, to, metric: Some(value), raw, stabilised: raw, limit };
        let decision = asked.clamped((policy.min, policy.max));
        self.recent.note(&decision, seen.now, (policy.warmup, policy.cooldown));
        decision
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(values: &[f64], scale_in: bool) -> Vec<u32> {
        let cooldown = Cooldown::default();
        let policy = TargetPolicy { target: 100.0, scale_in, warmup: Tick::ZERO, cooldown, min: 1, max: 50 };
        let mut tracking = TargetTracking::new(policy);
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
