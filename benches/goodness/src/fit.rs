//! Whether a law's draws follow the distribution that was asked for.

use ninefold_sim_core::stream::{Replication, Stream, StreamId};

use crate::grid::{Case, Oracle};
use crate::oracle::{Distribution, Tails};
use crate::{FALSE_ALARM, anderson_darling, chi_square, kolmogorov};

/// Draws of a stream before the next replication.
const DRAWS_A_REPLICATION: usize = 1000;
/// The seed of every test of fit.
const SEED: u64 = 20_270_102;

/// What was tested, and P(a worse outcome), if the draws are right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tested {
    /// `kolmogorov-smirnov`, `anderson-darling` or `chi-square`.
    pub test: &'static str,
    /// The p-value.
    pub p_value: f64,
}

impl Tested {
    /// Whether this is too unlikely among `tests` of them.
    pub fn rejected(&self, tests: usize) -> bool {
        !(self.p_value >= FALSE_ALARM / tests as f64)
    }
}

/// `draws` durations in hours as the product draws them: a stream named after the case, 1000 draws a replication, in
/// one block by [`quantiles`](ninefold_models::lifetime::Law::quantiles).
pub fn drawn(case: &Case, draws: usize) -> Vec<f64> {
    let law = case.law();
    let mut stream = Stream::new(StreamId::of(0, "time_to_failure", &format!("{case:?}")));
    let mut hours = Vec::with_capacity(draws);
    for index in 0.. {
        let begin = hours.len();
        let count = DRAWS_A_REPLICATION.min(draws - begin);
        if count == 0 {
            break;
        }
        let replication = Replication::new(SEED, index);
        stream.rewind();
        hours.extend((0..count).map(|_| stream.open01(replication)));
        law.quantiles(&mut hours[begin..]);
    }
    hours
}

/// Holds `hours` against what `case` must follow.
pub fn tested(case: &Case, mut hours: Vec<f64>) -> Vec<Tested> {
    hours.sort_unstable_by(f64::total_cmp);
    match case.oracle() {
        Oracle::Continuous(distribution) => {
            let (below, above): (Vec<f64>, Vec<f64>) =
                hours.iter().map(|&t| distribution(t)).map(|Tails { below, above }| (below, above)).unzip();
            let distance = kolmogorov::distance(&below);
            vec![
                Tested { test: "kolmogorov-smirnov", p_value: kolmogorov::p_value(hours.len(), distance) },
                Tested {
                    test: "anderson-darling",
                    p_value: anderson_darling::p_value(anderson_darling::statistic(&below, &above)),
                },
            ]
        }
        Oracle::Cells(distribution, ends) => vec![counted(&hours, &distribution, &ends)],
    }
}

/// Counts sorted `hours` in cells up to each of `ends`, and beyond.
fn counted(hours: &[f64], distribution: &Distribution, ends: &[f64]) -> Tested {
    let at_most = |end: f64| hours.partition_point(|&t| t <= end) as u64;
    let (mut counts, mut probabilities) = (Vec::new(), Vec::new());
    let (mut count, mut tails) = (0, Tails { below: 0.0, above: 1.0 });
    for &end in ends {
        let (next_count, next) = (at_most(end), distribution(end));
        counts.push(next_count - count);
        // From the smaller tail, so that a thin cell keeps its digits.
        let inside = if next.below < 0.5 { next.below - tails.below } else { tails.above - next.above };
        probabilities.push(inside);
        (count, tails) = (next_count, next);
    }
    counts.push(hours.len() as u64 - count);
    probabilities.push(tails.above);
    Tested { test: "chi-square", p_value: chi_square::p_value(&counts, &probabilities) }
}
