//! Erlang's formulas B and C: a loss system and a queue of servers that are alike.

use super::error::{self, QueueError};

/// Erlang B: the probability that a request finds all servers busy and is lost. Holds for any law of the service time.
///
/// - `servers`: 1 to [`SERVERS_MAX`](super::SERVERS_MAX).
/// - `offered`: offered load in erlangs (arrival rate × mean service time), ≥ 0.
///
/// By `B₀ = 1`, `B_k = a B/(k + a B)`: no factorial, nothing overflows, every step is stable.
///
/// # Errors
/// [`QueueError::OutOfRange`] outside these ranges.
///
/// # Source
/// Cooper, *Introduction to Queueing Theory*, 2nd ed. (1981), section 3.3.
pub fn blocking(servers: u32, offered: f64) -> Result<f64, QueueError> {
    error::servers(servers)?;
    error::not_negative("offered load", offered)?;
    Ok((1..=servers).fold(1.0, |blocked, k| next(blocked, k, offered)))
}

/// Erlang B of `k` servers from that of `k − 1`.
pub(super) fn next(blocked: f64, k: u32, offered: f64) -> f64 {
    offered * blocked / (f64::from(k) + offered * blocked)
}

/// Erlang C: the probability that a request finds all servers busy and waits. Poisson arrivals, exponential service.
///
/// Parameters as of [`blocking`]; the load must be below the number of servers. `C = B/(1 − ρ(1 − B))`.
///
/// # Errors
/// [`QueueError::Unstable`] at or above the capacity, [`QueueError::OutOfRange`] outside the ranges.
///
/// # Source
/// Cooper (1981), section 3.4.
pub fn waiting(servers: u32, offered: f64) -> Result<f64, QueueError> {
    let blocked = blocking(servers, offered)?;
    if offered >= f64::from(servers) {
        return Err(QueueError::Unstable { offered, servers: f64::from(servers) });
    }
    Ok(waiting_of(blocked, servers, offered))
}

/// Erlang C from Erlang B.
pub(super) fn waiting_of(blocked: f64, servers: u32, offered: f64) -> f64 {
    let rho = offered / f64::from(servers);
    blocked / (1.0 - rho * (1.0 - blocked))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn published_values() {
        // Delay: servers, erlangs, P(wait); loss: servers, erlangs, P(loss). Tables of teletraffic.
        let delay = [(2, 1.0, 0.333_333), (3, 1.0, 0.090_909), (10, 8.0, 0.409_180), (55, 48.0, 0.238_70)];
        for (servers, offered, expected) in delay {
            let got = waiting(servers, offered).unwrap();
            assert!((got - expected).abs() < 1e-5, "C({servers}, {offered}) = {got}");
        }
        for (servers, offered, expected) in [(1, 0.1, 1.0 / 11.0), (3, 2.0, 4.0 / 19.0), (30, 30.0, 0.132_459_790_491)]
        {
            let got = blocking(servers, offered).unwrap();
            assert!((got - expected).abs() < 1e-11, "B({servers}, {offered}) = {got}");
        }
        // M/M/10 at 0.7, 0.8, 0.9.
        for (offered, expected) in [(7.0, 0.22173), (8.0, 0.40918), (9.0, 0.66873)] {
            assert!((waiting(10, offered).unwrap() - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn both_rise_with_the_load_and_fall_with_the_servers() {
        for servers in 1..40 {
            let mut last = (0.0, 0.0);
            for step in 1..20 {
                let offered = f64::from(servers) * f64::from(step) / 20.0;
                let now = (blocking(servers, offered).unwrap(), waiting(servers, offered).unwrap());
                assert!(now.0 > last.0 && now.1 > last.1 && now.0 < now.1);
                assert!(blocking(servers + 1, offered).unwrap() < now.0);
                last = now;
            }
        }
        // Ever more load: all of it but the capacity is lost.
        assert!((blocking(5, 1e9).unwrap() - (1.0 - 5e-9)).abs() < 1e-9);
        assert_eq!(blocking(3, 0.0), Ok(0.0));
    }

    #[test]
    fn what_has_no_answer_is_refused() {
        assert!(matches!(waiting(2, 2.0), Err(QueueError::Unstable { .. })));
        for (servers, offered) in [(0, 1.0), (2, f64::NAN), (2, -1.0), (2, f64::INFINITY)] {
            assert!(matches!(blocking(servers, offered), Err(QueueError::OutOfRange { .. })));
        }
    }
}
