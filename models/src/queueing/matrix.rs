//! Small dense matrices: products and linear systems.

use super::error::QueueError;

/// A matrix, row by row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Matrix {
    pub(super) rows: usize,
    pub(super) columns: usize,
    values: Vec<f64>,
}

impl Matrix {
    pub(super) fn zero(rows: usize, columns: usize) -> Self {
        Self { rows, columns, values: vec![0.0; rows * columns] }
    }

    pub(super) fn identity(size: usize) -> Self {
        let mut matrix = Self::zero(size, size);
        (0..size).for_each(|i| *matrix.at(i, i) = 1.0);
        matrix
    }

    pub(super) fn get(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.columns + column]
    }

    pub(super) fn at(&mut self, row: usize, column: usize) -> &mut f64 {
        &mut self.values[row * self.columns + column]
    }

    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        let mut product = Self::zero(self.rows, other.columns);
        for i in 0..self.rows {
            for k in 0..self.columns {
                let factor = self.get(i, k);
                if factor != 0.0 {
                    (0..other.columns).for_each(|j| *product.at(i, j) += factor * other.get(k, j));
                }
            }
        }
        product
    }

    pub(super) fn plus(&self, factor: f64, other: &Self) -> Self {
        let values = self.values.iter().zip(&other.values).map(|(a, b)| a + factor * b).collect();
        Self { values, ..*self }
    }

    /// `row × self`.
    pub(super) fn after(&self, row: &[f64]) -> Vec<f64> {
        let mut product = vec![0.0; self.columns];
        for (i, factor) in row.iter().enumerate() {
            product.iter_mut().zip(self.row(i)).for_each(|(sum, value)| *sum += factor * value);
        }
        product
    }

    /// The `X` of `self × X = right`, by elimination with the largest pivot of the column.
    pub(super) fn solve(&self, right: &Self) -> Result<Self, QueueError> {
        let (mut left, mut right, n) = (self.clone(), right.clone(), self.rows);
        for column in 0..n {
            let size = |row: &usize| left.get(*row, column).abs();
            let pivot = (column..n).max_by(|a, b| size(a).total_cmp(&size(b)).then(b.cmp(a)));
            let pivot = pivot.expect("bug: an empty matrix has no column");
            if !(left.get(pivot, column).abs() > 0.0) {
                return Err(QueueError::NoConvergence("a linear system without a single solution"));
            }
            left.swap(column, pivot);
            right.swap(column, pivot);
            for row in (0..n).filter(|row| *row != column) {
                let factor = left.get(row, column) / left.get(column, column);
                if factor != 0.0 {
                    left.subtract(row, (factor, column));
                    right.subtract(row, (factor, column));
                }
            }
        }
        for row in 0..n {
            let pivot = left.get(row, row);
            (0..right.columns).for_each(|column| *right.at(row, column) /= pivot);
        }
        Ok(right)
    }

    fn swap(&mut self, a: usize, b: usize) {
        (0..self.columns).for_each(|column| self.values.swap(a * self.columns + column, b * self.columns + column));
    }

    fn subtract(&mut self, row: usize, (factor, from): (f64, usize)) {
        for column in 0..self.columns {
            let value = factor * self.get(from, column);
            *self.at(row, column) -= value;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_solution_solves_and_a_singular_system_is_refused() {
        let mut a = Matrix::identity(3);
        for (i, j, value) in [(0, 1, 2.0), (1, 0, 4.0), (2, 1, -1.0), (0, 0, 0.0)] {
            *a.at(i, j) = value;
        }
        let x = a.solve(&Matrix::identity(3)).unwrap();
        let residual = a.times(&x).plus(-1.0, &Matrix::identity(3));
        assert!((0..9).all(|i| residual.get(i / 3, i % 3).abs() < 1e-15));
        assert!(Matrix::zero(2, 2).solve(&Matrix::identity(2)).is_err());
    }
}
