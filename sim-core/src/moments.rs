//! Exact moments of integer observations, one a replication.

use serde::{Deserialize, Serialize};

use crate::wide::Wide;

/// Sum and sum of squares of signed integers. Exact, so the order of observations and merges cannot matter.
///
/// Zeros need not be pushed: the number of observations is given when a moment is asked for. Observations are ticks,
/// counts or fixed-point numbers below 2⁶³ in size; up to 2³² of them fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Moments {
    sum: i128,
    squares: Wide,
}

impl Moments {
    /// Adds an observation.
    #[inline]
    pub const fn push(&mut self, value: i64) {
        let size = value.unsigned_abs() as u128;
        self.sum += value as i128;
        self.squares = self.squares.plus(Wide::from_u128(size * size));
    }

    /// Adds all observations of another.
    pub const fn merge(&mut self, other: &Self) {
        self.sum += other.sum;
        self.squares = self.squares.plus(other.squares);
    }

    /// The exact sum.
    pub const fn sum(&self) -> i128 {
        self.sum
    }

    /// Mean of `n` observations; NaN if there are none.
    pub fn mean(&self, n: u64) -> f64 {
        self.sum as f64 / n as f64
    }

    /// Unbiased variance of `n` observations; NaN below two.
    pub fn variance(&self, n: u64) -> f64 {
        let size = self.sum.unsigned_abs();
        let centred = self.squares.times(n).minus_as_f64(Wide::product(size, size));
        if n < 2 { f64::NAN } else { centred.max(0.0) / (n as f64 * (n as f64 - 1.0)) }
    }

    /// Standard error of the mean of `n` observations; NaN below two.
    pub fn standard_error(&self, n: u64) -> f64 {
        (self.variance(n) / n as f64).sqrt()
    }
}

/// Sum of products of two non-negative integer observations of the same replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CoMoment {
    products: Wide,
}

impl CoMoment {
    /// Adds a pair; both non-negative.
    #[inline]
    pub const fn push(&mut self, a: i64, b: i64) {
        self.products = self.products.plus(Wide::from_u128(a.unsigned_abs() as u128 * b.unsigned_abs() as u128));
    }

    /// Adds all pairs of another.
    pub const fn merge(&mut self, other: &Self) {
        self.products = self.products.plus(other.products);
    }

    /// Unbiased covariance of `n` pairs whose own moments are `a` and `b`; NaN below two.
    pub fn covariance(&self, a: &Moments, b: &Moments, n: u64) -> f64 {
        let centred = self.products.times(n).minus_as_f64(Wide::product(a.sum.unsigned_abs(), b.sum.unsigned_abs()));
        if n < 2 { f64::NAN } else { centred / (n as f64 * (n as f64 - 1.0)) }
    }
}

/// Sum of cubes of non-negative integer observations, for their skewness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cubes {
    cubes: Wide,
}

impl Cubes {
    /// Adds an observation, non-negative.
    #[inline]
    pub const fn push(&mut self, value: i64) {
        let size = value.unsigned_abs();
        self.cubes = self.cubes.plus(Wide::product(size as u128 * size as u128, size as u128));
    }

    /// Adds all observations of another.
    pub const fn merge(&mut self, other: &Self) {
        self.cubes = self.cubes.plus(other.cubes);
    }

    /// Sample skewness of `n` observations whose other moments are `moments`; 0 where they hardly vary.
    pub fn skewness(&self, moments: &Moments, n: u64) -> f64 {
        let count = n as f64;
        let mean = moments.mean(n);
        let deviation = (moments.variance(n) * (count - 1.0) / count).sqrt();
        // Below this the cubes cancel to rounding noise, and so small a spread needs no correction.
        if !(deviation > 1e-4 * mean.abs()) {
            return 0.0;
        }
        let second = moments.squares.to_f64() / count;
        let third = self.cubes.to_f64() / count;
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
    }
}
