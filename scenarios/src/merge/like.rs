//! `like`: another component's blocks, copied under a component's own.

use std::collections::BTreeMap;

use super::{child, overlay};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::nearest::suggestion;
use crate::schema::ROOT;
use crate::yaml::{Entry, Kind, Node};

/// Applies every `like` of `root` and removes the key. Chains are followed; circles are reported and left alone.
pub(crate) fn apply_like(root: &mut Node, sink: &mut Sink) {
    let Kind::Map(sections) = &mut root.kind else { return };
    let Some(components) = sections.iter_mut().find(|entry| entry.key == "components") else { return };
    let Kind::Map(entries) = &mut components.value.kind else { return };
    let order = order(entries, sink);
    for (copy, original) in order {
        let base = entries[original].value.clone();
        let over = std::mem::replace(&mut entries[copy].value, Node::scalar(base.span, ""));
        let span = over.span;
        let shape = child(child(Some(&ROOT), "components"), "");
        let mut merged = overlay(base, over, shape);
        merged.span = span;
        super::drop_nulls(&mut merged);
        entries[copy].value = merged;
    }
    for entry in entries {
        if let Kind::Map(keys) = &mut entry.value.kind {
            keys.retain(|key| key.key != "like");
        }
    }
}

/// Pairs (copy, original), originals first.
fn order(entries: &[Entry], sink: &mut Sink) -> Vec<(usize, usize)> {
    let index: BTreeMap<&str, usize> = entries.iter().enumerate().map(|(at, e)| (e.key.as_str(), at)).collect();
    let mut originals = vec![None; entries.len()];
    for (at, entry) in entries.iter().enumerate() {
        let Some(node) = entry.value.get("like") else { continue };
        let Some(name) = node.text() else { continue };
        match index.get(name) {
            Some(original) => originals[at] = Some(*original),
            None => sink.push(
                Diagnostic::new(Code::NoComponent, format!("there is no component `{name}`"), node.span)
                    .hint(suggestion(name, index.keys().copied())),
            ),
        }
    }
    let mut done: Vec<bool> = originals.iter().map(Option::is_none).collect();
    let mut order = Vec::new();
    for start in 0..entries.len() {
        let mut way = vec![start];
        let mut at = start;
        while !done[at] {
            let Some(next) = originals[at] else { break };
            if let Some(from) = way.iter().position(|seen| *seen == next) {
                report_cycle(entries, &way[from..], sink);
                way.iter().for_each(|seen| done[*seen] = true);
                way.clear();
                break;
            }
            way.push(next);
            at = next;
        }
        for copy in way.into_iter().rev() {
            if let (false, Some(original)) = (done[copy], originals[copy]) {
                order.push((copy, original));
                done[copy] = true;
            }
        }
    }
    order
}

fn report_cycle(entries: &[Entry], way: &[usize], sink: &mut Sink) {
    let names: Vec<&str> = way.iter().chain(way.first()).map(|at| entries[*at].key.as_str()).collect();
    let Some(place) = entries[way[0]].value.get("like") else { return };
    sink.push(
        Diagnostic::new(Code::LikeCycle, format!("`like` goes in a circle: {}", names.join(" → ")), place.span)
            .why("none of them has blocks of its own to begin with")
            .hint("let one of them stand alone"),
    );
}
