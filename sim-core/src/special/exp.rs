//! The exponential function in lanes: the same bits on every machine and in every width.
//!
//! # Source
//! The reduction by `ln 2` of Cody & Waite, *Software Manual for the Elementary Functions* (1980), ch. 6; the polynomial
//! is our own, interpolated at Chebyshev nodes (`sim-core/reference/elementary.py`).

use super::ln::{LN_2_LOWER, LN_2_UPPER};

/// `(exp(r) - 1 - r)/r²` for `|r|` up to `ln(2)/2`; relative error below 2⁻⁵⁸.
const SERIES: [f64; 11] = [
    5.0e-1,
    1.666_666_666_666_667e-1,
    4.166_666_666_666_667e-2,
    8.333_333_333_326_136e-3,
    1.388_888_888_888_374_8e-3,
    1.984_126_987_482_062_7e-4,
    2.480_158_732_554_774_3e-5,
    2.755_725_540_020_642_2e-6,
    2.755_727_364_311_03e-7,
    2.510_521_700_472_074_5e-8,
    2.091_468_696_808_687_6e-9,
];

/// Beyond these the result is 0 or infinite.
const LEAST: f64 = -746.0;
const MOST: f64 = 710.0;
/// `1.5 · 2⁵²`: adding it rounds to whole numbers and keeps them in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// `eˣ`, at most 1 unit in the last place from the correctly rounded value, subnormal values included.
///
/// 0 below -745.14, infinite above 709.79, NaN at NaN.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let x = if x < LEAST { LEAST } else { x };
    let x = if x > MOST { MOST } else { x };
    let rounded = x * std::f64::consts::LOG2_E + ROUND;
    let k = rounded - ROUND;
    let r = (x - k * LN_2_UPPER) - k * LN_2_LOWER;
    let mut series = SERIES[10];
    let mut i = 10;
    while i > 0 {
        i -= 1;
        series = series * r + SERIES[i];
    }
    let one_and_more = 1.0 + (r + r * r * series);
    // `2ᵏ` in two factors, each a normal float, so that only the last product can underflow or overflow.
    let biased = rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(2 * 1023);
    let first = biased >> 1;
    let second = biased.wrapping_sub(first);
    one_and_more * f64::from_bits(first << 52) * f64::from_bits(second << 52)
}
