//! `dependencies`: edges, and the edges that `"*"` stands for.

use std::collections::BTreeMap;

use ninefold_models::system::{DependencySpec, Need, SystemSpec};

use super::Lowering;
use super::read::At;
use crate::check::{Edge, dependency_cycles};
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;
use crate::source::Span;

/// An edge as written.
struct Written {
    /// `None` is `"*"`.
    from: Option<usize>,
    to: usize,
    need: Need,
    quality: Option<f64>,
    span: Span,
}

pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, spec: &mut SystemSpec) {
    let Some(list) = top.get("dependencies").and_then(|section| section.get("edges")) else { return };
    let names: Vec<String> = spec.components.iter().map(|component| component.name.clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let written: Vec<Written> = list.items().iter().filter_map(|item| read(cx, item, &names)).collect();
    let edges = expand(cx, written, names.len());
    let numbered: Vec<Edge> = edges
        .iter()
        .map(|(from, edge)| {
            let fallback = edge.quality.is_some();
            Edge { from: *from, to: edge.to, need: edge.need, fallback, span: edge.span }
        })
        .collect();
    dependency_cycles(&names, &numbered, cx.sink);
    spec.dependencies = edges
        .iter()
        .map(|(from, edge)| DependencySpec {
            from: names[*from].to_owned(),
            to: names[edge.to].to_owned(),
            need: edge.need,
            fallback_quality: edge.quality,
        })
        .collect();
}

fn read(cx: &mut Lowering<'_>, item: &At<'_>, names: &[&str]) -> Option<Written> {
    if !item.is_map() {
        return None;
    }
    let from = cx.required(item, "from");
    let to = cx.required(item, "to");
    let need = cx.required(item, "need");
    let quality = fallback(cx, item, need.as_ref());
    let from = from?;
    let source = if from.text() == Some("*") { Some(None) } else { component(cx, &from, names).map(Some) };
    let target = to.as_ref().and_then(|to| component(cx, to, names));
    let need = match need?.text()? {
        "hard" => Need::Hard,
        "soft" => Need::Soft,
        "async" => Need::Async,
        _ => return None,
    };
    let (source, target) = (source?, target?);
    if source == Some(target) && need == Need::Async && item.get("share").is_some() {
        // Requests that go round again: a call, and no dependency.
        return None;
    }
    if source == Some(target) {
        let message = format!("`{}` depends on itself", names[target]);
        cx.sink.push(Diagnostic::new(Code::SelfDependency, message, from.span()).hint("remove the edge"));
        return None;
    }
    if need != Need::Hard && quality.is_none() && item.get("fallback").is_none() {
        let (from, to) = (from.text()?, names[target]);
        let path = format!("{}.fallback.quality", item.path());
        cx.assume(path, "1", format!("the edge from {from} to {to} has no fallback: its loss costs no quality"));
    }
    Some(Written { from: source, to: target, need, quality, span: from.span() })
}

fn component(cx: &mut Lowering<'_>, at: &At<'_>, names: &[&str]) -> Option<usize> {
    let name = at.text()?;
    let found = names.iter().position(|known| *known == name);
    if found.is_none() {
        cx.sink.push(
            Diagnostic::new(Code::NoComponent, format!("there is no component `{name}`"), at.span())
                .hint(suggestion(name, names.iter().copied())),
        );
    }
    found
}

fn fallback(cx: &mut Lowering<'_>, item: &At<'_>, need: Option<&At<'_>>) -> Option<f64> {
    let fallback = item.get("fallback")?;
    if !fallback.is_map() {
        return None;
    }
    let own_answer = ["quality", "serve"].iter().any(|key| fallback.get(key).is_some());
    if need.and_then(At::text) == Some("hard") && (own_answer || !cx.sink.awaits(fallback.span())) {
        cx.sink.push(
            Diagnostic::new(Code::HardFallback, "a hard edge has no fallback", fallback.key_span())
                .why("the caller is down without its target, whatever it could serve")
                .hint("write `need: soft` if the caller can go on"),
        );
        return None;
    }
    let quality = cx.required(&fallback, "quality");
    quality.and_then(|quality| cx.ratio(&quality))
}

/// Replaces `"*"`, in written order and after all written pairs; a written pair stands before what `"*"` would add.
fn expand(cx: &mut Lowering<'_>, written: Vec<Written>, count: usize) -> Vec<(usize, Written)> {
    let (stars, pairs): (Vec<Written>, Vec<Written>) = written.into_iter().partition(|edge| edge.from.is_none());
    let mut edges: Vec<(usize, Written)> = Vec::new();
    let mut seen: BTreeMap<(usize, usize), Span> = BTreeMap::new();
    for edge in pairs {
        let from = edge.from.expect("bug: a star among the pairs");
        if let Some(first) = seen.insert((from, edge.to), edge.span) {
            cx.sink.push(
                Diagnostic::new(Code::DuplicateEdge, "the same edge is given twice", edge.span)
                    .secondary(first, "first given here")
                    .hint("keep one of the two"),
            );
            continue;
        }
        edges.push((from, edge));
    }
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); count];
    edges.iter().for_each(|(from, edge)| next[*from].push(edge.to));
    for star in stars {
        let needed = closure(star.to, &next);
        for from in (0..count).filter(|from| *from != star.to && !needed[*from]) {
            if seen.insert((from, star.to), star.span).is_none() {
                next[from].push(star.to);
                edges.push((from, Written { from: Some(from), ..star }));
            }
        }
        if edges.len() > EDGES_MAX {
            let message = format!("`\"*\"` makes more than {EDGES_MAX} edges");
            cx.sink.push(Diagnostic::new(Code::Limit, message, star.span).hint("name the callers that matter"));
            break;
        }
    }
    edges
}

/// Most edges, with those that `"*"` stands for.
const EDGES_MAX: usize = 1_000_000;

/// For each component, whether `start` needs it, by edges of any kind.
fn closure(start: usize, next: &[Vec<usize>]) -> Vec<bool> {
    let mut found = vec![false; next.len()];
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        for to in &next[at] {
            if !std::mem::replace(&mut found[*to], true) {
                open.push(*to);
            }
        }
    }
    found
}
