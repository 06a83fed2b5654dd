//! Quantiles of observations over all replications, with an interval that knows which of them belong together.
//!
//! Observations of one replication depend on one another, so the spread of a quantile is seen between batches of
//! replications alone: how far the share of each batch's observations below it is from the share of all.
//!
//! # Source
//! Woodruff, *Journal of the American Statistical Association* 47 (1952), 635–646: the interval of the share at the
//! estimated quantile, read back as values; its variance by leaving out a batch at a time (Efron, Tibshirani, *An
//! Introduction to the Bootstrap*, 1993, section 11.5). Values that were not seen to the end: Kaplan, Meier, *Journal of the
//! American Statistical Association* 53 (1958).

use serde::{Deserialize, Serialize};

use crate::dense_histogram::DenseHistogram;
use crate::histogram::{LogHistogram, bucket_of, middle_of};
use crate::interval::Estimate;
use crate::sample::Sample;

/// Batches that are kept apart; a block of replications goes to the one of its number modulo this.
pub const BATCHES: u64 = 32;

/// One batch: what was seen to end, and how old is what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Batch {
    ended: LogHistogram,
    open: LogHistogram,
}

/// Counts of non-negative integers by batches of replications, exact to merge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchedHistogram {
    batches: Vec<Batch>,
}

impl BatchedHistogram {
    /// Adds the values of a replication of a block, and lower bounds of others that it did not see to the end.
    pub fn add(&mut self, block: u64, ended: &DenseHistogram, open: &DenseHistogram) {
        if ended.total() + open.total() == 0 {
            return;
        }
        self.batches.resize(BATCHES as usize, Batch::default());
        let batch = &mut self.batches[(block % BATCHES) as usize];
        batch.ended.add(ended);
        batch.open.add(open);
    }

    /// Adds all of another.
    pub fn merge(&mut self, other: &Self) {
        if self.batches.len() < other.batches.len() {
            self.batches.resize(BATCHES as usize, Batch::default());
        }
        for (mine, other) in self.batches.iter_mut().zip(&other.batches) {
            mine.ended.merge(&other.ended);
            mine.open.merge(&other.open);
        }
    }

    /// Values that were seen to the end.
    pub fn seen(&self) -> u64 {
        self.batches.iter().map(|batch| batch.ended.total()).sum()
    }

