//! M/M/c: Poisson arrivals, exponential service, `c` servers, one queue without end, first come first served.

use ninefold_sim_core::special::exp::exp;
use ninefold_sim_core::special::root;

use super::erlang;
use super::error::{self, QueueError};

/// An M/M/c queue in its long run. Times are in the unit whose inverse the rates have.
///
/// # Source
/// Gross, Shortle, Thompson, Harris, *Fundamentals of Queueing Theory*, 4th ed. (2008), section 2.3.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MultiServer {
    servers: u32,
    arrival_rate: f64,
    service_rate: f64,
    p_wait: f64,
}

impl MultiServer {
    /// `servers` that each complete `service_rate` a unit of time while busy, and `arrival_rate` requests in it.
    ///
    /// # Errors
    /// [`QueueError::Unstable`] if more comes than can be served; [`QueueError::OutOfRange`] for rates that are not
    /// finite and positive, or no servers.
    pub fn new(servers: u32, arrival_rate: f64, service_rate: f64) -> Result<Self, QueueError> {
        error::positive("arrival rate", arrival_rate)?;
        error::positive("service rate", service_rate)?;
        let p_wait = erlang::waiting(servers, arrival_rate / service_rate)?;
        Ok(Self { servers, arrival_rate, service_rate, p_wait })
    }

    /// Service rate left over when all are busy: `cμ − λ`.
    fn slack(&self) -> f64 {
        f64::from(self.servers) * self.service_rate - self.arrival_rate
    }

    /// Share of the servers' time that is busy, in (0, 1).
    pub fn utilisation(&self) -> f64 {
        self.arrival_rate / (f64::from(self.servers) * self.service_rate)
    }

    /// Probability that a request waits, in (0, 1): Erlang C.
    pub const fn p_wait(&self) -> f64 {
        self.p_wait
    }

    /// Mean wait before service.
    pub fn wait_mean(&self) -> f64 {
        self.p_wait / self.slack()
    }

    /// Mean number waiting.
    pub fn queue_length(&self) -> f64 {
        self.arrival_rate * self.wait_mean()
    }

    /// Mean time from arrival to completion.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + 1.0 / self.service_rate
    }

    /// Mean number waiting or served.
    pub fn in_system(&self) -> f64 {
        self.arrival_rate * self.sojourn_mean()
    }

    /// P(wait > `t`).
    pub fn wait_above(&self, t: f64) -> f64 {
        self.p_wait * exp(-self.slack() * t)
    }

    /// The wait that a share `p` of requests does not exceed; 0 where so many do not wait.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        let above = 1.0 - p;
        if self.p_wait <= above { 0.0 } else { libm::log(self.p_wait / above) / self.slack() }
    }

    /// P(wait and service together > `t`).
    pub fn sojourn_above(&self, t: f64) -> f64 {
        let gap = self.slack() - self.service_rate;
        // (1 − e^(−gap t))/gap, also where the two rates are (nearly) the same.
        let between = if gap == 0.0 { t } else { -libm::expm1(-gap * t) / gap };
        exp(-self.service_rate * t) * (1.0 + self.p_wait * self.service_rate * between)
    }

    /// The time from arrival to completion that a share `p` of requests does not exceed; `p` in (0, 1).
    pub fn sojourn_quantile(&self, p: f64) -> f64 {
        let above = 1.0 - p;
        let mut high = self.sojourn_mean();
        while self.sojourn_above(high) > above {
            high *= 2.0;
        }
        root::first(0.0, high, |t| self.sojourn_above(t) <= above)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn one_server_has_exponential_sojourns() {
        let queue = MultiServer::new(1, 0.5, 1.0).unwrap();
        for p in [0.1, 0.5, 0.95, 0.99] {
            let expected = -libm::log(1.0 - p) / 0.5;
            assert!((queue.sojourn_quantile(p) / expected - 1.0).abs() < 1e-13);
        }
        assert!((queue.wait_quantile(0.95) - 4.605_170_185_988).abs() < 1e-11);
        assert_eq!(queue.wait_quantile(0.5), 0.0);
        assert!((queue.in_system() - 1.0).abs() < 1e-15);
    }

    #[test]
    fn a_call_centre_answers_within_fifteen_seconds() {
        // 360 calls in 30 min of 4 min each, 55 agents: 23.87 % wait, 8.18 s on average, 84.59 % at most 15 s.
        let queue = MultiServer::new(55, 0.2, 1.0 / 240.0).unwrap();
        assert!((queue.p_wait() - 0.238_70).abs() < 1e-5);
        assert!((queue.wait_mean() - 8.18).abs() < 0.005);
        assert!((1.0 - queue.wait_above(15.0) - 0.8459).abs() < 5e-5);
    }

    #[test]
    fn means_are_the_integrals_of_tails_and_littles_law_holds() {
        for (servers, load) in [(1, 0.3), (2, 1.0), (2, 1.9), (5, 4.0), (40, 37.0)] {
            let queue = MultiServer::new(servers, load, 1.0).unwrap();
            // Simpson over 60 mean sojourns.
            let (end, n) = (60.0 * queue.sojourn_mean(), 20_000);
            let weight = |i: i32| {
                if i == 0 || i == n {
                    1.0
                } else if i % 2 == 1 {
                    4.0
                } else {
                    2.0
                }
            };
            let sum: f64 = (0..=n).map(|i| weight(i) * queue.sojourn_above(end * f64::from(i) / f64::from(n))).sum();
            let mean = sum * end / f64::from(n) / 3.0;
            assert!((mean / queue.sojourn_mean() - 1.0).abs() < 1e-6, "{servers} {load}: {mean}");
            let little = load * queue.wait_mean() + load;
            assert!((queue.in_system() / little - 1.0).abs() < 1e-14);
        }
    }
}
