//! The tree back as YAML text.

use std::fmt::Write;

use super::{Kind, Node};

/// `node` as a YAML document; flat maps and lists stand on one line.
pub(crate) fn emit(node: &Node) -> String {
    let mut out = String::new();
    block(node, 0, &mut out);
    out
}

/// Text as a scalar in quotes; JSON's quotes are YAML's.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn block(node: &Node, indent: usize, out: &mut String) {
    match &node.kind {
        Kind::Map(entries) if !entries.is_empty() => {
            for entry in entries {
                let _ = write!(out, "{:indent$}{}:", "", quote(&entry.key, false));
                below(&entry.value, indent, out);
            }
        }
        Kind::Seq(items) if !items.is_empty() => {
            for item in items {
                let _ = writeln!(out, "{:indent$}- {}", "", flow(item));
            }
        }
        _ => {
            let _ = writeln!(out, "{:indent$}{}", "", flow(node));
        }
    }
}

/// What follows `key:`: on the same line where it is short and flat, else indented below.
fn below(value: &Node, indent: usize, out: &mut String) {
    let line = flow(value);
    let nested = matches!(value.kind, Kind::Map(_)) && depth(value) > 2;
    if line.len() + indent <= 100 && !nested || depth(value) == 0 {
        let _ = writeln!(out, " {line}");
    } else {
        out.push('\n');
        block(value, indent + 2, out);
    }
}

fn depth(node: &Node) -> usize {
    match &node.kind {
        Kind::Map(entries) => 1 + entries.iter().map(|e| depth(&e.value)).max().unwrap_or(0),
        Kind::Seq(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Kind::Scalar { .. } | Kind::Refused => 0,
    }
}

/// `node` on one line.
pub(crate) fn flow(node: &Node) -> String {
    match &node.kind {
        Kind::Scalar { text, quoted } => quote(text, *quoted),
        Kind::Seq(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Kind::Map(entries) => {
            let inner: Vec<_> =
                entries.iter().map(|e| format!("{}: {}", quote(&e.key, false), flow(&e.value))).collect();
            format!("{{{}}}", inner.join(", "))
        }
        Kind::Refused => "null".to_owned(),
    }
}

/// A scalar that reads back as the same text.
fn quote(text: &str, quoted: bool) -> String {
    let plain = !quoted
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " ._-/%+@".contains(c) || c == ':')
        && !text.contains(": ")
        && !text.ends_with([' ', ':']);
    if plain {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
