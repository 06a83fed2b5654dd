//! M/M/c/K: as M/M/c, with room for `K` requests in all; who finds it full is lost. Patience may run out as well:
//! then it is Erlang A, with or without a last place.

use super::birth_death::{mean, stationary};
use super::error::{self, QueueError};

/// What makes a queue of servers that are alike, with room that may end and patience that may.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finite {
    /// Servers, 1 to [`SERVERS_MAX`](super::SERVERS_MAX).
    pub servers: u32,
    /// Requests waiting or served that find room, at least `servers`; `None` is no limit.
    pub room: Option<u64>,
    /// Requests a unit of time, > 0.
    pub arrival_rate: f64,
    /// Completions of one busy server a unit of time, > 0.
    pub service_rate: f64,
    /// Rate at which each waiting request gives up, ≥ 0.
    pub abandonment_rate: f64,
}

/// The long run of a [`Finite`] queue. Waits and sojourns are means over requests that found room, also those that gave up.
#[derive(Clone, Debug, PartialEq)]
pub struct FiniteAnswers {
    /// Probability of finding it full.
    pub p_block: f64,
    /// Probability that a request that found room finds every server busy.
    pub p_wait: f64,
    /// Probability that a request that found room gives up.
    pub p_abandon: f64,
    /// P(nobody is there).
    pub p_empty: f64,
    /// Mean number waiting.
    pub queue_length: f64,
    /// Mean number waiting or served.
    pub in_system: f64,
    /// Mean wait.
    pub wait_mean: f64,
    /// Mean time there.
    pub sojourn_mean: f64,
    /// Completions a unit of time.
    pub throughput: f64,
    /// Share of the servers' time that is busy.
    pub utilisation: f64,
    /// P(0, 1, 2, … there).
    pub distribution: Vec<f64>,
}

impl Finite {
    /// Its long run.
    ///
    /// # Errors
    /// [`QueueError::OutOfRange`] for parameters outside their ranges; [`QueueError::Unstable`] without limit and patience
    /// at or above the capacity; [`QueueError::TooLarge`] for too many states.
    ///
    /// # Source
    /// Gross et al., *Fundamentals of Queueing Theory*, 4th ed. (2008), section 2.5; patience: Palm (1957), and
    /// Mandelbaum and Zeltyn, *Service engineering in action: the Palm/Erlang-A queue* (2007).
    pub fn solve(&self) -> Result<FiniteAnswers, QueueError> {
        let Self { servers, room, arrival_rate, service_rate, abandonment_rate } = *self;
        error::servers(servers)?;
        error::positive("arrival rate", arrival_rate)?;
        error::positive("service rate", service_rate)?;
        error::not_negative("abandonment rate", abandonment_rate)?;
        let c = servers as usize;
        if let Some(room) = room.filter(|room| *room < u64::from(servers)) {
            return Err(QueueError::OutOfRange { what: "room", value: room as f64, allowed: "at least the servers" });
        }
        let offered = arrival_rate / service_rate;
        if room.is_none() && abandonment_rate == 0.0 && offered >= f64::from(servers) {
            return Err(QueueError::Unstable { offered, servers: f64::from(servers) });
        }
        let down = |n: usize| n.min(c) as f64 * service_rate + n.saturating_sub(c) as f64 * abandonment_rate;
        let p = stationary(room.map(|room| usize::try_from(room).unwrap_or(usize::MAX)), |_| arrival_rate, down)?;
        let p_block = if room.is_some() { p[p.len() - 1] } else { 0.0 };
        let busy = mean(&p, |n| n.min(c) as f64);
        let queue_length = mean(&p, |n| n.saturating_sub(c) as f64);
        let in_system = busy + queue_length;
        let taken = &p[..if room.is_some() { p.len() - 1 } else { p.len() }];
        let waits: f64 = taken.iter().skip(c).sum();
        let room_found: f64 = taken.iter().sum();
        let admitted = arrival_rate * room_found;
        Ok(FiniteAnswers {
            p_block,
            p_wait: waits / room_found,
            p_abandon: abandonment_rate * queue_length / admitted,
            p_empty: p[0],
            queue_length,
            in_system,
            wait_mean: queue_length / admitted,
            sojourn_mean: in_system / admitted,
            throughput: service_rate * busy,
            utilisation: busy / f64::from(servers),
            distribution: p,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{erlang, multi_server::MultiServer};
    use super::*;

    fn queue(servers: u32, room: Option<u64>, arrival_rate: f64, abandonment_rate: f64) -> FiniteAnswers {
        Finite { servers, room, arrival_rate, service_rate: 1.0, abandonment_rate }.solve().unwrap()
    }

    #[test]
    fn published_losses_of_ten_servers_and_twenty_places() {
        for (offered, loss) in [(9.0, 0.02951), (11.0, 0.12130)] {
            assert!((queue(10, Some(20), offered, 0.0).p_block - loss).abs() < 1e-5);
        }
    }

    #[test]
    fn no_place_is_erlang_b_and_many_are_erlang_c() {
        for (servers, load) in [(1, 0.4), (3, 2.0), (10, 9.5)] {
            let loss = queue(servers, Some(u64::from(servers)), load, 0.0);
            assert!((loss.p_block / erlang::blocking(servers, load).unwrap() - 1.0).abs() < 1e-13);
            let (all, known) = (queue(servers, None, load, 0.0), MultiServer::new(servers, load, 1.0).unwrap());
            assert!((all.wait_mean / known.wait_mean() - 1.0).abs() < 1e-11);
            assert!((all.p_wait / known.p_wait() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn what_comes_leaves_served_lost_or_impatient() {
        for (servers, room, load, theta) in [(5, None, 4.0, 0.5), (50, None, 55.0, 2.0), (2, Some(9), 3.0, 0.1)] {
            let a = queue(servers, room, load, theta);
            let admitted = load * (1.0 - a.p_block);
            assert!((a.throughput + a.p_abandon * admitted - admitted).abs() < 1e-11 * load);
            assert!((a.in_system - admitted * a.sojourn_mean).abs() < 1e-11 * a.in_system);
        }
        // Erlang A of five servers, published to six digits.
        let a = queue(5, None, 4.0, 0.5);
        assert!((a.p_wait - 0.415_051_540).abs() < 1e-8 && (a.p_abandon - 0.077_968_675).abs() < 1e-8);
    }

    #[test]
    fn full_room_at_equal_rates() {
        let a = queue(1, Some(50), 1.0, 0.0);
        assert!((a.p_block - 1.0 / 51.0).abs() < 1e-15 && (a.in_system - 25.0).abs() < 1e-12);
        assert!(matches!(
            Finite { servers: 1, room: None, arrival_rate: 1.0, service_rate: 1.0, abandonment_rate: 0.0 }.solve(),
            Err(QueueError::Unstable { .. })
        ));
    }
}
