//! Problems as JSON, for editors and CI.

use serde_json::{Value, json};

use super::{Diagnostic, Severity};
use crate::source::{Sources, Span};

pub(super) fn value(list: &[Diagnostic], sources: &Sources) -> Value {
    list.iter().map(|diagnostic| one(diagnostic, sources)).collect()
}

fn one(d: &Diagnostic, sources: &Sources) -> Value {
    let others: Vec<Value> = d
        .secondary
        .iter()
        .map(|(span, label)| {
            let mut other = place(*span, sources);
            other["label"] = json!(label);
            other
        })
        .collect();
    let mut out = place(d.primary, sources);
    out["code"] = json!(d.code.as_str());
    out["severity"] = json!(match d.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    });
    out["message"] = json!(d.message);
    out["label"] = json!(d.label);
    out["why"] = json!(d.why);
    out["hint"] = json!(d.hint);
    out["secondary"] = json!(others);
    out
}

fn place(span: Span, sources: &Sources) -> Value {
    let range = sources.range(span);
    let (line, column) = sources.line_column(span.file, range.start);
    let (end_line, end_column) = sources.line_column(span.file, range.end);
    json!({
        "file": sources.get(span.file).name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    })
}
