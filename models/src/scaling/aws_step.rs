//! Step scaling of AWS: how far the metric is beyond a threshold chooses the change.
//!
//! Bounds are relative to the threshold; above it a lower bound belongs to its step and an upper one does not, below it
//! the other way round. While instances warm up they count as there for the metric's next step, so that +2 and then +3 are
//! +3 in all, and nothing is scaled in. Simple scaling is one step either way, and waits as a whole after each change.
//!
//! # Source
//! *Amazon EC2 Auto Scaling User Guide*, step and simple scaling policies, and its worked examples as cases.

use ninefold_sim_core::tick::Tick;

use super::cooldown::Recent;
use super::{Cooldown, Decision, Limit, REPLICAS_MAX, Reading, Seen};

/// What a step's number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adjust {
    /// So many percent of the capacity.
    Percent,
    /// So many instances more or less.
    Change,
    /// This capacity.
    Exact,
}

/// A step: from `lower` to `upper` beyond the threshold, `None` without end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Lower bound, relative to the threshold.
    pub lower: Option<f64>,
    /// Upper bound, relative to the threshold.
    pub upper: Option<f64>,
    /// How much.
    pub change: f64,
}

/// The policy.
#[derive(Clone, Debug, PartialEq)]
pub struct StepPolicy {
    /// The alarm's threshold, in the unit of the metric.
    pub threshold: f64,
    /// What the steps count.
    pub adjust: Adjust,
    /// Steps for a metric at or above the threshold.
    pub out: Vec<Step>,
    /// Steps for a metric below it.
    pub into: Vec<Step>,
    /// Least change of a percentage, instances; 0 for none.
    pub least_change: u32,
    /// How long a new instance warms up.
    pub warmup: Tick,
    /// What waits after a change.
    pub cooldown: Cooldown,
    /// Simple scaling: after a change, and after the warm-up of what it added, the whole policy waits so long; 0 for none.
    pub pause: Tick,
    /// Fewest instances.
    pub min: u32,
    /// Most instances.
    pub max: u32,
}

/// Running step scaling.
#[derive(Clone, Debug, PartialEq)]
pub struct StepScaling {
    policy: StepPolicy,
    recent: Recent,
    paused_until: Tick,
    /// Whether time alone may change the next decision.
    is_waiting: bool,
}

impl StepScaling {
    /// With nothing warming up.
    pub const fn new(policy: StepPolicy) -> Self {
        Self { policy, recent: Recent::NONE, paused_until: Tick::ZERO, is_waiting: false }
    }

    /// What it was told.
    pub const fn policy(&self) -> &StepPolicy {
        &self.policy
    }

    /// As one that has not looked yet, with this smallest number.
    pub(crate) fn restart(&mut self, min: u32) {
        self.recent.forget();
        (self.paused_until, self.is_waiting, self.policy.min) = (Tick::ZERO, false, min);
    }

    /// From now on at least so many.
    pub(crate) const fn set_min(&mut self, min: u32) {
        self.policy.min = min;
    }

    /// Whether looks after this decision come to the same as long as nothing changes that they see.
    pub(crate) const fn rests(&self, decision: &Decision) -> bool {
        decision.from == decision.to && !self.is_waiting
    }

    /// Looks at the metric, `Reading::Value`, and decides.
    pub fn look(&mut self, seen: &Seen<'_>) -> Decision {
        let current = seen.current;
        self.recent.pass(seen.now);
        self.is_waiting = self.recent.is_running(seen.now) || seen.now < self.paused_until;
        let decision = self.decide(seen);
        let policy = &self.policy;
        self.recent.note(&decision, seen.now, (policy.warmup, policy.cooldown));
        if decision.to != current && policy.pause > Tick::ZERO {
            let warms = if decision.to > current { policy.warmup } else { Tick::ZERO };
            self.paused_until = seen.now.after(warms).after(policy.pause);
        }
        decision
    }

