//! Fork–join: each request calls several queues at once and is done when the slowest is.

use super::error::{self, QueueError};

/// Mean time from the fork to the join over `branches` M/M/1 queues that are alike.
///
/// Exact for one and two; from three on Nelson and Tantawi's approximation, within 5 % of simulation up to 32 branches
/// by its authors. `arrival_rate` below `service_rate`, both > 0.
///
/// # Errors
/// [`QueueError::Unstable`], [`QueueError::OutOfRange`].
///
/// # Source
/// Flatto and Hahn, *SIAM J. Appl. Math.* 44 (1984), p. 1041; Nelson and Tantawi, *IEEE Trans. Computers* 37 (1988),
/// p. 739.
pub fn response_mean(branches: u32, arrival_rate: f64, service_rate: f64) -> Result<f64, QueueError> {
    error::servers(branches)?;
    error::positive("arrival rate", arrival_rate)?;
    error::positive("service rate", service_rate)?;
    let rho = arrival_rate / service_rate;
    if rho >= 1.0 {
        return Err(QueueError::Unstable { offered: rho, servers: 1.0 });
    }
    let one = 1.0 / (service_rate - arrival_rate);
    let two = (12.0 - rho) / 8.0 * one;
    Ok(match branches {
        1 => one,
        2 => two,
        _ => {
            let harmonic: f64 = (1..=branches).map(|k| 1.0 / f64::from(k)).sum();
            let ratio = harmonic / 1.5;
            (ratio + 4.0 / 11.0 * (1.0 - ratio) * rho) * two
        }
    })
}

/// Whether [`response_mean`] is exact for so many branches.
pub const fn is_exact(branches: u32) -> bool {
    branches <= 2
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn two_branches_and_the_limits_of_many() {
        assert!((response_mean(2, 0.3, 1.0).unwrap() - 2.089_285_714_29).abs() < 1e-11);
        // Without load it is the largest of independent services: the harmonic number.
        for branches in [1, 2, 3, 10] {
            let harmonic: f64 = (1..=branches).map(|k| 1.0 / f64::from(k)).sum();
            assert!((response_mean(branches, 1e-12, 1.0).unwrap() / harmonic - 1.0).abs() < 1e-11);
        }
        assert!(response_mean(2, 1.0, 1.0).is_err());
    }
}
