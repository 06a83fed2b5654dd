//! What tests of plans find and cost, how likely a defect is between them, and what they leave to be believed.

use ninefold_sim_core::interval::{self, Estimate};
use ninefold_sim_core::moments::Moments;
use ninefold_sim_core::special::beta;
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use super::{Attempt, Attempts, a_year, minute};
use crate::mechanism::{Ending, Reason, Turn};
use crate::metric::recovery_point::Spans;
use crate::metric::{Metric, Reading};
use crate::replication::Trace;
use crate::results::{Measured, ReadinessRow};
use crate::system::{Believed, PlanTest, System, TestMethod};
use crate::units::Hours;

/// Equal parts of the interval between tests; what is older than the interval is in the last.
const PARTS: usize = 10;

/// Fixed point of requests and of probabilities.
const MILLION: f64 = 1e6;

/// Confidence with which a success is claimed from tests.
const CLAIM: f64 = 0.95;

/// The tests of one plan.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct OfPlan {
    /// Tests of a replication, and those that failed.
    tests: Moments,
    failed: Moments,
    /// Ticks lost to a user in the tests that touch what is served.
    lost: Spans,
    /// Millionths of requests that were not served meanwhile.
    hurt: Spans,
    /// Defects met by the failovers that were called for, by time since the last test.
    met: [Spans; PARTS],
    /// The same whatever the time.
    met_at_all: Spans,
    /// Of the success, once the tests of a replication are known: its mean and what can be claimed, in millionths.
    mean: Moments,
    claim: Moments,
}

/// The tests of every plan.
#[derive(Debug, Serialize, Deserialize)]
pub struct Drills {
    /// In order of plans; those that are not tested have none.
    plans: Vec<Option<OfPlan>>,
}

/// The tests of one plan in one replication.
#[derive(Clone, Copy, Debug, Default)]
struct Once {
    tests: i64,
    failed: i64,
    lost: (i64, i64),
    hurt: (i64, i64),
    met: [(i64, i64); PARTS],
}

/// What is known of an instance on the way through a replication.
#[derive(Clone, Copy, Debug, Default)]
struct Stand {
    tested: Tick,
    /// From the last test to the decision of the attempt under way.
    age: Tick,
}

/// A replication that is looked through.
#[derive(Clone, Copy)]
struct Through<'a> {
    system: &'a System,
    trace: &'a Trace,
}

impl Once {
    fn tested(&mut self, passed: bool, exposed: Option<(Tick, Tick)>, of: Through<'_>) {
        self.tests += 1;
        self.failed += i64::from(!passed);
        let Some(span) = exposed else { return };
        let add = |sums: &mut (i64, i64), value: i64| *sums = (sums.0.saturating_add(value), sums.1 + 1);
        add(&mut self.lost, of.trace.lost_to_a_user(of.system, span).get());
        if let Some(requests) = of.trace.users_hurt(of.system, span) {
            add(&mut self.hurt, libm::round(requests * MILLION) as i64);
        }
    }

    /// An attempt that is over, or is not at the end.
    fn attempt(&mut self, attempt: &Attempt, stand: &mut Stand, (test, of): (&PlanTest, Through<'_>)) {
        if attempt.reason == Reason::Test {
            stand.tested = attempt.started;
        }
        if attempt.started < of.system.warmup {
            return;
        }
        match (attempt.reason, attempt.ended, attempt.decided) {
            (Reason::Test, Some((ended, how, _)), _) => {
                self.tested(how == Ending::Moved, Some((attempt.started, ended)), of);
            }
            (Reason::True, _, Some(_)) => {
                let part = stand.age.hours() / test.every.get() * PARTS as f64;
                let met = &mut self.met[(part as usize).min(PARTS - 1)];
                *met = (met.0 + i64::from(attempt.defect), met.1 + 1);
            }
            _ => {}
        }
    }
}

impl OfPlan {
    fn push(&mut self, block: u64, once: &Once, believed: Believed) {
        self.tests.push_within(block, once.tests);
        self.failed.push_within(block, once.failed);
        self.lost.push_sums(block, once.lost);
        self.hurt.push_sums(block, once.hurt);
        self.met.iter_mut().zip(once.met).for_each(|(mine, met)| mine.push_sums(block, met));
        let all = once.met.into_iter().fold((0, 0), |all, met| (all.0 + met.0, all.1 + met.1));
        self.met_at_all.push_sums(block, all);
        let [mean, claim] = posterior(believed, once.tests - once.failed, once.failed);
        self.mean.push_within(block, libm::round(mean * MILLION) as i64);
        self.claim.push_within(block, libm::round(claim * MILLION) as i64);
    }

