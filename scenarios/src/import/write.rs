//! A fault tree as a scenario: what has happened is down, so that a gate of which `need` parts bring it about is up while
//! all but `need - 1` of them are.

use std::fmt::Write;

use super::names::Names;
use super::tree::{FaultTree, Gate, Happens, Part};
use crate::yaml::quoted;

/// The whole scenario; `file` is where it came from.
pub(super) fn scenario(file: &str, tree: &FaultTree) -> String {
    let plain = |text: &str| text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let mut text = format!("# Imported from {}; the top event is `{}`.\n", plain(file), plain(&tree.top_name));
    for assumption in &tree.assumptions {
        let _ = writeln!(text, "# {}", plain(assumption));
    }
    let _ = write!(text, "scenario: {}\n{}", quoted(&tree.name), sections(tree, |hours| format!("{hours}h")));
    text
}

/// Components, paths, and the journey `system`, which is up while the top event has not happened; `duration` writes hours.
pub(crate) fn sections(tree: &FaultTree, duration: impl Fn(f64) -> String) -> String {
    let mut names = Names::default();
    let events: Vec<String> = tree.events.iter().map(|event| names.id(&event.name)).collect();
    let gates: Vec<String> = tree.gates.iter().map(|gate| names.id(&gate.name)).collect();
    let mut text = String::from("components:\n");
    for (event, id) in tree.events.iter().zip(&events) {
        let mode = match event.happens {
            Happens::Chance(chance) => {
                format!("unavailability: {chance}, repair: {{exponential: {{mean: {}}}}}", duration(1.0))
            }
            Happens::Rate(rate) => {
                format!("time_to_failure: {{exponential: {{mean: {}}}}}, repair: never", duration(1.0 / rate))
            }
        };
        let _ = writeln!(text, "  {id}: {{{}failure_modes: {{out: {{{mode}}}}}}}", source(&event.name, id));
    }
    let name = |part: &Part| match part {
        Part::Event(at) => events[*at].as_str(),
        Part::Gate(at) => gates[*at].as_str(),
        Part::Never | Part::Always => unreachable!("bug: what is certain is no part of a tree"),
    };
    if !gates.is_empty() {
        text.push_str("paths:\n");
    }
    for (gate, id) in tree.gates.iter().zip(&gates) {
        let of: Vec<&str> = gate.of.iter().map(name).collect();
        let _ = writeln!(text, "  {id}: {}", path(gate, &of));
    }
    let _ = writeln!(text, "journeys:\n  system: {{path: [{}]}}", name(&tree.top));
    text
}

/// The name in the file, where the id is another.
fn source(name: &str, id: &str) -> String {
    if name == id { String::new() } else { format!("source: {}, ", quoted(&format!("basic event {name}"))) }
}

fn path(gate: &Gate, of: &[&str]) -> String {
    let branches = || of.iter().map(|name| format!("[{name}]")).collect::<Vec<_>>().join(", ");
    match gate.need {
        1 => format!("[{}]", of.join(", ")),
        need if need == of.len() => format!("[{{any_of: [{}]}}]", branches()),
        need => format!("[{{k_of: {{need: {}, branches: [{}]}}}}]", of.len() - need + 1, branches()),
    }
}
