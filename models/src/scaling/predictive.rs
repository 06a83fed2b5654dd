//! Predictive scaling: at the start of an hour capacity is raised to the forecast, never lowered.
//!
//! # Source
//! *Amazon EC2 Auto Scaling User Guide*, predictive scaling.

use super::{Decision, Limit, Reading, Seen, replicas_for};

/// The policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Predictive {
    /// Fewest instances.
    pub min: u32,
    /// Most instances.
    pub max: u32,
}

impl Predictive {
    /// Whether looks after this decision come to the same until the next hour.
    pub(crate) const fn rests(decision: &Decision) -> bool {
        decision.from == decision.to
    }

    /// Takes the forecast of an hour, `Reading::Value` in instances, and decides.
    pub fn look(&self, seen: &Seen<'_>) -> Decision {
        let current = seen.current;
        let Some(&Reading::Value { value, .. }) = seen.readings.first() else {
            return Decision::stay(current, None, Limit::NoMetric);
        };
        let raw = replicas_for(value);
        let raised = raw.max(current);
        let to = raised.clamp(self.min, self.max.max(self.min));
        let limit = match () {
            () if to < raised => Limit::Max,
            () if to > raised => Limit::Min,
            () if raw < current => Limit::Policies,
            () => Limit::None,
        };
        Decision { from: current, to, metric: Some(value), raw, stabilised: raised, limit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forecast_raises_and_never_lowers() {
        let look = |forecast, current| {
            let readings = [Reading::Value { value: forecast, ready: current }];
            let seen = Seen { now: ninefold_sim_core::tick::Tick::ZERO, current, readings: &readings };
            Predictive { min: 1, max: 20 }.look(&seen).to
        };
        assert_eq!([look(12.0, 9), look(7.0, 9), look(11.2, 9), look(99.0, 9)], [12, 9, 12, 20]);
    }
}
