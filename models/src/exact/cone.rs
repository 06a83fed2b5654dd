//! One entity's structure as decision diagrams: itself, and variants of it with gates held up or down.

use super::bdd::{Bdd, DOWN, NODES_MAX, NodeId, UP};
use super::error::NotExact;
use super::order::candidates;
use super::probability::{Chance, Diagram, NodeChances};
use super::structure::{Extract, Gate, GateId, Structure};
use super::weighted_order::weighted;

/// Nodes an order of variables gets in the first round; whoever fits is taken.
const FIRST_ROUND: usize = 1 << 16;

/// Nodes in the second round.
const SECOND_ROUND: usize = 1 << 18;

/// A compiled entity.
#[derive(Clone, Debug)]
pub struct Cone {
    /// The entity alone; its root is the last gate.
    part: Extract,
    /// The variable, numbered locally, at each level.
    order: Vec<usize>,
    /// The level of each local variable.
    level: Vec<u32>,
    bdd: Bdd,
    /// The function of each local gate.
    built: Vec<NodeId>,
}

impl Cone {
    /// Compiles `root`, by the first order of variables that fits.
    ///
    /// # Errors
    /// [`NotExact::TooLarge`] if none does.
    pub fn compile(structure: &Structure, root: GateId) -> Result<Self, NotExact> {
        let part = structure.extract(root);
        let mut orders = candidates(&part.structure, part.gates.len() - 1);
        if let Ok(cone) = Self::compile_by(&part, &orders, FIRST_ROUND) {
            return Ok(cone);
        }
        let others: Vec<_> = weighted(&part.structure).into_iter().filter(|order| !orders.contains(order)).collect();
        let first = Self::compile_by(&part, &others, FIRST_ROUND);
        orders.extend(others);
        let second = first.or_else(|_| Self::compile_by(&part, &orders, SECOND_ROUND));
        second.or_else(|_| Self::compile_by(&part, &orders, NODES_MAX))
    }

    /// By the first of these orders that fits.
    fn compile_by(part: &Extract, orders: &[Vec<usize>], nodes_max: usize) -> Result<Self, NotExact> {
        let mut fitting = orders.iter().filter_map(|order| Self::compile_in(part, order, nodes_max).ok());
        fitting.next().ok_or(NotExact::TooLarge { nodes: nodes_max })
    }

    fn compile_in(part: &Extract, order: &[usize], nodes_max: usize) -> Result<Self, NotExact> {
        let mut level = vec![u32::MAX; order.len()];
        order.iter().enumerate().for_each(|(place, &variable)| level[variable] = place as u32);
        let (part, order, built) = (part.clone(), order.to_vec(), vec![DOWN; part.gates.len()]);
        let mut cone = Self { part, order, level, bdd: Bdd::new(nodes_max), built };
        cone.built = cone.build(&[])?;
        // What comes after, variants and cut sets, may use the whole limit.
        cone.bdd.allow(NODES_MAX);
        Ok(cone)
    }

    /// The entity's own function.
    pub fn top(&self) -> NodeId {
        self.built[self.built.len() - 1]
    }

    /// Whether a gate lies below the root, or is it.
    pub fn holds(&self, gate: GateId) -> bool {
        self.part.gates.binary_search(&gate).is_ok()
    }

    /// The variables, ascending.
    pub fn variables(&self) -> &[usize] {
        &self.part.variables
    }

    /// The level of a variable.
    pub(super) fn level_of(&self, variable: usize) -> Option<u32> {
        self.part.variables.binary_search(&variable).ok().map(|local| self.level[local])
    }

