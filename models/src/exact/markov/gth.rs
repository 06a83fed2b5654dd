//! The long run of a chain by elimination of states, without a subtraction: every digit of a small probability is kept.
//!
//! Source: Grassmann, Taksar & Heyman, *Oper. Res.* 33 (1985) 1107; O'Cinneide, *Numer. Math.* 65 (1993) 109 for its
//! relative error, entry by entry.

use super::chain::Chain;

/// Most states: the work grows with their cube.
pub(super) const STATES_MAX: usize = 800;

/// Long-run probabilities. Every state must be reachable from every other; states that nobody comes back to get 0.
pub(super) fn long_run(chain: &Chain) -> Option<Vec<f64>> {
    let count = chain.states();
    let mut rates = vec![0.0; count * count];
    for state in 0..count {
        for (to, rate) in chain.moves(state) {
            rates[state * count + to] += rate;
        }
    }
    for last in (1..count).rev() {
        let (above, row) = rates.split_at_mut(last * count);
        let out: f64 = row[..last].iter().sum();
        if !(out > 0.0) {
            return None;
        }
        for state in above.chunks_exact_mut(count) {
            let into = state[last] / out;
            state[last] = into;
            if into > 0.0 {
                for (rate, &through) in state[..last].iter_mut().zip(&row[..last]) {
                    *rate += into * through;
                }
            }
        }
    }
    let mut share = vec![0.0; count];
    share[0] = 1.0;
    for state in 1..count {
        share[state] = (0..state).map(|from| share[from] * rates[from * count + state]).sum();
    }
    let total: f64 = share.iter().sum();
    share.iter_mut().for_each(|one| *one /= total);
    Some(share)
}
