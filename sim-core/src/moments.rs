//! Exact moments of integer observations, one a replication, by independent blocks of replications.

use serde::{Deserialize, Serialize};

use crate::sample::Sample;
use crate::wide::Wide;

/// The sum of the block that was added to last; it may still grow. Merging closes it, and only what was merged is written
/// down, so it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
struct Open {
    block: u64,
    sum: i128,
}

impl Open {
    /// Adds to a block; if it is another one, returns the sum of the one before.
    #[inline]
    const fn add(&mut self, block: u64, value: i64) -> Option<i128> {
        if block == self.block {
            self.sum += value as i128;
            return None;
        }
        let before = self.sum;
        *self = Self { block, sum: value as i128 };
        Some(before)
    }
}

/// Sum of signed integers and sum of squares of their blocks. Exact, so the order of observations and merges cannot matter.
///
/// Zeros need not be pushed: the number of observations is given when a moment is asked for. Observations are ticks,
/// counts or fixed-point numbers below 2⁶³ in size; up to 2³² of them fit. Those of a block are pushed in a row, and into
/// one tally.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Moments {
    sum: i128,
    squares: Wide,
    #[serde(skip)]
    open: Open,
}

/// Equal if all that can be read of them is.
impl PartialEq for Moments {
    fn eq(&self, other: &Self) -> bool {
        self.sum == other.sum && self.squares() == other.squares()
    }
}

const fn square(sum: i128) -> Wide {
    Wide::product(sum.unsigned_abs(), sum.unsigned_abs())
}

impl Moments {
    /// Adds an observation that is a block of its own.
    #[inline]
    pub const fn push(&mut self, value: i64) {
        let size = value.unsigned_abs() as u128;
        self.sum += value as i128;
        self.squares = self.squares.plus(Wide::from_u128(size * size));
    }

    /// Adds an observation of a block.
    #[inline]
    pub const fn push_within(&mut self, block: u64, value: i64) {
        self.sum += value as i128;
        if let Some(closed) = self.open.add(block, value) {
            self.squares = self.squares.plus(square(closed));
        }
    }

    /// Adds all observations of another; they share no block.
    pub const fn merge(&mut self, other: &Self) {
        self.sum += other.sum;
        self.squares = self.squares().plus(other.squares());
        self.open.sum = 0;
    }

    const fn squares(&self) -> Wide {
        self.squares.plus(square(self.open.sum))
    }

    /// The exact sum.
    pub const fn sum(&self) -> i128 {
        self.sum
    }

    /// Mean of `n` observations; NaN if there are none.
    pub fn mean(&self, n: u64) -> f64 {
        self.sum as f64 / n as f64
    }

    /// Unbiased variance of an observation, as the sums of blocks show it: what independent observations would need to
    /// make the mean as uncertain as it is. NaN below two blocks.
    pub fn variance(&self, sample: impl Into<Sample>) -> f64 {
        let sample = sample.into();
        let (n, size) = (sample.blocks(), self.sum.unsigned_abs());
        let centred = self.squares().times(n).minus_as_f64(Wide::product(size, size));
        of_blocks(centred.max(0.0), sample)
    }

    /// Standard error of the mean; NaN below two blocks.
    pub fn standard_error(&self, sample: impl Into<Sample>) -> f64 {
        let sample = sample.into();
        (self.variance(sample) / sample.replications as f64).sqrt()
    }
}

/// From `n · Σ xy − Σ x · Σ y` over the sums of `n` blocks to an observation's part.
fn of_blocks(centred: f64, sample: Sample) -> f64 {
    let n = sample.blocks() as f64;
    if n < 2.0 { f64::NAN } else { centred / (n * (n - 1.0)) / sample.per_block as f64 }
}

/// Sum of products of two non-negative integer observations, by blocks of replications.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct CoMoment {
    products: Wide,
    #[serde(skip)]
    open: [Open; 2],
}

