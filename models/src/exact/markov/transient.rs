//! The course of a chain over time by uniformization.
//!
//! With Λ the largest rate out of a state, `p(t) = Σₖ Poisson(k; Λt) · p₀ Pᵏ` and `∫₀ᵗ p = 1/Λ · Σₖ P(N > k) · p₀ Pᵏ`; every
//! term is a probability, and those left out are below [`LEAST_WEIGHT`] of the largest. Source: Jensen (1953); Fox & Glynn,
//! *Commun. ACM* 31 (1988) 440.

use super::chain::Chain;
use crate::exact::error::NotExact;
use crate::exact::probability::Chance;

/// Poisson weights below this share of the largest are left out.
const LEAST_WEIGHT: f64 = 1e-22;

/// Most additions.
const WORK_MAX: f64 = 2e9;

/// What a chain does until an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Course {
    /// Chance of being up or down at the instant.
    pub(crate) at: Chance,
    /// Mean shares of the time until then.
    pub(crate) until: Chance,
}

/// Poisson probabilities from the first that counts.
struct Weights {
    first: usize,
    weights: Vec<f64>,
}

impl Weights {
    /// From the mode outwards by ratios, so that nothing overflows; normalised by their sum.
    fn of(mean: f64) -> Self {
        let mode = mean as usize;
        let (mut below, mut above) = (vec![1.0], Vec::new());
        let mut at = mode;
        while at > 0 && below[below.len() - 1] > LEAST_WEIGHT {
            below.push(below[below.len() - 1] * at as f64 / mean);
            at -= 1;
        }
        let mut weight = mean / (mode + 1) as f64;
        let mut next = mode + 2;
        while weight > LEAST_WEIGHT {
            above.push(weight);
            weight *= mean / next as f64;
            next += 1;
        }
        below.reverse();
        let first = mode + 1 - below.len();
        below.extend(above);
        // From the small to the large, so that no digits are lost.
        let mut ordered = below.clone();
        ordered.sort_by(f64::total_cmp);
        let total: f64 = ordered.iter().sum();
        Self { first, weights: below.into_iter().map(|weight| weight / total).collect() }
    }
}

impl Chain {
    /// The course until `hours`, at least 0, from the start.
    ///
    /// # Errors
    /// [`NotExact::TooManySteps`] if the instant is too many transitions away.
    pub(crate) fn course(&self, hours: f64) -> Result<Course, NotExact> {
        let out: Vec<f64> = (0..self.states()).map(|state| self.moves(state).map(|(_, rate)| rate).sum()).collect();
        let fastest = out.iter().copied().fold(0.0, f64::max);
        let mean = fastest * hours;
        let start = if self.up[0] { Chance::UP } else { Chance::DOWN };
        if mean == 0.0 {
            return Ok(Course { at: start, until: start });
        }
        if mean * (self.to.len() + self.states()) as f64 > WORK_MAX {
            return Err(NotExact::TooManySteps);
        }
        let Weights { first, weights } = Weights::of(mean);
        let mut left: Vec<f64> = weights.clone();
        (0..left.len().saturating_sub(1)).rev().for_each(|k| left[k] += left[k + 1]);
        let (mut share, mut next) = (vec![0.0; self.states()], vec![0.0; self.states()]);
        share[0] = 1.0;
        let (mut at, mut sum) = ([0.0; 2], [0.0; 2]);
        for step in 0..first + weights.len() {
            let place = step.checked_sub(first);
            let weight = place.map_or(0.0, |place| weights[place]);
            let more = match place {
                None => 1.0,
                Some(place) => left.get(place + 1).copied().unwrap_or(0.0),
            };
            let part = self.parts(&share);
            for side in 0..2 {
                at[side] += weight * part[side];
                sum[side] += more * part[side];
            }
            self.step(&mut share, &mut next, (&out, fastest));
        }
        let until = Chance { up: sum[0] / mean, down: sum[1] / mean };
        Ok(Course { at: Chance { up: at[0], down: at[1] }, until })
    }

    /// Chance of no failure until `hours`, and of one.
    ///
    /// # Errors
    /// [`NotExact::TooManySteps`].
    pub(crate) fn survives(&self, hours: f64) -> Result<Chance, NotExact> {
        if self.up[0] { self.until_down(0.0).course(hours).map(|course| course.at) } else { Ok(Chance::DOWN) }
    }

    /// Probability up and down.
    fn parts(&self, share: &[f64]) -> [f64; 2] {
        let mut parts = [0.0; 2];
        share.iter().zip(&self.up).for_each(|(share, &up)| parts[usize::from(!up)] += share);
        parts
    }

    /// One step of the uniformized chain.
    fn step(&self, share: &mut Vec<f64>, next: &mut Vec<f64>, (out, fastest): (&[f64], f64)) {
        for (state, one) in next.iter_mut().enumerate() {
            *one = share[state] * (fastest - out[state]) / fastest;
        }
        for (state, &part) in share.iter().enumerate().filter(|(_, part)| **part > 0.0) {
            let part = part / fastest;
            self.moves(state).for_each(|(to, rate)| next[to] += part * rate);
        }
        std::mem::swap(share, next);
    }
}
