//! The empirical law: durations as they were recorded, each as likely.

use std::sync::Arc;

use super::range::{count, not_negative, rounded_up};
use super::{LawError, Lifetime, Parameter, refuse};
use crate::units::Hours;

/// Most recorded values.
pub const EMPIRICAL_VALUES_MAX: usize = 10_000_000;

/// Empirical: a step at each recorded value, so that mean and variance are those of the record.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `values` | h | 1 to 10 000 000 of them, finite, ≥ 0, not all 0 |
///
/// Distribution: `F(t)` = share of values at most `t`; the quantile is its plain step inverse, so only recorded
/// values are drawn. Source: Hyndman & Fan, *The American Statistician* 50 (1996), definition 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Empirical {
    /// Ascending.
    values_hours: Arc<[f64]>,
    /// The sum of the first so many of them.
    sums_hours: Arc<[f64]>,
    mean_hours: f64,
    variance_h2: f64,
}

impl Empirical {
    /// The values, ascending.
    pub(super) fn values_hours(&self) -> &[f64] {
        &self.values_hours
    }

    pub(super) fn new(values: &[Hours]) -> Result<Self, LawError> {
        count("empirical.values", values.len(), EMPIRICAL_VALUES_MAX)?;
        let hours = values.iter().map(|value| not_negative("empirical.values", *value));
        let mut hours = hours.collect::<Result<Vec<_>, _>>()?;
        hours.sort_unstable_by(f64::total_cmp);
        let count = hours.len() as f64;
        let mean_hours = exact_sum(hours.iter().copied()) / count;
        if mean_hours == 0.0 {
            return Err(refuse("empirical.values", 0.0, "at least one value above 0"));
        }
        let squares = hours.iter().map(|value| (value - mean_hours) * (value - mean_hours));
        let variance_h2 = exact_sum(squares) / count;
        Ok(Self { sums_hours: running_sums(&hours), values_hours: hours.into(), mean_hours, variance_h2 })
    }

    fn count(&self) -> f64 {
        self.values_hours.len() as f64
    }

    fn at_most(&self, age_hours: f64) -> usize {
        self.values_hours.partition_point(|value| *value <= age_hours)
    }
}

/// The least rank, from 1 to `count`, whose share of the values is at least `p`.
#[inline(always)]
fn rank(p: f64, count: f64) -> f64 {
    let rank = rounded_up(p * count);
    let rank = if rank > count { count } else { rank };
    let rank = if rank < 1.0 { 1.0 } else { rank };
    // `p · count` may round across a whole number, by one rank at most.
    let more = if rank < count && rank / count < p { rank + 1.0 } else { rank };
    if rank > 1.0 && (rank - 1.0) / count >= p { rank - 1.0 } else { more }
}

/// A sum with the rounding of each step carried along (Neumaier 1974).
fn exact_sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut rest) = (0.0_f64, 0.0);
    for value in values {
        let next = sum + value;
        rest += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    sum + rest
}

/// The sums of the first 0, 1, 2, … values, each carried exactly to about twice the digits.
fn running_sums(hours: &[f64]) -> Arc<[f64]> {
    let (mut sum, mut rest) = (0.0_f64, 0.0);
    let sums = hours.iter().map(|&value| {
        let next = sum + value;
        rest += if sum >= value { (sum - next) + value } else { (value - next) + sum };
        sum = next;
        sum + rest
    });
    std::iter::once(0.0).chain(sums).collect()
}

impl Lifetime for Empirical {
    fn name(&self) -> &'static str {
        "empirical"
    }
    fn parameters(&self) -> Vec<Parameter> {
        let (first, last) = (self.values_hours[0], self.values_hours[self.values_hours.len() - 1]);
        vec![("values", self.count(), "1"), ("min", first, "h"), ("mean", self.mean_hours, "h"), ("max", last, "h")]
    }
    fn mean_hours(&self) -> f64 {
        self.mean_hours
    }
    fn variance_h2(&self) -> f64 {
        self.variance_h2
    }
    fn survival(&self, age_hours: f64) -> f64 {
        (self.values_hours.len() - self.at_most(age_hours)) as f64 / self.count()
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        self.at_most(age_hours) as f64 / self.count()
    }
    #[inline(always)]
    fn quantile_hours(&self, p: f64) -> f64 {
        self.values_hours[rank(p, self.count()) as usize - 1]
    }
    #[inline(always)]
    fn quantiles_hours(&self, p_to_hours: &mut [f64]) {
        let count = self.count();
        for p in p_to_hours.iter_mut() {
            *p = rank(*p, count);
        }
        // Ranks are done in lanes; the values lie anywhere.
        for rank in p_to_hours {
            *rank = self.values_hours[*rank as usize - 1];
        }
    }
    /// The mean of the lesser of value and age.
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        let at_most = self.at_most(age_hours);
        let longer = (self.values_hours.len() - at_most) as f64;
        (self.sums_hours[at_most] + longer * age_hours) / self.count()
    }
    fn has_hazard(&self) -> bool {
        false
    }
}
