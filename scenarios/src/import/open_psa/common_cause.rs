//! Common-cause groups: every set of members fails together by a basic event of its own, and a member by any of those
//! it is in.
//!
//! A set of `k` of `n` members has the probability `Q_k`, from the total probability `Q` of a member, by the beta factor,
//! the multiple Greek letters or the alpha factors (for staggered testing or not is the file's to say: the formulas are
//! those of non-staggered testing). Source: Open-PSA Model Exchange Format 2.0d, section on common-cause groups; Mosleh
//! and others, NUREG/CR-4780 (1988).

use std::cell::RefCell;
use std::collections::BTreeMap;

use roxmltree::Node;

use super::document::{Reading, parts};
use crate::import::tree::{FaultTree, Part};

/// Most members: there is an event for each set of them.
const MEMBERS_MAX: usize = 8;

/// A group.
#[derive(Debug)]
pub(super) struct Group {
    name: String,
    members: Vec<String>,
    /// Probability of each set of so many members, from one on.
    chance_of: Vec<f64>,
    /// Events of sets of members that have been made, by the members as bits.
    made: RefCell<BTreeMap<u32, Part>>,
}

impl Group {
    /// Reads a group; what is wrong with it is refused.
    pub(super) fn read(node: Node<'_, '_>, reading: &mut Reading<'_, '_>) -> Option<Self> {
        let name = reading.name(node)?;
        let part = |tag: &str| parts(node).into_iter().find(|part| part.tag_name().name() == tag);
        let members = part("members").map(parts).unwrap_or_default();
        let members: Vec<String> = members.into_iter().map(|member| reading.name(member)).collect::<Option<_>>()?;
        if !(2..=MEMBERS_MAX).contains(&members.len()) {
            let message = format!("the common-cause group `{name}` has {} members", members.len());
            reading.refuse(node, message, &format!("a group has 2 to {MEMBERS_MAX} members"));
            return None;
        }
        let distribution = part("distribution").map(parts).unwrap_or_default();
        let [distribution] = distribution[..] else {
            reading.refuse(node, format!("the common-cause group `{name}` has no distribution"), "give one expression");
            return None;
        };
        let total = reading.probability(distribution)?;
        let factors = part("factors").map_or_else(|| part("factor").into_iter().collect(), parts);
        let factors = factors.into_iter().map(|factor| {
            let value = parts(factor);
            let value = value.first().copied().unwrap_or(factor);
            reading.probability(value)
        });
        let factors: Vec<f64> = factors.collect::<Option<_>>()?;
        let model = node.attribute("model").unwrap_or_default();
        let Some(chance_of) = chances(model, (members.len(), total), &factors) else {
            match model {
                "beta-factor" | "MGL" | "alpha-factor" => {
                    let message = format!("{} factors for {} members of `{name}`", factors.len(), members.len());
                    let hint = "`beta-factor` has one, `MGL` one less than members, `alpha-factor` one a member";
                    reading.refuse(node, message, hint);
                }
                _ => reading.not_yet(node, &format!("common-cause groups by the model `{model}`")),
            }
            return None;
        };
        Some(Self { name, members, chance_of, made: RefCell::default() })
    }

    pub(super) fn holds(&self, event: &str) -> bool {
        self.members.iter().any(|member| member == event)
    }

    /// What a member's failing is: any of the sets that it is in.
    pub(super) fn member(&self, event: &str, tree: &mut FaultTree) -> Part {
        let place = self.members.iter().position(|member| member == event).expect("bug: a member of the group");
        let mut sets: Vec<u32> = (1..1u32 << self.members.len()).filter(|set| set >> place & 1 == 1).collect();
        sets.sort_by_key(|set| (set.count_ones(), *set));
        let parts: Vec<Part> = sets.into_iter().map(|set| self.set(set, tree)).collect();
        tree.at_least(&format!("{event} of {}", self.name), 1, &parts)
    }

    fn set(&self, set: u32, tree: &mut FaultTree) -> Part {
        if let Some(part) = self.made.borrow().get(&set) {
            return *part;
        }
        let names = self.members.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, name)| name.as_str());
        let name = match set.count_ones() {
            1 => names.collect(),
            _ => format!("{} {}", self.name, names.collect::<Vec<_>>().join(" ")),
        };
        let part = tree.event(&name, self.chance_of[set.count_ones() as usize - 1]);
        self.made.borrow_mut().insert(set, part);
        part
    }
}

/// `Q_k` for each `k` of `n` members with the total probability `total`; `None` where the factors do not fit.
fn chances(model: &str, (n, total): (usize, f64), factors: &[f64]) -> Option<Vec<f64>> {
    match model {
        "beta-factor" => {
            let [beta] = factors else { return None };
            let of = |k| if k == 1 { (1.0 - beta) * total } else { 0.0 };
            Some((1..n).map(of).chain([beta * total]).collect())
        }
        "MGL" => {
            if factors.len() + 1 != n {
                return None;
            }
            // Given that k - 1 fail together, another does with the (k - 1)th factor; after the last none can.
            let letters: Vec<f64> = [1.0].into_iter().chain(factors.iter().copied()).chain([0.0]).collect();
            let of =
                |k: usize| letters[..k].iter().product::<f64>() * (1.0 - letters[k]) / choose(n - 1, k - 1) * total;
            Some((1..=n).map(of).collect())
        }
        "alpha-factor" => {
            let sum: f64 = (1..=n).zip(factors).map(|(k, alpha)| k as f64 * alpha).sum();
            if factors.len() != n || sum <= 0.0 {
                return None;
            }
            Some((1..=n).map(|k| k as f64 / choose(n - 1, k - 1) * factors[k - 1] / sum * total).collect())
        }
        _ => None,
    }
}

/// Ways to choose `k` of `n`.
fn choose(n: usize, k: usize) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_fails_with_its_total_probability() {
        let models: [(&str, &[f64]); 3] =
            [("beta-factor", &[0.1]), ("MGL", &[0.1, 0.3, 0.2]), ("alpha-factor", &[0.9, 0.06, 0.03, 0.01])];
        for (model, factors) in models {
            let chances = chances(model, (4, 0.01), factors).unwrap_or_default();
            let total: f64 = (1..=4).zip(&chances).map(|(k, chance)| choose(3, k - 1) * chance).sum();
            assert!((total - 0.01).abs() < 1e-15, "{model}: {total}");
        }
        assert_eq!(chances("MGL", (4, 0.01), &[0.1]), None);
        assert_eq!(chances("phi-factor", (2, 0.01), &[0.9, 0.1]), None);
    }
}
