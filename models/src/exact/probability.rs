//! Probability of a decision diagram, for what is up and what is down alike.
//!
//! Both P(up) and P(down) of every node are sums of products of non-negative numbers: nothing is ever subtracted, so
//! an unavailability of 1e-30 has all its digits. Source: Rauzy, *Reliab. Eng. Syst. Saf.* 40 (1993), section 4.

use super::bdd::{Bdd, DOWN, NodeId, UP};

/// P(up) and P(down) of one thing; both are carried, because `1 - x` forgets digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// Probability of being up, 0..=1.
    pub up: f64,
    /// Probability of being down, 0..=1.
    pub down: f64,
}

impl Chance {
    /// Certainly up.
    pub const UP: Self = Self { up: 1.0, down: 0.0 };
    /// Certainly down.
    pub const DOWN: Self = Self { up: 0.0, down: 1.0 };

    /// From the probability of being down, 0..=1.
    pub const fn of_down(down: f64) -> Self {
        Self { up: 1.0 - down, down }
    }

    /// From the ratio of time down to time up, 0..=∞.
    pub fn of_ratio(ratio: f64) -> Self {
        if ratio == f64::INFINITY { Self::DOWN } else { Self { up: 1.0 / (1.0 + ratio), down: ratio / (1.0 + ratio) } }
    }

    /// Both of two independent things.
    pub const fn and(self, other: Self) -> Self {
        Self { up: self.up * other.up, down: self.down + self.up * other.down }
    }

    /// This thing if `self` is up, else that.
    pub(super) const fn choose(self, up: Self, down: Self) -> Self {
        Self { up: self.up * up.up + self.down * down.up, down: self.up * up.down + self.down * down.down }
    }
}

/// The part of a diagram below one node, packed for repeated evaluation.
#[derive(Clone, Debug)]
pub struct Diagram {
    /// Children before parents: variable, up, down. The first two are the constants.
    nodes: Vec<(usize, u32, u32)>,
    top: u32,
}

impl Diagram {
    /// What is below `top`; `order` gives the variable of each level.
    pub fn below(bdd: &Bdd, top: NodeId, order: &[usize]) -> Self {
        let mut inside = vec![false; top as usize + 1];
        inside[top as usize] = true;
        for id in (2..=top).rev().filter(|id| *id > UP) {
            if inside[id as usize] {
                let node = bdd.node(id);
                inside[node.up as usize] = true;
                inside[node.down as usize] = true;
            }
        }
        let mut place = vec![u32::MAX; (top as usize + 1).max(2)];
        (place[DOWN as usize], place[UP as usize]) = (DOWN, UP);
        let mut nodes = vec![(usize::MAX, DOWN, DOWN), (usize::MAX, UP, UP)];
        for id in (2..=top).filter(|&id| inside[id as usize]) {
            let node = bdd.node(id);
            place[id as usize] = nodes.len() as u32;
            nodes.push((order[node.level as usize], place[node.up as usize], place[node.down as usize]));
        }
        Self { nodes, top: place[top as usize] }
    }

    /// Number of decisions.
    pub const fn len(&self) -> usize {
        self.nodes.len() - 2
    }

    /// Whether it is constant.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// P(up) and P(down) given those of the variables, which are independent.
    pub fn chance(&self, of: impl Fn(usize) -> Chance) -> Chance {
        self.chances(of)[self.top as usize]
    }

    /// The variables without which the function is down whatever else is up, ascending.
    ///
    /// Since the function is coherent, those are the ones that alone lead from the all-up path to down.
    pub fn essential(&self) -> Vec<usize> {
        // For each node, where the all-up path from it ends.
        let mut ends = vec![DOWN, UP];
        for &(_, up, _) in &self.nodes[2..] {
            ends.push(ends[up as usize]);
        }
        let (mut essential, mut at) = (Vec::new(), self.top);
        while at > UP {
            let (variable, up, down) = self.nodes[at as usize];
            if ends[down as usize] == DOWN {
                essential.push(variable);
            }
            at = up;
        }
        essential.sort_unstable();
        essential
    }

    fn chances(&self, of: impl Fn(usize) -> Chance) -> Vec<Chance> {
        let mut chances = vec![Chance::DOWN, Chance::UP];
        for &(variable, up, down) in &self.nodes[2..] {
            chances.push(of(variable).choose(chances[up as usize], chances[down as usize]));
        }
        chances
    }
}

/// Chances of every node of a manager, kept up as it grows.
#[derive(Clone, Debug)]
pub(super) struct NodeChances {
    by_level: Vec<Chance>,
    of: Vec<Chance>,
}

impl NodeChances {
    /// `by_level`: the chance of the variable at each level.
    pub(super) fn new(by_level: Vec<Chance>) -> Self {
        Self { by_level, of: vec![Chance::DOWN, Chance::UP] }
    }

    pub(super) fn get(&mut self, bdd: &Bdd, node: NodeId) -> Chance {
        for id in self.of.len()..bdd.len() {
            let node = bdd.node(id as NodeId);
            let own = self.by_level[node.level as usize];
            self.of.push(own.choose(self.of[node.up as usize], self.of[node.down as usize]));
        }
        self.of[node as usize]
    }

    pub(super) fn forget_after(&mut self, nodes: usize) {
        self.of.truncate(nodes.max(2));
    }

    pub(super) fn of_level(&self, level: u32) -> Chance {
        self.by_level[level as usize]
    }
}
