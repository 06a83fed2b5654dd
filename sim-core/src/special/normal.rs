//! The standard normal law: density, both tails and the quantile.

use super::quadrature::gauss_legendre;

/// `1/√2`, rounded, and what the rounding left.
const SQRT_HALF: f64 = std::f64::consts::FRAC_1_SQRT_2;
const SQRT_HALF_REST: f64 = -4.833_646_656_726_457e-17;

/// `1/√(2π)`.
const DENSITY_AT_ZERO: f64 = 0.398_942_280_401_432_7;

/// Density at `x`: `exp(-x²/2)/√(2π)`.
pub fn pdf(x: f64) -> f64 {
    let square = x * x;
    if square.is_infinite() {
        return 0.0;
    }
    let rest = libm::fma(x, x, -square);
    DENSITY_AT_ZERO * libm::exp(-0.5 * square) * (1.0 - 0.5 * rest)
}

/// P(X ≤ `x`); relative error about 1e-15 down to 1e-300.
///
/// # Source
/// `erfc(-x/√2)/2`, Abramowitz & Stegun (1964), 26.2.29; the rounding of `x/√2` is corrected to first order.
pub fn cdf(x: f64) -> f64 {
    survival(-x)
}

/// P(X > `x`); relative error about 1e-15 down to 1e-300.
pub fn survival(x: f64) -> f64 {
    if x.is_infinite() {
        return if x > 0.0 { 0.0 } else { 1.0 };
    }
    let scaled = x * SQRT_HALF;
    let rest = libm::fma(x, SQRT_HALF, -scaled) + x * SQRT_HALF_REST;
    let slope = std::f64::consts::FRAC_2_SQRT_PI * libm::exp(-scaled * scaled);
    (0.5 * (libm::erfc(scaled) - slope * rest)).max(0.0)
}

/// P(`from` < X ≤ `from + width`) for `width` ≥ 0, to full relative accuracy also where the width is tiny.
pub fn interval(from: f64, width: f64) -> f64 {
    let to = from + width;
    // Far out a wider interval falls off too steeply for the rule, and nothing cancels there.
    if width < 1.0 && width * from.abs() < 20.0 {
        gauss_legendre(0.0, width, 1, |step| pdf(from + step))
    } else if from > 0.0 {
        survival(from) - survival(to)
    } else {
        cdf(to) - cdf(from)
    }
}

/// The `x` with P(X ≤ `x`) = `p`; relative error about 1e-15. `p` in (0, 1), else ±∞ at the ends and NaN beyond.
///
/// # Source
/// Wichura, *Applied Statistics* 37 (1988), algorithm AS 241 (PPND16), then one Halley step in the tails.
pub fn quantile(p: f64) -> f64 {
    let centred = p - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180_625 - centred * centred;
        return centred * polynomial(&A, r) / polynomial(&B, r);
    }
    if centred < 0.0 { lower_tail(p) } else { -lower_tail(1.0 - p) }
}

/// The `x` with P(X > `x`) = `q`: as [`quantile`], exact also where `1 - q` rounds to 1.
pub fn quantile_upper(q: f64) -> f64 {
    -quantile(q)
}

fn lower_tail(p: f64) -> f64 {
    if p <= 0.0 {
        return if p == 0.0 { f64::NEG_INFINITY } else { f64::NAN };
    }
    let r = (-libm::log(p)).sqrt();
    let x = if r <= 5.0 {
        -polynomial(&C, r - 1.6) / polynomial(&D, r - 1.6)
    } else {
        -polynomial(&E, r - 5.0) / polynomial(&F, r - 5.0)
    };
    // Below, the density and the tail are subnormal and would only spoil the approximation.
    if !(p > 1e-300) {
        return x;
    }
    let newton = (cdf(x) - p) / pdf(x);
    x - newton / (1.0 + 0.5 * x * newton)
}

fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

const A: [f64; 8] = [
    3.387_132_872_796_366_5,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_3e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const B: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_659_7e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_855e3,
];
const C: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    2.417_807_251_774_506e-1,
    2.272_384_498_926_918_4e-2,
    7.745_450_142_783_414e-4,
];
const D: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const E: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    2.965_605_718_285_048_7e-1,
    2.653_218_952_657_612_4e-2,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const F: [f64; 8] = [
    1.0,
    5.998_322_065_558_88e-1,
    1.369_298_809_227_358e-1,
    1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];
