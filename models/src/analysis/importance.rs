//! Importance from replications, where no exact engine has it.
//!
//! The measures are those of the [exact](crate::exact::importance) engine, as shares of the time that replications spend in
//! states in which a journey would be down if a component were, or if it were not. Where everything is independent both
//! engines estimate the same numbers. Ratios are of sums over replications, their errors by the delta method. Source:
//! Cochran, *Sampling Techniques*, 3rd ed. (1977), section 2.11.

use ninefold_sim_core::interval::{self, Estimate, RatioOf};
use ninefold_sim_core::moments::{CoMoment, Moments};
use ninefold_sim_core::sample::Sample;

use super::stakes::{Candidate, Ticks};
use crate::metric::up_down::MINUTES_PER_YEAR;
use crate::results::{Engine, ImportanceRow};
use crate::system::System;

/// What replications have spent, for one candidate and journey.
#[derive(Clone, Debug, Default)]
struct Spent {
    failed: Moments,
    perfect: Moments,
    touched: Moments,
    /// Down with the candidate down, and up with it up.
    critical: Moments,
    /// Down, and up with the candidate up.
    at_stake: Moments,
    own: Moments,
    down: Moments,
    failed_down: CoMoment,
    perfect_down: CoMoment,
    touched_down: CoMoment,
    critical_own: CoMoment,
    critical_down: CoMoment,
    own_down: CoMoment,
}

impl Spent {
    fn add(&mut self, block: u64, ticks: Ticks) {
        let Ticks { failed, perfect, touched, own, down } = ticks;
        let (critical, at_stake) = (failed - perfect, down - perfect);
        self.failed.push_within(block, failed);
        self.perfect.push_within(block, perfect);
        self.touched.push_within(block, touched);
        self.critical.push_within(block, critical);
        self.at_stake.push_within(block, at_stake);
        self.own.push_within(block, own);
        self.down.push_within(block, down);
        self.failed_down.push_within(block, failed, down);
        self.perfect_down.push_within(block, perfect, down);
        self.touched_down.push_within(block, touched, down);
        self.critical_own.push_within(block, critical, own);
        self.critical_down.push_within(block, critical, down);
        self.own_down.push_within(block, own, down);
    }
}

/// What replications have spent, by candidate and journey.
#[derive(Debug)]
pub(super) struct Tally {
    spent: Vec<Spent>,
}

impl Tally {
    pub(super) fn of(candidates: &[Candidate]) -> Self {
        let pairs = candidates.iter().map(|candidate| candidate.journeys.len()).sum();
        Self { spent: vec![Spent::default(); pairs] }
    }

    /// Adds a replication of a block.
    pub(super) fn add(&mut self, block: u64, ticks: &[Ticks]) {
        self.spent.iter_mut().zip(ticks).for_each(|(spent, &ticks)| spent.add(block, ticks));
    }

    /// By journey, candidates in order; none where no downtime was seen.
    pub(super) fn rows(
        &self,
        (system, candidates): (&System, &[Candidate]),
        sample: Sample,
        confidence: f64,
    ) -> Vec<ImportanceRow> {
        let pairs = candidates.iter().flat_map(|one| one.journeys.iter().map(move |&journey| (journey, &one.entity)));
        let mut pairs: Vec<((u32, &String), &Spent)> = pairs.zip(&self.spent).collect();
        pairs.sort_by_key(|((journey, _), _)| *journey);
        let of = Reading { sample, confidence, unit: system.measured().get() as f64 };
        let seen = pairs.into_iter().filter(|(_, spent)| spent.down.sum() > 0);
        let row = |((journey, entity), spent): ((u32, &String), &Spent)| {
            let journey = system.tracked[journey as usize].entity().to_owned();
            of.row((entity.clone(), journey), spent)
        };
        seen.map(row).collect()
    }
}

/// How sums become estimates.
struct Reading {
    sample: Sample,
    confidence: f64,
    /// The measured time, ticks.
    unit: f64,
}

impl Reading {
    fn row(&self, (component, journey): (String, String), spent: &Spent) -> ImportanceRow {
        let birnbaum = self.mean(&spent.critical);
        let share = self.ratio((&spent.touched, &spent.down), &spent.touched_down);
        let above_one = |estimate: Estimate| Estimate { lo: estimate.lo.max(1.0), ..estimate };
        let rrw = if spent.perfect.sum() == 0 {
            Estimate { value: f64::INFINITY, standard_error: f64::NAN, lo: f64::NAN, hi: f64::INFINITY }
        } else {
            above_one(self.ratio((&spent.down, &spent.perfect), &spent.perfect_down))
        };
        ImportanceRow {
            component,
            journey,
            engine: Engine::Simulation,
            birnbaum: birnbaum.into(),
            criticality: self.criticality(spent, birnbaum).into(),
            fussell_vesely: Estimate { hi: share.hi.min(1.0), ..share }.into(),
            raw: above_one(self.ratio((&spent.failed, &spent.down), &spent.failed_down)).into(),
            rrw: rrw.into(),
            minutes_at_stake: self.mean(&spent.at_stake).scaled(MINUTES_PER_YEAR).into(),
        }
    }

    fn mean(&self, moments: &Moments) -> Estimate {
        interval::mean(moments, self.sample, (self.unit, 1.0), self.confidence)
    }

    fn ratio(&self, (part, whole): (&Moments, &Moments), both: &CoMoment) -> Estimate {
        let variance = part.variance(self.sample);
        let covariance = both.covariance(part, whole, self.sample);
        let of = RatioOf { total: part.sum() as f64, variance, covariance, events: whole };
        interval::ratio(of, self.sample, self.confidence)
    }

    /// Birnbaum × unavailability of the candidate ÷ that of the journey: a product of three means.
    fn criticality(&self, spent: &Spent, birnbaum: Estimate) -> Estimate {
        let n = self.sample.replications;
        let (a, b, c) = (spent.critical.mean(n), spent.own.mean(n), spent.down.mean(n));
        let value = birnbaum.value * b / c;
        if value == 0.0 {
            return Estimate { value, standard_error: f64::NAN, lo: 0.0, hi: birnbaum.hi * b / c };
        }
        let squares = spent.critical.variance(self.sample) / (a * a)
            + spent.own.variance(self.sample) / (b * b)
            + spent.down.variance(self.sample) / (c * c);
        let covariance = |both: &CoMoment, first, second| both.covariance(first, second, self.sample);
        let products = covariance(&spent.critical_own, &spent.critical, &spent.own) / (a * b)
            - covariance(&spent.critical_down, &spent.critical, &spent.down) / (a * c)
            - covariance(&spent.own_down, &spent.own, &spent.down) / (b * c);
        let relative = ((squares + 2.0 * products).max(0.0) / n as f64).sqrt();
        let estimate = Estimate::student(value, value * relative, self.sample, self.confidence);
        Estimate { lo: estimate.lo.max(0.0), ..estimate }
    }
}
