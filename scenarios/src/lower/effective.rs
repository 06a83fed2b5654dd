//! The effective scenario: everything merged, every default that has a place of its own written out, every fit replaced
//! by its law. It stands alone and loads to the same system.

use std::collections::BTreeSet;

use ninefold_models::about::Assumption;
#[cfg(feature = "records")]
use ninefold_models::lifetime::Law;

use crate::yaml::{Entry, Kind, Node, emit, parse};

/// The effective scenario as YAML.
///
/// `replaced` stands in place of what was drawn from records, and `records` are those that are still needed.
pub(crate) fn effective(
    root: &Node,
    (assumptions, remarked): (&[Assumption], &BTreeSet<String>),
    replaced: &[(String, String)],
    records: &[(String, String)],
) -> String {
    let mut root = root.clone();
    if let Kind::Map(entries) = &mut root.kind {
        // An option is no part of what the file says without it; with `like` gone its patch would mean something else.
        entries.retain(|entry| !["extends", "records", "options"].contains(&entry.key.as_str()));
    }
    for (path, value) in replaced {
        put(&mut root, path, value, true);
    }
    // A missing fallback is not the same as one of quality 1, though both cost nothing: it stays missing.
    let has_place = |path: &str| !path.contains('*') && !path.starts_with("dependencies.") && !path.contains(".fit.");
    let has_value = |path: &String| has_place(path) && !remarked.contains(path);
    for assumption in assumptions.iter().filter(|assumption| has_value(&assumption.path)) {
        put(&mut root, &assumption.path, &assumption.value, false);
    }
    for (id, record) in records {
        put(&mut root, &format!("records.{id}"), record, true);
    }
    emit(&root)
}

/// A law as it is written, with every digit.
#[cfg(feature = "records")]
pub(crate) fn written(law: &Law) -> String {
    let parameters: Vec<String> = law
        .parameters()
        .into_iter()
        .map(|(name, value, unit)| match unit {
            "h" => format!("{name}: {value:?}h"),
            _ => format!("{name}: {value:?}"),
        })
        .collect();
    format!("{{{}: {{{}}}}}", law.name(), parameters.join(", "))
}

/// Puts a value at a path, making the maps on the way; `replace` says whether it may stand in place of another.
fn put(root: &mut Node, path: &str, value: &str, replace: bool) {
    let mut sources = crate::source::Sources::default();
    let file = sources.add("default", value);
    let mut sink = crate::diagnostic::Sink::default();
    let Some(value) = parse(&sources, file, &mut sink) else { return };
    let mut node = root;
    for key in path.split('.') {
        if node.is_null() {
            node.kind = Kind::Map(Vec::new());
        }
        let span = node.span;
        let entries = match &mut node.kind {
            Kind::Map(entries) => entries,
            Kind::Seq(items) => {
                let Some(item) = key.parse::<usize>().ok().and_then(|index| items.get_mut(index)) else { return };
                node = item;
                continue;
            }
            Kind::Scalar { .. } | Kind::Refused => return,
        };
        let at = entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
            entries.push(Entry { key: key.to_owned(), key_span: span, value: Node::scalar(span, "") });
            entries.len() - 1
        });
        node = &mut entries[at].value;
    }
    if replace || node.is_null() {
        *node = value;
    }
}