    /// Whether to hold `gates` is to hold this one variable: they are its function, and nothing else looks at it.
    pub(super) fn stand_for(&self, gates: &[GateId], variable: usize) -> bool {
        let local = self.part.variables.binary_search(&variable).ok();
        let Some(leaf) = local.and_then(|local| self.part.structure.leaf_of(local)) else { return false };
        let is_held = |gate: usize| gates.contains(&self.part.gates[gate]);
        let mut same = vec![false; self.built.len()];
        for gate in leaf..self.built.len() {
            same[gate] = match self.part.structure.gate(gate) {
                Gate::Leaf(_) => gate == leaf,
                Gate::AtLeast { of, .. } => {
                    let looks = of.iter().any(|&member| same[member] && !is_held(member));
                    if looks && self.built[gate] != self.built[leaf] {
                        return false;
                    }
                    looks
                }
            };
        }
        (leaf..self.built.len()).all(|gate| !is_held(gate) || same[gate]) && !same[self.built.len() - 1]
    }

    /// The entity's function with all of `gates` held up, or all held down.
    ///
    /// # Errors
    /// [`NotExact::TooLarge`] at the limit.
    pub fn holding(&mut self, gates: &[GateId], up: bool) -> Result<NodeId, NotExact> {
        let local = gates.iter().filter_map(|gate| self.part.gates.binary_search(gate).ok());
        let forced: Vec<(GateId, NodeId)> = local.map(|gate| (gate, if up { UP } else { DOWN })).collect();
        let built = self.build(&forced)?;
        Ok(built[built.len() - 1])
    }

    /// What is below a function, packed.
    pub fn diagram(&self, function: NodeId) -> Diagram {
        Diagram::below(&self.bdd, function, &self.by_level())
    }

    /// The chances of all functions, given those of the variables.
    pub(super) fn chances(&self, of: impl Fn(usize) -> Chance) -> NodeChances {
        NodeChances::new(self.order.iter().map(|&local| of(self.part.variables[local])).collect())
    }

    /// The variable at each level.
    pub fn by_level(&self) -> Vec<usize> {
        self.order.iter().map(|&local| self.part.variables[local]).collect()
    }

    /// The manager.
    pub(crate) const fn bdd(&mut self) -> &mut Bdd {
        &mut self.bdd
    }

    /// The functions of all gates, bottom-up; a gate that is not above a forced one keeps its function.
    fn build(&mut self, forced: &[(GateId, NodeId)]) -> Result<Vec<NodeId>, NotExact> {
        let mut built = self.built.clone();
        let mut changed = vec![false; built.len()];
        for gate in 0..built.len() {
            if let Some(&(_, function)) = forced.iter().find(|(held, _)| *held == gate) {
                (built[gate], changed[gate]) = (function, true);
                continue;
            }
            let (need, members) = match self.part.structure.gate(gate) {
                Gate::Leaf(variable) => {
                    built[gate] = self.bdd.decide(self.level[*variable], UP, DOWN)?;
                    continue;
                }
                Gate::AtLeast { need, of } => {
                    if !forced.is_empty() && !of.iter().any(|&member| changed[member]) {
                        continue;
                    }
                    (*need, of.iter().map(|&member| built[member]).collect())
                }
            };
            (built[gate], changed[gate]) = (self.threshold(need, members)?, true);
        }
        Ok(built)
    }

    /// At least `need` of `members`, by `T(i, j) = member i up ? T(i + 1, j - 1) : T(i + 1, j)`, where `j` are still
    /// needed from member `i` on: O(members × need) nodes if they are distinct variables.
    fn threshold(&mut self, need: u32, mut members: Vec<NodeId>) -> Result<NodeId, NotExact> {
        let (need, count) = (need as usize, members.len());
        if need > count {
            return Ok(DOWN);
        }
        members.sort_by_key(|&member| (self.bdd.node(member).level, member));
        // `row[j]` is T(i, j): up for j = 0, down for j above the members left.
        let mut row = vec![DOWN; need + 1];
        row[0] = UP;
        for (i, &member) in members.iter().enumerate().rev() {
            let left = count - i;
            // Downwards, so that `row[j - 1]` is still that of the next member. Below `need - i` nobody ever asks.
            for j in (need.saturating_sub(i).max(1)..=need.min(left)).rev() {
                row[j] = self.bdd.ite(member, row[j - 1], row[j])?;
            }
        }
        Ok(row[need])
    }
}