impl CoMoment {
    /// Adds a pair that is a block of its own; both non-negative.
    #[inline]
    pub const fn push(&mut self, a: i64, b: i64) {
        self.products = self.products.plus(Wide::from_u128(a.unsigned_abs() as u128 * b.unsigned_abs() as u128));
    }

    /// Adds a pair of a block; both non-negative.
    #[inline]
    pub const fn push_within(&mut self, block: u64, a: i64, b: i64) {
        let [first, second] = &mut self.open;
        if let (Some(a), Some(b)) = (first.add(block, a), second.add(block, b)) {
            self.products = self.products.plus(Wide::product(a.unsigned_abs(), b.unsigned_abs()));
        }
    }

    /// Adds all pairs of another; they share no block.
    pub const fn merge(&mut self, other: &Self) {
        self.products = self.products().plus(other.products());
        self.open[0].sum = 0;
        self.open[1].sum = 0;
    }

    const fn products(&self) -> Wide {
        let [a, b] = self.open;
        self.products.plus(Wide::product(a.sum.unsigned_abs(), b.sum.unsigned_abs()))
    }

    /// Unbiased covariance of a pair whose own moments are `a` and `b`, as the sums of blocks show it; NaN below two.
    pub fn covariance(&self, a: &Moments, b: &Moments, sample: impl Into<Sample>) -> f64 {
        let sample = sample.into();
        let both = Wide::product(a.sum.unsigned_abs(), b.sum.unsigned_abs());
        of_blocks(self.products().times(sample.blocks()).minus_as_f64(both), sample)
    }
}

/// Sum of cubes of the blocks of non-negative integer observations, for their skewness.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Cubes {
    cubes: Wide,
    #[serde(skip)]
    open: Open,
}

const fn cube(sum: i128) -> Wide {
    let size = sum.unsigned_abs();
    // A block of 64 spans of 200 years has 2⁶⁹ ticks: its square does not fit into 128 bits, its cube fits into 256.
    let square = Wide::product(size, size);
    square.times_wide(size)
}

impl Cubes {
    /// Adds an observation that is a block of its own, non-negative.
    #[inline]
    pub const fn push(&mut self, value: i64) {
        self.cubes = self.cubes.plus(cube(value as i128));
    }

    /// Adds an observation of a block, non-negative.
    #[inline]
    pub const fn push_within(&mut self, block: u64, value: i64) {
        if let Some(closed) = self.open.add(block, value) {
            self.cubes = self.cubes.plus(cube(closed));
        }
    }

    /// Adds all observations of another; they share no block.
    pub const fn merge(&mut self, other: &Self) {
        self.cubes = self.cubes().plus(other.cubes());
        self.open.sum = 0;
    }

    const fn cubes(&self) -> Wide {
        self.cubes.plus(cube(self.open.sum))
    }

