//! Nelder and Mead's simplex search for the least value of a function of a few parameters, without derivatives.
//!
//! Start, steps and stops are fixed, so the same function gives the same bits. It may stop at a local minimum; that is
//! enough for smoothing parameters, whose forecasts are judged by a backtest and not by the fit.
//!
//! Source: Nelder and Mead, *The Computer Journal* 7 (1965); coefficients 1, 2, ½, ½.

/// Steps of the search.
const STEPS_MAX: usize = 400;

/// Relative spread of the values of the simplex at which it stops.
const SPREAD: f64 = 1e-10;

/// Where `value` is least, searched from `start` with a first simplex of edges `edge`.
pub(super) fn minimise<const N: usize>(start: [f64; N], edge: f64, value: impl Fn(&[f64; N]) -> f64) -> [f64; N] {
    let judged = |at: [f64; N]| (worst_if_nan(value(&at)), at);
    let mut simplex = vec![judged(start)];
    for axis in 0..N {
        let mut corner = start;
        corner[axis] += edge;
        simplex.push(judged(corner));
    }
    for _ in 0..STEPS_MAX {
        simplex.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (best, worst) = (simplex[0], simplex[N]);
        if worst.0 - best.0 <= SPREAD * best.0.abs() {
            break;
        }
        let centre = centre(&simplex[..N]);
        let beyond = |by: f64| judged(std::array::from_fn(|i| centre[i] + by * (worst.1[i] - centre[i])));
        let reflected = beyond(-1.0);
        let replacement = if reflected.0 < best.0 {
            let expanded = beyond(-2.0);
            Some(if expanded.0 < reflected.0 { expanded } else { reflected })
        } else if reflected.0 < simplex[N - 1].0 {
            Some(reflected)
        } else {
            let contracted = beyond(if reflected.0 < worst.0 { -0.5 } else { 0.5 });
            (contracted.0 < worst.0.min(reflected.0)).then_some(contracted)
        };
        match replacement {
            Some(corner) => simplex[N] = corner,
            None => simplex[1..].iter_mut().for_each(|corner| {
                *corner = judged(std::array::from_fn(|i| best.1[i] + 0.5 * (corner.1[i] - best.1[i])));
            }),
        }
    }
    simplex.sort_by(|a, b| a.0.total_cmp(&b.0));
    simplex[0].1
}

/// A value that is not finite is worse than any other.
const fn worst_if_nan(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::MAX }
}

fn centre<const N: usize>(corners: &[(f64, [f64; N])]) -> [f64; N] {
    std::array::from_fn(|i| corners.iter().map(|(_, at)| at[i]).sum::<f64>() / corners.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::minimise;

    #[test]
    fn finds_the_valley_of_rosenbrock_and_survives_values_that_are_not_numbers() {
        let valley = |[x, y]: &[f64; 2]| (1.0 - x) * (1.0 - x) + 100.0 * (y - x * x) * (y - x * x);
        let [x, y] = minimise([-1.2, 1.0], 0.5, valley);
        assert!((x - 1.0).abs() < 1e-4 && (y - 1.0).abs() < 1e-4, "{x} {y}");
        let [x] = minimise([3.0], 0.5, |[x]: &[f64; 1]| if *x < 1.0 { f64::NAN } else { x * x });
        assert!((x - 1.0).abs() < 1e-3, "{x}");
    }
}
