//! The definitions in a file, by name.

use std::collections::BTreeMap;

use roxmltree::Node;

use super::common_cause::Group;
use super::formula::{Formulas, Id};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::Span;

/// Fault trees within fault trees.
const NESTING_MAX: usize = 64;

/// What an event is.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Gate(Id),
    /// Its probability.
    Basic(f64),
    House(bool),
}

/// A definition and its place.
#[derive(Clone, Debug)]
pub(super) struct Defined {
    pub(super) event: Event,
    pub(super) span: Span,
}

/// What a file defines.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) name: String,
    pub(super) file: u32,
    pub(super) formulas: Formulas,
    pub(super) events: BTreeMap<String, Defined>,
    /// Gates in written order.
    pub(super) gates: Vec<String>,
    pub(super) groups: Vec<Group>,
}

/// The file, as it is read.
pub(super) struct Reading<'a, 'x> {
    pub(super) file: u32,
    pub(super) sink: &'a mut Sink,
    /// Values of parameters that are not evaluated yet.
    pub(super) parameters: BTreeMap<String, Node<'a, 'x>>,
}

impl Reading<'_, '_> {
    pub(super) fn span(&self, node: Node<'_, '_>) -> Span {
        let range = node.range();
        // Of an element with parts its name is enough.
        let end = if node.has_children() { range.start + 1 + node.tag_name().name().len() } else { range.end };
        Span { file: self.file, start: range.start as u32, end: end as u32 }
    }

    pub(super) fn refuse(&mut self, node: Node<'_, '_>, message: impl Into<String>, hint: &str) {
        let span = self.span(node);
        self.sink.push(Diagnostic::new(Code::Import, message, span).hint(hint));
    }

    pub(super) fn not_yet(&mut self, node: Node<'_, '_>, what: &str) {
        let span = self.span(node);
        let message = format!("not supported: {what}");
        self.sink.push(Diagnostic::new(Code::NotYet, message, span).hint("import a model without it"));
    }

    /// The attribute `name`, trimmed.
    pub(super) fn name(&mut self, node: Node<'_, '_>) -> Option<String> {
        let name = node.attribute("name").map(str::trim).filter(|name| !name.is_empty());
        if name.is_none() {
            let tag = node.tag_name().name().to_owned();
            self.refuse(node, format!("`{tag}` has no name"), "write `name=\"…\"`");
        }
        name.map(str::to_owned)
    }
}

/// The elements below one, without what only describes it.
pub(super) fn parts<'a, 'x>(node: Node<'a, 'x>) -> Vec<Node<'a, 'x>> {
    let told = |tag: &str| matches!(tag, "label" | "attributes");
    node.children().filter(|child| child.is_element() && !told(child.tag_name().name())).collect()
}

impl Document {
    /// Reads a document; `None` if it cannot be gone on with.
    pub(super) fn read<'x>(xml: &roxmltree::Document<'x>, file: u32, sink: &mut Sink) -> Option<Self> {
        let before = sink.len();
        let root = xml.root_element();
        let mut reading = Reading { file, sink, parameters: BTreeMap::new() };
        if root.tag_name().name() != "opsa-mef" {
            let message = format!("the file holds `{}`, no Open-PSA model", root.tag_name().name());
            reading.refuse(root, message, "an Open-PSA model is one element `opsa-mef`");
            return None;
        }
        let definitions = definitions(root, &mut reading);
        for node in definitions.iter().filter(|node| node.tag_name().name() == "define-parameter") {
            if let (Some(name), Some(value)) = (reading.name(*node), parts(*node).first()) {
                reading.parameters.insert(name, *value);
            }
        }
        let named = root.attribute("name").map(str::to_owned);
        let of_tree = || Some(parts(root).into_iter().find_map(|node| node.attribute("name"))?.to_owned());
        let mut document = Self { file, name: named.or_else(of_tree).unwrap_or_default(), ..Self::default() };
        if document.name.is_empty() {
            "fault tree".clone_into(&mut document.name);
        }
        for node in definitions {
            document.define(node, &mut reading);
        }
        (sink.len() == before).then_some(document)
    }

    fn define(&mut self, node: Node<'_, '_>, reading: &mut Reading<'_, '_>) {
        let kind = node.tag_name().name();
        if kind == "define-parameter" {
            return;
        }
        if kind == "define-CCF-group" {
            self.groups.extend(Group::read(node, reading));
            return;
        }
        let Some(name) = reading.name(node) else { return };
        let given = parts(node);
        let [given] = given[..] else {
            let message = format!("`{name}` is given {} values; it needs one", given.len());
            return reading.refuse(node, message, "give a gate one formula, a basic event one probability");
        };
        let event = match kind {
            "define-gate" => self.formulas.read(given, reading).map(Event::Gate),
            "define-house-event" => truth(given, reading).map(Event::House),
            _ => reading.probability(given).map(Event::Basic),
        };
        let Some(event) = event else { return };
        if kind == "define-gate" {
            self.gates.push(name.clone());
        }
        let span = reading.span(node);
        if self.events.insert(name.clone(), Defined { event, span }).is_some() {
            reading.refuse(node, format!("`{name}` is defined twice"), "give one of them another name");
        }
    }
}

/// `<constant value="true"/>`.
pub(super) fn truth(node: Node<'_, '_>, reading: &mut Reading<'_, '_>) -> Option<bool> {
    let value = node.attribute("value").filter(|_| matches!(node.tag_name().name(), "constant" | "bool"));
    match value {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => {
            reading.refuse(node, "neither true nor false", "write `<constant value=\"true\"/>`");
            None
        }
    }
}

/// Every definition of a model and of the fault trees, components and data in it, in written order.
fn definitions<'a, 'x>(root: Node<'a, 'x>, reading: &mut Reading<'a, 'x>) -> Vec<Node<'a, 'x>> {
    let (mut found, mut open) = (Vec::new(), vec![(root, 0)]);
    while let Some((node, depth)) = open.pop() {
        match node.tag_name().name() {
            "opsa-mef" | "define-fault-tree" | "define-component" | "model-data" if depth < NESTING_MAX => {
                open.extend(parts(node).into_iter().rev().map(|inner| (inner, depth + 1)));
            }
            "define-fault-tree" | "define-component" => {
                reading.refuse(node, "fault trees are nested too deep", "flatten the file");
            }
            "define-gate" | "define-basic-event" | "define-house-event" | "define-parameter" | "define-CCF-group" => {
                found.push(node);
            }
            tag => {
                let what = format!("`{tag}`: only fault trees and their data are read");
                reading.not_yet(node, &what);
            }
        }
    }
    found
}
