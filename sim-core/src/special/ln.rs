//! The natural logarithm in lanes: the same bits on every machine and in every width.
//!
//! # Source
//! The reduction and the polynomial of `e_log.c`, fdlibm (Sun Microsystems, 1993), written without branches.

/// `ln 2`, the upper bits, so that its product with an exponent is exact, and the rest.
pub(super) const LN_2_UPPER: f64 = 6.931_471_803_691_238e-1;
pub(super) const LN_2_LOWER: f64 = 1.908_214_929_270_587_7e-10;

/// `(ln(1+f) - f + f²/2 - f²s/2)/s` as a polynomial in `s²`, `s = f/(2+f)`; its error is below 2⁻⁵⁸.
const SERIES: [f64; 7] = [
    6.666_666_666_666_735e-1,
    3.999_999_999_940_942e-1,
    2.857_142_874_366_239e-1,
    2.222_219_843_214_978_4e-1,
    1.818_357_216_161_805_2e-1,
    1.531_383_769_920_937_3e-1,
    1.479_819_860_511_658_6e-1,
];

/// Added to the bits of a float, so that the exponent steps at `√½` and not at 1.
const STEP_AT_SQRT_HALF: u64 = (0x3ff0_0000 - 0x3fe6_a09e) << 32;
const FRACTION: u64 = (1 << 52) - 1;
/// The bits of 2⁵²: below it, a float holds whole numbers in its lowest bits.
const WHOLE: u64 = 0x4330_0000_0000_0000;

/// `ln x`, at most 1 unit in the last place from the correctly rounded value, for subnormal `x` too.
///
/// Minus infinity at 0 and -0, NaN below, infinity at infinity, NaN at NaN.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    const UP: f64 = (1u64 << 54) as f64;
    let subnormal = x < f64::MIN_POSITIVE;
    let of_normal = ln_scaled(if subnormal { x * UP } else { x }, if subnormal { 54.0 } else { 0.0 });
    let below = if x == 0.0 { f64::NEG_INFINITY } else { f64::NAN };
    let positive = if x < f64::INFINITY { of_normal } else { x };
    if x <= 0.0 { below } else { positive }
}

/// `ln x` for a positive normal `x`, the bits of [`ln`]; meaningless for any other.
#[inline(always)]
pub fn ln_of_normal(x: f64) -> f64 {
    ln_scaled(x, 0.0)
}

/// `ln(1 - p)` for `p` in [0, 1), at most 1 unit in the last place from the correctly rounded value, also for
/// the smallest `p`.
#[inline(always)]
pub fn ln_one_minus(p: f64) -> f64 {
    let rest = 1.0 - p;
    // What the subtraction rounded away; 0 for `p` of at least a half.
    let lost = (1.0 - rest) - p;
    ln_of_normal(rest) + lost * (1.0 + p)
}

/// `ln x - down · ln 2` for a positive normal `x`.
#[inline(always)]
fn ln_scaled(x: f64, down: f64) -> f64 {
    let shifted = x.to_bits().wrapping_add(STEP_AT_SQRT_HALF);
    let exponent = f64::from_bits(WHOLE | (shifted >> 52)) - (f64::from_bits(WHOLE) + 1023.0) - down;
    let f = f64::from_bits((shifted & FRACTION).wrapping_add(0x3fe6_a09e << 32)) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = w * (SERIES[1] + w * (SERIES[3] + w * SERIES[5]));
    let odd = z * (SERIES[0] + w * (SERIES[2] + w * (SERIES[4] + w * SERIES[6])));
    let half_square = 0.5 * f * f;
    s * (half_square + (odd + even)) + exponent * LN_2_LOWER - half_square + f + exponent * LN_2_UPPER
}
