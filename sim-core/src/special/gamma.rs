//! The gamma function and the regularised incomplete gamma functions with their inverse.

use super::saddle_point::poisson_mass;
use super::{normal, root};

/// Terms of a series or continued fraction: enough for `a` up to 1e8.
const TERMS_MAX: u32 = 200_000;

/// Below this [`ln_upper`] no longer trusts [`upper`] to have all its digits.
const TAIL_MIN: f64 = 1e-280;

/// `ln Γ(x)` for `x` > 0.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// `Γ(x)`; infinite above 171.6.
pub fn gamma(x: f64) -> f64 {
    libm::tgamma(x)
}

/// `P(a, x)`: the probability that a gamma variable of shape `a` and scale 1 is at most `x`.
///
/// `a` in 0.01..=1e8. Relative error about 1e-14, growing to 1e-13 where the value is below 1e-100.
///
/// # Source
/// Series and continued fraction of Abramowitz & Stegun (1964), 6.5.29 and 6.5.31.
pub fn lower(a: f64, x: f64) -> f64 {
    split(a, x).below
}

/// `Q(a, x)` = `1 - P(a, x)`, computed as a tail; range and error as [`lower`].
pub fn upper(a: f64, x: f64) -> f64 {
    split(a, x).above
}

/// `ln Q(a, x)`, also where [`upper`] is below every double; range as [`lower`], relative error about 1e-13.
///
/// # Source
/// Where `Q` is small, the continued fraction of Abramowitz & Stegun (1964), 6.5.31, by the method of Lentz.
pub fn ln_upper(a: f64, x: f64) -> f64 {
    let Split { below, above, .. } = split(a, x);
    if below < 0.5 {
        return libm::log1p(-below);
    }
    if above > TAIL_MIN || x.is_infinite() {
        return libm::log(above);
    }
    let (mut b, mut c, mut d) = (x + 1.0 - a, f64::INFINITY, 1.0 / (x + 1.0 - a));
    let mut fraction = d;
    for i in 1..TERMS_MAX {
        let i = f64::from(i);
        let step = i * (a - i);
        b += 2.0;
        d = 1.0 / (b + step * d);
        c = b + step / c;
        fraction *= c * d;
        if (c * d - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    a * libm::log(x) - x - ln_gamma(a) + libm::log(fraction)
}

/// The `x` with `P(a, x)` = `p`, `p` in [0, 1]; relative error about 1e-14.
pub fn inverse_lower(a: f64, p: f64) -> f64 {
    inverse(a, p, 1.0 - p)
}

/// The `x` with `Q(a, x)` = `q`, `q` in [0, 1]; relative error about 1e-14.
pub fn inverse_upper(a: f64, q: f64) -> f64 {
    inverse(a, 1.0 - q, q)
}

/// `P`, `Q` and their slope with respect to `ln x`.
struct Split {
    below: f64,
    above: f64,
    slope: f64,
}

fn split(a: f64, x: f64) -> Split {
    if x.is_nan() || a.is_nan() {
        return Split { below: f64::NAN, above: f64::NAN, slope: f64::NAN };
    }
    if x <= 0.0 {
        return Split { below: 0.0, above: 1.0, slope: 0.0 };
    }
    if x.is_infinite() {
        return Split { below: 1.0, above: 0.0, slope: 0.0 };
    }
    let mass = poisson_mass(a, x);
    let slope = a * mass;
    // For small shapes the fraction serves earlier, since P is close to 1 there.
    if x < (a + 1.0).min(0.5 + 2.0 * a) {
        let below = (mass * series(a, x)).min(1.0);
        Split { below, above: 1.0 - below, slope }
    } else {
        let above = (slope * fraction(a, x)).min(1.0);
        Split { below: 1.0 - above, above, slope }
    }
}

/// `1 + x/(a+1) + x²/((a+1)(a+2)) + …`
fn series(a: f64, x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for n in 1..TERMS_MAX {
        term *= x / (a + f64::from(n));
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

/// The continued fraction `1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- …)))` by Lentz's method.
fn fraction(a: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut value = d;
    for i in 1..TERMS_MAX {
        let i = f64::from(i);
        let numerator = -i * (i - a);
        b += 2.0;
        d = numerator * d + b;
        c = b + numerator / c;
        d = 1.0 / if d.abs() < TINY { TINY } else { d };
        c = if c.abs() < TINY { TINY } else { c };
        let factor = d * c;
        value *= factor;
        if (factor - 1.0).abs() < 2e-16 {
            break;
        }
    }
    value
}

fn inverse(a: f64, p: f64, q: f64) -> f64 {
    if !(p > 0.0) {
        return if q >= 1.0 { 0.0 } else { f64::NAN };
    }
    if !(q > 0.0) {
        return f64::INFINITY;
    }
    let start = first_guess(a, p, q);
    root::positive(start, |x| {
        let at = split(a, x);
        if p <= q {
            (libm::log(at.below / p), at.slope / at.below)
        } else {
            (libm::log(q / at.above), at.slope / at.above)
        }
    })
}

/// Wilson & Hilferty (1931) where it is good, else the first term of the series.
fn first_guess(a: f64, p: f64, q: f64) -> f64 {
    let z = if p < q { normal::quantile(p) } else { normal::quantile_upper(q) };
    let root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * a.sqrt());
    if root > 0.3 {
        return a * root * root * root;
    }
    libm::exp((libm::log(p) + ln_gamma(a + 1.0)) / a)
}
