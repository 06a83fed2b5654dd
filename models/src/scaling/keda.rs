//! KEDA around a Horizontal Pod Autoscaler: from zero to one and back, and what is reported when the metric fails.
//!
//! From 1 on the autoscaler decides. At a poll, every `poll` from the start, a metric above the activation value brings the first replica; one that
//! has not been above it for the cooldown takes all of them away at once, past the policies of the autoscaler. After more
//! than `after` failures in a row a value is reported that asks for the fallback's replicas.
//!
//! # Source
//! KEDA documentation 2.x, *Scaling Deployments* (`pollingInterval`, `cooldownPeriod`, `fallback`).

use ninefold_sim_core::tick::Tick;

use super::hpa::{Hpa, Target};
use super::{Decision, Limit, Reading, Seen};

/// What is done while the metric fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// Failures in a row that are borne.
    pub after: u32,
    /// Replicas that are asked for then.
    pub replicas: u32,
}

/// Between zero and one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zero {
    /// The metric is active above this value.
    pub activation: f64,
    /// Time without activity before all replicas go.
    pub cooldown: Tick,
    /// Time from poll to poll, > 0; what looks see in between neither brings the first replica nor takes the last.
    pub poll: Tick,
}

/// A running scaler.
#[derive(Clone, Debug, PartialEq)]
pub struct Keda {
    hpa: Hpa,
    fallback: Option<Fallback>,
    zero: Option<Zero>,
    failures: u32,
    /// The last poll that was active, or could not say.
    last_active: Option<Tick>,
    /// Whether the last look was a poll that was.
    is_active: bool,
}

impl Keda {
    /// Around an autoscaler, whose smallest number is at least 1.
    pub const fn new(hpa: Hpa, fallback: Option<Fallback>, zero: Option<Zero>) -> Self {
        Self { hpa, fallback, zero, failures: 0, last_active: None, is_active: false }
    }

    /// The autoscaler inside.
    pub const fn hpa(&self) -> &Hpa {
        &self.hpa
    }

    /// Whether it may take all replicas away.
    pub const fn has_zero(&self) -> bool {
        self.zero.is_some()
    }

    /// As one that has not looked yet, with this smallest number.
    pub(crate) fn restart(&mut self, min: u32) {
        self.hpa.restart(min);
        (self.failures, self.last_active, self.is_active) = (0, None, false);
    }

    /// From now on at least so many, once there are any.
    pub(crate) const fn set_min(&mut self, min: u32) {
        self.hpa.set_min(min);
    }

    /// Until when looks after this decision, made now, come to the same as long as nothing changes that they see; for ever
    /// where it rests.
    pub(crate) fn rests_until(&self, decision: &Decision, now: Tick) -> Tick {
        let is_failing = self.failures > 0 && self.fallback.is_some_and(|fallback| self.failures <= fallback.after);
        // An activity that no poll has seen yet, or one that a cooldown waits for.
        let is_awaited = self.zero.is_some_and(|zero| match decision.from {
            0 => !is_poll(zero, now),
            _ => !self.is_active,
        });
        match () {
            () if is_failing || is_awaited || decision.from != decision.to => now,
            () if decision.from == 0 => Tick::NEVER,
            () => self.hpa.rests_until(decision, now),
        }
    }

    /// Remembers looks that were passed over, since each would have come to this decision; the last was at `last`.
    pub(crate) fn passed_over(&mut self, decision: &Decision, last: Tick) {
        if let (Some(zero), Some(last_active)) = (self.zero, &mut self.last_active)
            && decision.from > 0
        {
            // It rested because it was active.
            *last_active = Tick::new(last.get() / zero.poll.get() * zero.poll.get()).max(*last_active);
        }
        if decision.from > 0 {
            self.hpa.passed_over(decision, last);
        }
    }

    /// Looks and decides.
    pub fn look(&mut self, seen: &Seen<'_>) -> Decision {
        let reported = self.reported(seen);
        let first = reported.as_ref().or(seen.readings.first());
        if let Some(decision) = self.zero.and_then(|zero| self.around_zero(zero, seen, first)) {
            return decision;
        }
        self.hpa.look_with(seen, reported.as_ref())
    }

