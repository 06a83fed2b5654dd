//! Coherent structure functions: an arena of threshold gates over independent variables.
//!
//! A variable is the statement "this replica, or this domain, is healthy". *All* is a threshold of all members, *any*
//! a threshold of one. Coherent: there is no negation, so repairing something never brings anything down.

use std::collections::BTreeSet;

/// Index of a gate in its [`Structure`]; members have smaller indices than their gate.
pub type GateId = usize;

/// One gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Up while this variable is.
    Leaf(usize),
    /// Up while at least `need` of the members are; a member named twice counts twice.
    AtLeast {
        /// Members needed; 0 is always up, more than there are members is never up.
        need: u32,
        /// The members.
        of: Vec<GateId>,
    },
}

/// One gate and what is below it: local gates and variables are places in the lists of the original ones.
#[derive(Clone, Debug)]
pub struct Extract {
    /// The gates, the wanted one last.
    pub structure: Structure,
    /// For each gate, the original, ascending.
    pub gates: Vec<GateId>,
    /// For each variable, the original, ascending.
    pub variables: Vec<usize>,
}

/// An arena of gates.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    gates: Vec<Gate>,
    leaves: Vec<Option<GateId>>,
}

impl Structure {
    /// The gate of a variable; one a variable.
    pub fn leaf(&mut self, variable: usize) -> GateId {
        if self.leaves.len() <= variable {
            self.leaves.resize(variable + 1, None);
        }
        if let Some(gate) = self.leaves[variable] {
            return gate;
        }
        let gate = self.push(Gate::Leaf(variable));
        self.leaves[variable] = Some(gate);
        gate
    }

    /// A gate that is up while at least `need` of `of` are.
    ///
    /// # Panics
    /// If a member is not a gate of this structure.
    pub fn at_least(&mut self, need: u32, of: Vec<GateId>) -> GateId {
        assert!(of.iter().all(|&member| member < self.gates.len()), "bug: a gate's members come before it");
        self.push(Gate::AtLeast { need, of })
    }

    /// A gate that is up while all of `of` are.
    pub fn all(&mut self, of: Vec<GateId>) -> GateId {
        self.at_least(of.len() as u32, of)
    }

    /// What a gate is.
    pub fn gate(&self, gate: GateId) -> &Gate {
        &self.gates[gate]
    }

    /// Number of gates.
    pub const fn len(&self) -> usize {
        self.gates.len()
    }

    /// Whether there is no gate.
    pub const fn is_empty(&self) -> bool {
        self.gates.is_empty()
    }

    /// The gate of a variable, if it occurs.
    pub fn leaf_of(&self, variable: usize) -> Option<GateId> {
        self.leaves.get(variable).copied().flatten()
    }

    /// `root` and everything below it, ascending.
    pub fn cone(&self, root: GateId) -> Vec<GateId> {
        let (mut inside, mut open) = (BTreeSet::from([root]), vec![root]);
        while let Some(gate) = open.pop() {
            if let Gate::AtLeast { of, .. } = &self.gates[gate] {
                open.extend(of.iter().filter(|&&member| inside.insert(member)));
            }
        }
        inside.into_iter().collect()
    }

    /// `root` alone: a structure of what is below it, densely numbered in the same order.
    pub fn extract(&self, root: GateId) -> Extract {
        let gates = self.cone(root);
        let variables = self.variables(root);
        let place = |all: &[usize], one: usize| all.binary_search(&one).expect("bug: a cone is closed");
        let mut structure = Self { gates: Vec::new(), leaves: vec![None; variables.len()] };
        for (local, &gate) in gates.iter().enumerate() {
            structure.gates.push(match &self.gates[gate] {
                Gate::Leaf(variable) => {
                    let variable = place(&variables, *variable);
                    structure.leaves[variable] = Some(local);
                    Gate::Leaf(variable)
                }
                Gate::AtLeast { need, of } => {
                    let of = of.iter().map(|&member| place(&gates, member)).collect();
                    Gate::AtLeast { need: *need, of }
                }
            });
        }
        Extract { structure, gates, variables }
    }

    /// The variables `root` depends on, ascending.
    pub fn variables(&self, root: GateId) -> Vec<usize> {
        let leaf = |gate: GateId| if let Gate::Leaf(variable) = self.gates[gate] { Some(variable) } else { None };
        let mut variables: Vec<usize> = self.cone(root).into_iter().filter_map(leaf).collect();
        variables.sort_unstable();
        variables
    }

    /// Whether `root` is up in one state of the variables. Looks at every gate up to `root`.
    pub fn works(&self, root: GateId, healthy: impl Fn(usize) -> bool) -> bool {
        let mut up = vec![false; root + 1];
        for gate in 0..=root {
            up[gate] = match &self.gates[gate] {
                Gate::Leaf(variable) => healthy(*variable),
                Gate::AtLeast { need, of } => of.iter().filter(|&&member| up[member]).count() >= *need as usize,
            };
        }
        up[root]
    }

    fn push(&mut self, gate: Gate) -> GateId {
        self.gates.push(gate);
        self.gates.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_counts_its_members() {
        let mut structure = Structure::default();
        let leaves: Vec<GateId> = (0..3).map(|v| structure.leaf(v)).collect();
        assert_eq!(structure.leaf(1), leaves[1]);
        let majority = structure.at_least(2, leaves.clone());
        let top = structure.all(vec![majority, leaves[0]]);
        assert!(structure.works(top, |v| v != 2));
        assert!(!structure.works(top, |v| v != 0));
        assert!(structure.works(majority, |v| v != 0));
        assert_eq!(structure.variables(top), [0, 1, 2]);
        assert_eq!(structure.cone(majority), [0, 1, 2, 3]);
        let always = structure.all(Vec::new());
        assert!(structure.works(always, |_| false));
        let part = structure.extract(majority);
        assert_eq!(part.gates, [0, 1, 2, 3]);
        assert_eq!(part.structure.gate(3), structure.gate(majority));
    }
}
