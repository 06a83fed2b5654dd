//! Problems as text, in the look of rustc.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Severity};
use crate::source::{Sources, Span};

pub(super) fn text(list: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in list {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&renderer.render(&groups(diagnostic, sources)));
        out.push('\n');
    }
    out
}

fn groups<'a>(d: &'a Diagnostic, sources: &'a Sources) -> Vec<Group<'a>> {
    let level = match d.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level.primary_title(&d.message).id(d.code.as_str()).element(snippet(d, d.primary.file, sources));
    let mut files: Vec<u32> = d.secondary.iter().map(|(span, _)| span.file).filter(|f| *f != d.primary.file).collect();
    files.sort_unstable();
    files.dedup();
    for file in files {
        group = group.element(snippet(d, file, sources));
    }
    if !d.why.is_empty() {
        group = group.element(Level::NOTE.with_name("why").message(&d.why));
    }
    let code = d.code.as_str();
    let hint = match d.hint.as_str() {
        "" => format!("see `ninefold explain {code}`"),
        question if question.ends_with('?') => format!("{question} See `ninefold explain {code}`"),
        hint => format!("{hint}; see `ninefold explain {code}`"),
    };
    vec![group, Group::with_title(Level::HELP.with_name("hint").secondary_title(hint))]
}

/// The part of one file that the problem shows.
fn snippet<'a>(d: &'a Diagnostic, file: u32, sources: &'a Sources) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let source = sources.get(file);
    let mut snippet = Snippet::source(source.text.as_str()).path(source.name.as_str());
    if d.primary.file == file {
        let primary = AnnotationKind::Primary.span(one_line(d.primary, sources));
        snippet = snippet.annotation(if d.label.is_empty() { primary } else { primary.label(&d.label) });
    }
    for (span, label) in d.secondary.iter().filter(|(span, _)| span.file == file) {
        snippet = snippet.annotation(AnnotationKind::Context.span(one_line(*span, sources)).label(label));
    }
    for span in d.context.iter().filter(|span| span.file == file) {
        snippet = snippet.annotation(AnnotationKind::Visible.span(one_line(*span, sources)));
    }
    snippet
}

/// The first line of a span: a block that runs over many lines is underlined where it begins.
fn one_line(span: Span, sources: &Sources) -> std::ops::Range<usize> {
    let range = sources.range(span);
    let text = &sources.get(span.file).text[range.clone()];
    let length = text.lines().next().map_or(0, |line| line.trim_end().len());
    range.start..range.start + length
}
