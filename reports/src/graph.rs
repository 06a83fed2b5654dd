//! The dependency graph as text that other programs draw: Mermaid for Markdown pages, DOT for Graphviz.
//!
//! Journeys point at the components their path names, components at what they need: a solid line for hard, a dashed one
//! for soft, a dotted one for async. Nothing is left out, however large it is.

use std::fmt::Write as _;

use ninefold_models::system::{Need, SystemSpec};

use crate::figures::redundancy;

/// The language of a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphLanguage {
    /// Mermaid flowcharts, which GitHub and GitLab draw within Markdown.
    Mermaid,
    /// DOT, which Graphviz draws.
    Dot,
}

/// A node: its number is its place.
struct Node {
    name: String,
    /// A second line; empty for a journey.
    below: String,
}

/// Who needs whom, and how.
struct Edge {
    from: usize,
    to: usize,
    need: Need,
}

/// Draws the journeys, components and dependencies of a system, in written order.
pub fn graph(spec: &SystemSpec, language: GraphLanguage) -> String {
    let (nodes, edges) = parts(spec);
    match language {
        GraphLanguage::Mermaid => mermaid(&nodes, &edges),
        GraphLanguage::Dot => dot(&nodes, &edges, &spec.name),
    }
}

/// Journeys first, then components.
fn parts(spec: &SystemSpec) -> (Vec<Node>, Vec<Edge>) {
    let (journeys, components) = (&spec.journeys, spec.written_components());
    let journey = |name: &str| Node { name: name.to_owned(), below: String::new() };
    let mut nodes: Vec<Node> = journeys.iter().map(|declared| journey(&declared.name)).collect();
    nodes.extend(components.iter().map(|declared| Node { name: declared.name.clone(), below: redundancy(declared) }));
    let place = |name: &str| Some(journeys.len() + components.iter().position(|declared| declared.name == name)?);
    let mut edges = Vec::new();
    for (from, declared) in journeys.iter().enumerate() {
        let named = declared.path.components().into_iter().filter_map(place);
        edges.extend(named.map(|to| Edge { from, to, need: Need::Hard }));
    }
    for declared in &spec.dependencies {
        if let Some((from, to)) = place(&declared.from).zip(place(&declared.to)) {
            edges.push(Edge { from, to, need: declared.need });
        }
    }
    (nodes, edges)
}

const fn word(need: Need) -> &'static str {
    match need {
        Need::Hard => "hard",
        Need::Soft => "soft",
        Need::Async => "async",
    }
}

fn mermaid(nodes: &[Node], edges: &[Edge]) -> String {
    let safe = |text: &str| text.replace('#', "#35;").replace('"', "#quot;");
    let mut out = String::from("flowchart LR\n");
    for (place, node) in nodes.iter().enumerate() {
        let name = safe(&node.name);
        let _ = if node.below.is_empty() {
            writeln!(out, "  n{place}([\"{name}\"])")
        } else {
            writeln!(out, "  n{place}[\"{name}<br>{}\"]", safe(&node.below))
        };
    }
    for Edge { from, to, need } in edges {
        let _ = match need {
            Need::Hard => writeln!(out, "  n{from} --> n{to}"),
            _ => writeln!(out, "  n{from} -. {} .-> n{to}", word(*need)),
        };
    }
    out
}

fn dot(nodes: &[Node], edges: &[Edge], name: &str) -> String {
    let safe = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ");
    let mut out = format!("digraph \"{}\" {{\n  rankdir=LR;\n", safe(name));
    for (place, node) in nodes.iter().enumerate() {
        let name = safe(&node.name);
        let _ = if node.below.is_empty() {
            writeln!(out, "  n{place} [label=\"{name}\", shape=box, style=rounded];")
        } else {
            writeln!(out, "  n{place} [label=\"{name}\\n{}\", shape=box];", safe(&node.below))
        };
    }
    for Edge { from, to, need } in edges {
        let _ = match need {
            Need::Hard => writeln!(out, "  n{from} -> n{to};"),
            Need::Soft => writeln!(out, "  n{from} -> n{to} [style=dashed, label=\"soft\"];"),
            Need::Async => writeln!(out, "  n{from} -> n{to} [style=dotted, label=\"async\"];"),
        };
    }
    out.push_str("}\n");
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::toy_shop::ToyShop;

    /// Read back, a drawing has the nodes and edges of the scenario, each once.
    #[test]
    fn a_drawing_has_every_node_and_every_edge_once() {
        let spec = ToyShop::new().spec;
        let nodes = spec.journeys.len() + spec.components.len();
        let named: usize = spec.journeys.iter().map(|journey| journey.path.components().len()).sum();
        let edges = named + spec.dependencies.len();
        assert!(nodes > 3 && !spec.dependencies.is_empty());
        for (language, arrow, node) in [(GraphLanguage::Mermaid, "->", '['), (GraphLanguage::Dot, "->", '[')] {
            let drawn = graph(&spec, language);
            let lines: Vec<&str> = drawn.lines().collect();
            assert_eq!(lines.iter().filter(|line| line.contains(arrow)).count(), edges, "{drawn}");
            let is_node = |line: &&&str| line.contains(node) && !line.contains(arrow);
            assert_eq!(lines.iter().filter(is_node).count(), nodes, "{drawn}");
            for dependency in &spec.dependencies {
                let place = |name: &str| {
                    let of = lines.iter().find(|line| line.contains(&format!("\"{name}")) && !line.contains("digraph"));
                    of.unwrap().trim().split(['[', '(', ' ']).next().unwrap().to_owned()
                };
                let (from, to) = (place(&dependency.from), place(&dependency.to));
                let is_edge = |line: &&&str| {
                    let words: Vec<&str> = line.trim().trim_end_matches(';').split(' ').collect();
                    words[0] == from && words.contains(&to.as_str())
                };
                assert_eq!(lines.iter().filter(is_edge).count(), 1, "{from} to {to}\n{drawn}");
            }
        }
    }

    #[test]
    fn quotes_do_not_end_a_label() {
        let mut spec = ToyShop::new().spec;
        spec.name = "the \"shop\"".into();
        assert!(graph(&spec, GraphLanguage::Dot).starts_with("digraph \"the \\\"shop\\\"\" {\n"));
        spec.journeys[0].name = "say \"yes\"".into();
        assert!(graph(&spec, GraphLanguage::Mermaid).contains("([\"say #quot;yes#quot;\"])"));
    }
}
