//! The universal scalability law: throughput at a load of `N`, with contention and coherency, and its fit.

use ninefold_sim_core::special::student;

use super::error::{self, QueueError};
use super::matrix::Matrix;

/// Iterations of the fit.
const ITERATIONS_MAX: u32 = 500;

/// `X(N) = γN/(1 + α(N − 1) + βN(N − 1))`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScalabilityLaw {
    /// γ: throughput at a load of 1, > 0.
    pub rate: f64,
    /// α: share of the work that is done one at a time, ≥ 0.
    pub contention: f64,
    /// β: cost of keeping each pair in step, ≥ 0.
    pub coherency: f64,
}

impl ScalabilityLaw {
    /// A law.
    ///
    /// # Errors
    /// [`QueueError::OutOfRange`] for parameters outside their ranges.
    pub fn new(rate: f64, contention: f64, coherency: f64) -> Result<Self, QueueError> {
        error::positive("rate", rate)?;
        error::not_negative("contention", contention)?;
        error::not_negative("coherency", coherency)?;
        Ok(Self { rate, contention, coherency })
    }

    /// Throughput at a load of `n` ≥ 0.
    pub fn throughput(&self, n: f64) -> f64 {
        self.rate * n / (1.0 + self.contention * (n - 1.0) + self.coherency * n * (n - 1.0))
    }

    /// Throughput at a load that may be less than one whole: below 1 a straight line.
    pub fn capacity(&self, n: f64) -> f64 {
        if n <= 1.0 { self.rate * n.max(0.0) } else { self.throughput(n) }
    }

    /// The load of the largest throughput, `√((1 − α)/β)`; `None` without coherency cost: it rises for ever.
    pub fn peak_load(&self) -> Option<f64> {
        (self.coherency > 0.0).then(|| ((1.0 - self.contention).max(0.0) / self.coherency).sqrt())
    }

    /// The throughput that contention alone would allow at any load, `γ/α`; `None` without contention.
    pub fn limit(&self) -> Option<f64> {
        (self.contention > 0.0).then(|| self.rate / self.contention)
    }

    /// The load at which the line of the first throughput meets that limit, `1/α`.
    pub fn optimal_load(&self) -> Option<f64> {
        (self.contention > 0.0).then(|| 1.0 / self.contention)
    }
}

/// A fitted law with the errors of its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScalabilityFit {
    /// The law.
    pub law: ScalabilityLaw,
    /// Standard errors of rate, contention and coherency; NaN for what lies on its bound.
    pub standard_errors: [f64; 3],
    /// Half-width ÷ standard error of a 95 % interval: a Student quantile.
    pub half_width: f64,
    /// `√(sum of squares ÷ (points − 3))`.
    pub residual_standard_error: f64,
}

/// Fits the law to loads and throughputs by least squares; contention and coherency do not go below 0.
///
/// # Errors
/// [`QueueError::OutOfRange`] for fewer than four points or numbers that are not positive;
/// [`QueueError::NoConvergence`].
///
/// # Source
/// Gunther, *Guerrilla Capacity Planning* (2007), chapters 4 to 6; Marquardt (1963).
pub fn fit(points: &[(f64, f64)]) -> Result<ScalabilityFit, QueueError> {
    if points.len() < 4 {
        let value = points.len() as f64;
        return Err(QueueError::OutOfRange { what: "points", value, allowed: "at least 4" });
    }
    for &(load, throughput) in points {
        error::positive("load", load)?;
        error::positive("throughput", throughput)?;
    }
    // Each set of parameters kept at 0 has its own optimum; the best that stays in range is the answer.
    let free = [[true, true], [true, false], [false, true], [false, false]];
    let fits = free.into_iter().filter_map(|free| descend(points, free));
    let best = fits.min_by(|a, b| a.1.total_cmp(&b.1)).ok_or(QueueError::NoConvergence("the fit"))?;
    let (law, squares, covariance) = best;
    let freedom = points.len() as f64 - 3.0;
    let variance = squares / freedom;
    Ok(ScalabilityFit {
        law,
        standard_errors: covariance.map(|c| (c * variance).sqrt()),
        half_width: student::quantile(freedom, 0.975),
        residual_standard_error: variance.sqrt(),
    })
}

