//! How many rounds of verdicts it takes until so many in a row say unhealthy.

use ninefold_sim_core::special::{ln, normal};
use ninefold_sim_core::stream::{Replication, Stream};

/// Runs that are drawn one by one; of more, the sum is drawn at once.
const RUNS_DRAWN: f64 = 64.0;

/// Draws the number of rounds until `in_a_row` of them in a row say unhealthy, each with probability `p`; infinite if they
/// never do. Its mean is `(1 − pᵏ) ÷ ((1 − p) pᵏ)` (Feller, *An Introduction to Probability Theory and Its Applications* I,
/// 3rd ed., XIII.7).
///
/// Before the run that is long enough there are geometrically many that are not, each of its own length; the lengths of more
/// than 64 are summed as one normal number of the same mean and variance.
pub(super) fn rounds_until(p: f64, in_a_row: u32, (stream, replication): (&mut Stream, Replication)) -> f64 {
    let k = f64::from(in_a_row);
    if p <= 0.0 {
        return f64::INFINITY;
    }
    if p >= 1.0 {
        return k;
    }
    let enough = libm::exp(k * libm::log(p));
    if enough <= 0.0 {
        return f64::INFINITY;
    }
    let failed = libm::floor(ln::ln(stream.open01(replication)) / libm::log1p(-enough));
    if failed > RUNS_DRAWN {
        let (mean, variance) = short_run(p, in_a_row, enough);
        let spread = normal::quantile(stream.open01(replication)) * (failed * variance).sqrt();
        return k + (failed * mean + spread).max(failed);
    }
    let mut rounds = k;
    for _ in 0..failed as u32 {
        // A run of j and the verdict that ends it, 0 <= j < k: the quantile of a truncated geometric law.
        let u = stream.open01(replication) * (1.0 - enough);
        rounds += 1.0 + libm::floor(libm::log1p(-u) / libm::log(p)).min(k - 1.0);
    }
    rounds
}

/// Mean and variance of the length of a run that is not long enough, with the verdict that ends it.
fn short_run(p: f64, in_a_row: u32, enough: f64) -> (f64, f64) {
    let k = f64::from(in_a_row);
    let q = 1.0 - p;
    // Moments of 1 + j, with P(j) = p^j (1 − p) ÷ (1 − p^k) for 0 <= j < k.
    let mean = 1.0 / q - k * enough / (1.0 - enough);
    let variance = p / (q * q) - k * k * enough / ((1.0 - enough) * (1.0 - enough));
    (mean, variance.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ninefold_sim_core::stream::StreamId;

    fn mean_of(p: f64, in_a_row: u32, draws: u32) -> (f64, f64) {
        let mut stream = Stream::new(StreamId::of(0, "rounds", "test"));
        let (mut sum, mut squares) = (0.0, 0.0);
        for index in 0..draws {
            stream.rewind();
            let rounds = rounds_until(p, in_a_row, (&mut stream, Replication::new(1, index)));
            sum += rounds;
            squares += rounds * rounds;
        }
        let n = f64::from(draws);
        (sum / n, ((squares / n - sum / n * sum / n) / n).sqrt())
    }

    /// Golden values: 8,420 probes at 5 % and three in a row, 10,100 at 1 % and two, and few enough to be drawn one by one.
    #[test]
    fn the_mean_is_that_of_success_runs() {
        for (p, k) in [(0.05, 3), (0.01, 2), (0.5, 3), (0.9, 4), (0.3, 1)] {
            let enough = libm::pow(p, f64::from(k));
            let expected = (1.0 - enough) / ((1.0 - p) * enough);
            let (mean, error) = mean_of(p, k, 20_000);
            assert!(error < 0.02 * expected, "{p} {k}: ± {error}");
            assert!((mean - expected).abs() < 4.0 * error, "{p} {k}: {mean} ± {error}, not {expected}");
        }
        assert_eq!(mean_of(1.0, 3, 10), (3.0, 0.0));
        assert!(mean_of(0.0, 3, 1).0.is_infinite());
    }

    /// The two ways of drawing agree in mean and variance with the law, by its moments summed up.
    #[test]
    fn a_short_run_has_its_moments() {
        for (p, k) in [(0.2, 3u32), (0.7, 5), (0.05, 1)] {
            let enough = libm::pow(p, f64::from(k));
            let weight = |j: u32| libm::pow(p, f64::from(j)) * (1.0 - p) / (1.0 - enough);
            let mean: f64 = (0..k).map(|j| f64::from(j + 1) * weight(j)).sum();
            let second: f64 = (0..k).map(|j| f64::from(j + 1) * f64::from(j + 1) * weight(j)).sum();
            let (got_mean, got_variance) = short_run(p, k, enough);
            assert!((got_mean - mean).abs() < 1e-12, "{p} {k}: {got_mean}, not {mean}");
            assert!((got_variance - (second - mean * mean)).abs() < 1e-12, "{p} {k}: {got_variance}");
        }
    }
}
