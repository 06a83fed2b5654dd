//! Reduced ordered binary decision diagrams: a structure function as a shared graph of decisions.
//!
//! Every node asks one variable "are you up?" and leads on; equal functions are one node. A manager
//! lives as long as one analysis. Children have smaller indices than their parents, so one ascending pass is
//! a bottom-up pass. There is no recursion, so no depth of diagram can exhaust the stack.
//!
//! Source: Bryant, *IEEE Trans. Comput.* C-35 (1986); `ite` after Brace, Rudell and Bryant, DAC (1990).

use super::error::NotExact;
use super::table::Table;

/// Index of a node.
pub type NodeId = u32;

/// The function that is always down.
pub const DOWN: NodeId = 0;

/// The function that is always up.
pub const UP: NodeId = 1;

/// Nodes a manager may hold; about 150 MB with its tables.
pub const NODES_MAX: usize = 1 << 21;

/// Results of `ite` that are remembered before they are forgotten all at once. It changes time, never results.
const CACHE_MAX: usize = 1 << 21;

/// Steps of `ite` per allowed node; bounds the time of a hopeless order of variables.
const STEPS_PER_NODE: u64 = 16;

/// A decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Place of the variable in the order; `u32::MAX` for the two constants.
    pub level: u32,
    /// Where to go if the variable is up.
    pub up: NodeId,
    /// Where to go if it is down.
    pub down: NodeId,
}

/// A manager of decision diagrams over one order of variables.
#[derive(Clone, Debug)]
pub struct Bdd {
    nodes: Vec<Node>,
    unique: Table,
    cache: Table,
    nodes_max: usize,
    steps_left: u64,
}

enum Task {
    Solve(NodeId, NodeId, NodeId),
    Join(u32, [u32; 3]),
}

impl Bdd {
    /// An empty manager that refuses to grow beyond `nodes_max` nodes.
    pub fn new(nodes_max: usize) -> Self {
        let constant = |node| Node { level: u32::MAX, up: node, down: node };
        Self {
            nodes: vec![constant(DOWN), constant(UP)],
            unique: Table::new(),
            cache: Table::new(),
            nodes_max,
            steps_left: STEPS_PER_NODE * nodes_max as u64,
        }
    }

    /// Number of nodes, the constants included.
    pub const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never: the constants are always there.
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// Raises the limits to those of a manager of `nodes_max` nodes.
    pub(super) fn allow(&mut self, nodes_max: usize) {
        self.nodes_max = self.nodes_max.max(nodes_max);
        self.steps_left = STEPS_PER_NODE * self.nodes_max as u64;
    }

    /// Sets the steps that may be taken from now on.
    pub(super) const fn allow_steps(&mut self, steps: u64) {
        self.steps_left = steps;
    }

