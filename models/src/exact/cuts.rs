//! Minimal cut sets, as a zero-suppressed decision diagram.
//!
//! A cut set is a set of variables whose loss takes the entity down whatever else is up; minimal if no part of it is
//! one. There may be astronomically many; the diagram stays about as small as that of the structure.
//!
//! Source: Rauzy, *Reliab. Eng. Syst. Saf.* 40 (1993); Minato, DAC (1993).

mod small;

use super::bdd::{Bdd, DOWN, NodeId, UP};
use super::error::NotExact;
use super::table::Table;
pub use small::ORDER_MAX;

/// The family of no sets: never down.
const NONE: u32 = 0;

/// The family of the empty set alone: always down.
const EMPTY_SET: u32 = 1;

/// Nodes a family may have.
const NODES_MAX: usize = 1 << 19;

/// Steps of a difference of families in all; bounds the time, as nodes bound the space.
const STEPS_MAX: u32 = 1 << 23;

/// Variables for which cut sets and importance are computed; bounds the time, which grows with their square.
pub const VARIABLES_MAX: usize = 5000;

enum Task {
    Solve(u32, u32),
    /// Takes this family from the last result.
    Less(u32),
    Join(u32, [u32; 3]),
}

/// Sets with the variable at `level` are those of `with`, the others those of `without`.
#[derive(Clone, Copy, Debug)]
struct Node {
    level: u32,
    with: u32,
    without: u32,
}

/// The minimal cut sets of one function.
#[derive(Clone, Debug)]
pub struct CutSets {
    nodes: Vec<Node>,
    unique: Table,
    minus: Table,
    steps: u32,
    top: u32,
}

impl CutSets {
    /// The minimal cut sets of the coherent function `top` over `variables` levels.
    ///
    /// # Errors
    /// [`NotExact::TooManyVariables`] or [`NotExact::TooLarge`].
    pub fn of(bdd: &Bdd, top: NodeId, variables: usize) -> Result<Self, NotExact> {
        if variables > VARIABLES_MAX {
            return Err(NotExact::TooManyVariables { variables, limit: VARIABLES_MAX });
        }
        let constant = |family| Node { level: u32::MAX, with: family, without: family };
        let nodes = vec![constant(NONE), constant(EMPTY_SET)];
        let mut sets = Self { nodes, unique: Table::new(), minus: Table::new(), steps: 0, top: NONE };
        let mut family = vec![NONE; top as usize + 1];
        family[DOWN as usize] = EMPTY_SET;
        for id in below(top, |id| (bdd.node(id).up, bdd.node(id).down)) {
            let node = bdd.node(id);
            let (up, down) = (family[node.up as usize], family[node.down as usize]);
            let with = sets.minus(down, up)?;
            family[id as usize] = sets.node(node.level, with, up)?;
        }
        sets.top = family[top as usize];
        Ok(sets)
    }

    /// How many there are; infinite beyond the range of `f64`.
    pub fn count(&self) -> f64 {
        let mut counts = vec![0.0, 1.0];
        for node in &self.nodes[2..] {
            counts.push(counts[node.with as usize] + counts[node.without as usize]);
        }
        counts[self.top as usize]
    }

    /// Number of nodes, the constants included; families are numbered below it.
    pub(crate) const fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// The family of all of them.
    pub(crate) const fn top(&self) -> u32 {
        self.top
    }

    /// The level a family decides, the sets with its variable (taken out) and those without; `None` for a constant.
    pub(crate) fn decision(&self, family: u32) -> Option<(u32, u32, u32)> {
        let node = self.nodes[family as usize];
        (family > EMPTY_SET).then_some((node.level, node.with, node.without))
    }

    /// Whether a family is that of the empty set alone.
    pub(crate) const fn is_empty_set(&self, family: u32) -> bool {
        family == EMPTY_SET
    }

