//! From files and patches to one tree: `extends`, the file, an option's patch, `--set`, and last `like`, the
//! defaults of edges, and manifests of autoscalers.
//!
//! Maps merge key by key; lists, single values and values with one variant key (laws, `redundancy`, `repair`) are
//! replaced whole; null removes. Every node keeps the place where it was written.

mod edge_defaults;
mod extends;
mod like;
mod manifests;
mod patch;
mod set;

pub(crate) use edge_defaults::apply_edge_defaults;
pub(crate) use extends::{Folder, read_bounded, with_bases};
pub(crate) use like::apply_like;
pub(crate) use manifests::apply_manifests;
pub(crate) use patch::{By, Patch, apply_patches};
pub(crate) use set::read_sets;

use std::collections::BTreeMap;

use crate::schema::Shape;
use crate::yaml::{Entry, Kind, Node};

/// Lays `over` on `base`.
pub(crate) fn overlay(base: Node, over: Node, shape: Option<&'static Shape>) -> Node {
    match (base.kind, over.kind) {
        (Kind::Map(mut entries), Kind::Map(changes)) if merges(shape) => {
            let index: BTreeMap<String, usize> =
                entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
            for change in changes {
                let inner = child(shape, &change.key);
                match index.get(&change.key).copied() {
                    Some(at) => {
                        let old = std::mem::replace(&mut entries[at].value, Node::scalar(over.span, ""));
                        let value = overlay(old, change.value, inner);
                        entries[at] = Entry { key: change.key, key_span: change.key_span, value };
                    }
                    None => entries.push(change),
                }
            }
            Node::map(over.span, entries)
        }
        (_, kind) => Node { span: over.span, kind },
    }
}

/// Whether maps of this shape merge key by key.
pub(crate) fn merges(shape: Option<&Shape>) -> bool {
    match shape {
        Some(Shape::OneOf(form)) => form.variants.is_empty() && form.named.is_none() && form.block.is_some(),
        Some(Shape::Block(_) | Shape::MapOf { .. } | Shape::Unread) | None => true,
        Some(_) => false,
    }
}

/// The shape under `key`.
pub(crate) fn child(shape: Option<&'static Shape>, key: &str) -> Option<&'static Shape> {
    match shape? {
        Shape::Block(block) => block.find(key).map(|key| &key.shape),
        Shape::MapOf { value, .. } => Some(value),
        Shape::OneOf(form) => match (form.variants.iter().find(|variant| variant.name == key), form.block) {
            (Some(variant), _) => Some(&variant.shape),
            (None, Some(block)) => block.find(key).map(|key| &key.shape),
            (None, None) => None,
        },
        Shape::List(item) => Some(item),
        _ => None,
    }
}

/// Drops every null, once there is nothing left that it could remove.
pub(crate) fn drop_nulls(node: &mut Node) {
    match &mut node.kind {
        Kind::Map(entries) => {
            entries.retain(|entry| !entry.value.is_null());
            entries.iter_mut().for_each(|entry| drop_nulls(&mut entry.value));
        }
        Kind::Seq(items) => items.iter_mut().for_each(drop_nulls),
        Kind::Scalar { .. } | Kind::Refused => {}
    }
}
