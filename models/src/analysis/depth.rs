//! Cascades: how far through the dependency graph an outage has come.

use super::edges::{Edge, Edges};
use crate::replication::Trace;
use crate::story::Incident;
use crate::system::{Side, System, TrackedId};

/// Finds the depth of outages of a system.
#[derive(Debug)]
pub(crate) struct Depths<'a> {
    system: &'a System,
    edges: Edges,
    /// For each component, what records its gate, and those for reads and for writes.
    recorded: Vec<[TrackedId; 3]>,
}

impl<'a> Depths<'a> {
    pub(crate) fn of(system: &'a System) -> Self {
        let first = system.journeys.len();
        let place = |entity: &str| system.tracked.iter().position(|tracked| tracked.entity() == entity);
        let recorded = system.spec.components.iter().enumerate().map(|(component, declared)| {
            let both = first + component;
            let sides = system.components[component].read != system.components[component].write;
            let side = |side| place(&format!("components.{}/{side}", declared.name)).filter(|_| sides).unwrap_or(both);
            [both, side("read"), side("write")].map(|id| id as TrackedId)
        });
        Self { system, edges: Edges::of(system), recorded: recorded.collect() }
    }

    /// Edges from the journey to the farthest component that is down by itself in the first instant of its outage, along
    /// components that are down: 1 for one on the journey's own path. 0 where capacity or errors took it down; `None` for a
    /// journey that sees one side of a partition, of which nothing is recorded.
    pub(crate) fn depth(&self, trace: &Trace, incident: &Incident) -> Option<u64> {
        let journey = &self.system.spec.journeys[incident.journey as usize].name;
        if self.system.spec.quorums.views.iter().any(|view| view.journey == *journey) {
            return None;
        }
        let at = incident.outage.start;
        let down = |component: u32, side: Side| {
            let outages = &trace.outages[self.recorded[component as usize][side as usize] as usize];
            let begun = outages.partition_point(|outage| outage.start <= at);
            outages[..begun].last().is_some_and(|outage| outage.end > at)
        };
        let weights = self.edges.weights(self.system, incident.journey as usize, &down);
        let edges: Vec<(Edge, bool)> = weights.iter().map(|(&edge, weight)| (edge, weight.ends > 0.0)).collect();
        Some(longest(&edges, self.system.components.len()))
    }
}

/// The longest way from the journey along these edges to one at which something ends.
fn longest(edges: &[(Edge, bool)], components: usize) -> u64 {
    let mut depth = vec![0; components];
    let (mut longest, mut changed) = (0, true);
    // There is no cycle, so each round settles at least one more level.
    while changed {
        changed = false;
        for &((from, to), ends) in edges {
            let before = match from {
                None => 0,
                Some(from) if depth[from as usize] > 0 => depth[from as usize],
                Some(_) => continue,
            };
            if before + 1 > depth[to as usize] {
                (depth[to as usize], changed) = (before + 1, true);
            }
            if ends {
                longest = longest.max(before + 1);
            }
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_way_counts() {
        let edges =
            [((None, 0), false), ((None, 2), true), ((Some(0), 1), false), ((Some(0), 2), false), ((Some(1), 2), true)];
        assert_eq!(longest(&edges, 3), 3);
        assert_eq!(longest(&[((None, 0), true)], 1), 1);
        assert_eq!(longest(&[], 1), 0);
    }
}
