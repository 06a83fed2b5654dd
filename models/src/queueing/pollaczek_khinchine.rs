//! M/G/1: Poisson arrivals, one server, service times of any law; first come first served, or shared equally.

use super::error::{self, QueueError};

/// A service time by its first two moments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Service {
    /// Mean, > 0.
    pub mean: f64,
    /// Variance ÷ mean², ≥ 0; infinite where there is none.
    pub squared_variation: f64,
}

/// Mean wait, first come first served: `ρ E[S] (1 + C²) / (2 (1 − ρ))`; infinite if the service time has no variance.
///
/// `arrival_rate` in the inverse unit of `service.mean`.
///
/// # Errors
/// [`QueueError::Unstable`] at or above the capacity; [`QueueError::OutOfRange`] for what is no rate or mean.
///
/// # Source
/// Pollaczek (1930), Khinchine (1932); Kleinrock, *Queueing Systems* I (1975), section 5.6.
pub fn wait_mean(arrival_rate: f64, service: Service) -> Result<f64, QueueError> {
    let rho = utilisation(arrival_rate, service.mean)?;
    Ok(rho * service.mean * (1.0 + service.squared_variation) / (2.0 * (1.0 - rho)))
}

/// Mean time from arrival to completion where all that are there share the server equally: `E[S]/(1 − ρ)`, whatever the
/// law.
///
/// # Errors
/// As [`wait_mean`].
///
/// # Source
/// Kleinrock, *Queueing Systems* II (1976), section 4.4.
pub fn shared_sojourn_mean(arrival_rate: f64, service_mean: f64) -> Result<f64, QueueError> {
    let rho = utilisation(arrival_rate, service_mean)?;
    Ok(service_mean / (1.0 - rho))
}

fn utilisation(arrival_rate: f64, service_mean: f64) -> Result<f64, QueueError> {
    error::positive("arrival rate", arrival_rate)?;
    error::positive("mean service time", service_mean)?;
    let rho = arrival_rate * service_mean;
    if rho < 1.0 { Ok(rho) } else { Err(QueueError::Unstable { offered: rho, servers: 1.0 }) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn exponential_service_is_m_m_1_and_constant_service_waits_half_as_long() {
        for rho in [0.1, 0.5, 0.9] {
            let wait = |c2| wait_mean(rho, Service { mean: 1.0, squared_variation: c2 }).unwrap();
            let known = super::super::MultiServer::new(1, rho, 1.0).unwrap();
            assert!((wait(1.0) / known.wait_mean() - 1.0).abs() < 1e-14);
            assert!((wait(0.0) * 2.0 / wait(1.0) - 1.0).abs() < 1e-14);
            assert!((shared_sojourn_mean(rho, 1.0).unwrap() / known.sojourn_mean() - 1.0).abs() < 1e-14);
        }
        assert!(wait_mean(1.0, Service { mean: 1.0, squared_variation: 1.0 }).is_err());
    }
}
