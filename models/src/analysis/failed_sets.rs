//! The minimal cut sets that have failed in one state of a system.

use std::collections::BTreeMap;

use crate::exact::{Cone, CutSets, GateId, NotExact, Structure, VARIABLES_MAX};

/// Variables down at once, and cut sets failed at once, up to which they are told apart.
const AT_ONCE_MAX: usize = 64;

/// States whose cut sets are remembered.
const REMEMBERED_MAX: usize = 10_000;

/// The minimal cut sets of a function, to be asked which of them are down.
#[derive(Debug)]
pub(super) struct FailedSets {
    cuts: CutSets,
    /// The variable at each level.
    by_level: Vec<usize>,
    /// The function's variables, ascending.
    pub(super) variables: Vec<usize>,
    /// For each node, the number of the question in which it led nowhere.
    dead: Vec<u32>,
    question: u32,
    known: BTreeMap<Vec<usize>, Option<Vec<Vec<usize>>>>,
}

impl FailedSets {
    /// # Errors
    /// [`NotExact`] if there are too many variables, or the diagrams do not fit.
    pub(super) fn of(structure: &Structure, root: GateId) -> Result<Self, NotExact> {
        let variables = structure.variables(root);
        if variables.len() > VARIABLES_MAX {
            return Err(NotExact::TooManyVariables { variables: variables.len(), limit: VARIABLES_MAX });
        }
        let mut cone = Cone::compile(structure, root)?;
        let top = cone.top();
        let cuts = CutSets::of(cone.bdd(), top, variables.len())?;
        let dead = vec![0; cuts.nodes()];
        Ok(Self { cuts, by_level: cone.by_level(), variables, dead, question: 0, known: BTreeMap::new() })
    }

    /// The minimal cut sets, each ascending, that lie within `down` (ascending); `None` if too much is down at once.
    pub(super) fn within(&mut self, down: &[usize]) -> Option<&[Vec<usize>]> {
        if !self.known.contains_key(down) {
            if self.known.len() >= REMEMBERED_MAX {
                self.known.clear();
            }
            let found = self.find(down);
            self.known.insert(down.to_vec(), found);
        }
        self.known[down].as_deref()
    }

    fn find(&mut self, down: &[usize]) -> Option<Vec<Vec<usize>>> {
        if down.len() > AT_ONCE_MAX {
            return None;
        }
        self.question += 1;
        let mut found = Vec::new();
        self.walk(self.cuts.top(), (down, &mut Vec::new()), &mut found);
        found.sort_unstable();
        (found.len() <= AT_ONCE_MAX).then_some(found)
    }

    /// Whether any set below `family` lies within `down`; as deep as there are variables down.
    fn walk(&mut self, family: u32, (down, chosen): (&[usize], &mut Vec<usize>), found: &mut Vec<Vec<usize>>) -> bool {
        let mut family = family;
        let (variable, with, without) = loop {
            let Some((level, with, without)) = self.cuts.decision(family) else { break (0, family, family) };
            let variable = self.by_level[level as usize];
            if down.binary_search(&variable).is_ok() {
                break (variable, with, without);
            }
            family = without;
        };
        if self.cuts.decision(family).is_none() {
            if self.cuts.is_empty_set(family) && found.len() <= AT_ONCE_MAX {
                let mut set = chosen.clone();
                set.sort_unstable();
                found.push(set);
            }
            return self.cuts.is_empty_set(family);
        }
        if self.dead[family as usize] == self.question || found.len() > AT_ONCE_MAX {
            return false;
        }
        chosen.push(variable);
        let first = self.walk(with, (down, chosen), found);
        chosen.pop();
        let second = self.walk(without, (down, chosen), found);
        if !(first || second) && found.len() <= AT_ONCE_MAX {
            self.dead[family as usize] = self.question;
        }
        first || second
    }
}
