//! Tests of a failover plan: what they find, what they expose, and how likely a defect is between them.
//!
//! Defects come unseen at a constant rate and stay until a test finds them or a failover meets them. With tests every T that
//! find everything, a demand meets one with 1 − (1 − e^(−λT)) ÷ (λT) in the mean: the proof test of a dormant failure
//! (Rausand, *Reliability of Safety-Critical Systems*, Wiley 2014, 8.3).

use super::failover::FailoverSpec;
use super::spec::{Clock, Effect, ModeSpec, Repair, SystemSpec};
use crate::lifetime::Law;
use crate::units::Hours;

/// How a plan is tested.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlanTest {
    /// Time from test to test, the first after one; above 0.
    pub every: Hours,
    /// What a test touches of what is served.
    pub method: TestMethod,
    /// P(a test finds a defect that is there), 0..=1.
    pub coverage: f64,
    /// Rate at which a defect arises, per hour.
    pub decay_per_hour: f64,
    /// What is believed before of the share of tests that pass.
    pub believed: Believed,
}

/// A beta law of a success, as so many tests before would leave it: both above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Believed {
    /// Tests that passed.
    pub passed: f64,
    /// Tests that failed.
    pub failed: f64,
}

/// Any success is as likely as any other.
impl Default for Believed {
    fn default() -> Self {
        Self { passed: 1.0, failed: 1.0 }
    }
}

/// What a test of a plan does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TestMethod {
    /// Nothing that is served is touched.
    Shadow,
    /// A share of what is served goes through the plan.
    Canary(Canary),
    /// The place is moved by the plan.
    Full,
}

/// What a canary test exposes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Canary {
    /// Share of what the unit in the place serves that fails meanwhile, above 0, at most 1.
    pub share: f64,
    /// How long that lasts, above 0.
    pub takes: Hours,
}

impl PlanTest {
    /// P(a defect is there just after a test), in the long run, where failovers are rare: the root of
    /// q = (1 − coverage)(1 − (1 − q) e^(−λT)).
    fn left(&self) -> f64 {
        let (missed, kept) = (1.0 - self.coverage, libm::exp(-self.decay_per_hour * self.every.get()));
        if missed <= 0.0 || self.decay_per_hour <= 0.0 { 0.0 } else { missed * (1.0 - kept) / (1.0 - missed * kept) }
    }

    /// P(a defect is there), in the mean over the time between two instants after a test, both in the interval; in the long
    /// run, where failovers are rare.
    pub fn latent(&self, (from, to): (Hours, Hours)) -> f64 {
        let grown = self.decay_per_hour * (to.get() - from.get());
        let within = if grown > 0.0 { -libm::expm1(-grown) / grown } else { 1.0 };
        1.0 - (1.0 - self.left()) * libm::exp(-self.decay_per_hour * from.get()) * within
    }
}

impl FailoverSpec {
    /// The mode by which a canary test exposes a share of what is served, named as the cause of what that costs.
    pub(super) fn canary_mode(&self) -> Option<String> {
        let method = self.test.map(|test| test.method);
        matches!(method, Some(TestMethod::Canary(_))).then(|| format!("failovers/{}", self.name))
    }
}

impl SystemSpec {
    /// Adds a failover plan, and to the components whose place it moves the mode that a canary test brings about.
    pub fn failover(&mut self, plan: FailoverSpec) {
        if let (Some(test), Some(name)) = (plan.test, plan.canary_mode())
            && let TestMethod::Canary(canary) = test.method
        {
            for component in self.components.iter_mut().filter(|component| plan.components.contains(&component.name)) {
                component.modes.extend(canary_mode(&name, canary, test.every));
            }
        }
        self.failovers.push(plan);
    }
}

/// The mode; `None` where a number is out of range, which is refused with the plan.
fn canary_mode(name: &str, canary: Canary, every: Hours) -> Option<ModeSpec> {
    Some(ModeSpec {
        name: name.to_owned(),
        time_to_failure: Law::exponential(every).ok()?,
        repair: Repair::Takes(Law::constant(canary.takes).ok()?),
        effect: Effect::Degraded { capacity: 1.0, errors: canary.share },
        clock: Clock::Struck,
        propagates: Vec::new(),
    })
}

/// Why a test cannot be, if so.
pub(super) fn refusal(plan: &FailoverSpec, spec: &SystemSpec) -> Option<&'static str> {
    let test = plan.test?;
    if !(test.every.get() > 0.0 && test.decay_per_hour >= 0.0) {
        return Some("a test comes again after some time, and what it finds comes with some rate");
    }
    if !(0.0..=1.0).contains(&test.coverage) {
        return Some("a probability lies between 0 and 1");
    }
    if !(test.believed.passed > 0.0 && test.believed.failed > 0.0) {
        return Some("what is believed of its tests leaves both outcomes possible");
    }
    let TestMethod::Canary(canary) = test.method else { return None };
    if !(canary.share > 0.0 && canary.share <= 1.0 && canary.takes.get() > 0.0) {
        return Some("a canary test exposes a share of what is served for some time");
    }
    let name = plan.canary_mode()?;
    let has = |component: &str| {
        let found = spec.components.iter().find(|known| known.name == component);
        found.is_some_and(|found| found.modes.iter().any(|mode| mode.name == name))
    };
    (!plan.components.iter().all(|component| has(component))).then_some("its canary has no mode to bring about")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(coverage: f64) -> PlanTest {
        let (every, decay_per_hour) = (Hours::new(2160.0), 0.0008 / 24.0);
        PlanTest { every, method: TestMethod::Shadow, coverage, decay_per_hour, believed: Believed::default() }
    }

    /// 1 − (1 − e^(−λT)) ÷ (λT) over the interval, 1 − e^(−λt) at an instant.
    #[test]
    fn tests_that_find_everything_are_proof_tests() {
        let (test, load) = (test(1.0), 0.0008 * 90.0);
        let mean = 1.0 - (1.0 - libm::exp(-load)) / load;
        assert!((test.latent((Hours::ZERO, test.every)) - mean).abs() < 1e-15);
        let at = Hours::new(720.0);
        assert!((test.latent((at, at)) - (1.0 - libm::exp(-0.0008 * 30.0))).abs() < 1e-15);
        assert!(test.latent((Hours::ZERO, Hours::ZERO)).abs() < 1e-15);
    }

    /// What a test leaves is what it misses of what was there: the fixed point, iterated.
    #[test]
    fn what_tests_miss_stays() {
        let (half, kept) = (test(0.5), libm::exp(-0.0008 * 90.0));
        let mut left = 0.0;
        for _ in 0..200 {
            left = 0.5 * (1.0 - (1.0 - left) * kept);
        }
        assert!((half.latent((Hours::ZERO, Hours::ZERO)) - left).abs() < 1e-15);
        assert!((test(0.0).latent((Hours::ZERO, Hours::ZERO)) - 1.0).abs() < 1e-12);
    }
}