    fn decide(&self, seen: &Seen<'_>) -> Decision {
        let (policy, current) = (&self.policy, seen.current);
        let Some(&Reading::Value { value, .. }) = seen.readings.first() else {
            return Decision::within(current, (policy.min, policy.max), None, Limit::NoMetric);
        };
        let beyond = value - policy.threshold;
        let (steps, is_out) = if beyond >= 0.0 { (&policy.out, true) } else { (&policy.into, false) };
        let Some(step) = steps.iter().find(|step| step.holds(beyond, is_out)) else {
            return Decision::within(current, (policy.min, policy.max), Some(value), Limit::None);
        };
        // What was just asked for is left out of what a step out starts from, and counts towards what it wants.
        let counted = self.recent.counted();
        let base = if is_out { current.saturating_sub(counted) } else { current };
        let raw = policy.wanted(base, step.change);
        let is_counted = is_out && counted > 0 && raw <= current;
        let is_held = raw < current && self.recent.holds_in(seen.now);
        if is_counted || is_held || raw != current && seen.now < self.paused_until {
            let held = Decision { raw, stabilised: raw, ..Decision::stay(current, Some(value), Limit::Cooldown) };
            return held.clamped((policy.min, policy.max));
        }
        let asked = Decision { from: current, to: raw, metric: Some(value), raw, stabilised: raw, limit: Limit::None };
        asked.clamped((policy.min, policy.max))
    }
}

impl Step {
    fn holds(&self, beyond: f64, is_out: bool) -> bool {
        let above = self.lower.is_none_or(|lower| if is_out { beyond >= lower } else { beyond > lower });
        let below = self.upper.is_none_or(|upper| if is_out { beyond < upper } else { beyond <= upper });
        above && below
    }
}

impl StepPolicy {
    fn wanted(&self, base: u32, change: f64) -> u32 {
        let change = match self.adjust {
            Adjust::Exact => return super::replicas(change),
            Adjust::Change => change,
            Adjust::Percent => {
                let whole = whole_change(f64::from(base) * change / 100.0);
                if whole == 0.0 { 0.0 } else { whole.signum() * whole.abs().max(f64::from(self.least_change)) }
            }
        };
        super::replicas((f64::from(base) + change).clamp(0.0, f64::from(REPLICAS_MAX)))
    }
}

