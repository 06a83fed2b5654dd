//! Runs: how many trials it takes until so many in a row hit, and how far a run has come meanwhile.
//!
//! The length of the run under way is a Markov chain over `0..k`; a hit at `k − 1` ends it. Its substochastic matrix is kept
//! in powers of two, so that the number of trials is drawn by inversion from its exact law in as many steps as it has
//! binary digits. Source: Feller, *An Introduction to Probability Theory and Its Applications* I, 3rd ed., XIII.7.

/// Longest run.
pub const RUN_MAX: usize = 16;

/// A row over the lengths of a run; those from the run's full length on are 0.
type Row = [f64; RUN_MAX];

/// Trials that can be told apart: 2 to this power.
const DIGITS: usize = 44;

/// Runs of `length` hits, each trial a hit with the same probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Runs {
    length: usize,
    /// The matrix to the powers 1, 2, 4, ….
    powers: Vec<[Row; RUN_MAX]>,
}

impl Runs {
    /// Runs of `length` (1 to [`RUN_MAX`]) hits of probability `hit`, 0..=1.
    pub fn new(hit: f64, length: u32) -> Self {
        let k = (length as usize).clamp(1, RUN_MAX);
        let mut one = [[0.0; RUN_MAX]; RUN_MAX];
        for run in 0..k {
            one[run][0] = 1.0 - hit;
            if run + 1 < k {
                one[run][run + 1] = hit;
            }
        }
        let mut runs = Self { length: k, powers: vec![one] };
        for digit in 1..DIGITS {
            let last = &runs.powers[digit - 1];
            let square = std::array::from_fn(|row| runs.times(&last[row], last));
            runs.powers.push(square);
        }
        runs
    }

    /// Hits in a row that make a run.
    pub const fn length(&self) -> usize {
        self.length
    }

    /// The trial, from 1 on, that ends the first full run, if `run` hits in a row have gone before; `None` if that is
    /// further away than 2⁴⁴ trials. `uniform` is in (0, 1).
    pub fn trials(&self, run: u32, uniform: f64) -> Option<u64> {
        let (mut state, mut passed) = (self.start(run), 0);
        for (digit, power) in self.powers.iter().enumerate().rev() {
            let next = self.times(&state, power);
            if next.iter().sum::<f64>() > uniform {
                state = next;
                passed += 1 << digit;
            }
        }
        (passed + 1 < 1 << DIGITS).then_some(passed + 1)
    }

    /// How many hits in a row stand at the end of `trials` that have not ended a full run, `run` having gone before.
    pub fn standing(&self, run: u32, trials: u64, uniform: f64) -> u32 {
        let mut state = self.start(run);
        for (digit, power) in self.powers.iter().enumerate() {
            if trials >> digit & 1 == 1 {
                state = self.times(&state, power);
            }
        }
        let mut left = uniform * state.iter().sum::<f64>();
        let found = state.iter().position(|share| {
            left -= share;
            left < 0.0
        });
        found.unwrap_or(self.length - 1) as u32
    }

    fn start(&self, run: u32) -> Row {
        let mut state = [0.0; RUN_MAX];
        state[(run as usize).min(self.length - 1)] = 1.0;
        state
    }

    /// A row times a matrix.
    fn times(&self, row: &Row, matrix: &[Row; RUN_MAX]) -> Row {
        let mut product = [0.0; RUN_MAX];
        for (share, from) in row.iter().zip(matrix).take(self.length) {
            for (sum, to) in product.iter_mut().zip(from).take(self.length) {
                *sum += share * to;
            }
        }
        product
    }
}

/// Mean number of trials until `length` hits of probability `hit` in a row: `(1 − pᵏ) ÷ ((1 − p) pᵏ)`.
pub fn mean_trials(hit: f64, length: u32) -> f64 {
    (0..length).fold(0.0, |before, _| (before + 1.0) / hit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean by the sum of P(more than n trials), over trials that matter.
    #[test]
    fn the_law_has_the_mean_of_the_formula() {
        for (hit, length, mean) in [(0.01, 3, 1_010_100.0), (0.01, 2, 10_100.0), (0.05, 3, 8420.0)] {
            assert!((mean_trials(hit, length) / mean - 1.0).abs() < 1e-12);
            let runs = Runs::new(hit, length);
            // Quantiles at the midpoints of equal shares; what is beyond the last is exponential and small.
            let shares = 20_000;
            let trials = (0..shares).map(|i| runs.trials(0, (f64::from(i) + 0.5) / f64::from(shares)));
            let found = trials.map(|trials| trials.map_or(f64::NAN, |trials| trials as f64)).sum::<f64>();
            assert!((found / f64::from(shares) / mean - 1.0).abs() < 1e-4, "{hit} {length}");
        }
    }

    /// All ways of a few trials, one by one.
    #[test]
    fn short_runs_are_counted_out() {
        let (hit, length) = (0.3, 3);
        let runs = Runs::new(hit, length);
        let mut ends = [0.0; 11];
        let mut stands = [0.0; 3];
        for way in 0_u32..1 << 10 {
            let (mut run, mut p, mut end) = (1, 1.0, None);
            for trial in 1..=10 {
                let is_hit = way >> (trial - 1) & 1 == 1;
                p *= if is_hit { hit } else { 1.0 - hit };
                run = if is_hit { run + 1 } else { 0 };
                end = end.or((run == length).then_some(trial));
            }
            match end {
                Some(trial) => ends[trial] += p,
                None => stands[run as usize] += p,
            }
        }
        let mut over = 1.0;
        for (trial, share) in ends.iter().enumerate().skip(1) {
            // Just above and below the border between this trial and the next.
            over -= share;
            assert!(runs.trials(1, over + 1e-9) <= Some(trial as u64), "{trial}");
            assert!(runs.trials(1, over - 1e-9) > Some(trial as u64), "{trial}");
        }
        let (all, mut below) = (stands.iter().sum::<f64>(), 0.0);
        for (run, share) in (0..).zip(stands) {
            assert_eq!(runs.standing(1, 10, below / all + 1e-9), run);
            below += share;
            assert_eq!(runs.standing(1, 10, below / all - 1e-9), run);
        }
    }

    #[test]
    fn what_never_or_always_hits_is_certain() {
        assert_eq!(Runs::new(0.0, 2).trials(1, 0.5), None);
        assert_eq!(Runs::new(1.0, 5).trials(2, 0.5), Some(3));
        assert_eq!(Runs::new(1.0, 5).standing(0, 3, 0.5), 3);
    }
}
