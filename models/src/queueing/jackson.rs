//! Open networks of queues: the rates at which requests come to each, by the traffic equations.
//!
//! With Poisson arrivals from outside, exponential service first come first served, and one place at a time, each queue
//! is then on its own an M/M/c queue at its rate (product form).

use super::error::{self, QueueError};
use super::matrix::Matrix;

/// Most queues of a network.
pub const STATIONS_MAX: usize = 1000;

/// Requests a unit of time at each queue: `λ(j) = γ(j) + Σ λ(i) calls(i, j)`.
///
/// - `external`: arrivals from outside at each queue a unit of time, ≥ 0.
/// - `calls`: from, to and the mean number of visits to it that follow a visit, ≥ 0; circles are allowed.
///
/// # Errors
/// [`QueueError::NoConvergence`] if calls go round in circles without dying out; [`QueueError::OutOfRange`],
/// [`QueueError::TooLarge`].
///
/// # Source
/// Jackson, *Operations Research* 5 (1957), p. 518; Kelly, *Reversibility and Stochastic Networks* (1979), chapter 3.
pub fn traffic(external: &[f64], calls: &[(usize, usize, f64)]) -> Result<Vec<f64>, QueueError> {
    let n = external.len();
    if n > STATIONS_MAX {
        return Err(QueueError::TooLarge { what: "queues of a network", count: n as f64, limit: STATIONS_MAX as f64 });
    }
    for &rate in external {
        error::not_negative("arrival rate", rate)?;
    }
    let (mut left, mut right) = (Matrix::identity(n), Matrix::zero(n, 1));
    for &(from, to, visits) in calls {
        *left.at(to, from) -= error::not_negative("visits", visits)?;
    }
    external.iter().enumerate().for_each(|(i, rate)| *right.at(i, 0) = *rate);
    if n == 0 {
        return Ok(Vec::new());
    }
    // All rates of a network that dies out are positive if something comes to every queue.
    let everywhere = left.solve(&Matrix::zero(n, 1).plus(1.0, &ones(n)))?;
    if (0..n).any(|i| !(everywhere.get(i, 0) > 0.0 && everywhere.get(i, 0).is_finite())) {
        return Err(QueueError::NoConvergence("the traffic of calls that go round in circles"));
    }
    let rates = left.solve(&right)?;
    Ok((0..n).map(|i| rates.get(i, 0)).collect())
}

fn ones(n: usize) -> Matrix {
    let mut matrix = Matrix::zero(n, 1);
    (0..n).for_each(|i| *matrix.at(i, 0) = 1.0);
    matrix
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn rates_of_a_line_a_tree_and_a_circle() {
        assert_eq!(traffic(&[1.0, 0.0, 0.0], &[(0, 1, 0.3), (0, 2, 0.7), (1, 2, 1.0)]).unwrap(), [1.0, 0.3, 1.0]);
        // A share of 0.25 of what leaves the second comes back to the first.
        let rates = traffic(&[3.0, 0.0], &[(0, 1, 1.0), (1, 0, 0.25)]).unwrap();
        assert!((rates[0] - 4.0).abs() < 1e-14 && (rates[1] - 4.0).abs() < 1e-14);
        for gain in [1.0, 1.5, 4.0] {
            assert!(traffic(&[3.0, 0.0], &[(0, 1, 1.0), (1, 0, gain)]).is_err(), "{gain}");
        }
        assert_eq!(traffic(&[], &[]).unwrap(), Vec::<f64>::new());
    }
}
