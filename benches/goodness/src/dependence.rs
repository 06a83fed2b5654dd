//! Whether uniform numbers depend on each other: within a stream, and between streams whose keys are neighbours.

use ninefold_sim_core::stream::{Replication, Stream, StreamId};
use statrs::function::erf::erfc;

use crate::chi_square;

/// Cells a side of the square in which pairs are counted.
const SIDE: usize = 16;

/// The first `draws` uniform numbers of the stream of `name`.
pub fn uniforms(name: &str, replication: Replication, draws: usize) -> Vec<f64> {
    let mut stream = Stream::new(StreamId::of(0, "time_to_failure", name));
    (0..draws).map(|_| stream.open01(replication)).collect()
}

/// The correlation of two sequences of uniform numbers, with the mean and variance that uniform numbers have.
/// Pairs without a partner are left out.
pub fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len()) as f64;
    let sum: f64 = a.iter().zip(b).map(|(u, v)| (u - 0.5) * (v - 0.5)).sum();
    12.0 * sum / n
}

/// P(|correlation| of `n` independent pairs ≥ `correlation`): normal with variance `1/n`, an error of order `1/n`.
pub fn p_value(n: usize, correlation: f64) -> f64 {
    erfc(correlation.abs() * (n as f64 / 2.0).sqrt())
}

/// P(a worse outcome of chi-square) for the pairs counted in 16 × 16 equal cells: sees what correlation does not.
pub fn joint_p_value(a: &[f64], b: &[f64]) -> f64 {
    let mut counts = vec![0; SIDE * SIDE];
    let cell = |u: f64| ((u * SIDE as f64) as usize).min(SIDE - 1);
    for (&u, &v) in a.iter().zip(b) {
        counts[cell(u) * SIDE + cell(v)] += 1;
    }
    chi_square::p_value(&counts, &vec![1.0 / (SIDE * SIDE) as f64; SIDE * SIDE])
}
