//! Equal laws as clones of one, so that what the first draw makes is made once: the table of an inverse that has no
//! closed form takes some milliseconds.

use std::collections::BTreeMap;

use super::{Law, tabulated::Tabulated};

/// Laws that were met, by name and the bits of the parameters, then in the order in which they were met.
#[derive(Debug, Default)]
pub(crate) struct SharedLaws(BTreeMap<(&'static str, Vec<u64>), Vec<Law>>);

impl SharedLaws {
    /// Makes `law` a clone of an equal one that was met before, or remembers it.
    pub(crate) fn share(&mut self, law: &mut Law) {
        if !law.is_worth_sharing() {
            return;
        }
        let parameters = law.parameters().into_iter().map(|(_, value, _)| value.to_bits()).collect();
        // Parameters as shown need not tell everything: of recorded values they are a summary.
        let alike = self.0.entry((law.name(), parameters)).or_default();
        match alike.iter().find(|met| *met == law) {
            Some(met) => *law = met.clone(),
            None => alike.push(law.clone()),
        }
    }
}

impl Law {
    /// Whether clones share something that is dear to make or to keep: a table, or recorded values.
    const fn is_worth_sharing(&self) -> bool {
        self.table().is_some() || matches!(self, Self::Empirical(_))
    }

    /// The table of the inverse, if the law has one.
    const fn table(&self) -> Option<&Tabulated> {
        match self {
            Self::Gamma(law) => Some(&law.table),
            Self::Pert(law) => Some(&law.table),
            Self::Hyperexponential(law) => Some(&law.table),
            Self::Mixture(law) => Some(&law.table),
            Self::Erlang(law) => Some(&law.sum.table),
            _ => None,
        }
    }
}

#[cfg(test)]
impl Law {
    /// Whether both have a table, which is one.
    pub(crate) fn shares_table(&self, other: &Self) -> bool {
        self.table().zip(other.table()).is_some_and(|(mine, other)| mine.is(other))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::units::Hours;

    fn h(hours: f64) -> Hours {
        Hours::new(hours)
    }

    /// Laws with a table, made anew at each call.
    fn tabulated() -> Vec<Law> {
        vec![
            Law::gamma(2.5, h(3.0)).unwrap(),
            Law::gamma(2.5, h(4.0)).unwrap(),
            Law::erlang(3, h(3.0)).unwrap(),
            Law::pert(h(1.0), h(2.0), h(7.0)).unwrap(),
            Law::hyperexponential(vec![(0.9, h(1.0)), (0.1, h(50.0))]).unwrap(),
            Law::mixture(vec![
                (0.5, Law::exponential(h(3.0)).unwrap()),
                (0.5, Law::empirical(vec![h(1.0), h(2.0), h(3.0)]).unwrap()),
            ])
            .unwrap(),
            // The same share, count, mean and ends of other values.
            Law::mixture(vec![
                (0.5, Law::exponential(h(3.0)).unwrap()),
                (0.5, Law::empirical(vec![h(1.0), h(1.5), h(2.5), h(3.0)]).unwrap()),
            ])
            .unwrap(),
            Law::mixture(vec![
                (0.5, Law::exponential(h(3.0)).unwrap()),
                (0.5, Law::empirical(vec![h(1.0), h(1.75), h(2.25), h(3.0)]).unwrap()),
            ])
            .unwrap(),
        ]
    }

    #[test]
    fn equal_laws_share_a_table_and_others_do_not() {
        let mut shared = SharedLaws::default();
        let mut met = tabulated();
        met.iter_mut().for_each(|law| shared.share(law));
        let mut again = tabulated();
        assert!(again.iter().zip(&met).all(|(a, b)| a == b && !a.shares_table(b)));
        again.iter_mut().for_each(|law| shared.share(law));
        for (i, law) in again.iter().enumerate() {
            for (j, other) in met.iter().enumerate() {
                assert_eq!(law.shares_table(other), i == j, "{i} {j}");
            }
        }
    }

    #[test]
    fn what_costs_nothing_is_not_kept() {
        let mut shared = SharedLaws::default();
        shared.share(&mut Law::exponential(h(3.0)).unwrap());
        assert!(shared.0.is_empty());
    }
}