/// Levenberg and Marquardt's descent over the rate and those of contention and coherency that are free; the law, its sum
/// of squares, and the diagonal of the inverse normal matrix. `None` if it leaves the range.
fn descend(points: &[(f64, f64)], free: [bool; 2]) -> Option<(ScalabilityLaw, f64, [f64; 3])> {
    let first = points.iter().map(|(n, x)| x / n).fold(0.0, f64::max);
    let mut at = [first, if free[0] { 0.01 } else { 0.0 }, if free[1] { 1e-4 } else { 0.0 }];
    let used: Vec<usize> =
        [0].into_iter().chain(free.iter().enumerate().filter(|(_, f)| **f).map(|(i, _)| i + 1)).collect();
    let (mut damping, mut squares) = (1e-3, sum_of_squares(points, at));
    for _ in 0..ITERATIONS_MAX {
        let (normal, gradient) = normal_equations(points, at, &used);
        let mut damped = normal.clone();
        (0..used.len()).for_each(|i| *damped.at(i, i) *= 1.0 + damping);
        let step = damped.solve(&gradient).ok()?;
        let mut next = at;
        used.iter().enumerate().for_each(|(i, &parameter)| next[parameter] += step.get(i, 0));
        let there = sum_of_squares(points, next);
        // A NaN is no descent.
        if there <= squares {
            let settled = used.iter().all(|&i| (next[i] - at[i]).abs() <= 1e-13 * next[i].abs());
            (at, squares, damping) = (next, there, (damping / 10.0).max(1e-16));
            if settled {
                break;
            }
        } else {
            damping *= 10.0;
            if damping > 1e16 {
                break;
            }
        }
    }
    let law = ScalabilityLaw::new(at[0], at[1], at[2]).ok()?;
    let (normal, _) = normal_equations(points, at, &used);
    let inverse = normal.solve(&Matrix::identity(used.len())).ok()?;
    let mut covariance = [f64::NAN; 3];
    used.iter().enumerate().for_each(|(i, &parameter)| covariance[parameter] = inverse.get(i, i));
    Some((law, squares, covariance))
}

fn value(at: [f64; 3], n: f64) -> f64 {
    at[0] * n / (1.0 + at[1] * (n - 1.0) + at[2] * n * (n - 1.0))
}

fn sum_of_squares(points: &[(f64, f64)], at: [f64; 3]) -> f64 {
    points.iter().map(|&(n, x)| (x - value(at, n)) * (x - value(at, n))).sum()
}

fn normal_equations(points: &[(f64, f64)], at: [f64; 3], used: &[usize]) -> (Matrix, Matrix) {
    let (mut normal, mut gradient) = (Matrix::zero(used.len(), used.len()), Matrix::zero(used.len(), 1));
    for &(n, x) in points {
        let below = 1.0 + at[1] * (n - 1.0) + at[2] * n * (n - 1.0);
        let whole = at[0] * n / (below * below);
        let slopes = [n / below, -whole * (n - 1.0), -whole * n * (n - 1.0)];
        let residual = x - at[0] * n / below;
        for (i, &a) in used.iter().enumerate() {
            *gradient.at(i, 0) += slopes[a] * residual;
            used.iter().enumerate().for_each(|(j, &b)| *normal.at(i, j) += slopes[a] * slopes[b]);
        }
    }
    (normal, gradient)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_a_law_are_recovered() {
        for (a, b) in [(0.03, 1e-4), (0.3, 0.0), (0.0, 2e-3), (0.0, 0.0)] {
            let law = ScalabilityLaw::new(90.0, a, b).unwrap();
            let points: Vec<(f64, f64)> = [1.0, 4.0, 9.0, 20.0, 40.0, 80.0].map(|n| (n, law.throughput(n))).to_vec();
            let got = fit(&points).unwrap().law;
            assert!((got.rate / 90.0 - 1.0).abs() < 1e-6, "{got:?}");
            assert!((got.contention - a).abs() < 1e-6 && (got.coherency - b).abs() < 1e-8, "{got:?}");
        }
    }

    #[test]
    fn the_published_benchmark_of_a_sixteen_way_server() {
        let loads = [1.0, 18.0, 36.0, 72.0, 108.0, 144.0, 216.0];
        let throughputs = [64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2];
        let points: Vec<(f64, f64)> = loads.into_iter().zip(throughputs).collect();
        let got = fit(&points).unwrap();
        assert!((got.law.rate / 89.995_233 - 1.0).abs() < 1e-4);
        assert!((got.law.contention / 0.027_728_5 - 1.0).abs() < 1e-4);
        assert!((got.law.peak_load().unwrap() / 96.519_56 - 1.0).abs() < 1e-4);
        assert!((got.residual_standard_error - 82.8).abs() < 0.1);
        assert!(got.standard_errors.iter().all(|error| *error > 0.0));
        assert!(fit(&points[..3]).is_err());
    }
}