    /// Forgets all nodes after the first `nodes`.
    pub(super) fn forget_after(&mut self, nodes: usize) {
        self.nodes.truncate(nodes.max(2));
        self.unique = Table::new();
        for (id, node) in self.nodes.iter().enumerate().skip(2) {
            self.unique.insert([node.level, node.up, node.down], id as NodeId);
        }
        self.cache = Table::new();
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> Node {
        self.nodes[id as usize]
    }

    /// The function that asks `level` and goes to `up` or `down`, whose own levels must be larger.
    ///
    /// # Errors
    /// [`NotExact::TooLarge`] at the limit.
    pub fn decide(&mut self, level: u32, up: NodeId, down: NodeId) -> Result<NodeId, NotExact> {
        debug_assert!(level < self.node(up).level.min(self.node(down).level), "bug: levels descend");
        if up == down {
            return Ok(up);
        }
        if let Some(node) = self.unique.get([level, up, down]) {
            return Ok(node);
        }
        if self.nodes.len() >= self.nodes_max {
            return Err(NotExact::TooLarge { nodes: self.nodes_max });
        }
        let node = self.nodes.len() as NodeId;
        self.nodes.push(Node { level, up, down });
        self.unique.insert([level, up, down], node);
        Ok(node)
    }

    /// `f` and `g`.
    ///
    /// # Errors
    /// [`NotExact::TooLarge`] at the limit.
    pub fn and(&mut self, f: NodeId, g: NodeId) -> Result<NodeId, NotExact> {
        let (first, second) = (f.min(g), f.max(g));
        self.ite(first, second, DOWN)
    }

    /// `f` and not `g`: up where `f` is and `g` is not.
    ///
    /// # Errors
    /// [`NotExact::TooLarge`] at the limit.
    pub fn but_not(&mut self, f: NodeId, g: NodeId) -> Result<NodeId, NotExact> {
        self.ite(g, DOWN, f)
    }

    /// `g` where `f` is up, `h` where it is down.
    ///
    /// # Errors
    /// [`NotExact::TooLarge`] at the limit of nodes, or of steps in proportion to it.
    pub fn ite(&mut self, f: NodeId, g: NodeId, h: NodeId) -> Result<NodeId, NotExact> {
        let mut tasks = vec![Task::Solve(f, g, h)];
        let mut done: Vec<NodeId> = Vec::new();
        while let Some(task) = tasks.pop() {
            match task {
                Task::Solve(f, g, h) => match self.known(f, g, h) {
                    Some(node) => done.push(node),
                    None => self.split([f, g, h], &mut tasks)?,
                },
                Task::Join(level, key) => {
                    let (down, up) = (done.pop(), done.pop());
                    let both = up.zip(down);
                    let (up, down) = both.expect("bug: a join has two results");
                    let node = self.decide(level, up, down)?;
                    if self.cache.len() >= CACHE_MAX {
                        self.cache = Table::new();
                    }
                    self.cache.insert(key, node);
                    done.push(node);
                }
            }
        }
        Ok(done.pop().expect("bug: the first task leaves a result"))
    }

    fn known(&self, f: NodeId, g: NodeId, h: NodeId) -> Option<NodeId> {
        match (f, g, h) {
            (UP, g, _) => Some(g),
            (DOWN, _, h) => Some(h),
            (_, g, h) if g == h => Some(g),
            (f, UP, DOWN) => Some(f),
            _ => self.cache.get([f, g, h]),
        }
    }

    fn split(&mut self, key: [NodeId; 3], tasks: &mut Vec<Task>) -> Result<(), NotExact> {
        self.steps_left = self.steps_left.checked_sub(1).ok_or(NotExact::TooLarge { nodes: self.nodes_max })?;
        let level = key.iter().map(|&node| self.node(node).level).min().unwrap_or(u32::MAX);
        let branch = |id: NodeId, up: bool| {
            let node = self.node(id);
            if node.level > level {
                id
            } else if up {
                node.up
            } else {
                node.down
            }
        };
        let [f, g, h] = key;
        tasks.push(Task::Join(level, key));
        tasks.push(Task::Solve(branch(f, false), branch(g, false), branch(h, false)));
        tasks.push(Task::Solve(branch(f, true), branch(g, true), branch(h, true)));
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn equal_functions_are_one_node() {
        let mut bdd = Bdd::new(100);
        let x = bdd.decide(0, UP, DOWN).unwrap();
        let y = bdd.decide(1, UP, DOWN).unwrap();
        let both = bdd.and(x, y).unwrap();
        assert_eq!(bdd.and(y, x).unwrap(), both);
        assert_eq!(bdd.ite(x, y, DOWN).unwrap(), both);
        let only_x = bdd.but_not(x, y).unwrap();
        assert_eq!(bdd.ite(only_x, UP, both).unwrap(), x);
        assert_eq!(bdd.but_not(both, x).unwrap(), DOWN);
    }

    #[test]
    fn the_limit_is_a_refusal() {
        let mut bdd = Bdd::new(4);
        let x = bdd.decide(0, UP, DOWN).unwrap();
        let y = bdd.decide(1, UP, DOWN).unwrap();
        assert_eq!(bdd.and(x, y), Err(NotExact::TooLarge { nodes: 4 }));
    }

    #[test]
    fn what_is_forgotten_can_be_built_again() {
        let mut bdd = Bdd::new(100);
        let x = bdd.decide(0, UP, DOWN).unwrap();
        let y = bdd.decide(1, UP, DOWN).unwrap();
        let both = bdd.and(x, y).unwrap();
        bdd.forget_after(4);
        assert_eq!(bdd.len(), 4);
        assert_eq!(bdd.ite(x, UP, y).unwrap(), both);
        assert_eq!(bdd.node(both), Node { level: 0, up: UP, down: y });
    }

    #[test]
    fn a_deep_diagram_does_not_exhaust_the_stack() {
        let mut bdd = Bdd::new(1 << 20);
        let (mut evens, mut odds) = (UP, UP);
        for level in (0..200_000).rev() {
            if level % 2 == 0 {
                evens = bdd.decide(level, evens, DOWN).unwrap();
            } else {
                odds = bdd.decide(level, odds, DOWN).unwrap();
            }
        }
        let all = bdd.and(evens, odds).unwrap();
        assert_eq!(bdd.node(all).level, 0);
    }
}
