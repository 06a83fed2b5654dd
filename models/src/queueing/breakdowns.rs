//! M/M/c/K whose servers fail and are repaired: the chain of requests there × servers up.

use super::error::{self, QueueError};
use super::levels::{Level, long_run};
use super::matrix::Matrix;

/// Most servers: the phases of the chain.
pub const FAILING_SERVERS_MAX: u32 = 200;

/// Most room of such a queue: the levels of the chain.
pub const ROOM_MAX: u64 = 100_000;

/// Work of the chain, in steps, that is not exceeded.
const STEPS_MAX: f64 = 2e9;

/// Servers that are alike, fail (busy or idle) and are repaired by crews.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FailingServers {
    /// Servers, 1 to [`FAILING_SERVERS_MAX`].
    pub servers: u32,
    /// Requests there that find room, at least `servers`, at most [`ROOM_MAX`]; `None` is no limit.
    pub room: Option<u64>,
    /// Requests a unit of time, > 0.
    pub arrival_rate: f64,
    /// Completions of a busy server that is up a unit of time, > 0.
    pub service_rate: f64,
    /// Failures of a server that is up a unit of time, > 0.
    pub failure_rate: f64,
    /// Repairs of a busy crew a unit of time, > 0.
    pub repair_rate: f64,
    /// Servers repaired at once, ≥ 1.
    pub crews: u32,
    /// Whether the request on a server that fails is lost; else it waits first in line and begins again, which for
    /// exponential service is the same as going on.
    pub loses: bool,
}

/// The long run; waits are means over requests that found room.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FailingAnswers {
    /// Probability of finding it full.
    pub p_block: f64,
    /// Share of admitted requests lost with their server.
    pub p_lost: f64,
    /// Mean number waiting: there, and not on a server that is up.
    pub queue_length: f64,
    /// Mean number there.
    pub in_system: f64,
    /// Mean time not on a server.
    pub wait_mean: f64,
    /// Mean time there.
    pub sojourn_mean: f64,
    /// Completions a unit of time.
    pub throughput: f64,
    /// Busy servers ÷ servers.
    pub utilisation: f64,
    /// Mean number of servers up.
    pub servers_up: f64,
    /// P(at least the asked number of requests there).
    pub p_at_least: f64,
}

impl FailingServers {
    /// Its long run, and the probability that at least `jobs` are there.
    ///
    /// # Errors
    /// [`QueueError::OutOfRange`], [`QueueError::TooLarge`]; [`QueueError::Unstable`] without limit if more comes than the
    /// servers that are up on average can serve.
    ///
    /// # Source
    /// Mitrany and Avi-Itzhak, *Operations Research* 16 (1968), p. 628; Neuts (1981), chapter 6.
    pub fn solve(&self, jobs: u64) -> Result<FailingAnswers, QueueError> {
        self.check()?;
        let c = self.servers as usize;
        let up = self.servers_up()?;
        let mean_up = super::birth_death::mean(&up, |k| k as f64);
        let carried = self.arrival_rate / self.service_rate;
        if self.room.is_none() && !self.loses && carried >= mean_up {
            return Err(QueueError::Unstable { offered: carried, servers: mean_up });
        }
        let last = self.room.map_or(c, |room| room as usize);
        let levels: Vec<Level> = (0..=last).map(|n| self.level(n)).collect();
        let run = long_run(&levels, self.room.is_none())?;
        let (mut busy, mut in_system, mut p_at_least) = (0.0, 0.0, 0.0);
        for (n, phases) in run.levels.iter().enumerate() {
            let here: f64 = phases.iter().sum();
            if n < last || self.room.is_some() {
                busy += phases.iter().enumerate().map(|(up, p)| p * up.min(n) as f64).sum::<f64>();
                in_system += n as f64 * here;
                p_at_least += if n as u64 >= jobs { here } else { 0.0 };
            }
        }
        let mut p_block = run.levels[last].iter().sum();
        if self.room.is_none() {
            p_block = 0.0;
            busy += run.over_last(|up| up as f64)?;
            in_system += c as f64 * run.over_last(|_| 1.0)? + run.mean_above_last()?;
            p_at_least += run.at_least_above_last((jobs as usize).saturating_sub(c))?;
        }
        let admitted = self.arrival_rate * (1.0 - p_block);
        let lost = if self.loses { self.failure_rate * busy } else { 0.0 };
        let queue_length = in_system - busy;
        Ok(FailingAnswers {
            p_block,
            p_lost: lost / admitted,
            queue_length,
            in_system,
            wait_mean: queue_length / admitted,
            sojourn_mean: in_system / admitted,
            throughput: self.service_rate * busy,
            utilisation: busy / f64::from(self.servers),
            servers_up: mean_up,
            p_at_least,
        })
    }

