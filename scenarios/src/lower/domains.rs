//! `domains`: the tree and its modes.

use std::collections::BTreeMap;

use ninefold_models::system::{DomainSpec, SystemSpec};

use super::Lowering;
use super::read::At;
use crate::check::domain_cycles;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

/// The tree, for asking what lies where. Domains are numbered in written order.
#[derive(Debug, Default)]
pub(super) struct DomainTree<'a> {
    pub(super) names: Vec<&'a str>,
    pub(super) levels: Vec<Option<&'a str>>,
    pub(super) parents: Vec<Option<usize>>,
    index: BTreeMap<&'a str, usize>,
}

impl<'a> DomainTree<'a> {
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// The domain itself and all around it, innermost first.
    pub(super) fn upwards(&self, domain: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(domain), |at| self.parents[*at])
    }

    /// The domain of that level that holds `domain` (or is it).
    pub(super) fn of_level(&self, domain: usize, level: &str) -> Option<usize> {
        self.upwards(domain).find(|at| self.levels[*at] == Some(level))
    }

    /// The domains of that level strictly inside `domain`, in written order.
    pub(super) fn inside(&self, domain: usize, level: &str) -> Vec<usize> {
        let lies_inside = |at: &usize| *at != domain && self.upwards(*at).any(|up| up == domain);
        (0..self.names.len()).filter(|at| self.levels[*at] == Some(level)).filter(lies_inside).collect()
    }

    pub(super) fn level_names(&self) -> Vec<&'a str> {
        let mut levels: Vec<&str> = self.levels.iter().flatten().copied().collect();
        levels.sort_unstable();
        levels.dedup();
        levels
    }

    /// Reports a domain that is not there.
    pub(super) fn unknown(&self, name: &str, span: crate::source::Span) -> Diagnostic {
        Diagnostic::new(Code::NoDomain, format!("there is no domain `{name}`"), span)
            .label("not in `domains.tree`")
            .hint(suggestion(name, self.names.iter().copied()))
    }

    /// Reports a level that is not there.
    pub(super) fn unknown_level(&self, level: &str, span: crate::source::Span) -> Diagnostic {
        Diagnostic::new(Code::NoLevel, format!("no domain has the level `{level}`"), span)
            .hint(suggestion(level, self.level_names()))
    }
}

pub(super) fn lower<'a>(cx: &mut Lowering<'_>, top: &At<'a>, spec: &mut SystemSpec) -> DomainTree<'a> {
    let Some(section) = top.get("domains") else { return DomainTree::default() };
    let tree = read_tree(cx, &section);
    spec.domains = (0..tree.names.len())
        .map(|at| DomainSpec {
            name: tree.names[at].to_owned(),
            level: tree.levels[at].map(str::to_owned),
            parent: tree.parents[at].map(|parent| tree.names[parent].to_owned()),
            modes: Vec::new(),
        })
        .collect();
    if let Some(modes) = section.get("failure_modes") {
        for (name, at) in modes.entries() {
            let matching = matching(cx, &tree, &at);
            let mode = cx.mode(name, &at);
            for domain in matching {
                spec.domains[domain].modes.extend(mode.clone());
            }
        }
    }
    super::hazards::lower(cx, &section, &tree, spec);
    super::host_pool::lower(cx, &section, &tree, spec);
    tree
}

fn read_tree<'a>(cx: &mut Lowering<'_>, section: &At<'a>) -> DomainTree<'a> {
    let entries = section.get("tree").map(|tree| tree.entries()).unwrap_or_default();
    let mut tree = DomainTree::default();
    for (at, (name, value)) in entries.iter().enumerate() {
        tree.names.push(name);
        tree.levels.push(value.get("level").and_then(|level| level.text()));
        tree.index.insert(name, at);
    }
    let mut spans = Vec::new();
    for (_, value) in &entries {
        let parent = value.get("in");
        let found = parent.as_ref().and_then(|parent| {
            let name = parent.text()?;
            let found = tree.find(name);
            if found.is_none() {
                cx.sink.push(tree.unknown(name, parent.span()));
            }
            found
        });
        spans.push(parent.map_or(value.key_span(), |parent| parent.span()));
        tree.parents.push(found);
    }
    domain_cycles(&tree.names, &mut tree.parents, &spans, cx.sink);
    tree
}

/// The domains a mode is `of`.
fn matching(cx: &mut Lowering<'_>, tree: &DomainTree<'_>, at: &At<'_>) -> Vec<usize> {
    let Some(of) = cx.required(at, "of") else { return Vec::new() };
    if let Some(name) = of.text() {
        let found = tree.find(name);
        if found.is_none() {
            cx.sink.push(tree.unknown(name, of.span()));
        }
        return found.into_iter().collect();
    }
    let Some(level) = of.get("level") else { return Vec::new() };
    let Some(name) = level.text() else { return Vec::new() };
    let found: Vec<usize> = (0..tree.names.len()).filter(|at| tree.levels[*at] == Some(name)).collect();
    if found.is_empty() {
        cx.sink.push(tree.unknown_level(name, level.span()));
    }
    found
}