    fn merge(&mut self, later: &Self) {
        self.tests.merge(&later.tests);
        self.failed.merge(&later.failed);
        self.lost.merge(&later.lost);
        self.hurt.merge(&later.hurt);
        self.met.iter_mut().zip(&later.met).for_each(|(mine, other)| mine.merge(other));
        self.met_at_all.merge(&later.met_at_all);
        self.mean.merge(&later.mean);
        self.claim.merge(&later.claim);
    }
}

/// The mean of what is believed of a success after tests, Beta(a + passed, b + failed), and the success that it is above with
/// [`CLAIM`] (Gelman and others, *Bayesian Data Analysis*, 3rd ed. (2013), 2.4).
fn posterior(believed: Believed, passed: i64, failed: i64) -> [f64; 2] {
    let (a, b) = (believed.passed + passed as f64, believed.failed + failed as f64);
    [a / (a + b), beta::inverse(a, b, 1.0 - CLAIM).0]
}

impl Metric for Drills {
    fn new(system: &System) -> Self {
        Self { plans: system.spec.failovers.iter().map(|plan| plan.test.map(|_| OfPlan::default())).collect() }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        if self.plans.iter().all(Option::is_none) {
            return;
        }
        let of = Through { system, trace };
        let mut once = vec![Once::default(); self.plans.len()];
        let mut stands = vec![Stand::default(); system.plans.instances.len()];
        let mut attempts = Attempts::new(stands.len());
        let of_instance = |instance: u32| {
            let plan = system.plans.instances[instance as usize].plan as usize;
            Some((plan, system.spec.failovers[plan].test.as_ref()?))
        };
        for &happened in &trace.failovers {
            let Some((plan, test)) = of_instance(happened.instance) else { continue };
            let stand = &mut stands[happened.instance as usize];
            match happened.turn {
                Turn::Tested { found } => {
                    stand.tested = happened.at;
                    let exposed = match test.method {
                        TestMethod::Canary(canary) => Some(happened.at.after(Tick::from_hours(canary.takes.get()))),
                        _ => None,
                    };
                    let exposed = exposed.filter(|&over| over <= trace.end).map(|over| (happened.at, over));
                    if happened.at >= system.warmup {
                        once[plan].tested(!found, exposed, of);
                    }
                }
                Turn::Decided(_) => stand.age = happened.at.since(stand.tested),
                _ => {}
            }
            if let Some(attempt) = attempts.take(happened) {
                once[plan].attempt(&attempt, stand, (test, of));
            }
        }
        for attempt in attempts.left() {
            let Some((plan, test)) = of_instance(attempt.instance) else { continue };
            once[plan].attempt(&attempt, &mut stands[attempt.instance as usize], (test, of));
        }
        for ((mine, once), spec) in self.plans.iter_mut().zip(&once).zip(&system.spec.failovers) {
            if let (Some(mine), Some(test)) = (mine, &spec.test) {
                mine.push(trace.block, once, test.believed);
            }
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.plans.iter_mut().zip(&later.plans) {
            if let (Some(mine), Some(other)) = (mine, other) {
                mine.merge(other);
            }
        }
    }

    fn fits(&self, system: &System) -> bool {
        let tested = system.spec.failovers.iter().map(|plan| plan.test.is_some());
        self.plans.iter().map(Option::is_some).eq(tested)
    }
}

impl Drills {
    fn tested<'a>(&'a self, system: &'a System) -> impl Iterator<Item = (&'a OfPlan, &'a str, &'a PlanTest)> {
        let all = self.plans.iter().zip(&system.spec.failovers);
        all.filter_map(|(mine, spec)| Some((mine.as_ref()?, spec.name.as_str(), spec.test.as_ref()?)))
    }

