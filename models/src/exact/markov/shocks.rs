//! Shocks in a state: how many units of each class they strike, and what follows.

use super::model::{Model, Shock};
use super::state::{Branches, State, then};
use crate::system::Hits;

impl Model {
    /// The states that may follow when a shock strikes.
    pub(super) fn struck(&self, state: &State, shock: &Shock) -> Branches {
        let start = vec![(state.clone(), 1.0)];
        let able = |class: usize| usize::from(state.able[class]);
        match &shock.hits {
            Hits::All => shock.strikes.iter().fold(start, |branches, &(class, kind, _)| {
                then(branches, |state| self.fail_so_many(state, kind, able(class)))
            }),
            Hits::Each(p) => shock.strikes.iter().fold(start, |branches, &(class, kind, _)| {
                let chance = |hit| choose(able(class), hit) * power(*p, hit) * power(1.0 - p, able(class) - hit);
                then(branches, |state| {
                    let sizes = (0..=able(class)).map(|hit| (hit, chance(hit))).filter(|(_, chance)| *chance > 0.0);
                    let fail = |(hit, chance): (usize, f64)| {
                        let failed = self.fail_so_many(state.clone(), kind, hit).into_iter();
                        failed.map(move |(state, part)| (state, part * chance))
                    };
                    sizes.flat_map(fail).collect()
                })
            }),
            Hits::Exactly(count) => self.draw(state.clone(), (&shock.strikes, *count as usize)),
            Hits::Burst(_) => unreachable!("bug: a chain has no bursts"),
        }
    }

    /// So many units drawn evenly out of those of some classes; who is down stays so.
    fn draw(&self, state: State, (strikes, count): (&[(usize, usize, usize)], usize)) -> Branches {
        let Some((&(class, kind, units), rest)) = strikes.split_first() else { return vec![(state, 1.0)] };
        let able = usize::from(state.able[class]);
        let others: usize = rest.iter().map(|(_, _, units)| units).sum();
        let mut all = Branches::new();
        for drawn in count.saturating_sub(others)..=count.min(units) {
            let here = choose(units, drawn) * choose(others, count - drawn) / choose(units + others, count);
            for hit in drawn.saturating_sub(units - able)..=drawn.min(able) {
                let up = choose(able, hit) * choose(units - able, drawn - hit) / choose(units, drawn);
                let failed = self.fail_so_many(state.clone(), kind, hit);
                let failed = then(failed, |state| self.draw(state, (rest, count - drawn)));
                all.extend(failed.into_iter().map(|(state, part)| (state, part * here * up)));
            }
        }
        all
    }

    fn fail_so_many(&self, state: State, kind: usize, count: usize) -> Branches {
        (0..count).fold(vec![(state, 1.0)], |all, _| merged(then(all, |state| self.fail_serving(state, kind))))
    }
}

/// Equal states as one: units that fail together begin their repairs in any order.
fn merged(branches: Branches) -> Branches {
    let mut all = Branches::new();
    for (state, part) in branches {
        match all.iter_mut().find(|(known, _)| *known == state) {
            Some((_, sum)) => *sum += part,
            None => all.push((state, part)),
        }
    }
    all
}

/// The number of ways to choose `k` of `n`.
fn choose(n: usize, k: usize) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

fn power(base: f64, exponent: usize) -> f64 {
    (0..exponent).map(|_| base).product()
}
