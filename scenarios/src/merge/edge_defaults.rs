//! `dependencies.defaults`: what every edge says that does not say otherwise.

use super::{child, overlay};
use crate::schema::ROOT;
use crate::yaml::{Kind, Node};

/// Lays every edge on the defaults, and removes them. A null in an edge removes a default.
pub(crate) fn apply_edge_defaults(root: &mut Node) {
    let Kind::Map(sections) = &mut root.kind else { return };
    let Some(section) = sections.iter_mut().find(|entry| entry.key == "dependencies") else { return };
    let Kind::Map(keys) = &mut section.value.kind else { return };
    let Some(at) = keys.iter().position(|entry| entry.key == "defaults") else { return };
    let defaults = keys.remove(at).value;
    let Some(edges) = keys.iter_mut().find(|entry| entry.key == "edges") else { return };
    let Kind::Seq(edges) = &mut edges.value.kind else { return };
    let shape = child(child(child(Some(&ROOT), "dependencies"), "edges"), "");
    for edge in edges.iter_mut().filter(|edge| matches!(edge.kind, Kind::Map(_))) {
        let span = edge.span;
        let own = std::mem::replace(edge, Node::scalar(span, ""));
        *edge = overlay(defaults.clone(), own, shape);
        edge.span = span;
    }
}
