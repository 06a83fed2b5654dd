//! Values with units, read from text; each refusal says what to write instead.

mod data_rate;
mod datetime;
mod duration;
mod flow;
mod half_width;
mod id;
mod number;
mod rate;
mod ratio;
mod window;

pub(crate) use data_rate::data_rate;
pub(crate) use datetime::{start, zone};
pub(crate) use duration::duration;
pub(crate) use flow::{flow, flow_in, flow_unit};
pub(crate) use half_width::half_width;
pub(crate) use id::{id, record_column};
pub(crate) use number::{count, number_in};
pub(crate) use rate::rate;
pub(crate) use ratio::ratio;
pub(crate) use window::{WindowKind, window_kind};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Why a text is not the value it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) why: String,
    pub(crate) hint: String,
}

impl Refusal {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), why: String::new(), hint: String::new() }
    }

    fn why(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// In one line, for a text that stands in no file.
    pub(crate) fn line(self) -> String {
        format!("{}; {}", self.message, self.hint)
    }

    /// The problem at the place of the text.
    pub(crate) fn at(self, span: Span) -> Diagnostic {
        Diagnostic::new(self.code, self.message, span).why(self.why).hint(self.hint)
    }
}
