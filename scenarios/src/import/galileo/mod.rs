//! Dynamic fault trees in the Galileo format, as far as their order does not matter: `and`, `or`, `KofN` (also `votK`) and
//! functional dependencies (`fdep`) over basic events with a constant rate.
//!
//! A basic event that depends on a trigger has happened once itself or the trigger has. Spares, `pand`, `seq` and the
//! other gates that look at the order of failures are refused by name. Source: Dugan, Bavuso and Boyd, *IEEE Trans.
//! Reliab.* 41 (1992).

mod build;
mod statement;

use super::Opened;
use super::tree::{FaultTree, Part};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::Span;

/// Reads a model; what is wrong with it goes to `sink`.
pub(crate) fn read(opened: &Opened<'_>, sink: &mut Sink) -> Option<FaultTree> {
    let before = sink.len();
    let elements = statement::elements(opened, sink);
    if sink.len() > before {
        return None;
    }
    let tree = build::tree(opened, &elements).map_err(|problem| sink.push(*problem)).ok()?;
    if matches!(tree.top, Part::Event(_) | Part::Gate(_)) {
        return Some(tree);
    }
    let message = format!("the top event `{}` can never happen", tree.top_name);
    let problem = Diagnostic::new(Code::Import, message, Span::top(opened.file));
    sink.push(problem.hint("give its basic events a `lambda` above 0"));
    None
}