    /// Adds the measures of every plan that is tested.
    pub fn measures(&self, reading: Reading<'_>, into: &mut Vec<Measured>) {
        for (mine, plan, _) in self.tested(reading.system) {
            let entity = format!("failovers.{plan}");
            for (measure, moments) in [("tests", &mine.tests), ("tests_failed", &mine.failed)] {
                let seen = moments.sum().unsigned_abs() as u64;
                let estimate = a_year(moments, "1/year", reading);
                into.push(Measured { seen, ..reading.measured(&entity, (measure, "1/year"), estimate) });
            }
            let means = [
                (("test_cost", "min"), &mine.lost, (minute(), f64::INFINITY)),
                (("test_users_hurt", "1"), &mine.hurt, (MILLION, f64::INFINITY)),
                (("defect_ratio", "1"), &mine.met_at_all, (1.0, 1.0)),
            ];
            for (measure, spans, scale) in means.into_iter().filter(|(_, spans, _)| spans.count.sum() > 0) {
                let seen = spans.count.sum().unsigned_abs() as u64;
                let estimate = spans.bounded_mean(scale, reading);
                into.push(Measured { seen, ..reading.measured(&entity, measure, estimate) });
            }
            for (measure, moments) in [("success_believed", &mine.mean), ("success_claimed", &mine.claim)] {
                let estimate = interval::mean(moments, reading.sample(), (MILLION, 1.0), reading.confidence);
                let seen = mine.tests.sum().unsigned_abs() as u64;
                into.push(Measured { seen, ..reading.measured(&entity, (measure, "1"), estimate) });
            }
        }
    }

    /// Table `failover_readiness`.
    pub fn readiness(&self, reading: Reading<'_>) -> Vec<ReadinessRow> {
        let mut rows = Vec::new();
        for (mine, plan, test) in self.tested(reading.system) {
            for (part, met) in mine.met.iter().enumerate() {
                let at = |part: usize| Hours::new(test.every.get() * part as f64 / PARTS as f64);
                let span = (at(part), at(part + 1));
                let demands = met.count.sum().unsigned_abs() as u64;
                let nothing = Estimate { value: f64::NAN, standard_error: f64::NAN, lo: 0.0, hi: 1.0 };
                let found = if demands == 0 { nothing } else { met.bounded_mean((1.0, 1.0), reading) };
                rows.push(ReadinessRow {
                    plan: plan.to_owned(),
                    from_h: span.0.get(),
                    to_h: span.1.get(),
                    demands,
                    defects: met.ticks.sum().unsigned_abs() as u64,
                    defect: (demands > 0).then(|| found.into()),
                    latent: test.latent(span),
                });
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without a failure in n tests, from Beta(1, 1): mean (n + 1) ÷ (n + 2), and 95 % above 0.05^(1/(n + 1)).
    #[test]
    fn the_update_is_that_of_the_beta_binomial() {
        let [mean, claim] = posterior(Believed::default(), 298, 0);
        assert!((mean - 299.0 / 300.0).abs() < 1e-15);
        assert!((claim - libm::pow(0.05, 1.0 / 299.0)).abs() < 1e-12);
        // Beta(18 + 38, 2 + 2).
        let [mean, _] = posterior(Believed { passed: 18.0, failed: 2.0 }, 38, 2);
        assert!((mean - 56.0 / 60.0).abs() < 1e-15);
    }
}
