//! `--set path.to.key=value`: a patch from the command line.

use super::patch::{By, Patch};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{Sources, Span};
use crate::yaml::{self, Node};

/// The patches that the texts hold, in order.
pub(crate) fn read_sets(sets: &[String], sources: &mut Sources, sink: &mut Sink) -> Vec<Patch> {
    sets.iter().filter_map(|text| read(text, sources, sink)).collect()
}

fn read(text: &str, sources: &mut Sources, sink: &mut Sink) -> Option<Patch> {
    let file = sources.add("--set", text);
    let whole = Span { file, start: 0, end: u32::try_from(text.len()).unwrap_or(u32::MAX) };
    let Some((path, _)) = text.split_once('=') else {
        let message = format!("`{text}` is not a patch");
        sink.push(Diagnostic::new(Code::BadSet, message, whole).hint("write `--set path.to.key=value`"));
        return None;
    };
    let segments: Vec<String> = path.trim().split('.').map(str::to_owned).collect();
    let span = Span { end: u32::try_from(path.len()).unwrap_or(u32::MAX), ..whole };
    if segments.iter().any(String::is_empty) || segments.len() > yaml::DEPTH_MAX {
        let message = format!("`{path}` is not a path");
        sink.push(Diagnostic::new(Code::BadSet, message, span).hint("write the keys from the top, joined by dots"));
        return None;
    }
    let problems = sink.len();
    let value = yaml::parse_at(sources, file, path.len() + 1, sink);
    if value.is_none() && sink.len() > problems {
        return None;
    }
    let value = value.unwrap_or_else(|| Node::scalar(Span { start: whole.end, ..whole }, ""));
    Some(Patch { path: segments, span, value, by: By::Set })
}
