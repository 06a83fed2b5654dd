//! Pearson's test of counts against their probabilities.

use statrs::function::gamma::gamma_ur;

/// Least expected count of a cell; rarer neighbours are counted together (Cochran's rule asks for 5).
const EXPECTED_MIN: f64 = 10.0;

/// P(Pearson's statistic ≥ what these counts give), if they have these probabilities: the chi-square law with one degree
/// of freedom less than there are cells. Neighbouring cells are pooled up to an expected count of 10. 0 if a cell of
/// probability 0 was met; 1 if one cell is left.
///
/// With expected counts of 10 and more the limit law is right to about a tenth of its value in the far tail.
/// Source: Cochran, *Ann. Math. Stat.* 23 (1952).
///
/// # Panics
/// If the slices differ in length.
pub fn p_value(counts: &[u64], probabilities: &[f64]) -> f64 {
    assert_eq!(counts.len(), probabilities.len(), "bug: one probability a cell");
    if counts.iter().zip(probabilities).any(|(&count, &p)| p <= 0.0 && count > 0) {
        return 0.0;
    }
    let n = counts.iter().sum::<u64>() as f64;
    let cells = pooled(counts, probabilities, n);
    if cells.len() < 2 {
        return 1.0;
    }
    let statistic: f64 = cells.iter().map(|(got, want)| (got - want) * (got - want) / want).sum();
    let freedom = (cells.len() - 1) as f64;
    if statistic <= 0.0 { 1.0 } else { gamma_ur(freedom / 2.0, statistic / 2.0) }
}

/// Counts and expected counts, neighbours added up until each is expected often enough; the rest joins the last.
fn pooled(counts: &[u64], probabilities: &[f64], n: f64) -> Vec<(f64, f64)> {
    let mut cells: Vec<(f64, f64)> = Vec::new();
    let (mut got, mut want) = (0.0, 0.0);
    for (&count, &p) in counts.iter().zip(probabilities) {
        got += count as f64;
        want += n * p;
        if want >= EXPECTED_MIN {
            cells.push((got, want));
            (got, want) = (0.0, 0.0);
        }
    }
    if let Some(last) = cells.last_mut() {
        last.0 += got;
        last.1 += want;
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 20 flips more heads than tails in 100: χ² = 4 with one degree, P = 0.0455.
    #[test]
    fn a_textbook_coin() {
        assert!((p_value(&[60, 40], &[0.5, 0.5]) - 0.045_500_263_9).abs() < 1e-9);
    }

    #[test]
    fn the_impossible_is_rejected_and_the_certain_is_not() {
        assert_eq!(p_value(&[99, 1], &[1.0, 0.0]), 0.0);
        assert_eq!(p_value(&[100, 0], &[1.0, 0.0]), 1.0);
    }

    #[test]
    fn rare_cells_are_pooled() {
        let cells = pooled(&[3, 4, 90, 3], &[0.04, 0.04, 0.9, 0.02], 100.0);
        assert_eq!(cells, [(100.0, 100.0)]);
        let cells = pooled(&[30, 70, 900, 3], &[0.03, 0.067, 0.9, 0.003], 1000.0);
        assert_eq!(cells.len(), 3);
        assert_eq!(cells[2].0, 903.0);
    }
}
