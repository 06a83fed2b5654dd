//! Distributions of a capacity: atoms, their sums and their least.

use super::error::NotExact;

/// Most atoms of one distribution, and of a product of two before they are merged.
const ATOMS_MAX: usize = 4_000_000;

/// Atoms closer than this part of themselves are one: they differ by the order in which they were added up.
const SAME: f64 = 1e-11;

/// A distribution over capacities ≥ 0, infinity among them.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// Capacity and probability; ascending and distinct once merged.
    atoms: Vec<(f64, f64)>,
}

impl Table {
    /// One capacity for certain.
    pub(super) fn certain(capacity: f64) -> Self {
        Self { atoms: vec![(capacity, 1.0)] }
    }

    /// Of atoms in ascending order.
    pub(super) fn of(atoms: impl Iterator<Item = (f64, f64)>) -> Self {
        Self { atoms: atoms.collect() }
    }

    /// Capacities, ascending, and their probabilities.
    pub(super) fn atoms(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.atoms.iter().copied()
    }

    /// Adds `other` with a weight; to be merged afterwards.
    pub(super) fn mix(&mut self, weight: f64, other: &Self) {
        self.atoms.extend(other.atoms().map(|(capacity, chance)| (capacity, chance * weight)));
    }

    /// The sum of two independent capacities.
    pub(super) fn plus(&self, other: &Self) -> Result<Self, NotExact> {
        self.pairs(other, |a, b| a + b)
    }

    /// The least of two independent capacities.
    pub(super) fn least(&self, other: &Self) -> Result<Self, NotExact> {
        self.pairs(other, f64::min)
    }

    fn pairs(&self, other: &Self, of: fn(f64, f64) -> f64) -> Result<Self, NotExact> {
        if self.atoms.len().saturating_mul(other.atoms.len()) > ATOMS_MAX {
            return Err(NotExact::TooLarge { nodes: ATOMS_MAX });
        }
        let pairs = self.atoms().flat_map(|(a, p)| other.atoms().map(move |(b, q)| (of(a, b), p * q)));
        Self { atoms: pairs.collect() }.merge()
    }

    /// Sorts the atoms and makes one of those that are the same.
    pub(super) fn merge(mut self) -> Result<Self, NotExact> {
        self.atoms.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut merged: Vec<(f64, f64)> = Vec::new();
        for (capacity, chance) in self.atoms {
            let same = |last: f64| last == capacity || (capacity.is_finite() && capacity - last <= SAME * capacity);
            match merged.last_mut().filter(|last| same(last.0)) {
                Some(last) => last.1 += chance,
                None => merged.push((capacity, chance)),
            }
        }
        if merged.len() > ATOMS_MAX {
            return Err(NotExact::TooLarge { nodes: ATOMS_MAX });
        }
        Ok(Self { atoms: merged })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_leasts_of_two() {
        let coin = |value: f64| Table::of([(0.0, 0.25), (value, 0.75)].into_iter());
        let sum: Vec<_> = coin(10.0).plus(&coin(10.0)).unwrap().atoms().collect();
        assert_eq!(sum, [(0.0, 0.0625), (10.0, 0.375), (20.0, 0.5625)]);
        let least: Vec<_> = coin(10.0).least(&coin(4.0)).unwrap().atoms().collect();
        assert_eq!(least, [(0.0, 0.4375), (4.0, 0.5625)]);
        let unlimited = coin(f64::INFINITY).least(&coin(4.0)).unwrap();
        assert_eq!(unlimited.atoms().collect::<Vec<_>>(), least);
        assert_eq!(coin(f64::INFINITY).merge().unwrap().atoms().count(), 2);
        assert_eq!(coin(0.1 + 0.2).plus(&coin(0.3)).unwrap().atoms().count(), 3);
    }
}
