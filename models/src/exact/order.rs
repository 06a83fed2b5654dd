//! Orders of variables: candidates for a small decision diagram.
//!
//! The best order is hard to find (Bollig and Wegener 1996), good ones are not: keep together what is used together,
//! and ask first what many gates share, which here is mostly domains. Three orders are tried in turn; each is a pure
//! function of the structure.

use super::structure::{Gate, GateId, Structure};

/// Candidate orders of the variables below `root`, most promising first.
///
/// 1. Shared variables (leaves with several parents) first, the rest depth-first: few domains over large groups.
/// 2. Depth-first: what is shared stands where it is met first.
/// 3. Each shared variable followed by what depends on it: many domains with few units each.
pub fn candidates(structure: &Structure, root: GateId) -> Vec<Vec<usize>> {
    let cone = structure.cone(root);
    let mut parents = vec![Vec::new(); root + 1];
    for &gate in &cone {
        if let Gate::AtLeast { of, .. } = structure.gate(gate) {
            of.iter().for_each(|&member| parents[member].push(gate));
        }
    }
    let depth_first = depth_first(structure, root);
    let is_shared = |variable: &usize| structure.leaf_of(*variable).is_some_and(|leaf| parents[leaf].len() > 1);
    let (mut shared_first, rest): (Vec<usize>, Vec<usize>) = depth_first.iter().partition(|v| is_shared(v));
    let nested = nested(structure, &shared_first, &parents, &rest);
    shared_first.extend(rest);
    let mut orders = vec![shared_first];
    for order in [depth_first, nested] {
        if !orders.contains(&order) {
            orders.push(order);
        }
    }
    orders
}

fn depth_first(structure: &Structure, root: GateId) -> Vec<usize> {
    let mut seen = vec![false; root + 1];
    let (mut order, mut open) = (Vec::new(), vec![root]);
    while let Some(gate) = open.pop() {
        if std::mem::replace(&mut seen[gate], true) {
            continue;
        }
        match structure.gate(gate) {
            Gate::Leaf(variable) => order.push(*variable),
            Gate::AtLeast { of, .. } => open.extend(of.iter().rev().filter(|&&member| !seen[member])),
        }
    }
    order
}

fn nested(structure: &Structure, shared: &[usize], parents: &[Vec<GateId>], rest: &[usize]) -> Vec<usize> {
    let mut placed = vec![false; shared.iter().chain(rest).max().map_or(0, |&last| last + 1)];
    let mut pending = vec![false; placed.len()];
    shared.iter().for_each(|&variable| pending[variable] = true);
    let mut order = Vec::new();
    for &variable in shared {
        placed[variable] = true;
        order.push(variable);
        for &parent in structure.leaf_of(variable).map_or(&[][..], |leaf| &parents[leaf]) {
            let Gate::AtLeast { of, .. } = structure.gate(parent) else { continue };
            let leaves = of.iter().filter_map(|&member| match structure.gate(member) {
                Gate::Leaf(leaf) => Some(*leaf),
                Gate::AtLeast { .. } => None,
            });
            let (waiting, own): (Vec<usize>, Vec<usize>) =
                leaves.filter(|&leaf| !placed[leaf]).partition(|&leaf| pending[leaf]);
            if waiting.is_empty() {
                own.iter().for_each(|&leaf| placed[leaf] = true);
                order.extend(own);
            }
        }
    }
    order.extend(rest.iter().filter(|&&variable| !placed[variable]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_holds_every_variable_once() {
        let mut structure = Structure::default();
        let domains: Vec<GateId> = (0..2).map(|v| structure.leaf(10 + v)).collect();
        let replicas: Vec<GateId> = (0..4)
            .map(|v| {
                let unit = structure.leaf(v);
                structure.all(vec![unit, domains[v % 2]])
            })
            .collect();
        let top = structure.at_least(2, replicas);
        let orders = candidates(&structure, top);
        assert_eq!(orders[0], [10, 11, 0, 1, 2, 3]);
        assert_eq!(orders[1], [0, 10, 1, 11, 2, 3]);
        assert_eq!(orders[2], [10, 0, 2, 11, 1, 3]);
    }
}
