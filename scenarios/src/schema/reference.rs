//! The language as a page for people.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{Block, Key, OneOf, ROOT, Shape, Status};

/// The whole reference, in Markdown.
pub(crate) fn reference() -> String {
    let mut out = String::from(
        "# Reference of the scenario language\n\n\
         Generated from the description of the language that also checks scenarios; do not edit.\n\
         `source: TEXT` may stand in every block. A key marked *not yet* is part of the language and refused with E0106.\n",
    );
    let mut seen = BTreeSet::new();
    section(&ROOT, &mut seen, &mut out);
    out
}

/// Writes the section of a shape that has one, then those of what is inside.
fn section(shape: &Shape, seen: &mut BTreeSet<&'static str>, out: &mut String) {
    match shape {
        Shape::List(inner) | Shape::MapOf { value: inner, .. } => section(inner, seen, out),
        Shape::Block(block) if seen.insert(block.name) => of_block(block, seen, out),
        Shape::OneOf(form) if seen.insert(form.name) => of_forms(form, seen, out),
        _ => {}
    }
}

fn of_block(block: &Block, seen: &mut BTreeSet<&'static str>, out: &mut String) {
    let _ = writeln!(out, "\n## {}\n\n| key | value | meaning |\n|---|---|---|", block.name);
    block.keys.iter().for_each(|key| row(key, out));
    block.keys.iter().for_each(|key| section(&key.shape, seen, out));
}

fn of_forms(form: &OneOf, seen: &mut BTreeSet<&'static str>, out: &mut String) {
    let _ = writeln!(out, "\n## {}\n\n| form | value | meaning |\n|---|---|---|", form.name);
    for word in form.words {
        let mark = if word.status == Status::NotYet { "*not yet*: " } else { "" };
        let _ = writeln!(out, "| `{}` | | {mark}{} |", word.name, word.doc);
    }
    if let Some(plain) = &form.plain {
        let _ = writeln!(out, "| {} | {} | |", plain.example(), plain.words());
    }
    form.variants.iter().for_each(|variant| row(variant, out));
    if let Some((what, shape)) = &form.named {
        let _ = writeln!(out, "| `{what}:` | {} | |", shape.words());
    }
    if let Some(list) = form.list {
        let _ = writeln!(out, "| `[…]` | {} | every entry |", list.words());
    }
    form.block.into_iter().flat_map(|block| block.keys).for_each(|key| row(key, out));
    form.variants.iter().for_each(|variant| section(&variant.shape, seen, out));
    if let Some((_, shape)) = &form.named {
        section(shape, seen, out);
    }
    form.block.into_iter().flat_map(|block| block.keys).for_each(|key| section(&key.shape, seen, out));
}

fn row(key: &Key, out: &mut String) {
    let (value, mark) = match key.status {
        Status::Supported => (key.shape.words(), if key.required { "**required**: " } else { "" }),
        Status::NotYet => (String::new(), "*not yet*: "),
    };
    let _ = writeln!(out, "| `{}` | {value} | {mark}{} |", key.name, key.doc);
}
