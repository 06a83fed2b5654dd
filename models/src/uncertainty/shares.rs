//! The share of an estimate's variance that each uncertain input owns.

use ninefold_sim_core::special::student;

use super::Nested;

/// Groups of draws that are left out in turn for the error of a share.
const GROUPS: usize = 20;

/// Inputs above which shares are not told: the regression's cost grows with their cube.
pub const SHARED_INPUTS_MAX: usize = 64;

/// Parameter draws below which the shares of `inputs` inputs cannot be told.
pub const fn draws_needed(inputs: usize) -> usize {
    2 * inputs + 10
}

/// A share with its error, each of 0..=1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The estimate.
    pub value: f64,
    /// Its standard error, by the jackknife.
    pub standard_error: f64,
    /// Lower end of its interval.
    pub lo: f64,
    /// Upper end of its interval.
    pub hi: f64,
}

/// The parts of the variance of an estimate by inputs and chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// One an input: what follows it along a straight line, the others standing still.
    pub inputs: Vec<Share>,
    /// Chance: what more replications would remove.
    pub chance: Share,
    /// The rest: curvature and interactions of inputs.
    pub rest: Share,
}

/// The draws of one estimate: its value and error by chance in each, and the inputs.
#[derive(Clone, Copy, Debug)]
pub struct Drawn<'a> {
    /// One a draw.
    pub values: &'a [f64],
    /// Standard errors by chance, one a draw.
    pub errors: &'a [f64],
    /// For each input, its value in each draw.
    pub inputs: &'a [Vec<f64>],
    /// Replications of a draw.
    pub replications: u64,
}

/// Shares by linear regression of the estimates on the standardised inputs, which are independent: the squared
/// coefficient, less its own error's part, ÷ the variance by inputs and chance. `None` where nothing varies or there are
/// fewer draws than [`draws_needed`], or more inputs than [`SHARED_INPUTS_MAX`].
///
/// # Source
/// Saltelli and others, *Global Sensitivity Analysis* (2008), 1.2.5 (squared standardised regression coefficients are
/// first-order indices of a linear model); the error by the grouped jackknife, Efron & Tibshirani, *An Introduction to the
/// Bootstrap* (1993), ch. 11. Oracle: `of_an_additive_model_are_known`.
pub fn shares(drawn: Drawn<'_>, confidence: f64) -> Option<Shares> {
    let draws = drawn.values.len();
    let inputs = drawn.inputs.len();
    if inputs == 0 || inputs > SHARED_INPUTS_MAX || draws < draws_needed(inputs) {
        return None;
    }
    let whole = parts(drawn, &(0..draws).collect::<Vec<_>>())?;
    let groups = GROUPS.min(draws);
    let without = |group: usize| parts(drawn, &(0..draws).filter(|d| d % groups != group).collect::<Vec<_>>());
    let left_out: Vec<Vec<f64>> = (0..groups).map(without).collect::<Option<_>>()?;
    let quantile = student::quantile_upper(groups as f64 - 1.0, (1.0 - confidence) / 2.0);
    let mut all: Vec<Share> = (0..whole.len())
        .map(|part| {
            let of: Vec<f64> = left_out.iter().map(|parts| parts[part]).collect();
            share(whole[part], &of, quantile)
        })
        .collect();
    let (rest, chance) = (all.pop()?, all.pop()?);
    Some(Shares { inputs: all, chance, rest })
}

fn share(value: f64, left_out: &[f64], quantile: f64) -> Share {
    let groups = left_out.len() as f64;
    let mean = left_out.iter().sum::<f64>() / groups;
    let squares = left_out.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
    let standard_error = (squares * (groups - 1.0) / groups).sqrt();
    let end = |by: f64| (value + by * quantile * standard_error).clamp(0.0, 1.0);
    Share { value: value.clamp(0.0, 1.0), standard_error, lo: end(-1.0), hi: end(1.0) }
}

/// The parts by inputs, by chance and the rest, from the draws in `kept`.
fn parts(drawn: Drawn<'_>, kept: &[usize]) -> Option<Vec<f64>> {
    let pick = |of: &[f64]| -> Vec<f64> { kept.iter().map(|&draw| of[draw]).collect() };
    let (values, errors) = (pick(drawn.values), pick(drawn.errors));
    let nested = Nested::of(&values, &errors, drawn.replications)?;
    let total = nested.total();
    if !(total > 0.0) {
        return None;
    }
    let columns: Vec<Vec<f64>> = drawn.inputs.iter().map(|input| standardised(&pick(input))).collect();
    let by_input = explained(&columns, &centred(&values))?;
    let mut parts: Vec<f64> = by_input.iter().map(|variance| variance / total).collect();
    let chance = nested.chance() / total;
    let rest = 1.0 - parts.iter().sum::<f64>() - chance;
    parts.extend([chance, rest]);
    Some(parts)
}

fn centred(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|value| value - mean).collect()
}

