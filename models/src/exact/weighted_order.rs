//! Orders of variables for structures that share much, such as large fault trees: by weights that the gates pass down.
//!
//! The root has a weight of 1 and every gate passes its own on to its members in equal parts. What many gates lead to is
//! heavy, and asked for early. Sources: Minato, Ishiura and Yajima, DAC (1990), for the weights; Fujita, Fujisawa and
//! Kawato, ICCAD (1988), for the descent into the larger member first.

use super::structure::{Gate, GateId, Structure};

/// Visits of gates that [`dynamic`] may take: it passes the weights down once a variable.
const VISITS_MAX: usize = 100_000_000;

/// Candidate orders of the variables of a structure whose root is its last gate.
///
/// 1. Weights passed down anew after each variable, over what is left: the heaviest variable first.
/// 2. Depth-first, the heaviest member first.
/// 3. Depth-first, first the member with the most variables below it, each counted as often as a way leads to it.
pub fn weighted(structure: &Structure) -> Vec<Vec<usize>> {
    let gates: Vec<&Gate> = (0..structure.len()).map(|gate| structure.gate(gate)).collect();
    let alive = vec![true; gates.len()];
    let weights = passed_down(&gates, &alive);
    let mut orders = Vec::new();
    let variables = gates.iter().filter(|gate| matches!(gate, Gate::Leaf(_))).count();
    if variables.saturating_mul(gates.len()) <= VISITS_MAX {
        orders.push(dynamic(&gates));
    }
    orders.push(heaviest_first(&gates, &weights));
    orders.push(heaviest_first(&gates, &ways_below(&gates)));
    orders
}

/// The weight of each gate; only what is alive takes part.
fn passed_down(gates: &[&Gate], alive: &[bool]) -> Vec<f64> {
    let mut weights = vec![0.0; gates.len()];
    if let Some(root) = weights.last_mut() {
        *root = 1.0;
    }
    for (at, gate) in gates.iter().enumerate().rev() {
        let Gate::AtLeast { of, .. } = gate else { continue };
        let living = of.iter().filter(|&&member| alive[member]).count();
        let part = weights[at] / living as f64;
        of.iter().filter(|&&member| alive[member]).for_each(|&member| weights[member] += part);
    }
    weights
}

fn dynamic(gates: &[&Gate]) -> Vec<usize> {
    let mut alive = vec![true; gates.len()];
    let mut order = Vec::new();
    loop {
        for (at, gate) in gates.iter().enumerate() {
            if let Gate::AtLeast { of, .. } = gate {
                alive[at] = of.iter().any(|&member| alive[member]);
            }
        }
        let weights = passed_down(gates, &alive);
        let mut heaviest: Option<(GateId, usize)> = None;
        for (at, gate) in gates.iter().enumerate().filter(|(at, _)| alive[*at]) {
            if let Gate::Leaf(variable) = gate
                && heaviest.is_none_or(|(best, _)| weights[at] > weights[best])
            {
                heaviest = Some((at, *variable));
            }
        }
        let Some((leaf, variable)) = heaviest else { return order };
        alive[leaf] = false;
        order.push(variable);
    }
}

/// For each gate, the ways from it down to a variable.
fn ways_below(gates: &[&Gate]) -> Vec<f64> {
    let mut ways = Vec::with_capacity(gates.len());
    for gate in gates {
        ways.push(match gate {
            Gate::Leaf(_) => 1.0,
            Gate::AtLeast { of, .. } => of.iter().map(|&member| ways[member]).sum(),
        });
    }
    ways
}

fn heaviest_first(gates: &[&Gate], weights: &[f64]) -> Vec<usize> {
    let mut seen = vec![false; gates.len()];
    let (mut order, mut open): (_, Vec<GateId>) = (Vec::new(), gates.len().checked_sub(1).into_iter().collect());
    while let Some(gate) = open.pop() {
        if std::mem::replace(&mut seen[gate], true) {
            continue;
        }
        match gates[gate] {
            Gate::Leaf(variable) => order.push(*variable),
            Gate::AtLeast { of, .. } => {
                let mut members: Vec<GateId> = of.iter().copied().filter(|&member| !seen[member]).collect();
                members.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]));
                open.extend(members.into_iter().rev());
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_gates_lead_to_comes_first() {
        let mut structure = Structure::default();
        let leaves: Vec<GateId> = (0..4).map(|variable| structure.leaf(variable)).collect();
        let shared = structure.at_least(1, vec![leaves[0], leaves[3]]);
        let other = structure.at_least(1, vec![leaves[1], leaves[3]]);
        structure.all(vec![leaves[2], shared, other]);
        let orders = weighted(&structure);
        // Leaf 2 has 1/3, leaf 3 too: the first of equals. Without it shared and other weigh a half each.
        assert_eq!(orders[0], [2, 3, 0, 1]);
        assert_eq!(orders[1], [2, 3, 0, 1]);
        assert_eq!(orders[2], [0, 3, 1, 2]);
    }
}
