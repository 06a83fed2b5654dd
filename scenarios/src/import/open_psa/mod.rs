//! Fault trees in the Open-PSA Model Exchange Format (version 2.0d): gates, basic events, house events, parameters and
//! common-cause groups.
//!
//! Event trees, distributions of parameters, gates that are not coherent and files that are included are refused by name.
//! A document type definition is refused, so no entity is ever expanded.

mod coherent;
mod common_cause;
mod document;
mod expression;
mod formula;

use super::Opened;
use super::tree::{FaultTree, Part};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::Span;
use document::Document;

/// Most nodes of the XML, texts between them included.
const NODES_MAX: u32 = 400_000;

/// Reads a model; what is wrong with it goes to `sink`.
pub(crate) fn read(opened: &Opened<'_>, sink: &mut Sink) -> Option<FaultTree> {
    let options = roxmltree::ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, entity_resolver: None };
    let xml = match roxmltree::Document::parse_with_options(opened.text, options) {
        Ok(xml) => xml,
        Err(error) => {
            sink.push(syntax(opened, &error));
            return None;
        }
    };
    let document = Document::read(&xml, opened.file, sink)?;
    let tree = coherent::tree(&document, opened.top, sink)?;
    match tree.top {
        Part::Never | Part::Always => {
            let how = if tree.top == Part::Never { "can never happen" } else { "has always happened" };
            let message = format!("the top event `{}` {how}", tree.top_name);
            let problem = Diagnostic::new(Code::Import, message, Span::top(opened.file));
            sink.push(problem.hint("look at its house events, and at probabilities of 0 and 1"));
            None
        }
        Part::Event(_) | Part::Gate(_) => Some(tree),
    }
}

fn syntax(opened: &Opened<'_>, error: &roxmltree::Error) -> Diagnostic {
    let at = error.pos();
    let line = opened.text.split_inclusive('\n').take((at.row as usize).saturating_sub(1)).map(str::len).sum::<usize>();
    let within = opened.text[line..].char_indices().nth((at.col as usize).saturating_sub(1));
    let start = line + within.map_or(0, |(at, _)| at);
    let span = Span { file: opened.file, start: start as u32, end: start as u32 + 1 };
    match error {
        roxmltree::Error::DtdDetected => {
            let problem = Diagnostic::new(Code::Import, "the file has a document type definition", span);
            problem.why("entities are not expanded").hint("remove the `<!DOCTYPE …>`")
        }
        roxmltree::Error::NodesLimitReached => {
            let message = format!("the file has more than {NODES_MAX} nodes");
            Diagnostic::new(Code::Limit, message, span).hint("import a part of the tree")
        }
        _ => {
            let message = format!("the file is not XML: {error}");
            Diagnostic::new(Code::Import, message, span).hint("Open-PSA files begin with `<opsa-mef>`")
        }
    }
}