    /// The function that is down exactly where all of some cut set is that holds a variable at one of `levels`.
    ///
    /// # Errors
    /// [`NotExact::TooLarge`] at the limit of either manager.
    pub fn touching(&mut self, levels: &[u32], bdd: &mut Bdd) -> Result<NodeId, NotExact> {
        let mut touching = vec![NONE; self.top as usize + 1];
        for id in below(self.top, |id| (self.nodes[id as usize].with, self.nodes[id as usize].without)) {
            let node = self.nodes[id as usize];
            let with = if levels.contains(&node.level) { node.with } else { touching[node.with as usize] };
            touching[id as usize] = self.node(node.level, with, touching[node.without as usize])?;
        }
        let top = touching[self.top as usize];
        let mut function = vec![UP; (top as usize + 1).max(2)];
        function[EMPTY_SET as usize] = DOWN;
        for id in below(top, |id| (self.nodes[id as usize].with, self.nodes[id as usize].without)) {
            let node = self.nodes[id as usize];
            let (with, without) = (function[node.with as usize], function[node.without as usize]);
            let both = bdd.and(with, without)?;
            function[id as usize] = bdd.decide(node.level, without, both)?;
        }
        Ok(function[top as usize])
    }

    fn node(&mut self, level: u32, with: u32, without: u32) -> Result<u32, NotExact> {
        if with == NONE {
            return Ok(without);
        }
        if let Some(node) = self.unique.get([level, with, without]) {
            return Ok(node);
        }
        if self.nodes.len() >= NODES_MAX {
            return Err(NotExact::TooLarge { nodes: NODES_MAX });
        }
        let id = self.nodes.len() as u32;
        self.nodes.push(Node { level, with, without });
        self.unique.insert([level, with, without], id);
        Ok(id)
    }

    /// The sets of `a` that hold no set of `b`.
    fn minus(&mut self, a: u32, b: u32) -> Result<u32, NotExact> {
        let (mut tasks, mut done) = (vec![Task::Solve(a, b)], Vec::new());
        let result = |done: &mut Vec<u32>| done.pop().expect("bug: each task finds its results");
        while let Some(task) = tasks.pop() {
            match task {
                Task::Solve(a, b) => match self.known(a, b) {
                    Some(family) => done.push(family),
                    None => self.split(a, b, &mut tasks)?,
                },
                Task::Less(b) => tasks.push(Task::Solve(result(&mut done), b)),
                Task::Join(level, key) => {
                    let (without, with) = (result(&mut done), result(&mut done));
                    let family = self.node(level, with, without)?;
                    self.minus.insert(key, family);
                    done.push(family);
                }
            }
        }
        Ok(result(&mut done))
    }

    fn known(&self, a: u32, b: u32) -> Option<u32> {
        match (a, b) {
            (NONE, _) | (_, EMPTY_SET) => Some(NONE),
            (a, NONE) => Some(a),
            (EMPTY_SET, _) => Some(EMPTY_SET),
            (a, b) if a == b => Some(NONE),
            (a, b) => self.minus.get([a, b, 0]),
        }
    }

    fn split(&mut self, a: u32, b: u32, tasks: &mut Vec<Task>) -> Result<(), NotExact> {
        self.steps += 1;
        if self.steps > STEPS_MAX {
            return Err(NotExact::TooLarge { nodes: NODES_MAX });
        }
        let (from, of) = (self.nodes[a as usize], self.nodes[b as usize]);
        if from.level > of.level {
            // No set of `a` holds that variable.
            tasks.push(Task::Solve(a, of.without));
            return Ok(());
        }
        tasks.push(Task::Join(from.level, [a, b, 0]));
        if from.level == of.level {
            tasks.push(Task::Solve(from.without, of.without));
            tasks.push(Task::Less(of.without));
            tasks.push(Task::Solve(from.with, of.with));
        } else {
            tasks.push(Task::Solve(from.without, b));
            tasks.push(Task::Solve(from.with, b));
        }
        Ok(())
    }
}

/// The nodes at and below `top`, constants left out, children first.
fn below(top: u32, children: impl Fn(u32) -> (u32, u32)) -> Vec<u32> {
    let mut inside = vec![false; top as usize + 1];
    inside[top as usize] = true;
    for id in (2..=top).rev() {
        if inside[id as usize] {
            let (first, second) = children(id);
            (inside[first as usize], inside[second as usize]) = (true, true);
        }
    }
    (2..=top).filter(|&id| inside[id as usize]).collect()
}
