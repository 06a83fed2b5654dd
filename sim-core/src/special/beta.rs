//! The beta function and the regularised incomplete beta function with its inverse.

use super::saddle_point::beta_mass;
use super::{gamma, normal, root};

/// Terms of the continued fraction: it needs about the square root of the larger parameter.
const TERMS_MAX: u32 = 200_000;

/// `ln B(a, b)` for `a`, `b` > 0; absolute error about 1e-15 times the largest of the three logarithms.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    gamma::ln_gamma(a) + gamma::ln_gamma(b) - gamma::ln_gamma(a + b)
}

/// `I_x(a, b)`: the probability that a beta variable is at most `x`; `a`, `b` in 0.01..=1e14, `x` in [0, 1].
///
/// Relative error about 1e-14, growing to 1e-13 where the value is below 1e-100.
///
/// # Source
/// The continued fraction of Press et al., *Numerical Recipes*, 3rd ed. (2007), section 6.4.
pub fn regularized(a: f64, b: f64, x: f64) -> f64 {
    split(a, b, x, 1.0 - x).0
}

/// `I_x(a, b)` and its complement, from `x` and `y` = `1 - x` given each to full precision.
pub fn split(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    let at = evaluate(a, b, x, y);
    (at.below, at.above)
}

/// `I`, `1 - I` and their slope with respect to the logarithm of the odds `x/y`.
struct Split {
    below: f64,
    above: f64,
    slope: f64,
}

fn evaluate(a: f64, b: f64, x: f64, y: f64) -> Split {
    if x <= 0.0 {
        return Split { below: 0.0, above: 1.0, slope: 0.0 };
    }
    if y <= 0.0 {
        return Split { below: 1.0, above: 0.0, slope: 0.0 };
    }
    let slope = beta_mass(a, b, x, y);
    if x <= (a + 1.0) / (a + b + 2.0) {
        let below = (slope / a * fraction(a, b, x)).min(1.0);
        Split { below, above: 1.0 - below, slope }
    } else {
        let above = (slope / b * fraction(b, a, y)).min(1.0);
        Split { below: 1.0 - above, above, slope }
    }
}

/// `x` and `1 - x` with `I_x(a, b)` = `p`, the smaller of the two to a relative error of about 1e-14; `p` in [0, 1].
pub fn inverse(a: f64, b: f64, p: f64) -> (f64, f64) {
    if !(p > 0.0) {
        return if p == 0.0 { (0.0, 1.0) } else { (f64::NAN, f64::NAN) };
    }
    if p >= 1.0 {
        return if p == 1.0 { (1.0, 0.0) } else { (f64::NAN, f64::NAN) };
    }
    if p <= regularized(a, b, 0.5) {
        let x = inverse_below_half(a, b, p, 1.0 - p);
        (x, 1.0 - x)
    } else {
        let y = inverse_below_half(b, a, 1.0 - p, p);
        (1.0 - y, y)
    }
}

/// The slope of `I` with respect to the logarithm of the odds: `xᵃ yᵇ / B(a, b)`.
pub(super) fn slope_in_log_odds(a: f64, b: f64, x: f64, y: f64) -> f64 {
    beta_mass(a, b, x, y)
}

/// `x` at most 1/2 with `I_x(a, b)` = `p` = `1 - q`.
fn inverse_below_half(a: f64, b: f64, p: f64, q: f64) -> f64 {
    root::positive(first_guess(a, b, p, q).min(0.5), |x| {
        if x >= 1.0 {
            return (f64::INFINITY, 1.0);
        }
        let y = 1.0 - x;
        let at = evaluate(a, b, x, y);
        let slope = at.slope / y;
        if p <= q { (libm::log(at.below / p), slope / at.below) } else { (libm::log(q / at.above), slope / at.above) }
    })
}

/// Abramowitz & Stegun (1964), 26.5.22, where both parameters are at least 1, else the leading power.
fn first_guess(a: f64, b: f64, p: f64, q: f64) -> f64 {
    if a < 1.0 || b < 1.0 || p < 1e-6 {
        return libm::exp((libm::log(p) + libm::log(a) + ln_beta(a, b)) / a);
    }
    let z = if p < q { -normal::quantile(p) } else { normal::quantile(q) };
    let (over_a, over_b) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
    let h = 2.0 / (over_a + over_b);
    let l = (z * z - 3.0) / 6.0;
    let w = z * (h + l).max(0.0).sqrt() / h - (over_b - over_a) * (l + 5.0 / 6.0 - 2.0 / (3.0 * h));
    a / (a + b * libm::exp(2.0 * w))
}

/// The continued fraction of `I` by Lentz's method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..TERMS_MAX {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        let factor = d * c;
        value *= factor;
        if (factor - 1.0).abs() < 2e-16 {
            break;
        }
    }
    value
}
