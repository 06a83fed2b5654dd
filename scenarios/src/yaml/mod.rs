//! YAML as a tree in which every node knows its place.
//!
//! Only the plain data of YAML is read: maps, lists and scalars. Anchors, aliases, tags, merge keys and several
//! documents in one file are refused, so a small file is always a small tree.

mod emit;
mod json;
mod parse;

pub(crate) use emit::{emit, flow, quoted};
pub(crate) use json::json;
pub(crate) use parse::{parse, parse_at};

use crate::source::Span;

/// Largest size of one file, bytes.
pub(crate) const FILE_BYTES_MAX: usize = 1 << 20;
/// Most nodes in one file.
pub(crate) const NODES_MAX: usize = 200_000;
/// Deepest nesting of maps and lists.
pub(crate) const DEPTH_MAX: usize = 64;

/// A value and where it is written.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Scalar {
        text: String,
        quoted: bool,
    },
    Seq(Vec<Node>),
    Map(Vec<Entry>),
    /// A node whose problem has been reported already; nobody looks into it.
    Refused,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) value: Node,
}

impl Node {
    pub(crate) fn scalar(span: Span, text: impl Into<String>) -> Self {
        Self { span, kind: Kind::Scalar { text: text.into(), quoted: false } }
    }

    pub(crate) fn map(span: Span, entries: Vec<Entry>) -> Self {
        Self { span, kind: Kind::Map(entries) }
    }

    /// `null`, `~` or nothing at all.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, quoted: false } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    pub(crate) fn is_refused(&self) -> bool {
        matches!(self.kind, Kind::Refused)
    }

    /// The text of a scalar that is not null.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Seq(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value under `key`, unless it is null.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value).filter(|value| !value.is_null())
    }

    /// In words, for messages.
    pub(crate) fn describe(&self) -> &'static str {
        match &self.kind {
            _ if self.is_null() => "nothing",
            Kind::Scalar { .. } => "a single value",
            Kind::Seq(_) => "a list",
            Kind::Map(_) => "a map",
            Kind::Refused => "a refused value",
        }
    }
}
