//! The least number of servers, or of units, with which a promise holds; and how far one fewer falls short.

use ninefold_sim_core::special::beta;
use ninefold_sim_core::special::exp::exp;

use super::error::{self, QueueError};
use super::{SERVERS_MAX, erlang};

/// A number that is enough, and what it and one fewer reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sized {
    /// The least number that is enough.
    pub least: u32,
    /// What is reached with it, in the unit of the promise.
    pub reached: f64,
    /// What one fewer reaches; the worst there is where it cannot work at all.
    pub one_less: f64,
}

impl Sized {
    /// Servers beyond the offered load, in units of its square root: how much is spent on randomness.
    ///
    /// # Source
    /// Halfin and Whitt, *Operations Research* 29 (1981), p. 567.
    pub fn square_root_staffing(&self, offered: f64) -> f64 {
        (f64::from(self.least) - offered) / offered.sqrt()
    }
}

/// Least servers of an M/M/c queue so that at least a share `level` of requests waits at most `within`.
///
/// - `offered`: offered load in erlangs, > 0.
/// - `within`: longest good wait in mean service times, ≥ 0.
/// - `level`: in (0, 1). `reached` is the share that waits at most `within`.
///
/// # Errors
/// [`QueueError::OutOfRange`]; [`QueueError::TooLarge`] if more than [`SERVERS_MAX`] are needed.
///
/// # Source
/// Erlang C by the recursion of Erlang B; Cooper (1981), section 3.4.
///
/// # Example
/// ```
/// use ninefold_models::queueing::sizing::servers_for_wait;
///
/// // Eight erlangs, four in five answered within a fifth of a call: eleven agents.
/// assert_eq!(servers_for_wait(8.0, 0.2, 0.8)?.least, 11);
/// # Ok::<(), ninefold_models::queueing::QueueError>(())
/// ```
pub fn servers_for_wait(offered: f64, within: f64, level: f64) -> Result<Sized, QueueError> {
    error::positive("offered load", offered)?;
    error::not_negative("wait", within)?;
    probability("level", level)?;
    let good = |c: u32, blocked: f64| {
        let slack = f64::from(c) - offered;
        if slack <= 0.0 { 0.0 } else { 1.0 - erlang::waiting_of(blocked, c, offered) * exp(-slack * within) }
    };
    search(offered, |c, blocked| (good(c, blocked), good(c, blocked) >= level))
}

/// Least servers of a loss system so that at most a share `most` of requests is lost; `reached` is the share lost.
///
/// # Errors
/// As [`servers_for_wait`].
pub fn servers_for_blocking(offered: f64, most: f64) -> Result<Sized, QueueError> {
    error::positive("offered load", offered)?;
    probability("blocking", most)?;
    search(offered, |_, blocked| (blocked, blocked <= most))
}

/// Least units so that at least `need` of them are up with probability `target`, each up with probability 1 −
/// `unavailability` independently of the others; `reached` is that probability.
///
/// # Errors
/// As [`servers_for_wait`].
///
/// # Source
/// Barlow and Proschan, *Statistical Theory of Reliability* (1975), section 2.1.
pub fn units_for_availability(need: u32, unavailability: f64, target: f64) -> Result<Sized, QueueError> {
    error::servers(need)?;
    probability("unavailability", unavailability)?;
    probability("target", target)?;
    // P(at most n − need down): the lower tail of a binomial as a beta function.
    let up = |n: u32| match n {
        n if n < need => 0.0,
        n => beta::split(f64::from(need), f64::from(n - need + 1), 1.0 - unavailability, unavailability).0,
    };
    let mut n = need;
    while n <= SERVERS_MAX {
        if up(n) >= target {
            return Ok(Sized { least: n, reached: up(n), one_less: up(n - 1) });
        }
        n += 1;
    }
    Err(QueueError::TooLarge { what: "units", count: f64::from(n), limit: f64::from(SERVERS_MAX) })
}

/// The first number of servers that is good; one pass of Erlang's recursion.
fn search(offered: f64, reached: impl Fn(u32, f64) -> (f64, bool)) -> Result<Sized, QueueError> {
    let mut blocked = 1.0;
    let (mut one_less, _) = reached(0, blocked);
    for c in 1..=SERVERS_MAX {
        blocked = erlang::next(blocked, c, offered);
        let (value, good) = reached(c, blocked);
        if good {
            return Ok(Sized { least: c, reached: value, one_less });
        }
        one_less = value;
    }
    Err(QueueError::TooLarge { what: "servers", count: f64::INFINITY, limit: f64::from(SERVERS_MAX) })
}

fn probability(what: &'static str, value: f64) -> Result<(), QueueError> {
    if value > 0.0 && value < 1.0 {
        return Ok(());
    }
    Err(QueueError::OutOfRange { what, value, allowed: "strictly between 0 and 1" })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn known_sizes_with_their_margins() {
        let wait = servers_for_wait(8.0, 0.2, 0.8).unwrap();
        assert_eq!(wait.least, 11);
        assert!((wait.reached - 0.865_564_239_826).abs() < 1e-11 && (wait.one_less - 0.725_718_342_481).abs() < 1e-11);
        assert!((wait.square_root_staffing(8.0) - 1.060_660_171_78).abs() < 1e-11);
        assert_eq!(servers_for_wait(3.2, 0.0, 0.9).unwrap().least, 7);
        let loss = servers_for_blocking(10.0, 0.01).unwrap();
        assert_eq!(loss.least, 18);
        assert!(
            (loss.reached - 0.007_142_438_157_9).abs() < 1e-13 && (loss.one_less - 0.012_948_875_224_7).abs() < 1e-12
        );
        let spare = units_for_availability(3, 0.001, 0.999_999).unwrap();
        assert_eq!(spare.least, 5);
        assert!((spare.one_less - 0.999_994_007_997).abs() < 1e-12);
        assert_eq!(units_for_availability(6, 0.05, 0.999).unwrap().least, 9);
    }

    #[test]
    fn one_less_is_never_enough() {
        for offered in [0.3, 2.0, 17.0, 250.0] {
            for level in [0.5, 0.8, 0.99] {
                let wait = servers_for_wait(offered, 0.1, level).unwrap();
                assert!(wait.reached >= level && wait.one_less < level);
                let loss = servers_for_blocking(offered, 1.0 - level).unwrap();
                assert!(loss.reached <= 1.0 - level && loss.one_less > 1.0 - level);
            }
        }
        assert!(servers_for_wait(8.0, 0.2, 1.0).is_err() && servers_for_blocking(-1.0, 0.1).is_err());
    }
}