    /// What is reported in place of the first metric, if anything is.
    fn reported(&mut self, seen: &Seen<'_>) -> Option<Reading> {
        let Reading::Failed { ready } = *seen.readings.first()? else {
            self.failures = 0;
            return None;
        };
        self.failures = self.failures.saturating_add(1);
        let fallback = self.fallback.filter(|fallback| self.failures > fallback.after)?;
        let wanted = f64::from(fallback.replicas);
        match self.hpa.spec().targets.first()? {
            Target::PerReplica(target) => Some(Reading::Value { value: target * wanted, ready }),
            Target::Value(target) if ready > 0 => {
                Some(Reading::Value { value: target * wanted / f64::from(ready), ready })
            }
            _ => None,
        }
    }

    /// The step from zero to one or to zero, if it is due.
    fn around_zero(&mut self, zero: Zero, seen: &Seen<'_>, reading: Option<&Reading>) -> Option<Decision> {
        let value = match reading {
            Some(&Reading::Value { value, .. }) => Some(value),
            _ => None,
        };
        let is_poll = is_poll(zero, seen.now);
        let is_active = value.is_some_and(|value| value > zero.activation);
        let last_active = self.last_active.get_or_insert(seen.now);
        self.is_active = is_poll && (is_active || value.is_none());
        if self.is_active {
            *last_active = seen.now;
        }
        let to =
            |to| Some(Decision { from: seen.current, to, metric: value, raw: to, stabilised: to, limit: Limit::None });
        let is_over = || !is_active && value.is_some() && seen.now.since(*last_active) >= zero.cooldown;
        match seen.current {
            0 if is_poll && is_active => to(self.hpa.spec().min.max(1)),
            0 => Some(Decision::stay(0, value, Limit::Off)),
            _ if is_poll && is_over() => to(0),
            _ => None,
        }
    }
}

fn is_poll(zero: Zero, now: Tick) -> bool {
    now.get() % zero.poll.get().max(1) == 0
}

#[cfg(test)]
mod tests {
    use super::super::hpa::{Behavior, HpaSpec, Remembered, Tolerance};
    use super::*;

    fn keda(target: Target, zero: Option<Zero>) -> Keda {
        let spec = HpaSpec {
            targets: vec![target],
            min: 1,
            max: 100,
            tolerance: Tolerance::default(),
            behavior: Some(Behavior::default()),
            cooldown: Default::default(),
        };
        Keda::new(Hpa::new(spec, Remembered::Nothing), Some(Fallback { after: 3, replicas: 6 }), zero)
    }

    fn looks(keda: &mut Keda, from: u32, readings: &[Reading]) -> Vec<u32> {
        let mut current = from;
        let look = |(at, reading): (usize, &Reading)| {
            let now = Tick::new(at as i64 * 30_000_000_000);
            current = keda.look(&Seen { now, current, readings: std::slice::from_ref(reading) }).to;
            current
        };
        readings.iter().enumerate().map(look).collect()
    }

    #[test]
    fn after_three_failures_the_fallback_is_asked_for() {
        let failed = vec![Reading::Failed { ready: 3 }; 5];
        for target in [Target::PerReplica(5.0), Target::Value(5.0)] {
            assert_eq!(looks(&mut keda(target, None), 3, &failed), [3, 3, 3, 6, 6]);
        }
    }

    #[test]
    fn to_zero_after_the_cooldown_and_back_at_once() {
        let value = |value| Reading::Value { value, ready: 1 };
        let zero = Zero { activation: 0.0, cooldown: Tick::new(60_000_000_000), poll: Tick::new(30_000_000_000) };
        let readings = [value(9.0), value(0.0), value(0.0), value(0.0), value(1.0)];
        assert_eq!(looks(&mut keda(Target::PerReplica(5.0), Some(zero)), 2, &readings), [2, 2, 0, 0, 1]);
    }
}
