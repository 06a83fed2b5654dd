//! What failover plans do: how often and why they are set off, how long it takes, who ends it.

mod attempt;
mod drills;
mod status;
mod teams;

pub use attempt::{Attempt, Attempts, StepTaken};
pub use drills::Drills;
use ninefold_sim_core::histogram::LogHistogram;
use ninefold_sim_core::interval::{self, Estimate, RatioOf};
use ninefold_sim_core::moments::{CoMoment, Moments};
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};
pub use status::DuplicateWork;
pub use teams::FailoverTeams;

use crate::mechanism::{Ending, Reason, Turn};
use crate::metric::distribution::quantile;
use crate::metric::{Metric, Reading};
use crate::replication::Trace;
use crate::results::Measured;
use crate::system::System;
use crate::units::HOURS_PER_YEAR;

/// What is counted per replication, a year: name and unit.
const COUNTS: [(&str, &str); 16] = [
    ("failovers_true", "1/year"),
    ("failovers_false", "1/year"),
    ("failovers_flap", "1/year"),
    ("failovers_test", "1/year"),
    ("failbacks", "1/year"),
    ("failovers_missed", "1/year"),
    ("failover_defects", "1/year"),
    ("wrong_decisions", "1/year"),
    ("wrong_decision_harm", "min/year"),
    ("catching_up", "min/year"),
    ("resyncs_without_end", "1/year"),
    ("divergences_found", "1/year"),
    ("divergences_missed", "1/year"),
    ("degraded_redundancy", "min/year"),
    ("second_failures", "1/year"),
    ("second_failure_loss", "min/year"),
];
const MISSED: usize = 5;
const DEFECTS: usize = 6;
const WRONG: usize = 7;
const HARM: usize = 8;
const CATCHING_UP: usize = 9;
const WITHOUT_END: usize = 10;
const FOUND: usize = 11;
const OVERLOOKED: usize = 12;
const DEGRADED: usize = 13;
const SECOND: usize = 14;
const SECOND_LOSS: usize = 15;

/// What is averaged over attempts: name and unit.
const MEANS: [(&str, &str); 5] = [
    ("decide_time", "min"),
    ("failover_time", "min"),
    ("failover_success", "1"),
    ("override_share", "1"),
    ("override_time", "min"),
];
const DECIDE: usize = 0;
const TOTAL: usize = 1;
const SUCCESS: usize = 2;
const OVERRIDDEN: usize = 3;
const OVERRIDE: usize = 4;

/// The quantiles of decide time and total time.
const QUANTILES: [f64; 2] = [0.5, 0.95];

/// A mean over attempts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct PerAttempt {
    sum: Moments,
    attempts: Moments,
    both: CoMoment,
}

/// What one plan did over replications.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct OfPlan {
    counts: Vec<Moments>,
    means: Vec<PerAttempt>,
    /// Of decide time and total time.
    times: [LogHistogram; 2],
}

/// What every plan did.
#[derive(Debug, Serialize, Deserialize)]
pub struct Failovers {
    plans: Vec<OfPlan>,
}

/// What one plan did in one replication.
#[derive(Clone, Copy, Debug, Default)]
struct Once {
    counts: [i64; COUNTS.len()],
    means: [(i64, i64); MEANS.len()],
}

impl Once {
    fn add(&mut self, mean: usize, value: i64) {
        self.means[mean].0 += value;
        self.means[mean].1 += 1;
    }

