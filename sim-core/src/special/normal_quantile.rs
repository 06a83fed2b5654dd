//! The quantile of the standard normal law in lanes: the same bits on every machine and in every width.
//!
//! # Source
//! Wichura, *Applied Statistics* 37 (1988), algorithm AS 241 (PPND16): three quotients of polynomials, of which each
//! lane takes the coefficients of its own.

use super::ln::{ln, ln_of_normal};

/// The `x` with P(X ≤ `x`) = `p`; at most 5 units in the last place from the
/// correctly rounded value, down to 1e-300. `p` in (0, 1), else ±∞ at the ends and NaN beyond.
///
/// Exactly odd about a half: `quantile(1 - p)` is `-quantile(p)` where `1 - p` is exact.
#[inline(always)]
pub fn quantile(p: f64) -> f64 {
    let inside = with_ln(p, ln);
    let at_end = if p == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    let beyond = if p == 0.0 || p == 1.0 { at_end } else { f64::NAN };
    if p > 0.0 && p < 1.0 { inside } else { beyond }
}

/// The `x` with P(X > `x`) = `q`: as [`quantile`], exact also where `1 - q` rounds to 1.
#[inline(always)]
pub fn quantile_upper(q: f64) -> f64 {
    -quantile(q)
}

/// The bits of [`quantile`] for a normal `p` strictly between 0 and 1, meaningless for any other.
#[inline(always)]
pub fn quantile_inside(p: f64) -> f64 {
    with_ln(p, ln_of_normal)
}

#[inline(always)]
fn with_ln(p: f64, ln: impl Fn(f64) -> f64) -> f64 {
    let centred = p - 0.5;
    let tail = if centred < 0.0 { p } else { 1.0 - p };
    let r = (-ln(tail)).sqrt();
    let region = Region { central: centred.abs() <= 0.425, far: r > 5.0 };
    let x = region.pick(0.180_625 - centred * centred, r - 1.6, r - 5.0);
    let side = if centred < 0.0 { -1.0 } else { 1.0 };
    let factor = if region.central { centred } else { side };
    factor * region.polynomial(&ABOVE, x) / region.polynomial(&BELOW, x)
}

/// Which of the three quotients a lane takes.
#[derive(Clone, Copy)]
struct Region {
    central: bool,
    far: bool,
}

impl Region {
    #[inline(always)]
    fn pick(self, central: f64, near: f64, far: f64) -> f64 {
        let tail = if self.far { far } else { near };
        if self.central { central } else { tail }
    }

    #[inline(always)]
    fn polynomial(self, coefficients: &[[f64; 3]; 8], x: f64) -> f64 {
        let mut sum = 0.0;
        let mut i = 8;
        while i > 0 {
            i -= 1;
            let [central, near, far] = coefficients[i];
            sum = sum * x + self.pick(central, near, far);
        }
        sum
    }
}

/// Numerators: central, near tail, far tail; from the constant term on.
const ABOVE: [[f64; 3]; 8] = [
    [3.387_132_872_796_366_5, 1.423_437_110_749_683_5, 6.657_904_643_501_103],
    [1.331_416_678_917_843_8e2, 4.630_337_846_156_546, 5.463_784_911_164_114],
    [1.971_590_950_306_551_3e3, 5.769_497_221_460_691, 1.784_826_539_917_291_3],
    [1.373_169_376_550_946e4, 3.647_848_324_763_204_5, 2.965_605_718_285_048_7e-1],
    [4.592_195_393_154_987e4, 1.270_458_252_452_368_4, 2.653_218_952_657_612_4e-2],
    [6.726_577_092_700_87e4, 2.417_807_251_774_506e-1, 1.242_660_947_388_078_4e-3],
    [3.343_057_558_358_813e4, 2.272_384_498_926_918_4e-2, 2.711_555_568_743_487_6e-5],
    [2.509_080_928_730_122_7e3, 7.745_450_142_783_414e-4, 2.010_334_399_292_288_1e-7],
];

/// Denominators, in the same order.
const BELOW: [[f64; 3]; 8] = [
    [1.0, 1.0, 1.0],
    [4.231_333_070_160_091e1, 2.053_191_626_637_759, 5.998_322_065_558_88e-1],
    [6.871_870_074_920_579e2, 1.676_384_830_183_803_8, 1.369_298_809_227_358e-1],
    [5.394_196_021_424_751e3, 6.897_673_349_851e-1, 1.487_536_129_085_061_5e-2],
    [2.121_379_430_158_659_7e4, 1.481_039_764_274_800_8e-1, 7.868_691_311_456_133e-4],
    [3.930_789_580_009_271e4, 1.519_866_656_361_645_7e-2, 1.846_318_317_510_054_8e-5],
    [2.872_908_573_572_194_3e4, 5.475_938_084_995_345e-4, 1.421_511_758_316_446e-7],
    [5.226_495_278_852_855e3, 1.050_750_071_644_416_9e-9, 2.044_263_103_389_939_8e-15],
];
