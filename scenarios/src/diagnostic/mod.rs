//! What is wrong with a scenario, where, why, and how to mend it.

mod code;
mod json;
mod render;

use std::collections::BTreeSet;

pub use code::Code;

use crate::source::{Sources, Span};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The scenario is refused.
    Error,
    /// The scenario runs; the reader should know.
    Warning,
}

/// One problem.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    code: Code,
    severity: Severity,
    message: String,
    pub(crate) primary: Span,
    label: String,
    secondary: Vec<(Span, String)>,
    context: Vec<Span>,
    why: String,
    hint: String,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, message: impl Into<String>, primary: Span) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            primary,
            label: String::new(),
            secondary: Vec::new(),
            context: Vec::new(),
            why: String::new(),
            hint: String::new(),
        }
    }

    /// Text beside the underline.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Another place that matters.
    pub(crate) fn secondary(mut self, span: Span, label: impl Into<String>) -> Self {
        self.secondary.push((span, label.into()));
        self
    }

    /// A line to show without remark.
    pub(crate) fn context(mut self, span: Span) -> Self {
        self.context.push(span);
        self
    }

    pub(crate) fn why(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same as a problem of an option: where it is not shown inside the option, it is shown at its name.
    fn under_option(mut self, name: &str, (key, whole): (Span, Span)) -> Self {
        self.message = format!("with option `{name}`, {}", self.message);
        let at = self.primary;
        if at.file != whole.file || at.start < whole.start || at.end > whole.end {
            let label = if self.label.is_empty() { "it comes out here".to_owned() } else { self.label };
            self.secondary.push((at, label));
            (self.primary, self.label) = (key, "under this option".to_owned());
        }
        self
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Error or warning.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// What is wrong, in one line.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How to mend it, in one line; may be empty.
    pub fn hint_text(&self) -> &str {
        &self.hint
    }
}

/// Most problems listed of one scenario.
const PROBLEMS_MAX: usize = 200;

/// Collects problems while the scenario is read.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    list: Vec<Diagnostic>,
    seen: BTreeSet<(Span, Code)>,
    /// The parameter draw that is read, if any.
    draw: Option<u32>,
    /// The option that is read, if any: what it is called, its name's place, and all of it.
    option: Option<(String, Span, Span)>,
}

impl Sink {
    /// Collects the problems of a parameter draw, and says so in each.
    pub(crate) fn of_draw(draw: u32) -> Self {
        Self { draw: Some(draw), ..Self::default() }
    }

    /// Collects the problems of a scenario with an option: each says so, and is shown at the option.
    pub(crate) fn of_option(name: &str, (key, whole): (Span, Span)) -> Self {
        Self { option: Some((name.to_owned(), key, whole)), ..Self::default() }
    }

    /// Adds a problem, once a place and code: what is copied by `like` is reported where it is written.
    pub(crate) fn push(&mut self, mut diagnostic: Diagnostic) {
        if let Some(draw) = self.draw {
            diagnostic.message = format!("in parameter draw {draw}, {}", diagnostic.message);
        }
        if !self.seen.insert((diagnostic.primary, diagnostic.code)) || self.list.len() > PROBLEMS_MAX {
            return;
        }
        if let Some((name, key, whole)) = &self.option {
            diagnostic = diagnostic.under_option(name, (*key, *whole));
        }
        let full = self.list.len() == PROBLEMS_MAX;
        self.list.push(match full {
            false => diagnostic,
            true => Self::too_many(diagnostic.primary),
        });
    }

    fn too_many(place: Span) -> Diagnostic {
        Diagnostic::new(Code::Limit, format!("more than {PROBLEMS_MAX} problems; the rest is not listed"), place)
            .hint("mend the first ones and check again")
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether something inside `span` is part of the language but not supported yet.
    pub(crate) fn awaits(&self, span: Span) -> bool {
        let inside = |at: Span| at.file == span.file && at.start >= span.start && at.end <= span.end;
        self.list.iter().any(|d| d.code == Code::NotYet && inside(d.primary))
    }

    /// Splits into errors and warnings, each in the order of the files.
    pub(crate) fn finish(mut self, sources: &Sources) -> (Diagnostics, Diagnostics) {
        self.list.sort_by_key(|d| (d.primary.file, d.primary.start, d.code));
        let (errors, warnings) = self.list.into_iter().partition(|d| d.severity == Severity::Error);
        (
            Diagnostics { list: errors, sources: sources.clone() },
            Diagnostics { list: warnings, sources: sources.clone() },
        )
    }
}

/// Problems of a scenario, in the order of its files, together with the text they point at.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    sources: Sources,
}

impl Diagnostics {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Each problem.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Adds those of the same scenario with another option, which is made of the same texts.
    pub fn extend(&mut self, others: Self) {
        if self.list.is_empty() {
            self.sources = others.sources;
        }
        self.list.extend(others.list);
        self.list.truncate(PROBLEMS_MAX);
    }

    /// As text for a terminal, with or without colour.
    pub fn to_text(&self, color: bool) -> String {
        render::text(&self.list, &self.sources, color)
    }

    /// As JSON: a list of objects with code, place, message, reason and hint.
    pub fn to_json(&self) -> serde_json::Value {
        json::value(&self.list, &self.sources)
    }
}

impl std::fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_text(false))
    }
}

impl std::error::Error for Diagnostics {}

/// The page that explains a code (`E0107`), or `None` if there is no such code.
pub fn explain(code: &str) -> Option<&'static str> {
    Code::ALL.iter().find(|known| known.as_str().eq_ignore_ascii_case(code)).map(|known| known.page())
}