    fn attempt(&mut self, attempt: &Attempt, times: &mut [LogHistogram; 2], end: Tick) {
        let reason = Reason::ALL.iter().position(|reason| *reason == attempt.reason);
        self.counts[reason.expect("bug: every reason is known")] += 1;
        self.counts[DEFECTS] += i64::from(attempt.defect);
        self.counts[WRONG] += i64::from(attempt.wrong);
        self.counts[HARM] += attempt.harm.get();
        if let Some(since) = attempt.stranded.filter(|_| attempt.reason == Reason::True) {
            self.counts[SECOND] += 1;
            self.counts[SECOND_LOSS] += attempt.ended.map_or(end, |(ended, ..)| ended).since(since).get();
        }
        let Some((ended, how, _)) = attempt.ended.filter(|_| attempt.reason != Reason::Failback) else { return };
        let true_one = attempt.reason == Reason::True;
        if true_one && how == Ending::Recovered && attempt.decided.is_none() {
            self.counts[MISSED] += 1;
            return;
        }
        if let Some(decided) = attempt.decided.filter(|_| true_one) {
            let took = decided.since(attempt.started).get();
            self.add(DECIDE, took);
            times[0].push(took as u64, 1);
        }
        if true_one {
            let took = ended.since(attempt.started).get();
            self.add(TOTAL, took);
            times[1].push(took as u64, 1);
        }
        if attempt.decided.is_some() {
            self.add(SUCCESS, i64::from(how == Ending::Moved));
        }
        self.add(OVERRIDDEN, i64::from(how == Ending::ByHand));
        if how == Ending::ByHand {
            self.add(OVERRIDE, ended.since(attempt.started).get());
        }
    }
}

impl Failovers {
    /// What happened to units on their way back; those still catching up at the end have done so until then.
    fn returns(system: &System, trace: &Trace, once: &mut [Once]) {
        let mut behind: Vec<Option<Tick>> = vec![None; system.plans.instances.len()];
        let within = |from: Tick, to: Tick| to.since(from.max(system.warmup)).get().max(0);
        let plan = |instance: u32| system.plans.instances[instance as usize].plan as usize;
        for happened in &trace.failovers {
            let (i, counts) = (happened.instance as usize, &mut once[plan(happened.instance)].counts);
            let measured = i64::from(happened.at >= system.warmup);
            match happened.turn {
                Turn::FellBehind(_) => behind[i] = Some(happened.at),
                Turn::Resynced => {
                    if let Some(since) = behind[i].take() {
                        counts[CATCHING_UP] += within(since, happened.at);
                    }
                }
                Turn::Resyncing { ends: false } => counts[WITHOUT_END] += measured,
                Turn::DivergenceFound => counts[FOUND] += measured,
                Turn::DivergenceMissed => counts[OVERLOOKED] += measured,
                _ => {}
            }
        }
        for bare in &trace.bare {
            once[plan(bare.instance)].counts[DEGRADED] += within(bare.from, bare.to);
        }
        for (i, since) in behind.into_iter().enumerate() {
            if let Some(since) = since {
                once[plan(i as u32)].counts[CATCHING_UP] += within(since, trace.end);
            }
        }
    }
}

