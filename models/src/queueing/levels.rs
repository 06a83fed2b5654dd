//! Chains in levels: what is counted rises and falls by one, and beside it is a phase (quasi-birth-and-death).

use super::error::QueueError;
use super::matrix::Matrix;

/// Doublings of the horizon before the tail counts as not converging.
const DOUBLINGS_MAX: u32 = 60;

/// First passages that take longer than the doubled horizon no longer count below this probability; the next would be its
/// square.
const SETTLED: f64 = 1e-12;

/// The rates out of the phases of a level: to the phases of the level above, of the same and of the level below.
#[derive(Clone, Debug)]
pub(super) struct Level {
    pub(super) up: Matrix,
    /// Rates between phases of the level; the diagonal is not read.
    pub(super) across: Matrix,
    pub(super) down: Matrix,
}

/// The long run of a chain in levels.
#[derive(Clone, Debug)]
pub(super) struct LongRun {
    /// For each level that was given, the probability of each of its phases.
    pub(super) levels: Vec<Vec<f64>>,
    /// Where the last level repeats for ever: those above the last have `last × ratioᵏ`.
    ratio: Option<Matrix>,
}

/// Solves a chain; if it `repeats`, every level above the last is as the last (whose `down` must lead to itself as well).
///
/// By the matrices `R` with `π(n) = π(n − 1) R(n)`, computed from the top: nothing but the diagonal is subtracted, so
/// that probabilities far below the largest keep their leading digits. The tail is by logarithmic reduction.
///
/// # Source
/// Latouche and Ramaswami, *Introduction to Matrix Analytic Methods in Stochastic Modeling* (1999), chapters 8 and 12.
pub(super) fn long_run(levels: &[Level], repeats: bool) -> Result<LongRun, QueueError> {
    let last = levels.len() - 1;
    let ratio = if repeats { Some(ratio(&levels[last])?) } else { None };
    let mut ratios = vec![Matrix::zero(0, 0); levels.len()];
    let mut above = ratio.as_ref().map(|ratio| ratio.times(&levels[last].down));
    for n in (1..levels.len()).rev() {
        let outflow = outflow(&levels[n], repeats || n < last);
        let left = above.as_ref().map_or_else(|| outflow.clone(), |above| outflow.plus(-1.0, above));
        // π(n) (outflow − above) = π(n − 1) up.
        let inverse = left.solve(&Matrix::identity(left.rows))?;
        ratios[n] = levels[n - 1].up.times(&inverse);
        above = Some(ratios[n].times(&levels[n].down));
    }
    let closed = outflow(&levels[0], repeats || last > 0);
    let closed = above.as_ref().map_or_else(|| closed.clone(), |above| closed.plus(-1.0, above));
    let mut found = vec![null_row(&closed)?];
    for ratio in &ratios[1..] {
        let next = ratio.after(&found[found.len() - 1]);
        found.push(next);
    }
    let mut run = LongRun { levels: found, ratio };
    let total = run.levels[..last].iter().flatten().sum::<f64>() + run.over_last(|_| 1.0)?;
    run.levels.iter_mut().flatten().for_each(|p| *p /= total);
    Ok(run)
}

impl LongRun {
    /// `Σ f(phase) P(phase)` over the last level and, where it repeats, all above it.
    pub(super) fn over_last(&self, f: impl Fn(usize) -> f64) -> Result<f64, QueueError> {
        let last = &self.levels[self.levels.len() - 1];
        let sum = |row: &[f64]| row.iter().enumerate().map(|(phase, p)| p * f(phase)).sum::<f64>();
        match &self.ratio {
            None => Ok(sum(last)),
            Some(ratio) => Ok(sum(&geometric(ratio, last)?)),
        }
    }

    /// The mean number of levels above the last; 0 where there are none.
    pub(super) fn mean_above_last(&self) -> Result<f64, QueueError> {
        let Some(ratio) = &self.ratio else { return Ok(0.0) };
        let once = geometric(ratio, &self.levels[self.levels.len() - 1])?;
        Ok(geometric(ratio, &ratio.after(&once))?.iter().sum())
    }

    /// P(at least so many levels above the last).
    pub(super) fn at_least_above_last(&self, levels: usize) -> Result<f64, QueueError> {
        let Some(ratio) = &self.ratio else { return Ok(0.0) };
        let from = (0..levels).fold(self.levels[self.levels.len() - 1].clone(), |row, _| ratio.after(&row));
        Ok(geometric(ratio, &from)?.iter().sum())
    }
}

/// `row (I − ratio)⁻¹`.
fn geometric(ratio: &Matrix, row: &[f64]) -> Result<Vec<f64>, QueueError> {
    let inverse = Matrix::identity(ratio.rows).plus(-1.0, ratio).solve(&Matrix::identity(ratio.rows))?;
    Ok(inverse.after(row))
}

/// Diagonal of all rates out, less the rates across; in the last level of a chain that ends, nothing goes up.
fn outflow(level: &Level, goes_up: bool) -> Matrix {
    let size = level.across.rows;
    let mut matrix = Matrix::zero(size, size);
    for i in 0..size {
        let up: f64 = if goes_up { level.up.row(i).iter().sum() } else { 0.0 };
        let down: f64 = level.down.row(i).iter().sum();
        let mut across = 0.0;
        for j in (0..size).filter(|j| *j != i) {
            *matrix.at(i, j) = -level.across.get(i, j);
            across += level.across.get(i, j);
        }
        *matrix.at(i, i) = up + down + across;
    }
    matrix
}

/// A row `π > 0` with `π × matrix = 0`, by leaving out the last column and setting the last element to 1.
fn null_row(matrix: &Matrix) -> Result<Vec<f64>, QueueError> {
    let n = matrix.rows;
    if n == 1 {
        return Ok(vec![1.0]);
    }
    // Transposed: for each column j < n − 1, Σ_i π(i) matrix(i, j) = 0 with π(n − 1) = 1.
    let (mut left, mut right) = (Matrix::zero(n - 1, n - 1), Matrix::zero(n - 1, 1));
    for j in 0..n - 1 {
        (0..n - 1).for_each(|i| *left.at(j, i) = matrix.get(i, j));
        *right.at(j, 0) = -matrix.get(n - 1, j);
    }
    let solved = left.solve(&right)?;
    Ok((0..n - 1).map(|i| solved.get(i, 0)).chain([1.0]).collect())
}

/// The `R` of levels that repeat for ever, by logarithmic reduction.
fn ratio(level: &Level) -> Result<Matrix, QueueError> {
    let outflow = outflow(level, true);
    let size = outflow.rows;
    let identity = Matrix::identity(size);
    let (mut high, mut low) = (outflow.solve(&level.up)?, outflow.solve(&level.down)?);
    let (mut first_passage, mut through) = (low.clone(), high.clone());
    for _ in 0..DOUBLINGS_MAX {
        let left = identity.plus(-1.0, &high.times(&low).plus(1.0, &low.times(&high)));
        high = left.solve(&high.times(&high))?;
        low = left.solve(&low.times(&low))?;
        let added = through.times(&low);
        first_passage = first_passage.plus(1.0, &added);
        through = through.times(&high);
        if (0..size).all(|row| added.row(row).iter().sum::<f64>() < SETTLED) {
            let left = outflow.plus(-1.0, &level.up.times(&first_passage));
            return Ok(level.up.times(&left.solve(&identity)?));
        }
    }
    Err(QueueError::NoConvergence("the tail of the queue"))
}
