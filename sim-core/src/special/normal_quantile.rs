//! The quantile of the standard normal law in lanes: the same bits on every machine and in every width.
//!
//! # Source
//! Wichura, *Applied Statistics* 37 (1988), algorithm AS 241 (PPND16): a quotient of polynomials in the middle, one in the
//! tails and one for tails below [`FAR`]. Every lane computes the first; the three in twenty of a block that lie in the
//! tails are put side by side for the second. The third is so rare (a uniform number is that small once in 3.6e10 draws)
//! that a block without any skips it.

use super::ln::{ln, ln_of_normal};

/// `e⁻²⁵`: below this tail the third quotient holds.
const FAR: f64 = 1.388_794_386_496_402_2e-11;
/// Up to this distance from a half the first quotient holds.
const CENTRAL: f64 = 0.425;
/// Numbers that [`each_quantile`] looks at together.
const BLOCK: usize = 128;
/// Tails that are computed side by side.
const LANES: usize = 8;

/// The `x` with P(X ≤ `x`) = `p`; at most 5 units in the last place from the
/// correctly rounded value, down to 1e-300. `p` in (0, 1), else ±∞ at the ends and NaN beyond.
///
/// Exactly odd about a half: `quantile(1 - p)` is `-quantile(p)` where `1 - p` is exact.
pub fn quantile(p: f64) -> f64 {
    if (f64::MIN_POSITIVE..1.0).contains(&p) {
        return quantile_inside(p);
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    if p > 0.0 && p < 1.0 { -far(p) } else { f64::NAN }
}

/// The `x` with P(X > `x`) = `q`: as [`quantile`], exact also where `1 - q` rounds to 1.
pub fn quantile_upper(q: f64) -> f64 {
    -quantile(q)
}

/// The bits of [`quantile`] for a normal `p` strictly between 0 and 1, meaningless for any other.
#[inline(always)]
pub fn quantile_inside(p: f64) -> f64 {
    let tail = smaller_tail(p);
    if tail < FAR {
        side(p) * far(tail)
    } else if is_central(p) {
        middle(p)
    } else {
        near_tail(p)
    }
}

/// Each `p`, as [`quantile_inside`] takes it, becomes its quantile.
#[inline(always)]
pub fn each_quantile(p_to_x: &mut [f64]) {
    for some in p_to_x.chunks_mut(BLOCK) {
        // A block of known length becomes lanes throughout.
        let mut block = [0.5; BLOCK];
        block[..some.len()].copy_from_slice(some);
        let (mut tails, mut places, mut count) = ([0.25; BLOCK], [0u8; BLOCK], 0);
        for (half, first) in block.as_chunks::<64>().0.iter().zip([0, 64]) {
            let mut outside = outside_the_middle(half);
            while outside != 0 {
                let place = outside.trailing_zeros() as usize;
                outside &= outside - 1;
                (tails[count % BLOCK], places[count % BLOCK]) = (half[place], (first + place) as u8);
                count += 1;
            }
        }
        for p in &mut block {
            *p = middle(*p);
        }
        each_tail(&mut tails[..count.next_multiple_of(LANES)]);
        for (tail, place) in tails.iter().zip(&places[..count]) {
            block[usize::from(*place) % BLOCK] = *tail;
        }
        some.copy_from_slice(&block[..some.len()]);
    }
}

/// A bit for each `p`, from the lowest on, that is set where it lies outside the middle.
#[inline(always)]
fn outside_the_middle(p: &[f64; 64]) -> u64 {
    const BITS: [u64; 64] = {
        let mut bits = [1; 64];
        let mut i = 1;
        while i < 64 {
            bits[i] = bits[i - 1] << 1;
            i += 1;
        }
        bits
    };
    let mut outside = 0;
    for i in 0..64 {
        outside |= if is_central(p[i]) { 0 } else { BITS[i] };
    }
    outside
}

/// Each `p` outside the middle becomes its quantile; a whole number of [`LANES`].
#[inline(always)]
fn each_tail(p_to_x: &mut [f64]) {
    for some in p_to_x.as_chunks_mut::<LANES>().0 {
        let mut any_far = false;
        for p in some.iter() {
            any_far |= smaller_tail(*p) < FAR;
        }
        if any_far {
            for p in some {
                *p = quantile_inside(*p);
            }
        } else {
            for p in some {
                *p = near_tail(*p);
            }
        }
    }
}

#[inline(always)]
fn smaller_tail(p: f64) -> f64 {
    if p < 0.5 { p } else { 1.0 - p }
}

#[inline(always)]
fn side(p: f64) -> f64 {
    if p < 0.5 { -1.0 } else { 1.0 }
}

#[inline(always)]
fn is_central(p: f64) -> bool {
    (p - 0.5).abs() <= CENTRAL
}

/// The quantile in the middle.
#[inline(always)]
fn middle(p: f64) -> f64 {
    let centred = p - 0.5;
    let r = 0.180_625 - centred * centred;
    centred * polynomial(&MIDDLE.0, r) / polynomial(&MIDDLE.1, r)
}

/// The quantile outside the middle where neither tail is below [`FAR`].
#[inline(always)]
fn near_tail(p: f64) -> f64 {
    let r = (-ln_of_normal(smaller_tail(p))).sqrt() - 1.6;
    side(p) * polynomial(&TAIL.0, r) / polynomial(&TAIL.1, r)
}

/// The distance from 0 to the quantile of a tail below [`FAR`].
#[cold]
fn far(tail: f64) -> f64 {
    let r = (-ln(tail)).sqrt() - 5.0;
    polynomial(&FAR_TAIL.0, r) / polynomial(&FAR_TAIL.1, r)
}

#[inline(always)]
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    let mut sum = coefficients[7];
    let mut i = 7;
    while i > 0 {
        i -= 1;
        sum = sum * x + coefficients[i];
    }
    sum
}

/// Numerator and denominator, from the constant term on, in `0.425² - (p - ½)²`.
const MIDDLE: ([f64; 8], [f64; 8]) = (
    [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_855e3,
    ],
);

/// The same in `√(-ln tail) - 1.6`.
const TAIL: ([f64; 8], [f64; 8]) = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);

/// The same in `√(-ln tail) - 5`.
const FAR_TAIL: ([f64; 8], [f64; 8]) = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
);
