//! Overflow of a network of queues: the probability that so many requests are in it at once before it is empty again.
//!
//! Poisson arrivals, exponential service, routes without memory. States are taken in levels of the same number of requests;
//! from each level the chain is followed to the next above, so that the answer is a product of probabilities of single steps
//! and keeps its digits however small it is.

use super::error::{self, QueueError};
use super::matrix::Matrix;

/// Most operations of an answer: the cubes of the numbers of states of all levels, added up.
pub const WORK_MAX: f64 = 2e9;

/// A queue of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    /// Arrivals from outside a unit of time, ≥ 0.
    pub arrivals: f64,
    /// Servers, at least 1.
    pub servers: u32,
    /// Requests that one server completes a unit of time, > 0.
    pub rate: f64,
    /// Where a request goes from here: station and probability; with what is left of 1 it leaves.
    pub onward: Vec<(usize, f64)>,
}

/// P(`jobs` requests are in the network before none is), from `start` requests at each station.
///
/// # Errors
/// [`QueueError::OutOfRange`] for rates, probabilities or a start outside their ranges (the start holds at least one request,
/// and fewer than `jobs`); [`QueueError::TooLarge`] above [`WORK_MAX`].
///
/// # Source
/// Kemeny and Snell, *Finite Markov Chains* (1960), chapter 3, by levels as in Latouche and Ramaswami (1999), chapter 10. Of
/// one M/M/1 queue it is the ruin of a gambler; the tandem of Parekh and Walrand, *IEEE TAC* 34 (1989), is a test.
pub fn reach_before_empty(stations: &[Station], jobs: u32, start: &[u32]) -> Result<f64, QueueError> {
    check(stations)?;
    let begun: u32 = start.iter().fold(0, |sum, jobs| sum.saturating_add(*jobs));
    if start.len() != stations.len() || !(1..jobs).contains(&begun) {
        let allowed = "at least 1, and fewer than are asked for";
        return Err(QueueError::OutOfRange { what: "requests at the start", value: f64::from(begun), allowed });
    }
    limit(stations.len(), jobs)?;
    // For each state of a level, where the level above is first entered, if it is before the network is empty.
    let mut rise: Option<Matrix> = None;
    let mut states = level(stations.len(), 1);
    let mut at = vec![0.0; 1];
    for total in 1..jobs {
        let above = level(stations.len(), total + 1);
        let below = level(stations.len(), total - 1);
        let [up, stay, down] = rates(stations, &states, [&above, &below]);
        let left = match &rise {
            Some(rise) => stay.plus(-1.0, &down.times(rise)),
            None => stay,
        };
        let risen = left.solve(&up)?;
        if total == begun {
            at = vec![0.0; states.len()];
            at[place(&states, start)] = 1.0;
        }
        if total >= begun {
            at = risen.after(&at);
        }
        rise = Some(risen);
        states = above;
    }
    Ok(at.iter().sum())
}

fn check(stations: &[Station]) -> Result<(), QueueError> {
    for station in stations {
        error::not_negative("arrival rate", station.arrivals)?;
        error::positive("service rate", station.rate)?;
        error::servers(station.servers)?;
        let onward: f64 = station.onward.iter().map(|(_, share)| *share).sum();
        let each = station.onward.iter().all(|&(to, share)| to < stations.len() && (0.0..=1.0).contains(&share));
        if !each || onward > 1.0 + 1e-12 {
            let allowed = "shares from 0 to 1 that add up to at most 1";
            return Err(QueueError::OutOfRange { what: "probability of going on", value: onward, allowed });
        }
    }
    Ok(())
}

fn limit(stations: usize, jobs: u32) -> Result<(), QueueError> {
    let mut work = 0.0;
    let mut states = 1.0;
    for total in 1..jobs {
        states *= (stations as f64 + f64::from(total) - 1.0) / f64::from(total);
        work += states * states * states;
        if work > WORK_MAX {
            let what = "operations for an overflow";
            return Err(QueueError::TooLarge { what, count: work, limit: WORK_MAX });
        }
    }
    Ok(())
}

/// Every way in which so many requests are at so many stations, ascending.
fn level(stations: usize, total: u32) -> Vec<Vec<u32>> {
    if stations == 1 {
        return vec![vec![total]];
    }
    let rest = |first: u32| level(stations - 1, total - first).into_iter().map(move |rest| (first, rest));
    (0..=total).flat_map(rest).map(|(first, rest)| [vec![first], rest].concat()).collect()
}

fn place(states: &[Vec<u32>], state: &[u32]) -> usize {
    states.binary_search_by(|known| known.as_slice().cmp(state)).expect("bug: a level holds every state of its number")
}

