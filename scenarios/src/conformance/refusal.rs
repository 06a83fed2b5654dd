//! Why a case, or an answer of it, is not judged.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Why something is not judged.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The case is wrong.
    Wrong(Box<Diagnostic>),
    /// The case may be right; this program does not know it.
    NotSupported(String),
}

impl Refusal {
    pub(super) fn wrong(code: Code, message: impl Into<String>, span: Span, hint: &str) -> Self {
        Self::Wrong(Box::new(Diagnostic::new(code, message, span).hint(hint)))
    }

    pub(super) fn not_supported(reason: impl Into<String>) -> Self {
        Self::NotSupported(reason.into())
    }

    /// Why, in one line.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Wrong(problem) => problem.message().to_owned(),
            Self::NotSupported(reason) => reason.clone(),
        }
    }
}
