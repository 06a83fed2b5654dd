//! Log-scaled histograms of integers: quantiles with a stated relative error, exact to merge.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::dense_histogram::DenseHistogram;

/// Bits of a value kept below its leading one.
const PRECISION_BITS: u32 = 9;

/// Largest relative error of a value read back from a [`LogHistogram`].
pub const RELATIVE_ERROR: f64 = 1.0 / (1u64 << (PRECISION_BITS + 1)) as f64;

/// Counts of non-negative integers in buckets of relative width 2⁻⁹; values below 2¹⁰ are exact.
///
/// A bucket is read back as its middle, so a value's relative error is at most 2⁻¹⁰ ([`RELATIVE_ERROR`]). Memory grows
/// with the number of distinct buckets (at most 2¹⁵), not of observations.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LogHistogram {
    counts: BTreeMap<u32, u64>,
    total: u64,
}

pub(crate) const fn bucket_of(value: u64) -> u32 {
    let shift = (64 - value.leading_zeros()).saturating_sub(PRECISION_BITS + 1);
    (shift << PRECISION_BITS) + (value >> shift) as u32
}

/// The first value of a bucket and the number of values in it.
pub(crate) const fn span_of(bucket: u32) -> (u64, u64) {
    let whole = bucket >> PRECISION_BITS;
    if whole < 2 {
        return (bucket as u64, 1);
    }
    let shift = whole - 1;
    let mantissa = (bucket - (shift << PRECISION_BITS)) as u64;
    (mantissa << shift, 1 << shift)
}

/// What a bucket is read back as.
pub(crate) const fn middle_of(bucket: u32) -> f64 {
    let (first, values) = span_of(bucket);
    first as f64 + (values - 1) as f64 / 2.0
}

impl LogHistogram {
    /// Counts a value, `times` times.
    pub fn push(&mut self, value: u64, times: u64) {
        *self.counts.entry(bucket_of(value)).or_insert(0) += times;
        self.total += times;
    }

    /// Adds all counts of a replication.
    pub fn add(&mut self, values: &DenseHistogram) {
        for (bucket, count) in values.buckets() {
            *self.counts.entry(bucket).or_insert(0) += u64::from(count);
        }
        self.total += values.total();
    }

    /// Takes away counts that were added.
    pub(crate) fn remove(&mut self, added: &Self) {
        for (bucket, count) in added.buckets() {
            if let Some(mine) = self.counts.get_mut(&bucket) {
                *mine -= count;
            }
        }
        self.counts.retain(|_, count| *count > 0);
        self.total -= added.total;
    }

    /// Each bucket with anything in it, and how much, ascending.
    pub(crate) fn buckets(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        self.counts.iter().map(|(&bucket, &count)| (bucket, count))
    }

    /// Values in buckets up to that of `value`.
    pub fn up_to(&self, value: f64) -> u64 {
        self.counts.range(..=bucket_of(value as u64)).map(|(_, count)| count).sum()
    }

    /// Adds all counts of another.
    pub fn merge(&mut self, other: &Self) {
        for (&bucket, &count) in &other.counts {
            *self.counts.entry(bucket).or_insert(0) += count;
        }
        self.total += other.total;
    }

    /// Values counted.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// The value of rank `rank` (0 is the smallest), read as the middle of its bucket; `None` past the end.
    pub fn at_rank(&self, rank: u64) -> Option<f64> {
        let mut below = 0;
        for (&bucket, &count) in &self.counts {
            below += count;
            if rank < below {
                return Some(middle_of(bucket));
            }
        }
        None
    }

    /// Bucket by bucket, ascending: the largest value of the bucket, and how many values are above it.
    pub fn above(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let mut left = self.total;
        self.counts.iter().map(move |(&bucket, &count)| {
            left -= count;
            let (first, values) = span_of(bucket);
            (first + (values - 1), left)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_value_comes_back_within_the_stated_error(value in any::<u64>()) {
            let mut histogram = LogHistogram::default();
            histogram.push(value, 1);
            let read = histogram.at_rank(0).unwrap();
            prop_assert!((read - value as f64).abs() <= RELATIVE_ERROR * value as f64);
            if value < 1024 { prop_assert_eq!(read, value as f64); }
        }

        #[test]
        fn buckets_keep_order(a in any::<u64>(), b in any::<u64>()) {
            prop_assert!(a > b || bucket_of(a) <= bucket_of(b));
        }
    }

    #[test]
    fn ranks_and_tails_count_every_value() {
        let mut histogram = LogHistogram::default();
        [0, 0, 5, 7].iter().for_each(|&v| histogram.push(v, 1));
        assert_eq!((histogram.at_rank(1), histogram.at_rank(2), histogram.at_rank(4)), (Some(0.0), Some(5.0), None));
        assert_eq!(histogram.above().collect::<Vec<_>>(), [(0, 2), (5, 1), (7, 0)]);
    }
}
