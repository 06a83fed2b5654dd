//! The chain itself: states found from the one in which everything is new, and the rates between them.

use std::collections::HashMap;

use super::model::Model;
use crate::exact::error::NotExact;

/// Most states of a chain.
pub(crate) const STATES_MAX: usize = 200_000;

/// Most rates between states.
const RATES_MAX: usize = 8_000_000;

/// A continuous-time Markov chain; it starts in state 0.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    /// For each state, whether the entity is up.
    pub(super) up: Vec<bool>,
    /// Where the moves of each state begin; one more than there are states.
    pub(super) first: Vec<u32>,
    /// Moves: to which state, at how many per hour.
    pub(super) to: Vec<u32>,
    pub(super) rate: Vec<f64>,
    /// Something is never repaired: there is no long run.
    pub(super) never_repaired: bool,
}

impl Chain {
    /// Explores a model.
    ///
    /// # Errors
    /// [`NotExact::TooManyStates`] at the limit.
    pub(crate) fn explore(model: &Model) -> Result<Self, NotExact> {
        let mut chain = Self {
            up: Vec::new(),
            first: vec![0],
            to: Vec::new(),
            rate: Vec::new(),
            never_repaired: model.never_repaired(),
        };
        // Only looked up, never iterated: states are numbered as they are found.
        let mut numbers: HashMap<Vec<u16>, u32> = HashMap::new();
        let mut states = vec![model.start.clone()];
        numbers.insert(model.start.key(), 0);
        let mut row: Vec<(u32, f64)> = Vec::new();
        let mut at = 0;
        while at < states.len() {
            chain.up.push(model.is_up(&states[at]));
            row.clear();
            for (rate, branches) in model.moves(&states[at]) {
                for (state, probability) in branches {
                    let found = states.len() as u32;
                    let number = *numbers.entry(state.key()).or_insert(found);
                    if number == found {
                        states.push(state);
                    }
                    if number as usize != at {
                        row.push((number, rate * probability));
                    }
                }
            }
            chain.push(&mut row);
            if states.len() > STATES_MAX || chain.to.len() > RATES_MAX {
                return Err(NotExact::TooManyStates { states: STATES_MAX });
            }
            at += 1;
        }
        Ok(chain)
    }

    /// Adds the moves of the next state; several to one state become one.
    fn push(&mut self, row: &mut [(u32, f64)]) {
        row.sort_unstable_by_key(|&(to, _)| to);
        let first = *self.first.last().expect("bug: it begins with one") as usize;
        for &(to, rate) in row.iter() {
            if self.to.len() > first && self.to.last() == Some(&to) {
                *self.rate.last_mut().expect("bug: a rate a move") += rate;
            } else {
                self.to.push(to);
                self.rate.push(rate);
            }
        }
        self.first.push(self.to.len() as u32);
    }

    /// Number of states.
    pub(crate) const fn states(&self) -> usize {
        self.up.len()
    }

    /// Moves out of a state.
    pub(super) fn moves(&self, state: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let of = self.first[state] as usize..self.first[state + 1] as usize;
        self.to[of.clone()].iter().map(|&to| to as usize).zip(self.rate[of].iter().copied())
    }

    /// The chain that ends, in one last state, as soon as the entity is down, and from there goes back to the start at
    /// `back` per hour.
    pub(super) fn until_down(&self, back: f64) -> Self {
        let kept: Vec<usize> = (0..self.states()).filter(|&state| self.up[state]).collect();
        let mut number = vec![u32::MAX; self.states()];
        kept.iter().enumerate().for_each(|(place, &state)| number[state] = place as u32);
        let end = kept.len() as u32;
        let mut chain = Self {
            up: vec![true; kept.len()],
            first: vec![0],
            to: Vec::new(),
            rate: Vec::new(),
            never_repaired: false,
        };
        for &state in &kept {
            let to = |to: usize| if self.up[to] { number[to] } else { end };
            let mut row: Vec<(u32, f64)> = self.moves(state).map(|(next, rate)| (to(next), rate)).collect();
            chain.push(&mut row);
        }
        chain.up.push(false);
        chain.push(&mut if back > 0.0 { vec![(0, back)] } else { Vec::new() });
        chain
    }
}
