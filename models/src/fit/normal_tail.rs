//! The upper tail of the standard normal law, in logarithms.
//!
//! # Source
//! `erfc` near the middle; beyond, Laplace's continued fraction for Mills' ratio, Abramowitz & Stegun (1964), 26.2.14.

/// ½ ln 2π.
pub(super) const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;

/// Beyond this many standard deviations the continued fraction is the more accurate one.
const FRACTION_FROM: f64 = 6.0;

/// ln P(Z > z) and the hazard φ(z) ÷ P(Z > z).
pub(super) fn ln_survival_and_hazard(z: f64) -> (f64, f64) {
    let ln_density = -0.5 * z * z - HALF_LN_TWO_PI;
    if z > FRACTION_FROM {
        let hazard = (1..=80).rev().fold(z, |tail, k| z + f64::from(k) / tail);
        (ln_density - libm::log(hazard), hazard)
    } else {
        let survival = 0.5 * libm::erfc(z * core::f64::consts::FRAC_1_SQRT_2);
        (libm::log(survival), libm::exp(ln_density) / survival)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        let (ln_q, hazard) = ln_survival_and_hazard(0.0);
        assert!((ln_q + core::f64::consts::LN_2).abs() < 1e-15);
        assert!((hazard - 0.797_884_560_802_865_4).abs() < 1e-15);
        // P(Z > 40) = 3.655893540915e-350 (mpmath), below the smallest double.
        let (ln_q, _) = ln_survival_and_hazard(40.0);
        assert!((ln_q + 804.608_442_013_754).abs() < 1e-9, "{ln_q}");
    }

    #[test]
    fn the_two_methods_meet() {
        let (below, h_below) = ln_survival_and_hazard(6.0);
        let (above, h_above) = ln_survival_and_hazard(6.0 + 1e-12);
        assert!((below - above).abs() < 1e-10 && (h_below - h_above).abs() < 1e-9);
    }
}
