//! The upper incomplete gamma function with its derivatives in the shape: the moments of a truncated log-gamma
//! variable, which the gamma fit needs for censored observations.
//!
//! # Numerics
//! Gauss–Legendre over panels that widen away from the peak of the log-concave integrand.

/// What is known of T ~ Gamma(a, 1) given T > z.
pub(super) struct Truncated {
    /// ln Γ(a, z), the upper incomplete gamma function, not regularised.
    pub(super) ln_upper: f64,
    /// E[ln T | T > z].
    pub(super) mean_log: f64,
    /// Var[ln T | T > z].
    pub(super) variance_log: f64,
    /// z times the hazard at z: z^a e^−z ÷ Γ(a, z).
    pub(super) z_hazard: f64,
}

impl Truncated {
    /// a > 0, z > 0.
    pub(super) fn new(a: f64, z: f64) -> Self {
        let ln_z = libm::log(z);
        let peak = libm::fmax(ln_z, libm::log(a));
        let height = a * peak - libm::exp(peak);
        let mut moments = Moments { a, peak, height, sums: [0.0; 3] };
        let excess = z - a;
        let mut width = 1.0 / libm::fmax(1.0, libm::sqrt(libm::exp(peak)));
        if excess > 0.0 && peak == ln_z {
            width = libm::fmin(width, 1.0 / excess);
        }
        moments.sweep(width, f64::INFINITY);
        moments.sweep(-width, peak - ln_z);
        let [i0, i1, i2] = moments.sums;
        let offset = i1 / i0;
        Self {
            ln_upper: height + libm::log(i0),
            mean_log: peak + offset,
            variance_log: i2 / i0 - offset * offset,
            z_hazard: libm::exp(a * ln_z - z - height) / i0,
        }
    }
}

/// Sums of exp(a s − e^s − height) (s − peak)^j ds, j = 0, 1, 2.
struct Moments {
    a: f64,
    peak: f64,
    height: f64,
    sums: [f64; 3],
}

impl Moments {
    /// Adds panels from the peak outwards, `reach` at most, until the integrand is below e⁻⁴⁵ of its peak.
    fn sweep(&mut self, width: f64, reach: f64) {
        let (mut from, mut width) = (0.0_f64, width);
        while from.abs() < reach {
            let step = if from.abs() + width.abs() > reach { reach - from.abs() } else { width.abs() };
            let to = from + libm::copysign(step, width);
            self.panel(from, to);
            if self.exponent(to) < -45.0 {
                return;
            }
            from = to;
            width *= 1.5;
        }
    }

    fn exponent(&self, offset: f64) -> f64 {
        let s = self.peak + offset;
        self.a * s - libm::exp(s) - self.height
    }

    fn panel(&mut self, from: f64, to: f64) {
        let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
        for (node, weight) in GAUSS_LEGENDRE_16 {
            for offset in [middle - half * node, middle + half * node] {
                let density = half.abs() * weight * libm::exp(self.exponent(offset));
                self.sums[0] += density;
                self.sums[1] += density * offset;
                self.sums[2] += density * offset * offset;
            }
        }
    }
}

/// Positive nodes and weights of the 16-point rule.
const GAUSS_LEGENDRE_16: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_64),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_64),
    (0.458_016_777_657_227_4, 0.169_156_519_395_002_65),
    (0.617_876_244_402_643_8, 0.149_595_988_816_576_7),
    (0.755_404_408_355_003, 0.124_628_971_255_534_07),
    (0.865_631_202_387_831_8, 0.095_158_511_682_492_6),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_456),
    (0.989_400_934_991_65, 0.027_152_459_411_754_18),
];

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [f64; 5] = [0.05, 0.4, 1.0, 3.7, 250.0];
    const LEVELS: [f64; 6] = [1e-6, 0.02, 0.5, 1.0, 2.0, 6.0];

    #[test]
    fn the_quadrature_meets_the_continued_fraction() {
        for a in SHAPES {
            for level in LEVELS {
                let z = a * level;
                let q = libm::exp(Truncated::new(a, z).ln_upper - libm::lgamma(a));
                let expected = statrs::function::gamma::gamma_ur(a, z);
                assert!((q / expected - 1.0).abs() < 1e-10 || expected < 1e-300, "{a} {z}: {q} {expected}");
            }
        }
    }

    #[test]
    fn moments_are_the_derivatives_of_the_upper_function() {
        for a in SHAPES {
            for level in [0.02, 1.0, 2.0] {
                let (z, h) = (a * level, 1e-3 * a);
                let at = |shape: f64| Truncated::new(shape, z).ln_upper;
                let t = Truncated::new(a, z);
                let first = (at(a + h) - at(a - h)) / (2.0 * h);
                let second = (at(a + h) - 2.0 * at(a) + at(a - h)) / (h * h);
                assert!((t.mean_log - first).abs() < 1e-4 * (1.0 + first.abs()), "{a} {z}");
                assert!((t.variance_log - second).abs() < 1e-3 * (1e-3 + second.abs()), "{a} {z}");
            }
        }
    }
}
