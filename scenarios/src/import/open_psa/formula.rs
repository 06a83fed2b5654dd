//! Formulas of gates, each part once, as thresholds over parts and their opposites.

use std::collections::BTreeSet;

use roxmltree::Node;

use super::document::{Reading, parts, truth};
use crate::source::Span;

/// Place of a formula; parts have smaller places than what they are part of.
pub(super) type Id = usize;

/// Formulas within a formula.
const DEPTH_MAX: usize = 64;

/// A formula.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Formula {
    /// An event by name.
    Event(String),
    Constant(bool),
    /// At least so many of them.
    AtLeast(usize, Vec<Id>),
    Not(Id),
}

/// The formulas of a file.
#[derive(Debug, Default)]
pub(super) struct Formulas {
    all: Vec<(Formula, Span)>,
}

impl Formulas {
    pub(super) fn get(&self, id: Id) -> &(Formula, Span) {
        &self.all[id]
    }

    /// Every name in them.
    pub(super) fn named(&self) -> BTreeSet<&str> {
        let names = self.all.iter().filter_map(|(formula, _)| match formula {
            Formula::Event(name) => Some(name.as_str()),
            _ => None,
        });
        names.collect()
    }

    /// Reads a formula and what is in it.
    pub(super) fn read(&mut self, node: Node<'_, '_>, reading: &mut Reading<'_, '_>) -> Option<Id> {
        self.formula(node, 0, reading)
    }

    fn formula(&mut self, node: Node<'_, '_>, depth: usize, reading: &mut Reading<'_, '_>) -> Option<Id> {
        if depth > DEPTH_MAX {
            reading.refuse(node, "the formula is nested too deep", "define gates for its parts");
            return None;
        }
        let (tag, span) = (node.tag_name().name(), reading.span(node));
        match tag {
            "gate" | "basic-event" | "house-event" | "event" => {
                let name = reading.name(node)?;
                // A full path ends in the name itself.
                let name = name.rsplit('.').next().unwrap_or(&name).to_owned();
                return Some(self.add(Formula::Event(name), span));
            }
            "constant" => {
                let value = truth(node, reading)?;
                return Some(self.add(Formula::Constant(value), span));
            }
            "and" | "or" | "not" | "atleast" | "xor" | "nand" | "nor" | "iff" | "imply" => {}
            _ => {
                let what = format!("the gate `{tag}`");
                reading.not_yet(node, &what);
                return None;
            }
        }
        let inner = parts(node).into_iter().map(|part| self.formula(part, depth + 1, reading));
        let inner: Vec<Id> = inner.collect::<Option<_>>()?;
        self.connective((node, span), inner, reading)
    }

    fn connective(
        &mut self,
        (node, span): (Node<'_, '_>, Span),
        of: Vec<Id>,
        reading: &mut Reading<'_, '_>,
    ) -> Option<Id> {
        let (tag, count) = (node.tag_name().name(), of.len());
        let formula = match (tag, of.as_slice()) {
            (_, []) => None,
            ("and", _) => Some(Formula::AtLeast(count, of)),
            ("or", _) => Some(Formula::AtLeast(1, of)),
            ("nand", _) => Some(Formula::Not(self.add(Formula::AtLeast(count, of), span))),
            ("nor", _) => Some(Formula::Not(self.add(Formula::AtLeast(1, of), span))),
            ("atleast", _) => {
                let min = node.attribute("min").and_then(|min| min.trim().parse().ok());
                min.filter(|min| (1..=count).contains(min)).map(|min: usize| Formula::AtLeast(min, of))
            }
            ("not", [only]) => Some(Formula::Not(*only)),
            ("xor", [a, b]) => Some(self.exactly_one((*a, *b), span)),
            ("iff", [a, b]) => {
                let differ = self.exactly_one((*a, *b), span);
                Some(Formula::Not(self.add(differ, span)))
            }
            ("imply", [a, b]) => {
                let not = self.add(Formula::Not(*a), span);
                Some(Formula::AtLeast(1, vec![not, *b]))
            }
            _ => None,
        };
        let Some(formula) = formula else {
            let hint = "`not` has one part, `xor`, `iff` and `imply` two, `atleast` a `min` of at most its parts";
            reading.refuse(node, format!("`{tag}` of {count} parts is no formula"), hint);
            return None;
        };
        Some(self.add(formula, span))
    }

    /// `a` or `b`, not both.
    fn exactly_one(&mut self, (a, b): (Id, Id), span: Span) -> Formula {
        let (not_a, not_b) = (self.add(Formula::Not(a), span), self.add(Formula::Not(b), span));
        let (only_a, only_b) =
            (self.add(Formula::AtLeast(2, vec![a, not_b]), span), self.add(Formula::AtLeast(2, vec![not_a, b]), span));
        Formula::AtLeast(1, vec![only_a, only_b])
    }

    fn add(&mut self, formula: Formula, span: Span) -> Id {
        self.all.push((formula, span));
        self.all.len() - 1
    }
}
