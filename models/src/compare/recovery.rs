//! How long outages last in two systems, or what takeovers lose: mean and a high quantile, and their differences.
//!
//! Outages are not one a replication, so neither is a mean over replications. The interval is a jackknife over 32 groups of
//! replications, the same in both systems, so that what they share cancels here too.
//!
//! # Source
//! Efron, Tibshirani, *An Introduction to the Bootstrap* (1993), ch. 11; groups for quantiles: Shao, Wu, *Ann. Stat.* 17
//! (1989).

use ninefold_sim_core::histogram::LogHistogram;
use ninefold_sim_core::interval::{EXACT_COUNT_BELOW, Estimate};
use ninefold_sim_core::tick::Tick;

/// Groups of replications.
pub(super) const GROUPS: usize = 32;

/// The high quantile.
pub(super) const QUANTILE: f64 = 0.95;

/// Outages of one system.
#[derive(Clone, Debug, Default)]
struct Outages {
    sum: i128,
    lengths: LogHistogram,
}

impl Outages {
    fn merge(&mut self, other: &Self) {
        self.sum += other.sum;
        self.lengths.merge(&other.lengths);
    }

    /// Their mean length, or a quantile of it, in ticks; NaN where there is none.
    fn read(&self, quantile: Option<f64>) -> f64 {
        let count = self.lengths.total();
        match quantile {
            None => self.sum as f64 / count as f64,
            Some(p) => {
                let rank = libm::ceil(p * count as f64).max(1.0) as u64 - 1;
                self.lengths.at_rank(rank).unwrap_or(f64::NAN)
            }
        }
    }
}

/// Outages of both systems, by group of replications.
#[derive(Clone, Debug)]
pub(super) struct Recovery {
    groups: Vec<[Outages; 2]>,
}

impl Default for Recovery {
    fn default() -> Self {
        Self { groups: vec![<[Outages; 2]>::default(); GROUPS] }
    }
}

impl Recovery {
    /// Adds the outages of replication `index` of both.
    pub(super) fn push(&mut self, index: u64, lengths: [impl Iterator<Item = Tick>; 2]) {
        let group = &mut self.groups[(index % GROUPS as u64) as usize];
        for (outages, lengths) in group.iter_mut().zip(lengths) {
            for length in lengths {
                outages.sum += i128::from(length.get());
                outages.lengths.push(length.get().max(0) as u64, 1);
            }
        }
    }

    pub(super) fn merge(&mut self, later: &Self) {
        for (mine, other) in self.groups.iter_mut().zip(&later.groups) {
            mine[0].merge(&other[0]);
            mine[1].merge(&other[1]);
        }
    }

    /// Mean, or a quantile, of the length of an outage in the first, in the second, and the difference, in ticks; `None`
    /// below 30 outages of either.
    pub(super) fn estimates(&self, quantile: Option<f64>, confidence: f64) -> Option<[Estimate; 3]> {
        let all = self.without(GROUPS);
        if all.iter().any(|outages| outages.lengths.total() < EXACT_COUNT_BELOW) {
            return None;
        }
        let read = |outages: &[Outages; 2]| {
            let [a, b] = [outages[0].read(quantile), outages[1].read(quantile)];
            [a, b, b - a]
        };
        let whole = read(&all);
        let left_out: Vec<[f64; 3]> = (0..GROUPS).map(|group| read(&self.without(group))).collect();
        let estimate = |place: usize| {
            let mean = left_out.iter().map(|read| read[place]).sum::<f64>() / GROUPS as f64;
            let squares: f64 = left_out.iter().map(|read| (read[place] - mean) * (read[place] - mean)).sum();
            let standard_error = (squares * (GROUPS - 1) as f64 / GROUPS as f64).sqrt();
            Estimate::student(whole[place], standard_error, (GROUPS as u64).into(), confidence)
        };
        Some([0, 1, 2].map(estimate))
    }

    /// All groups but one; all of them for one that is not there.
    fn without(&self, left_out: usize) -> [Outages; 2] {
        let mut rest = <[Outages; 2]>::default();
        for (_, group) in self.groups.iter().enumerate().filter(|(place, _)| *place != left_out) {
            rest[0].merge(&group[0]);
            rest[1].merge(&group[1]);
        }
        rest
    }
}
