//! 256-bit sums, so that sums of squares and products of ticks are exact and their order cannot matter.

use serde::{Deserialize, Serialize};

/// An unsigned 256-bit integer, as two halves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Wide {
    high: u128,
    low: u128,
}

impl Wide {
    /// Zero.
    pub const ZERO: Self = Self { high: 0, low: 0 };

    /// `low`, widened.
    pub const fn from_u128(low: u128) -> Self {
        Self { high: 0, low }
    }

    /// The exact product.
    pub const fn product(a: u128, b: u128) -> Self {
        const HALF: u32 = 64;
        const MASK: u128 = u64::MAX as u128;
        let (a_high, a_low, b_high, b_low) = (a >> HALF, a & MASK, b >> HALF, b & MASK);
        let low = a_low * b_low;
        let (middle, carried) = (a_high * b_low).overflowing_add(a_low * b_high);
        let (sum, carry) = low.overflowing_add(middle << HALF);
        let high = a_high * b_high + (middle >> HALF) + ((carried as u128) << HALF) + carry as u128;
        Self { high, low: sum }
    }

    /// The sum; a sum past 256 bits is a bug of the caller's limits.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        let (low, carry) = self.low.overflowing_add(other.low);
        Self { high: self.high + other.high + carry as u128, low }
    }

    /// This times a small factor.
    #[must_use]
    pub const fn times(self, factor: u64) -> Self {
        self.times_wide(factor as u128)
    }

    /// This times a factor; a product past 256 bits is a bug of the caller's limits.
    #[must_use]
    pub const fn times_wide(self, factor: u128) -> Self {
        let low = Self::product(self.low, factor);
        Self { high: low.high + self.high * factor, low: low.low }
    }

    /// This minus another, as a float, either sign.
    pub fn minus_as_f64(self, other: Self) -> f64 {
        if self >= other { self.difference(other).to_f64() } else { -other.difference(self).to_f64() }
    }

    const fn difference(self, smaller: Self) -> Self {
        let (low, borrow) = self.low.overflowing_sub(smaller.low);
        Self { high: self.high - smaller.high - borrow as u128, low }
    }

    /// The nearest float (to one unit in the last place).
    pub fn to_f64(self) -> f64 {
        self.high as f64 * 2f64.powi(128) + self.low as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn products_distribute_over_sums(a in any::<u64>(), b in any::<u64>(), c in any::<u64>()) {
            let left = Wide::product(u128::from(a), u128::from(b)).plus(Wide::product(u128::from(a), u128::from(c)));
            prop_assert_eq!(left, Wide::product(u128::from(a), u128::from(b) + u128::from(c)));
        }

        #[test]
        fn wide_products_match_pieces(a in any::<u128>(), b in any::<u64>()) {
            let expected = Wide::from_u128(a).times(b);
            prop_assert_eq!(Wide::product(a, u128::from(b)), expected);
            prop_assert_eq!(Wide::product(u128::from(b), a), expected);
        }

        #[test]
        fn differences_have_the_right_sign(a in any::<u128>(), b in any::<u128>()) {
            let difference = Wide::from_u128(a).minus_as_f64(Wide::from_u128(b));
            prop_assert_eq!(difference > 0.0, a > b);
            prop_assert_eq!(difference == 0.0, a == b);
        }
    }

    #[test]
    fn the_largest_product_is_exact() {
        let product = Wide::product(u128::MAX, u128::MAX);
        assert_eq!(product, Wide { high: u128::MAX - 1, low: 1 });
    }
}