    /// Sample skewness of the sums of blocks whose other moments are `moments`; 0 where they hardly vary.
    pub fn skewness(&self, moments: &Moments, sample: impl Into<Sample>) -> f64 {
        let sample = sample.into();
        let count = sample.blocks() as f64;
        let mean = moments.sum as f64 / count;
        let variance = moments.variance(sample) * sample.per_block as f64;
        let deviation = (variance * (count - 1.0) / count).sqrt();
        // Below this the cubes cancel to rounding noise, and so small a spread needs no correction.
        if !(deviation > 1e-4 * mean.abs()) {
            return 0.0;
        }
        let second = moments.squares().to_f64() / count;
        let third = self.cubes().to_f64() / count;
        (third - 3.0 * mean * second + 2.0 * mean * mean * mean) / (deviation * deviation * deviation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn filled(values: &[i64]) -> (Moments, Cubes) {
        let (mut moments, mut cubes) = (Moments::default(), Cubes::default());
        values.iter().for_each(|&v| {
            moments.push(v);
            cubes.push(v);
        });
        (moments, cubes)
    }

    #[test]
    fn textbook_moments() {
        let (moments, cubes) = filled(&[1, 2, 3, 4, 10]);
        assert_eq!(moments.mean(5), 4.0);
        assert_eq!(moments.variance(5), 12.5);
        // Third central moment 36.0, second 10.0.
        assert!((cubes.skewness(&moments, 5) - 36.0 / 10f64.powf(1.5)).abs() < 1e-12);
    }

    #[test]
    fn ticks_of_a_century_do_not_overflow() {
        let century = 3_155_760_000_000_000_000;
        let (mut moments, mut cubes) = filled(&[century; 4]);
        for _ in 0..29 {
            let (m, c) = (moments, cubes);
            moments.merge(&m);
            cubes.merge(&c);
        }
        assert_eq!(moments.mean(1 << 31), century as f64);
        assert_eq!(moments.variance(1 << 31), 0.0);
        assert_eq!(cubes.skewness(&moments, 1 << 31), 0.0);
    }

    #[test]
    fn covariance_of_a_line_is_the_slope_times_the_variance() {
        let (mut a, mut b, mut co) = (Moments::default(), Moments::default(), CoMoment::default());
        for x in 0..100 {
            a.push(x);
            b.push(3 * x + 7);
            co.push(x, 3 * x + 7);
        }
        assert!((co.covariance(&a, &b, 100) - 3.0 * a.variance(100)).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn merge_order_is_irrelevant(values in prop::collection::vec(any::<i32>(), 2..60), cut in 0usize..60) {
            let values: Vec<i64> = values.into_iter().map(i64::from).collect();
            let cut = cut.min(values.len());
            let (left, right) = (filled(&values[..cut]), filled(&values[cut..]));
            let mut one = right.0;
            one.merge(&left.0);
            prop_assert_eq!(one, filled(&values).0);
        }

        /// Pushed one by one within its block, or each block as one observation: the moments of the mean are the same.
        #[test]
        fn a_block_counts_as_its_sum(values in prop::collection::vec(any::<u32>(), 2..40), cut in 0usize..40) {
            let values: Vec<i64> = values.into_iter().map(i64::from).chain([1]).collect();
            let values = &values[..values.len() / 2 * 2];
            let cut = (cut.min(values.len()) / 2) * 2;
            let within = |values: &[i64], first: usize| {
                let (mut moments, mut cubes, mut both) = (Moments::default(), Cubes::default(), CoMoment::default());
                for (i, &value) in values.iter().enumerate().filter(|(_, value)| **value != 0) {
                    let block = ((first + i) / 2) as u64;
                    moments.push_within(block, value);
                    cubes.push_within(block, value);
                    both.push_within(block, value, value);
                }
                (moments, cubes, both)
            };
            let (mut moments, mut cubes, mut both) = within(&values[cut..], cut);
            let left = within(&values[..cut], 0);
            moments.merge(&left.0);
            cubes.merge(&left.1);
            both.merge(&left.2);
            let sums: Vec<i64> = values.chunks(2).map(|pair| pair[0] + pair[1]).collect();
            let (expected, expected_cubes) = filled(&sums);
            prop_assert_eq!(moments, expected);
            let (pairs, n) = (sums.len() as u64, values.len() as u64);
            let sample = Sample { replications: n, per_block: 2, worst: 2.0 };
            prop_assert_eq!(moments.variance(sample).to_bits(), (expected.variance(pairs) / 2.0).to_bits());
            let variance = moments.variance(sample);
            let covariance = both.covariance(&moments, &moments, sample);
            prop_assert!(variance.is_nan() || (covariance - variance).abs() <= 1e-12 * variance);
            let (found, wanted) = (cubes.skewness(&moments, sample), expected_cubes.skewness(&expected, pairs));
            prop_assert!(found.is_nan() || (found - wanted).abs() <= 1e-9 * (1.0 + wanted.abs()), "{} {}", found, wanted);
        }
    }
}
