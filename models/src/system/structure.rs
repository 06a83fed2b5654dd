//! The structure function as an arena of threshold gates over units.
//!
//! Gate `u` below the number of replicas is a leaf: replica `u` serves. Every other gate is up while at least `need` of
//! its children are; *all* is `need` = children. Children have smaller ids than their gate, and a gate shared by many
//! parents is one gate, so dependence through common parts is exact.

/// Index of a gate.
pub type GateId = u32;

/// An immutable arena of gates.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    leaves: u32,
    need: Vec<u32>,
    level: Vec<u32>,
    children: Vec<Vec<GateId>>,
    parents: Vec<Vec<GateId>>,
}

impl Structure {
    /// `leaves` leaves and no gates.
    pub fn new(leaves: usize) -> Self {
        Self {
            leaves: leaves as u32,
            need: vec![1; leaves],
            level: vec![0; leaves],
            children: vec![Vec::new(); leaves],
            parents: vec![Vec::new(); leaves],
        }
    }

    /// A gate that is up while at least `need` of `children` are. A child given twice counts twice.
    pub fn at_least(&mut self, need: u32, children: Vec<GateId>) -> GateId {
        let id = self.need.len() as GateId;
        let level = children.iter().map(|&child| self.level[child as usize] + 1).max().unwrap_or(1);
        children.iter().for_each(|&child| self.parents[child as usize].push(id));
        self.need.push(need);
        self.level.push(level);
        self.children.push(children);
        self.parents.push(Vec::new());
        id
    }

    /// A gate that is up while all of `children` are; one child is its own gate, none is always up.
    pub fn all(&mut self, mut children: Vec<GateId>) -> GateId {
        children.sort_unstable();
        children.dedup();
        if let [only] = children[..] { only } else { self.at_least(children.len() as u32, children) }
    }

    /// Number of gates, leaves included.
    pub const fn len(&self) -> usize {
        self.need.len()
    }

    /// Whether there is no gate at all.
    pub const fn is_empty(&self) -> bool {
        self.need.is_empty()
    }

    /// Number of leaves.
    pub const fn leaves(&self) -> usize {
        self.leaves as usize
    }

    /// Whether a gate is a leaf.
    pub const fn is_leaf(&self, gate: GateId) -> bool {
        gate < self.leaves
    }

    /// Children that must be up.
    pub fn need(&self, gate: GateId) -> u32 {
        self.need[gate as usize]
    }

    /// Longest way down to a leaf.
    pub fn level(&self, gate: GateId) -> u32 {
        self.level[gate as usize]
    }

    /// One more than the largest level.
    pub fn levels(&self) -> usize {
        self.level.iter().max().map_or(0, |&top| top as usize + 1)
    }

    /// What a gate looks at.
    pub fn children(&self, gate: GateId) -> &[GateId] {
        &self.children[gate as usize]
    }

    /// Who looks at a gate.
    pub fn parents(&self, gate: GateId) -> &[GateId] {
        &self.parents[gate as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_know_their_neighbours_and_levels() {
        let mut structure = Structure::new(3);
        let pair = structure.at_least(1, vec![0, 1]);
        let top = structure.all(vec![pair, 2, pair]);
        assert_eq!(structure.children(top), [2, pair]);
        assert_eq!(structure.parents(pair), [top]);
        assert_eq!((structure.level(top), structure.levels(), structure.need(top)), (2, 3, 2));
        assert_eq!(structure.all(vec![1]), 1);
        assert_eq!(structure.need(structure.len() as u32 - 1), 2);
    }
}
