//! Digamma ψ and trigamma ψ′, the first two derivatives of ln Γ.
//!
//! # Source
//! Abramowitz & Stegun (1964), 6.3.18 and 6.4.12 (asymptotic series) with the recurrences 6.3.5 and 6.4.6.

/// From here on the asymptotic series is exact to rounding.
const SERIES_FROM: f64 = 10.0;

/// ψ(x) for x > 0.
pub(super) fn digamma(x: f64) -> f64 {
    let (mut x, mut shift) = (x, 0.0);
    while x < SERIES_FROM {
        shift -= 1.0 / x;
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    let tail = r * (1.0 / 240.0 - r * (1.0 / 132.0 - r * (691.0 / 32760.0 - r / 12.0)));
    let series = r * (1.0 / 12.0 - r * (1.0 / 120.0 - r * (1.0 / 252.0 - tail)));
    shift + libm::log(x) - 0.5 / x - series
}

/// ψ′(x) for x > 0.
pub(super) fn trigamma(x: f64) -> f64 {
    let (mut x, mut shift) = (x, 0.0);
    while x < SERIES_FROM {
        shift += 1.0 / (x * x);
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    let tail = r * (1.0 / 30.0 - r * (5.0 / 66.0 - r * (691.0 / 2730.0 - r * 7.0 / 6.0)));
    let series = 1.0 / 6.0 - r * (1.0 / 30.0 - r * (1.0 / 42.0 - tail));
    shift + (1.0 + 0.5 / x + r * series) / x
}

#[cfg(test)]
mod tests {
    use super::*;

    const EULER: f64 = 0.577_215_664_901_532_9;

    #[test]
    fn known_values() {
        let pi2 = core::f64::consts::PI * core::f64::consts::PI;
        assert!((digamma(1.0) + EULER).abs() < 1e-14);
        assert!((digamma(0.5) + EULER + 2.0 * core::f64::consts::LN_2).abs() < 1e-14);
        assert!((trigamma(1.0) - pi2 / 6.0).abs() < 1e-14);
        assert!((trigamma(0.5) - pi2 / 2.0).abs() < 1e-13);
    }

    #[test]
    fn digamma_agrees_with_an_independent_library() {
        for x in [1e-3, 0.1, 0.385, 1.7, 9.99, 10.0, 123.4, 1e6] {
            let theirs = statrs::function::gamma::digamma(x);
            assert!((digamma(x) - theirs).abs() < 1e-9 * (1.0 + theirs.abs()), "{x}: {} {theirs}", digamma(x));
        }
    }

    #[test]
    fn trigamma_is_the_slope_of_digamma() {
        for x in [0.2, 1.3, 5.0, 9.5, 40.0] {
            let h = 1e-5 * x;
            let slope = (digamma(x + h) - digamma(x - h)) / (2.0 * h);
            assert!((trigamma(x) / slope - 1.0).abs() < 1e-7, "{x}");
        }
    }
}
