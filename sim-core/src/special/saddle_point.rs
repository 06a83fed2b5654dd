//! The powers that lead the incomplete gamma and beta functions, without the cancellation of their logarithms.
//!
//! Source: Loader, *Fast and accurate computation of binomial probabilities* (2000).

use std::f64::consts::PI;

/// Half of `ln 2π`.
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;

/// `xᵃ e⁻ˣ / Γ(a+1)`, for `a` > 0 and `x` > 0.
pub(super) fn poisson_mass(a: f64, x: f64) -> f64 {
    if a <= 15.0 && x < 1400.0 {
        let half = libm::exp(-0.5 * x);
        let power = libm::pow(x, a);
        if power > 1e-280 {
            return half * power / libm::tgamma(a + 1.0) * half;
        }
    }
    libm::exp(-stirling_error(a) - deviance(a, x)) / (2.0 * PI * a).sqrt()
}

/// `xᵃ yᵇ / B(a, b)` with `y` = `1 - x`, for `a`, `b` > 0 and `x`, `y` > 0.
pub(super) fn beta_mass(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    if n <= 30.0 {
        let power = libm::pow(x, a) * libm::pow(y, b);
        if power > 1e-280 {
            return power * libm::tgamma(n) / libm::tgamma(a) / libm::tgamma(b);
        }
    }
    let errors = stirling_error(n) - stirling_error(a) - stirling_error(b);
    let deviances = deviance(a, n * x) + deviance(b, n * y);
    libm::exp(errors - deviances) * (a * (b / n) / (2.0 * PI)).sqrt()
}

/// `ln Γ(a+1)` less Stirling's formula `(a + 1/2) ln a - a + ln(2π)/2`.
fn stirling_error(a: f64) -> f64 {
    if a < 15.0 {
        return libm::lgamma(a + 1.0) - (a + 0.5) * libm::log(a) + a - HALF_LN_TAU;
    }
    let square = a * a;
    let series = 1.0 / 1188.0 - 691.0 / 360_360.0 / square;
    let series = 1.0 / 1680.0 - series / square;
    let series = 1.0 / 1260.0 - series / square;
    let series = 1.0 / 360.0 - series / square;
    (1.0 / 12.0 - series / square) / a
}

/// `x ln(x/mean) + mean - x`, also where `x` is close to `mean`.
fn deviance(x: f64, mean: f64) -> f64 {
    let difference = x - mean;
    if difference.abs() >= 0.1 * (x + mean) {
        return x * libm::log(x / mean) - difference;
    }
    let v = difference / (x + mean);
    let mut sum = difference * v;
    let mut term = 2.0 * x * v;
    // |v| < 0.1, so each term is at most a hundredth of the last.
    for j in 1..40 {
        term *= v * v;
        let next = sum + term / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}
