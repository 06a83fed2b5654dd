//! The counts of one replication in the buckets of a [`LogHistogram`](crate::histogram::LogHistogram): made once, counted
//! into without a search, cleared and used again.

use crate::histogram::{bucket_of, middle_of};

/// Counts of non-negative integers in buckets of relative width 2⁻⁹. Memory grows with the largest value's logarithm (at
/// most 2¹⁵ counts), not with observations.
#[derive(Clone, Debug, Default)]
pub struct DenseHistogram {
    counts: Vec<u32>,
    total: u64,
}

impl DenseHistogram {
    /// Counts a value once.
    #[inline]
    pub fn push(&mut self, value: u64) {
        let bucket = bucket_of(value) as usize;
        if bucket >= self.counts.len() {
            self.counts.resize(bucket + 1, 0);
        }
        self.counts[bucket] += 1;
        self.total += 1;
    }

    /// Forgets everything, keeping its memory.
    pub fn clear(&mut self) {
        self.counts.fill(0);
        self.total = 0;
    }

    /// Values counted.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// Each bucket with anything in it, and how much, ascending.
    pub(crate) fn buckets(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0..).zip(&self.counts).filter(|(_, count)| **count > 0).map(|(bucket, &count)| (bucket, count))
    }

    /// The least value that at least a share `p` (in 0..=1) of the values does not pass, read as the middle of its bucket;
    /// `None` where nothing was counted.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let rank = ((p.clamp(0.0, 1.0) * self.total as f64).ceil() as u64).max(1);
        let mut below = 0;
        self.counts.iter().enumerate().find_map(|(bucket, &count)| {
            below += u64::from(count);
            (below >= rank).then(|| middle_of(bucket as u32))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::histogram::{LogHistogram, RELATIVE_ERROR};

    #[test]
    fn its_buckets_are_those_of_the_sparse_one() {
        let (mut dense, mut sparse) = (DenseHistogram::default(), LogHistogram::default());
        assert_eq!(dense.quantile(0.5), None);
        let values: Vec<u64> = (0..2000u64).map(|i| i * i * i * 977 % (1 << 40)).collect();
        for &value in &values {
            dense.push(value);
            sparse.push(value, 1);
        }
        for rank in [0, 1, 7, 1000, 1998, 1999] {
            let p = (rank + 1) as f64 / 2000.0;
            assert_eq!(dense.quantile(p), sparse.at_rank(rank));
        }
        let mut sorted = values;
        sorted.sort_unstable();
        let median = dense.quantile(0.5).unwrap();
        assert!((median / sorted[999] as f64 - 1.0).abs() <= RELATIVE_ERROR);
        dense.clear();
        assert_eq!((dense.total(), dense.quantile(0.5)), (0, None));
    }
}