/// Mean 0 and variance 1; all 0 where nothing varies.
fn standardised(values: &[f64]) -> Vec<f64> {
    let centred = centred(values);
    let deviation = (dot(&centred, &centred) / (values.len() as f64 - 1.0)).sqrt();
    if deviation > 0.0 { centred.iter().map(|value| value / deviation).collect() } else { vec![0.0; values.len()] }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The variance of `y` that each column explains by itself, without bias: coefficient² − its variance.
fn explained(columns: &[Vec<f64>], y: &[f64]) -> Option<Vec<f64>> {
    let (n, k) = (y.len() as f64, columns.len());
    let gram = |i: usize, j: usize| {
        let product = dot(&columns[i], &columns[j]) / (n - 1.0);
        // An input that does not vary owns nothing, and stands by itself.
        if i == j && product == 0.0 { 1.0 } else { product }
    };
    let matrix: Vec<Vec<f64>> = (0..k).map(|i| (0..k).map(|j| gram(i, j)).collect()).collect();
    let inverse = inverse(matrix)?;
    let along: Vec<f64> = columns.iter().map(|column| dot(column, y) / (n - 1.0)).collect();
    let slopes: Vec<f64> = inverse.iter().map(|row| dot(row, &along)).collect();
    let rest = dot(y, y) - (n - 1.0) * dot(&slopes, &along);
    let residual = rest.max(0.0) / (n - k as f64 - 1.0);
    let of = |i: usize| slopes[i] * slopes[i] - residual * inverse[i][i] / (n - 1.0);
    Some((0..k).map(|i| if along[i] == 0.0 { 0.0 } else { of(i) }).collect())
}

/// The inverse of a symmetric positive definite matrix, by Gauss and Jordan; `None` where it is singular.
fn inverse(mut left: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let n = left.len();
    let mut right: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect();
    for pivot in 0..n {
        let by = left[pivot][pivot];
        if !(by > 1e-9) {
            return None;
        }
        for matrix in [&mut left, &mut right] {
            matrix[pivot].iter_mut().for_each(|cell| *cell /= by);
        }
        for row in (0..n).filter(|&row| row != pivot) {
            let factor = left[row][pivot];
            for matrix in [&mut left, &mut right] {
                let from = matrix[pivot].clone();
                matrix[row].iter_mut().zip(&from).for_each(|(cell, from)| *cell -= factor * from);
            }
        }
    }
    Some(right)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ninefold_sim_core::stream::{Replication, Stream, StreamId};

    /// `draws` of `inputs` uniform numbers, with streams of their own.
    fn uniforms(draws: u32, inputs: usize) -> Vec<Vec<f64>> {
        let one = |input: usize, draw: u32| {
            Stream::new(StreamId::of(draw, "input", &input.to_string())).open01(Replication::new(11, 0))
        };
        (0..inputs).map(|input| (1..=draws).map(|draw| one(input, draw)).collect()).collect()
    }

    #[test]
    fn of_an_additive_model_are_known() {
        // y = 1 + 4 a + 2 b + 1 c + 0 d with uniform inputs: shares 16, 4, 1, 0 of 21.
        let inputs = uniforms(1000, 4);
        let at = |d: usize| 1.0 + 4.0 * inputs[0][d] + 2.0 * inputs[1][d] + inputs[2][d];
        let values: Vec<f64> = (0..1000).map(at).collect();
        let drawn = Drawn { values: &values, errors: &vec![0.0; 1000], inputs: &inputs, replications: 64 };
        let shares = shares(drawn, 0.95).unwrap();
        for (share, known) in shares.inputs.iter().zip([16.0 / 21.0, 4.0 / 21.0, 1.0 / 21.0, 0.0]) {
            assert!((share.value - known).abs() <= 4.0 * share.standard_error + 1e-9, "{share:?} for {known}");
            assert!(share.standard_error < 0.03);
        }
        assert_eq!(shares.chance.value, 0.0);
        assert!(shares.rest.value < 0.1);
    }

    #[test]
    fn noise_is_owned_by_chance_and_an_interaction_by_nobody() {
        // y = (a − ½)(b − ½): no straight line along either; all of it is left over. With noise of N per draw, chance owns
        // N ÷ D ÷ (B + N ÷ D).
        let inputs = uniforms(400, 2);
        let values: Vec<f64> = (0..400).map(|d| (inputs[0][d] - 0.5) * (inputs[1][d] - 0.5)).collect();
        let drawn = Drawn { values: &values, errors: &vec![0.02; 400], inputs: &inputs, replications: 64 };
        let shares = shares(drawn, 0.95).unwrap();
        assert!(shares.rest.value > 0.9 && shares.inputs.iter().all(|share| share.value < 0.05));
        let (noise, observed) = (0.02 * 0.02, 1.0 / 144.0);
        let known = noise / 400.0 / (observed - noise + noise / 400.0);
        assert!((shares.chance.value / known - 1.0).abs() < 0.25, "{:?} for {known}", shares.chance);
    }

    #[test]
    fn an_input_that_stands_still_owns_nothing() {
        let mut inputs = uniforms(60, 2);
        inputs[1] = vec![3.0; 60];
        let values = inputs[0].clone();
        let drawn = Drawn { values: &values, errors: &vec![0.0; 60], inputs: &inputs, replications: 64 };
        let shares = shares(drawn, 0.95).unwrap();
        assert_eq!(shares.inputs[1].value, 0.0);
        assert!((shares.inputs[0].value - 1.0).abs() < 1e-9);
    }

    #[test]
    fn too_few_draws_say_nothing() {
        let inputs = uniforms(13, 2);
        let drawn = Drawn { values: &inputs[0], errors: &[0.0; 13], inputs: &inputs, replications: 64 };
        assert_eq!(shares(drawn, 0.95), None);
        assert_eq!(draws_needed(2), 14);
    }

    #[test]
    fn an_inverse_times_its_matrix_is_one() {
        let matrix = vec![vec![1.0, 0.3, 0.1], vec![0.3, 1.0, -0.2], vec![0.1, -0.2, 1.0]];
        let inverse = inverse(matrix.clone()).unwrap();
        for (i, row) in matrix.iter().enumerate() {
            let product = |j: usize| row.iter().zip(&inverse).map(|(a, b)| a * b[j]).sum::<f64>();
            assert!((0..3).all(|j| (product(j) - f64::from(u8::from(i == j))).abs() < 1e-12));
        }
        assert_eq!(super::inverse(vec![vec![1.0, 1.0], vec![1.0, 1.0]]), None);
    }
}
