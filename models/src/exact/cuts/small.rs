//! Minimal cut sets of few members: how many there are, which they are, and the function that is down by them alone.
//!
//! Nothing is listed that was not counted before, so a list is only made where it is known to fit; a walk down the
//! diagram turns away from every branch without a set of the order asked for, so its time is that of the answer.

use super::super::bdd::{Bdd, DOWN, NodeId, UP};
use super::super::error::NotExact;
use super::{CutSets, EMPTY_SET, NONE, below};

/// The most members a cut set has that is listed.
pub const ORDER_MAX: usize = 3;

/// Sets of a family by the number of their members, up to [`ORDER_MAX`].
type Counts = [f64; ORDER_MAX + 1];

impl CutSets {
    /// How many sets have 0, 1, 2 and 3 members.
    pub fn counts(&self) -> Counts {
        self.counted()[self.top as usize]
    }

    /// The sets with exactly `order` members, each as ascending levels.
    pub fn list(&self, order: usize) -> Vec<Vec<u32>> {
        let counts = self.counted();
        let (mut found, mut open) = (Vec::new(), vec![(self.top, order, Vec::new())]);
        while let Some((family, left, members)) = open.pop() {
            if counts[family as usize][left] == 0.0 {
                continue;
            }
            if family == EMPTY_SET {
                found.push(members);
                continue;
            }
            let node = self.nodes[family as usize];
            open.push((node.without, left, members.clone()));
            if left > 0 {
                let mut with = members;
                with.push(node.level);
                open.push((node.with, left - 1, with));
            }
        }
        found
    }

    /// The function that is down exactly where all of some set of at most `order` members is.
    ///
    /// # Errors
    /// [`NotExact::TooLarge`] at the limit of the manager.
    pub fn down_by(&self, order: usize, bdd: &mut Bdd) -> Result<NodeId, NotExact> {
        let mut functions = vec![[UP; ORDER_MAX + 1]; (self.top as usize + 1).max(2)];
        functions[EMPTY_SET as usize] = [DOWN; ORDER_MAX + 1];
        for id in below(self.top, |id| (self.nodes[id as usize].with, self.nodes[id as usize].without)) {
            let node = self.nodes[id as usize];
            for left in 1..=order {
                let (with, without) = (functions[node.with as usize][left - 1], functions[node.without as usize][left]);
                let both = bdd.and(with, without)?;
                functions[id as usize][left] = bdd.decide(node.level, without, both)?;
            }
        }
        Ok(functions[self.top as usize][order])
    }

    fn counted(&self) -> Vec<Counts> {
        let mut counts = vec![[0.0; ORDER_MAX + 1]; self.nodes.len()];
        counts[NONE as usize] = [0.0; ORDER_MAX + 1];
        counts[EMPTY_SET as usize][0] = 1.0;
        for (id, node) in self.nodes.iter().enumerate().skip(2) {
            let (with, without) = (counts[node.with as usize], counts[node.without as usize]);
            counts[id] = without;
            for order in 1..=ORDER_MAX {
                counts[id][order] += with[order - 1];
            }
        }
        counts
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::super::{Cone, GateId, Structure};
    use super::*;

    fn cuts(structure: &Structure, root: GateId) -> (Cone, CutSets) {
        let mut cone = Cone::compile(structure, root).unwrap();
        let (top, variables) = (cone.top(), cone.variables().len());
        let cuts = CutSets::of(cone.bdd(), top, variables).unwrap();
        (cone, cuts)
    }

    #[test]
    fn what_never_fails_has_none_and_what_is_always_down_the_empty_one() {
        let mut structure = Structure::default();
        let always = structure.all(Vec::new());
        assert_eq!(cuts(&structure, always).1.counts(), [0.0; 4]);
        let leaf = structure.leaf(0);
        let never = structure.at_least(2, vec![leaf]);
        let (_, cuts) = cuts(&structure, never);
        assert_eq!(cuts.counts(), [1.0, 0.0, 0.0, 0.0]);
        assert_eq!(cuts.list(0), [Vec::<u32>::new()]);
    }

    #[test]
    fn a_hundred_units_of_which_ninety_eight_are_needed() {
        let mut structure = Structure::default();
        let units: Vec<GateId> = (0..100).map(|variable| structure.leaf(variable)).collect();
        let root = structure.at_least(98, units);
        let (mut cone, cuts) = cuts(&structure, root);
        assert_eq!(cuts.counts(), [0.0, 0.0, 0.0, 161_700.0]);
        assert_eq!(cuts.list(3).len(), 161_700);
        assert!(cuts.list(2).is_empty());
        let top = cone.top();
        assert_eq!(cuts.down_by(3, cone.bdd()).unwrap(), top);
        assert_eq!(cuts.down_by(2, cone.bdd()).unwrap(), UP);
    }
}
