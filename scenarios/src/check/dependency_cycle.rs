//! Components that depend on one another in a circle, and those that can never start.

use super::circle::circles;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::Span;
use ninefold_models::system::Need;

/// An edge between numbered components.
pub(crate) struct Edge {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) need: Need,
    /// Whether the caller has something to serve without its target.
    pub(crate) fallback: bool,
    pub(crate) span: Span,
}

/// Reports circles of hard edges, and circles in which every edge must be up before its caller can start: hard edges,
/// and soft ones without a fallback.
pub(crate) fn dependency_cycles(names: &[&str], edges: &[Edge], sink: &mut Sink) {
    let hard = |edge: &&Edge| edge.need == Need::Hard;
    let waits = |edge: &&Edge| hard(edge) || edge.need == Need::Soft && !edge.fallback;
    for circle in circles(&successors(names.len(), edges.iter().filter(hard))) {
        let message = format!("components need one another in a circle: {}", way(names, &circle));
        sink.push(
            Diagnostic::new(Code::DependencyCycle, message, place(edges, &circle))
                .why("each would be down because the other is, and none could ever come back")
                .hint("make one of the edges `soft` or `async`, or remove it"),
        );
    }
    for circle in circles(&successors(names.len(), edges.iter().filter(waits))) {
        let all_hard = pairs(&circle)
            .all(|(from, to)| edges.iter().any(|edge| edge.from == from && edge.to == to && edge.need == Need::Hard));
        if all_hard {
            continue;
        }
        let message = format!("components wait for one another at start-up: {}", way(names, &circle));
        sink.push(
            Diagnostic::new(Code::StartupCycle, message, place(edges, &circle))
                .why(
                    "from a cold start none of them has what it needs, and the soft edge has no fallback to start with",
                )
                .hint("give the soft edge a `fallback`, or make it `async`"),
        );
    }
}

fn successors<'a>(count: usize, edges: impl Iterator<Item = &'a Edge>) -> Vec<Vec<usize>> {
    let mut next = vec![Vec::new(); count];
    for edge in edges {
        next[edge.from].push(edge.to);
    }
    next
}

/// Neighbours around a circle.
fn pairs(circle: &[usize]) -> impl Iterator<Item = (usize, usize)> + '_ {
    (0..circle.len()).map(|at| (circle[at], circle[(at + 1) % circle.len()]))
}

fn way(names: &[&str], circle: &[usize]) -> String {
    circle.iter().chain(circle.first()).map(|at| names[*at]).collect::<Vec<_>>().join(" → ")
}

/// The edge that closes the circle.
fn place(edges: &[Edge], circle: &[usize]) -> Span {
    let (from, to) = (circle[circle.len() - 1], circle[0]);
    let edge = edges.iter().find(|edge| edge.from == from && edge.to == to);
    edge.map(|edge| edge.span).expect("bug: a circle is made of edges")
}
