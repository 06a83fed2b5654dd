//! The long run of a large chain by Gauss–Seidel sweeps, forwards and backwards; they add and never subtract.
//!
//! Source: Stewart, *Introduction to the Numerical Solution of Markov Chains* (1994), 3.4.

use super::chain::Chain;

/// A sweep changes no probability by more than this share of itself …
const TOLERANCE: f64 = 1e-13;

/// … or so many additions have been made in vain.
const WORK_MAX: u64 = 3_000_000_000;

/// Moves into each state.
struct Inward {
    first: Vec<u32>,
    from: Vec<u32>,
    rate: Vec<f64>,
    out: Vec<f64>,
}

impl Inward {
    fn of(chain: &Chain) -> Self {
        let count = chain.states();
        let mut first = vec![0_u32; count + 1];
        chain.to.iter().for_each(|&to| first[to as usize + 1] += 1);
        (0..count).for_each(|state| first[state + 1] += first[state]);
        let mut next = first.clone();
        let (mut from, mut rate) = (vec![0; chain.to.len()], vec![0.0; chain.to.len()]);
        let mut out = vec![0.0; count];
        for (state, out) in out.iter_mut().enumerate() {
            for (to, per_hour) in chain.moves(state) {
                let place = next[to] as usize;
                (from[place], rate[place]) = (state as u32, per_hour);
                next[to] += 1;
                *out += per_hour;
            }
        }
        Self { first, from, rate, out }
    }

    /// One state from those it is reached from; returns the relative change.
    fn renew(&self, share: &mut [f64], state: usize) -> f64 {
        let of = self.first[state] as usize..self.first[state + 1] as usize;
        let inflow: f64 =
            self.from[of.clone()].iter().zip(&self.rate[of]).map(|(&from, rate)| share[from as usize] * rate).sum();
        let (before, now) = (share[state], inflow / self.out[state]);
        share[state] = now;
        if now > 0.0 { ((now - before) / now).abs() } else { 0.0 }
    }
}

/// Long-run probabilities; `None` if they do not settle.
pub(super) fn long_run(chain: &Chain) -> Option<Vec<f64>> {
    let (inward, count) = (Inward::of(chain), chain.states());
    if inward.out.iter().any(|&out| !(out > 0.0)) {
        return None;
    }
    let mut share = vec![1.0 / count as f64; count];
    let mut work = 0;
    while work < WORK_MAX {
        let forwards = (0..count).fold(0.0_f64, |most, state| most.max(inward.renew(&mut share, state)));
        let backwards = (0..count).rev().fold(0.0_f64, |most, state| most.max(inward.renew(&mut share, state)));
        let total: f64 = share.iter().sum();
        share.iter_mut().for_each(|one| *one /= total);
        if forwards.max(backwards) <= TOLERANCE {
            return Some(share);
        }
        work += 2 * chain.to.len() as u64;
    }
    None
}
