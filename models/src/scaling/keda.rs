//! KEDA around a Horizontal Pod Autoscaler: from zero to one and back, and what is reported when the metric fails.
//!
//! From 1 on the autoscaler decides. At a poll, a metric above the activation value brings the first replica; one that
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
}

/// A running scaler.
#[derive(Clone, Debug)]
pub struct Keda {
    hpa: Hpa,
    fallback: Option<Fallback>,
    zero: Option<Zero>,
    failures: u32,
    last_active: Option<Tick>,
}

impl Keda {
    /// Around an autoscaler, whose smallest number is at least 1.
    pub const fn new(hpa: Hpa, fallback: Option<Fallback>, zero: Option<Zero>) -> Self {
        Self { hpa, fallback, zero, failures: 0, last_active: None }
    }

    /// The autoscaler inside.
    pub const fn hpa(&self) -> &Hpa {
        &self.hpa
    }

    /// Looks and decides.
    pub fn look(&mut self, seen: &Seen<'_>) -> Decision {
        let reported = self.reported(seen);
        let readings: Vec<Reading> = reported.iter().chain(seen.readings.iter().skip(1)).cloned().collect();
        if let Some(decision) = self.zero.and_then(|zero| self.around_zero(zero, seen, readings.first())) {
            return decision;
        }
        self.hpa.look(&Seen { readings: &readings, ..*seen })
    }

    /// The first metric as it is, or what is reported in its place.
    fn reported(&mut self, seen: &Seen<'_>) -> Option<Reading> {
        let first = seen.readings.first()?;
        let Reading::Failed { ready } = *first else {
            self.failures = 0;
            return Some(first.clone());
        };
        self.failures = self.failures.saturating_add(1);
        let Some(fallback) = self.fallback.filter(|fallback| self.failures > fallback.after) else {
            return Some(first.clone());
        };
        let wanted = f64::from(fallback.replicas);
        match self.hpa.spec().targets.first()? {
            Target::PerReplica(target) => Some(Reading::Value { value: target * wanted, ready }),
            Target::Value(target) if ready > 0 => {
                Some(Reading::Value { value: target * wanted / f64::from(ready), ready })
            }
            _ => Some(first.clone()),
        }
    }

    /// The step from zero to one or to zero, if it is due.
    fn around_zero(&mut self, zero: Zero, seen: &Seen<'_>, reading: Option<&Reading>) -> Option<Decision> {
        let value = match reading {
            Some(&Reading::Value { value, .. }) => Some(value),
            _ => None,
        };
        let is_active = value.is_some_and(|value| value > zero.activation);
        let last_active = self.last_active.get_or_insert(seen.now);
        if is_active || value.is_none() {
            *last_active = seen.now;
        }
        let to =
            |to| Some(Decision { from: seen.current, to, metric: value, raw: to, stabilised: to, limit: Limit::None });
        match seen.current {
            0 if is_active => to(self.hpa.spec().min.max(1)),
            0 => Some(Decision::stay(0, value, Limit::Off)),
            _ if !is_active && value.is_some() && seen.now.since(*last_active) >= zero.cooldown => to(0),
            _ => None,
        }
    }
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
        let zero = Zero { activation: 0.0, cooldown: Tick::new(60_000_000_000) };
        let readings = [value(9.0), value(0.0), value(0.0), value(0.0), value(1.0)];
        assert_eq!(looks(&mut keda(Target::PerReplica(5.0), Some(zero)), 2, &readings), [2, 2, 0, 0, 1]);
    }
}