/// The rates of the states of a level: up, out of each less what stays in the level, and down.
fn rates(stations: &[Station], states: &[Vec<u32>], [above, below]: [&[Vec<u32>]; 2]) -> [Matrix; 3] {
    let n = states.len();
    let mut up = Matrix::zero(n, above.len());
    let mut stay = Matrix::zero(n, n);
    let mut down = Matrix::zero(n, below.len());
    for (i, state) in states.iter().enumerate() {
        let mut to = state.clone();
        for (s, station) in stations.iter().enumerate() {
            to[s] += 1;
            *up.at(i, place(above, &to)) += station.arrivals;
            *stay.at(i, i) += station.arrivals;
            to[s] -= 1;
            if state[s] == 0 {
                continue;
            }
            let done = station.rate * f64::from(state[s].min(station.servers));
            to[s] -= 1;
            let onward: f64 = station.onward.iter().map(|(_, share)| *share).sum();
            for &(next, share) in station.onward.iter().filter(|(next, _)| *next != s) {
                to[next] += 1;
                *stay.at(i, place(states, &to)) -= done * share;
                *stay.at(i, i) += done * share;
                to[next] -= 1;
            }
            let leaves = done * (1.0 - onward).max(0.0);
            *stay.at(i, i) += leaves;
            *down.at(i, place(below, &to)) += leaves;
            to[s] += 1;
        }
    }
    [up, stay, down]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn station(arrivals: f64, rate: f64, onward: &[(usize, f64)]) -> Station {
        Station { arrivals, servers: 1, rate, onward: onward.to_vec() }
    }

    #[test]
    fn one_queue_is_the_ruin_of_a_gambler() {
        for (arrivals, rate, jobs, start) in [(0.5, 1.0, 10, 1), (2.0, 1.5, 7, 3), (0.01, 1.0, 30, 2)] {
            let r: f64 = rate / arrivals;
            let expected = (1.0 - r.powi(start)) / (1.0 - r.powi(jobs));
            let got = reach_before_empty(&[station(arrivals, rate, &[])], jobs as u32, &[start as u32]).unwrap();
            assert!((got / expected - 1.0).abs() < 1e-12, "{got} {expected}");
        }
    }

    /// By relaxation over all states at once, of two stations with several servers and a way back.
    #[test]
    fn two_stations_by_another_method() {
        let stations = [
            Station { arrivals: 0.3, servers: 2, rate: 0.5, onward: vec![(1, 0.7)] },
            Station { arrivals: 0.1, servers: 1, rate: 0.9, onward: vec![(0, 0.2)] },
        ];
        let jobs = 6usize;
        let mut p = vec![vec![0.0f64; jobs + 1]; jobs + 1];
        for a in 0..=jobs {
            p[a][jobs - a] = 1.0;
        }
        for _ in 0..20_000 {
            for a in 0..jobs {
                for b in 0..jobs - a {
                    if a + b == 0 {
                        continue;
                    }
                    let (first, second) = (0.5 * (a.min(2) as f64), 0.9 * (b.min(1) as f64));
                    let mut sum = 0.3 * p[a + 1][b] + 0.1 * p[a][b + 1];
                    if a > 0 {
                        sum += first * (0.7 * p[a - 1][b + 1] + 0.3 * p[a - 1][b]);
                    }
                    if b > 0 {
                        sum += second * (0.2 * p[a + 1][b - 1] + 0.8 * p[a][b - 1]);
                    }
                    p[a][b] = sum / (0.4 + first + second);
                }
            }
        }
        for start in [[1, 0], [0, 1], [2, 2]] {
            let got = reach_before_empty(&stations, jobs as u32, &start).unwrap();
            let expected = p[start[0] as usize][start[1] as usize];
            assert!((got / expected - 1.0).abs() < 1e-9, "{got} {expected}");
        }
    }

    /// Parekh and Walrand's tandem; computed by sparse linear algebra.
    #[test]
    fn the_tandem_of_the_literature() {
        let tandem = [station(0.1, 0.4, &[(1, 1.0)]), station(0.0, 0.5, &[])];
        let got = reach_before_empty(&tandem, 10, &[1, 0]).unwrap();
        assert!((got / 1.266_667_179_038_422_7e-5 - 1.0).abs() < 1e-10, "{got}");
    }

    #[test]
    fn what_has_no_answer_is_refused() {
        let one = [station(0.1, 0.4, &[])];
        assert!(reach_before_empty(&one, 5, &[0]).is_err());
        assert!(reach_before_empty(&one, 5, &[5]).is_err());
        assert!(reach_before_empty(&one, 5, &[1, 1]).is_err());
        assert!(reach_before_empty(&[station(0.1, 0.0, &[])], 5, &[1]).is_err());
        assert!(reach_before_empty(&[station(0.1, 1.0, &[(0, 1.2)])], 5, &[1]).is_err());
        let many = vec![station(0.1, 1.0, &[]); 5];
        assert!(matches!(reach_before_empty(&many, 100, &[1, 0, 0, 0, 0]), Err(QueueError::TooLarge { .. })));
    }
}