    fn check(&self) -> Result<(), QueueError> {
        error::servers(self.servers)?;
        error::positive("arrival rate", self.arrival_rate)?;
        error::positive("service rate", self.service_rate)?;
        error::positive("failure rate", self.failure_rate)?;
        error::positive("repair rate", self.repair_rate)?;
        if self.crews == 0 {
            return Err(QueueError::OutOfRange { what: "crews", value: 0.0, allowed: "at least 1" });
        }
        let too_large = |what, count, limit| Err(QueueError::TooLarge { what, count, limit });
        if self.servers > FAILING_SERVERS_MAX {
            return too_large("servers that fail", f64::from(self.servers), f64::from(FAILING_SERVERS_MAX));
        }
        let room = self.room.unwrap_or(0);
        if room > ROOM_MAX {
            return too_large("places", room as f64, ROOM_MAX as f64);
        }
        if self.room.is_some_and(|room| room < u64::from(self.servers)) {
            return Err(QueueError::OutOfRange { what: "room", value: room as f64, allowed: "at least the servers" });
        }
        let phases = f64::from(self.servers + 1);
        let steps = phases * phases * phases * (room as f64 + phases);
        if steps > STEPS_MAX { too_large("steps of the chain", steps, STEPS_MAX) } else { Ok(()) }
    }

    /// P(0, 1, … servers up).
    fn servers_up(&self) -> Result<Vec<f64>, QueueError> {
        let c = self.servers as usize;
        let repairs = |up: usize| (c - up).min(self.crews as usize) as f64 * self.repair_rate;
        super::birth_death::stationary(Some(c), repairs, |up| up as f64 * self.failure_rate)
    }

    fn level(&self, n: usize) -> Level {
        let c = self.servers as usize;
        let size = c + 1;
        let (mut up, mut across) = (Matrix::zero(size, size), Matrix::zero(size, size));
        let mut down = Matrix::zero(size, size);
        for alive in 0..=c {
            *up.at(alive, alive) = self.arrival_rate;
            let busy = alive.min(n) as f64;
            if n > 0 {
                *down.at(alive, alive) = busy * self.service_rate;
            }
            if alive < c {
                *across.at(alive, alive + 1) = (c - alive).min(self.crews as usize) as f64 * self.repair_rate;
            }
            if alive > 0 {
                let takes_one = if self.loses { busy } else { 0.0 };
                *across.at(alive, alive - 1) = (alive as f64 - takes_one) * self.failure_rate;
                if n > 0 {
                    *down.at(alive, alive - 1) = takes_one * self.failure_rate;
                }
            }
        }
        Level { up, across, down }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const ONE: FailingServers = FailingServers {
        servers: 1,
        room: Some(400),
        arrival_rate: 0.5,
        service_rate: 1.0,
        failure_rate: 0.05,
        repair_rate: 0.5,
        crews: 1,
        loses: false,
    };

    #[test]
    fn one_server_is_in_closed_form_and_far_tails_keep_their_digits() {
        // M/M/1 with breakdowns: L = ρ' (1 + λ f/(r + f)²…)/(1 − ρ'), here 47/33.
        let got = ONE.solve(2).unwrap();
        assert!((got.in_system - 47.0 / 33.0).abs() < 1e-12, "{got:?}");
        assert!((got.p_block / 7.667_354_091_85e-83 - 1.0).abs() < 1e-7);
        assert!((got.p_at_least - 0.334_715_909_091).abs() < 1e-11);
        let endless = FailingServers { room: None, ..ONE }.solve(2).unwrap();
        assert!((endless.in_system - got.in_system).abs() < 1e-11);
        assert!((endless.p_at_least - got.p_at_least).abs() < 1e-12);
    }

    #[test]
    fn littles_law_and_balance_of_what_comes_and_goes() {
        for (servers, loses, room) in [(4, false, None), (4, true, None), (8, true, Some(12)), (3, false, Some(3))] {
            let queue = FailingServers { servers, loses, room, arrival_rate: 2.0, ..ONE };
            let got = queue.solve(0).unwrap();
            let admitted = 2.0 * (1.0 - got.p_block);
            assert!((got.throughput - admitted * (1.0 - got.p_lost)).abs() < 1e-11, "{got:?}");
            assert!((got.in_system - admitted * got.sojourn_mean).abs() < 1e-11);
            assert!((got.p_at_least - 1.0).abs() < 1e-11);
        }
    }

    #[test]
    fn servers_that_hardly_fail_are_m_m_c() {
        let queue = FailingServers { servers: 3, arrival_rate: 2.4, failure_rate: 1e-12, room: None, ..ONE };
        let known = super::super::MultiServer::new(3, 2.4, 1.0).unwrap();
        assert!((queue.solve(0).unwrap().in_system / known.in_system() - 1.0).abs() < 1e-8);
        assert!(matches!(
            FailingServers { arrival_rate: 0.95, room: None, ..ONE }.solve(0),
            Err(QueueError::Unstable { .. })
        ));
    }
}