impl Metric for Failovers {
    fn new(system: &System) -> Self {
        let none = OfPlan {
            counts: vec![Moments::default(); COUNTS.len()],
            means: vec![PerAttempt::default(); MEANS.len()],
            times: [LogHistogram::default(), LogHistogram::default()],
        };
        Self { plans: vec![none; system.spec.failovers.len()] }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        if self.plans.is_empty() {
            return;
        }
        let mut once = vec![Once::default(); self.plans.len()];
        let mut attempts = Attempts::new(system.plans.instances.len());
        let mut count = |attempt: &Attempt| {
            if attempt.started >= system.warmup {
                let plan = system.plans.instances[attempt.instance as usize].plan as usize;
                once[plan].attempt(attempt, &mut self.plans[plan].times, trace.end);
            }
        };
        for &happened in &trace.failovers {
            attempts.take(happened).iter().for_each(&mut count);
        }
        attempts.left().for_each(|attempt| count(&attempt));
        Self::returns(system, trace, &mut once);
        for (plan, once) in self.plans.iter_mut().zip(&once) {
            for (moments, &count) in plan.counts.iter_mut().zip(&once.counts) {
                moments.push_within(trace.block, count);
            }
            for (mean, &(sum, attempts)) in plan.means.iter_mut().zip(&once.means) {
                mean.sum.push_within(trace.block, sum);
                mean.attempts.push_within(trace.block, attempts);
                mean.both.push_within(trace.block, sum, attempts);
            }
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.plans.iter_mut().zip(&later.plans) {
            mine.counts.iter_mut().zip(&other.counts).for_each(|(mine, other)| mine.merge(other));
            for (mine, other) in mine.means.iter_mut().zip(&other.means) {
                mine.sum.merge(&other.sum);
                mine.attempts.merge(&other.attempts);
                mine.both.merge(&other.both);
            }
            mine.times.iter_mut().zip(&other.times).for_each(|(mine, other)| mine.merge(other));
        }
    }

    fn fits(&self, system: &System) -> bool {
        self.plans.len() == system.spec.failovers.len()
    }
}

impl Failovers {
    /// Adds the measures of every plan.
    pub fn measures(&self, reading: Reading<'_>, into: &mut Vec<Measured>) {
        for (plan, spec) in self.plans.iter().zip(&reading.system.spec.failovers) {
            let entity = format!("failovers.{}", spec.name);
            for ((measure, unit), moments) in COUNTS.into_iter().zip(&plan.counts) {
                let total = moments.sum().unsigned_abs() as u64;
                let seen = if unit == "1/year" { total } else { u64::from(total > 0) };
                let estimate = a_year(moments, unit, reading);
                into.push(Measured { seen, ..reading.measured(&entity, (measure, unit), estimate) });
            }
            for (i, ((measure, unit), mean)) in MEANS.into_iter().zip(&plan.means).enumerate() {
                let seen = mean.attempts.sum().unsigned_abs() as u64;
                if seen == 0 {
                    continue;
                }
                let estimate = per_attempt(mean, unit, reading);
                into.push(Measured { seen, ..reading.measured(&entity, (measure, unit), estimate) });
                let Some(times) = plan.times.get(i) else { continue };
                for p in QUANTILES {
                    let estimate = quantile(times, p, reading);
                    let row = reading.measured(&entity, (measure, unit), estimate);
                    into.push(Measured { quantile: Some(p), seen, ..row });
                }
            }
        }
    }
}

fn minute() -> f64 {
    Tick::from_hours(1.0).get() as f64 / 60.0
}

/// A count, or ticks, of a replication as a rate a year; few counts have at least the exact interval.
fn a_year(moments: &Moments, unit: &str, reading: Reading<'_>) -> Estimate {
    let years = reading.system.measured().hours() / HOURS_PER_YEAR;
    let scale = if unit == "1/year" { years } else { years * minute() };
    let estimate = interval::mean(moments, reading.sample(), (scale, f64::INFINITY), reading.confidence);
    let events = moments.sum().unsigned_abs() as u64;
    if unit != "1/year" || events >= interval::EXACT_COUNT_BELOW {
        return estimate;
    }
    let (sample, confidence) = (reading.sample(), reading.confidence);
    let (lo, hi) = interval::poisson(events as f64 / sample.worst, confidence);
    let (lo, hi) = (lo / (years * sample.worth()), hi / (years * sample.worth()));
    if events == 0 {
        return Estimate { lo, hi, ..estimate };
    }
    Estimate { lo: lo.min(estimate.lo), hi: hi.max(estimate.hi), ..estimate }
}

fn per_attempt(mean: &PerAttempt, unit: &str, reading: Reading<'_>) -> Estimate {
    let (sample, scale) = (reading.sample(), if unit == "1" { 1.0 } else { minute() });
    let total = mean.sum.sum() as f64 / scale;
    let variance = mean.sum.variance(sample) / (scale * scale);
    let covariance = mean.both.covariance(&mean.sum, &mean.attempts, sample) / scale;
    let of = RatioOf { total, variance, covariance, events: &mean.attempts };
    let estimate = interval::ratio(of, sample, reading.confidence);
    if unit == "1" { Estimate { hi: estimate.hi.min(1.0), ..estimate } } else { estimate }
}
