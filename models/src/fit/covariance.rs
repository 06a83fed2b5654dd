//! The covariance of two estimated parameters: the inverse of the observed information.

use super::FitError;

/// A symmetric 2 × 2 matrix, variances and covariance of two parameters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Covariance {
    aa: f64,
    ab: f64,
    bb: f64,
}

impl Covariance {
    /// From the second derivatives `[aa, ab, bb]` of the log-likelihood at its maximum.
    pub(super) fn at_maximum([aa, ab, bb]: [f64; 3]) -> Result<Self, FitError> {
        let determinant = aa * bb - ab * ab;
        if !(aa < 0.0 && bb < 0.0 && determinant > 0.0 && determinant.is_finite()) {
            return Err(FitError::NoMaximum);
        }
        Ok(Self { aa: -bb / determinant, ab: ab / determinant, bb: -aa / determinant })
    }

    /// Standard error of a function of the two parameters with this gradient (delta method).
    pub(super) fn standard_error(&self, [a, b]: [f64; 2]) -> f64 {
        libm::sqrt(libm::fmax(0.0, a * a * self.aa + 2.0 * a * b * self.ab + b * b * self.bb))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverts_the_information() {
        let Ok(c) = Covariance::at_maximum([-4.0, 1.0, -2.0]) else { panic!("a maximum") };
        // Information [[4, -1], [-1, 2]] has inverse [[2, 1], [1, 4]] / 7.
        assert!((c.standard_error([1.0, 0.0]) - libm::sqrt(2.0 / 7.0)).abs() < 1e-15);
        assert!((c.standard_error([1.0, -1.0]) - libm::sqrt(4.0 / 7.0)).abs() < 1e-15);
        assert!(Covariance::at_maximum([-1.0, 2.0, -1.0]).is_err());
    }
}
