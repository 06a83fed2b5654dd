//! The standard normal law: density, both tails and the quantile.

use super::quadrature::gauss_legendre;

pub use super::normal_quantile::{each_quantile, quantile, quantile_inside, quantile_upper};

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

/// Scores beyond which [`ln_survival`] goes by the continued fraction.
const FAR: f64 = 8.0;

/// Terms of that fraction; at [`FAR`] 20 of them settle every digit.
const FAR_TERMS: u32 = 30;

/// `ln P(X > x)`, also where the probability itself is below every double; relative error about 1e-14.
///
/// # Source
/// Laplace's continued fraction of Mills' ratio, Abramowitz & Stegun (1964), 26.2.14.
pub fn ln_survival(x: f64) -> f64 {
    if x < FAR {
        return if x < 0.0 { libm::log1p(-cdf(x)) } else { libm::log(survival(x)) };
    }
    let fraction = (1..=FAR_TERMS).rev().fold(x, |rest, term| x + f64::from(term) / rest);
    -0.5 * x * x + libm::log(DENSITY_AT_ZERO / fraction)
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
