//! M/M/c//N: a fixed number of users (machines) who think (run), then call one queue (of repair crews).

use super::birth_death::{mean, stationary};
use super::error::{self, QueueError};

/// The long run of users and one queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MachineRepair {
    /// Mean number at the queue, waiting or served.
    pub in_system: f64,
    /// Mean number waiting.
    pub queue_length: f64,
    /// Calls completed a unit of time.
    pub throughput: f64,
    /// Mean wait.
    pub wait_mean: f64,
    /// Mean time of a call.
    pub sojourn_mean: f64,
    /// Share of the servers' time that is busy.
    pub utilisation: f64,
}

/// `users` of whom each that thinks calls at `call_rate`, and `servers` that complete `service_rate` a unit of time.
///
/// # Errors
/// [`QueueError::OutOfRange`] for rates that are not positive or no servers.
///
/// # Source
/// Gross et al., *Fundamentals of Queueing Theory*, 4th ed. (2008), section 2.7.
pub fn solve(users: u32, servers: u32, call_rate: f64, service_rate: f64) -> Result<MachineRepair, QueueError> {
    error::servers(servers)?;
    error::positive("call rate", call_rate)?;
    error::positive("service rate", service_rate)?;
    if users == 0 {
        return Err(QueueError::OutOfRange { what: "users", value: 0.0, allowed: "at least 1" });
    }
    let (n, c) = (users as usize, servers as usize);
    let p = stationary(Some(n), |k| (n - k) as f64 * call_rate, |k| k.min(c) as f64 * service_rate)?;
    let busy = mean(&p, |k| k.min(c) as f64);
    let queue_length = mean(&p, |k| k.saturating_sub(c) as f64);
    let (in_system, throughput) = (busy + queue_length, busy * service_rate);
    Ok(MachineRepair {
        in_system,
        queue_length,
        throughput,
        wait_mean: queue_length / throughput,
        sojourn_mean: in_system / throughput,
        utilisation: busy / f64::from(servers),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn five_machines_and_a_crew() {
        let got = solve(5, 1, 0.01, 0.25).unwrap();
        assert!((got.in_system - 0.223_927_610_221).abs() < 1e-12);
        assert!((got.sojourn_mean - 4.688_530_490_04).abs() < 1e-10);
        assert!((got.utilisation - 0.191_042_895_591).abs() < 1e-12);
        // Little's law around the whole circle: users = throughput × (think + sojourn).
        assert!((got.throughput * (100.0 + got.sojourn_mean) - 5.0).abs() < 1e-12);
        // A crew each: nobody waits.
        let free = solve(5, 5, 0.01, 0.25).unwrap();
        assert!((free.sojourn_mean - 4.0).abs() < 1e-13 && free.queue_length == 0.0);
    }
}
