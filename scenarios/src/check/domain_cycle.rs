//! Domains that contain themselves.

use super::circle::circles;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::Span;

/// Reports every circle of `in`, and opens it so that reading can go on.
pub(crate) fn domain_cycles(names: &[&str], parents: &mut [Option<usize>], spans: &[Span], sink: &mut Sink) {
    let next: Vec<Vec<usize>> = parents.iter().map(|parent| parent.iter().copied().collect()).collect();
    for circle in circles(&next) {
        let way: Vec<&str> = circle.iter().chain(circle.first()).map(|at| names[*at]).collect();
        sink.push(
            Diagnostic::new(Code::DomainCycle, format!("`{}` contains itself", names[circle[0]]), spans[circle[0]])
                .label(format!("in order: {}", way.join(" in ")))
                .why("domains form a tree: nothing can lie inside itself")
                .hint("remove one `in`"),
        );
        parents[circle[0]] = None;
    }
}