    /// The least value that at least a share `p` (in 0..=1) does not pass, to a relative error of 2⁻¹⁰, and its interval;
    /// `None` where nothing was counted, or so large values were not seen to the end.
    ///
    /// The estimate takes it that whether a value was seen to the end has nothing to do with how long it lasts; the upper
    /// end of the interval does not, but counts all that was not as larger than any, and is infinite where it is then among
    /// them.
    pub fn quantile(&self, p: f64, sample: Sample, confidence: f64) -> Option<Estimate> {
        let mut all = Batch::default();
        for batch in &self.batches {
            all.ended.merge(&batch.ended);
            all.open.merge(&batch.open);
        }
        let value = all.at_share(p)?;
        let batches = sample.blocks().min(BATCHES);
        let share = all.share_up_to(value);
        let squares = self.batches.iter().filter(|batch| !batch.is_empty()).map(|batch| {
            let without = all.share_without(batch, value) - share;
            without * without
        });
        let error = (squares.sum::<f64>() * (batches as f64 - 1.0) / batches as f64).sqrt();
        let of_share = Estimate::student(p, error, batches.into(), confidence);
        if !(of_share.hi - of_share.lo).is_finite() {
            return Some(Estimate { value, standard_error: f64::NAN, lo: 0.0, hi: f64::INFINITY });
        }
        let lo = if of_share.lo <= 0.0 { 0.0 } else { all.at_share(of_share.lo).unwrap_or(value) };
        let hi = if of_share.hi >= 1.0 { None } else { all.at_share_at_most(of_share.hi) }.unwrap_or(f64::INFINITY);
        let seen_hi = all.at_share(of_share.hi.min(1.0)).unwrap_or(f64::INFINITY);
        let standard_error = if error == 0.0 { 0.0 } else { (seen_hi - lo) / ((of_share.hi - of_share.lo) / error) };
        Some(Estimate { value, standard_error, lo: lo.min(value), hi: hi.max(value) })
    }
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.ended.total() + self.open.total() == 0
    }

    /// The share that is at most a value, but for a batch.
    fn share_without(&self, other: &Self, value: f64) -> f64 {
        if self.open.total() == 0 {
            let below = self.ended.up_to(value) - other.ended.up_to(value);
            return below as f64 / (self.ended.total() - other.ended.total()).max(1) as f64;
        }
        let mut rest = self.clone();
        rest.ended.remove(&other.ended);
        rest.open.remove(&other.open);
        rest.share_up_to(value)
    }

    /// The least value that at least a share `p` does not pass.
    fn at_share(&self, p: f64) -> Option<f64> {
        let p = p.clamp(0.0, 1.0);
        if self.open.total() == 0 {
            return self.at_share_at_most(p);
        }
        self.distribution().find(|(_, share)| *share >= p).map(|(bucket, _)| middle_of(bucket))
    }

    /// The same if all that was not seen to the end is larger than any.
    fn at_share_at_most(&self, p: f64) -> Option<f64> {
        let rank = (p * (self.ended.total() + self.open.total()) as f64).ceil() as u64;
        self.ended.at_rank(rank.max(1) - 1)
    }

    /// The share that is at most a value.
    fn share_up_to(&self, value: f64) -> f64 {
        if self.open.total() == 0 {
            return self.ended.up_to(value) as f64 / self.ended.total() as f64;
        }
        let last = bucket_of(value as u64);
        self.distribution().take_while(|(bucket, _)| *bucket <= last).last().map_or(0.0, |(_, share)| share)
    }

    /// Bucket by bucket, ascending, the share up to there. What is open is older than all that ended in its bucket.
    fn distribution(&self) -> impl Iterator<Item = (u32, f64)> + '_ {
        let mut open = self.open.buckets().peekable();
        let (mut left, mut survival) = (self.ended.total() + self.open.total(), 1.0);
        self.ended.buckets().map(move |(bucket, ended)| {
            while let Some((_, censored)) = open.next_if(|(age, _)| *age < bucket) {
                left -= censored;
            }
            survival *= 1.0 - ended as f64 / left as f64;
            left -= ended;
            (bucket, 1.0 - survival)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::stream::{Replication, Stream, StreamId};

    /// 200 replications of 50 exponential times of 1000 µs in the mean, those of one replication multiplied by a common
    /// factor of 1 ± `spread`.
    fn filled(seed: u64, spread: f64) -> BatchedHistogram {
        let mut stream = Stream::new(StreamId::of(0, "times", "test"));
        let mut of = BatchedHistogram::default();
        for index in 0..200 {
            let replication = Replication::new(seed, index);
            stream.rewind();
            let factor = 1.0 + spread * (2.0 * stream.open01(replication) - 1.0);
            let mut values = DenseHistogram::default();
            for _ in 0..50 {
                values.push((-1e6 * factor * libm::log(stream.open01(replication))) as u64);
            }
            of.add(u64::from(index), &values, &DenseHistogram::default());
        }
        of
    }

    #[test]
    fn its_interval_covers_the_quantile_as_often_as_it_says() {
        // The distribution of a mixture of exponentials, at 95 %, solved by bisection.
        for (spread, p) in [(0.0, 0.95), (0.5, 0.5)] {
            let survival = |x: f64| {
                let points = (0..2000).map(|k| 1.0 + spread * ((f64::from(k) + 0.5) / 1000.0 - 1.0));
                points.map(|factor| libm::exp(-x / factor)).sum::<f64>() / 2000.0
            };
            let (mut lo, mut hi) = (0.0, 50.0);
            for _ in 0..60 {
                let middle = (lo + hi) / 2.0;
                if survival(middle) > 1.0 - p { lo = middle } else { hi = middle }
            }
            let (known, sample) = (lo * 1e6, Sample::from(200));
            let covered = (0..60).filter(|&seed| {
                let estimate = filled(seed, spread).quantile(p, sample, 0.95).unwrap();
                estimate.lo <= known && known <= estimate.hi
            });
            // 57 of 60 in the mean; 52 is three standard deviations below.
            let covered = covered.count();
            assert!((52..=60).contains(&covered), "spread {spread}, p {p}: {covered}");
        }
    }

    fn counted(values: impl Iterator<Item = u64>) -> DenseHistogram {
        let mut of = DenseHistogram::default();
        values.for_each(|value| of.push(value));
        of
    }

    #[test]
    fn merged_in_any_order_it_is_the_same() {
        let none = DenseHistogram::default();
        let (mut a, mut b) = (BatchedHistogram::default(), BatchedHistogram::default());
        a.add(0, &counted(0..10), &none);
        b.add(1, &counted(10..20), &counted(30..50));
        b.add(33, &counted(5..15), &none);
        let (mut ab, mut ba) = (a.clone(), b.clone());
        ab.merge(&b);
        ba.merge(&a);
        assert_eq!(ab, ba);
        assert_eq!(ab.seen(), 30);
        let at = |p| ab.quantile(p, Sample::from(34), 0.9).map(|estimate| estimate.value);
        assert_eq!((at(0.02), at(0.59), at(0.61)), (Some(0.0), Some(19.0), None));
        assert_eq!(ab.quantile(0.59, Sample::from(34), 0.9).unwrap().hi, f64::INFINITY);
        assert_eq!(BatchedHistogram::default().quantile(0.5, Sample::from(4), 0.9), None);
    }

    #[test]
    fn what_was_not_seen_to_the_end_is_weighed_by_its_age() {
        // By hand: 1 of 4 at 1, one leaves after 2, 1 of 2 at 3: survival 3/4, then 3/8; nothing is known past 4.
        let mut of = BatchedHistogram::default();
        of.add(0, &counted([1, 3].into_iter()), &counted([2, 4].into_iter()));
        let at = |p| of.quantile(p, Sample::from(2), 0.9).map(|estimate| estimate.value);
        assert_eq!((at(0.25), at(0.26), at(0.62), at(0.63)), (Some(1.0), Some(3.0), Some(3.0), None));
    }

    #[test]
    fn one_replication_has_no_error() {
        let mut of = BatchedHistogram::default();
        of.add(0, &counted(0..100), &DenseHistogram::default());
        let estimate = of.quantile(0.5, Sample::from(1), 0.95).unwrap();
        assert!(estimate.value == 49.0 && estimate.standard_error.is_nan() && estimate.hi.is_infinite());
    }
}