/// A change in whole instances: beyond 1 towards zero, a fraction below 1 to 1 in its direction.
pub fn whole_change(change: f64) -> f64 {
    match change {
        0.0 => 0.0,
        x if x.abs() < 1.0 => x.signum(),
        x => x.trunc(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn guide() -> StepPolicy {
        let step = |lower, upper, change| Step { lower, upper, change };
        StepPolicy {
            threshold: 50.0,
            adjust: Adjust::Percent,
            out: vec![
                step(Some(0.0), Some(10.0), 0.0),
                step(Some(10.0), Some(20.0), 10.0),
                step(Some(20.0), None, 30.0),
            ],
            into: vec![
                step(Some(-10.0), Some(0.0), 0.0),
                step(Some(-20.0), Some(-10.0), -10.0),
                step(None, Some(-20.0), -30.0),
            ],
            least_change: 0,
            warmup: Tick::ZERO,
            cooldown: Cooldown::default(),
            pause: Tick::ZERO,
            min: 1,
            max: 1000,
        }
    }

    fn look(scaling: &mut StepScaling, (now, current, value): (i64, u32, f64)) -> u32 {
        let readings = [Reading::Value { value, ready: current }];
        scaling.look(&Seen { now: Tick::new(now), current, readings: &readings }).to
    }

    #[test]
    fn the_examples_of_the_guide() {
        assert_eq!([12.7, 0.3, -0.3, -6.67, 1.0].map(whole_change), [12.0, 1.0, -1.0, -6.0, 1.0]);
        let mut scaling = StepScaling::new(guide());
        // 10 at 60 gives 11, 11 at 70 gives 14; back at 40 gives 13.
        let seen = [(10, 59.9), (10, 60.0), (11, 70.0), (14, 41.0), (14, 40.0), (13, 30.0)];
        let to = seen.map(|(current, value)| look(&mut scaling, (0, current, value)));
        assert_eq!(to, [10, 11, 14, 14, 13, 10]);
    }

    #[test]
    fn what_warms_up_counts_towards_the_next_step() {
        let out = vec![
            Step { lower: Some(0.0), upper: Some(10.0), change: 2.0 },
            Step { lower: Some(10.0), upper: None, change: 3.0 },
        ];
        let into = vec![Step { lower: None, upper: Some(0.0), change: -1.0 }];
        let policy = StepPolicy { adjust: Adjust::Change, out, into, warmup: Tick::new(100), ..guide() };
        let mut scaling = StepScaling::new(policy);
        assert_eq!(look(&mut scaling, (0, 10, 55.0)), 12);
        assert_eq!(look(&mut scaling, (50, 12, 65.0)), 13, "+2 and then +3 are +3 in all");
        assert_eq!(look(&mut scaling, (60, 13, 40.0)), 13, "no scale-in while instances warm up");
        assert_eq!(look(&mut scaling, (150, 13, 40.0)), 12);
    }

    fn one_step(change: f64) -> StepPolicy {
        let out = vec![
            Step { lower: Some(0.0), upper: Some(10.0), change },
            Step { lower: Some(10.0), upper: None, change: change + 1.0 },
        ];
        let into = vec![Step { lower: None, upper: Some(0.0), change: -1.0 }];
        StepPolicy { adjust: Adjust::Change, out, into, ..guide() }
    }

    #[test]
    fn a_cooldown_lets_a_larger_step_through_and_a_step_out_ends_the_one_of_a_step_in() {
        let cooldown = Cooldown { out: Tick::new(100), into: Tick::new(50) };
        let mut scaling = StepScaling::new(StepPolicy { cooldown, ..one_step(2.0) });
        assert_eq!(look(&mut scaling, (0, 10, 55.0)), 12);
        assert_eq!(look(&mut scaling, (50, 12, 55.0)), 12, "the same again waits");
        assert_eq!(look(&mut scaling, (60, 12, 65.0)), 13, "+3 where +2 is under way is 1 more");
        assert_eq!(look(&mut scaling, (70, 13, 40.0)), 12, "a cooldown of scale-out holds no scale-in");
        assert_eq!(look(&mut scaling, (80, 12, 40.0)), 12, "one of scale-in does");
        assert_eq!(look(&mut scaling, (170, 12, 40.0)), 11);
        assert_eq!(look(&mut scaling, (180, 11, 55.0)), 13, "a scale-out waits for no scale-in");
        assert_eq!(look(&mut scaling, (190, 13, 40.0)), 12, "and ended its cooldown");
    }

    #[test]
    fn simple_scaling_waits_as_a_whole() {
        let policy = StepPolicy { warmup: Tick::new(30), pause: Tick::new(100), ..one_step(2.0) };
        let mut scaling = StepScaling::new(policy);
        assert_eq!(look(&mut scaling, (0, 10, 55.0)), 12);
        assert_eq!(look(&mut scaling, (129, 12, 65.0)), 12, "until 100 after the instances have warmed up");
        assert_eq!(look(&mut scaling, (130, 12, 65.0)), 15);
        assert_eq!(look(&mut scaling, (260, 15, 40.0)), 14);
        assert_eq!(look(&mut scaling, (359, 14, 40.0)), 14, "what is removed does not warm up");
        assert_eq!(look(&mut scaling, (360, 14, 40.0)), 13);
    }

    #[test]
    fn a_steady_metric_settles_at_the_limits() {
        let mut scaling = StepScaling::new(guide());
        let mut current = 10;
        for now in 0..100 {
            current = look(&mut scaling, (now, current, 90.0));
        }
        assert_eq!(current, 1000);
    }
}
