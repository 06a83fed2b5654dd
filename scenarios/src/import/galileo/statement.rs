//! Statements: `"NAME" GATE "PART" …;` and `"NAME" lambda=RATE …;`, after `toplevel "NAME";`.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::import::Opened;
use crate::source::Span;

/// What a statement says of its name.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Happens while at least so many of its parts have; 0 stands for all of them.
    AtLeast(usize),
    /// Its first part brings the others about.
    Dependency,
    /// Failures an hour.
    Basic(f64),
}

/// A statement.
#[derive(Clone, Debug)]
pub(super) struct Element<'a> {
    pub(super) kind: Kind,
    pub(super) of: Vec<&'a str>,
    pub(super) span: Span,
}

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Elements<'a> {
    pub(super) top: Option<&'a str>,
    pub(super) by_name: BTreeMap<&'a str, Element<'a>>,
}

/// Reads the statements; every one that is wrong is reported.
pub(super) fn elements<'a>(opened: &Opened<'a>, sink: &mut Sink) -> Elements<'a> {
    let mut elements = Elements::default();
    let mut start = 0;
    for statement in opened.text.split_inclusive(';') {
        let begins = start;
        start += statement.len();
        let body = statement.strip_suffix(';');
        let words = words(body.unwrap_or(statement));
        let Some(&(at, _)) = words.first() else { continue };
        let span = Span { file: opened.file, start: (begins + at) as u32, end: start as u32 };
        let read = match body {
            Some(_) => elements.add(&words.iter().map(|(_, word)| *word).collect::<Vec<_>>(), span),
            None => Err(wrong("the last statement has no end", span, "write `;` behind it")),
        };
        if let Err(problem) = read {
            sink.push(*problem);
        }
    }
    elements
}

/// The words of a statement with their places, without comments (`// …` to the end of the line).
fn words(statement: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in statement.split_inclusive('\n') {
        let code = line.split("//").next().unwrap_or_default();
        for word in code.split_whitespace() {
            let offset = word.as_ptr() as usize - line.as_ptr() as usize;
            found.push((at + offset, word));
        }
        at += line.len();
    }
    found
}

fn wrong(message: impl Into<String>, span: Span, hint: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(Code::Import, message, span).hint(hint))
}

/// A name, with or without quotes.
fn name(word: &str) -> &str {
    word.strip_prefix('"').and_then(|word| word.strip_suffix('"')).unwrap_or(word)
}

impl<'a> Elements<'a> {
    fn add(&mut self, words: &[&'a str], span: Span) -> Result<(), Box<Diagnostic>> {
        let (first, rest) = words.split_first().expect("bug: a statement has a word");
        if *first == "toplevel" {
            let ([top], None) = (rest, self.top) else {
                return Err(wrong("`toplevel` names one gate, once", span, "write `toplevel \"SYSTEM\";`"));
            };
            self.top = Some(name(top));
            return Ok(());
        }
        let Some(word) = rest.first() else {
            return Err(wrong(format!("nothing is said of `{}`", name(first)), span, "write a gate, or `lambda=RATE`"));
        };
        let element = if word.contains('=') {
            Element { kind: basic(rest, span)?, of: Vec::new(), span }
        } else {
            let of: Vec<&str> = rest[1..].iter().map(|word| name(word)).collect();
            Element { kind: gate(word, of.len(), span)?, of, span }
        };
        if self.by_name.insert(name(first), element).is_some() {
            let message = format!("`{}` is defined twice", name(first));
            return Err(wrong(message, span, "give one of them another name"));
        }
        Ok(())
    }
}

fn gate(word: &str, parts: usize, span: Span) -> Result<Kind, Box<Diagnostic>> {
    let counted = word.split_once("of").and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    let voted = word.strip_prefix("vot").and_then(|k| Some((k.parse().ok()?, parts)));
    let (kind, least) = match (word, counted.or(voted)) {
        ("and", _) => (Kind::AtLeast(0), 1),
        ("or", _) => (Kind::AtLeast(1), 1),
        ("fdep", _) => (Kind::Dependency, 2),
        (_, Some((k, n))) if k > 0 && k <= n && n == parts => (Kind::AtLeast(k), 1),
        (_, Some((k, n))) => {
            let message = format!("{k} of {n} are needed and {parts} are named");
            return Err(wrong(message, span, "`2of3` has three parts, of which two are enough"));
        }
        _ => {
            let message = format!("not supported: the gate `{word}`, for which the order of failures matters");
            let known = matches!(word, "wsp" | "csp" | "hsp" | "pand" | "por" | "seq" | "mutex" | "pdep" | "inhibit");
            let code = if known { Code::NotYet } else { Code::Import };
            let message = if known { message } else { format!("there is no gate `{word}`") };
            let hint = "`and`, `or`, `KofN` and `fdep` are read";
            return Err(Box::new(Diagnostic::new(code, message, span).hint(hint)));
        }
    };
    if parts < least {
        let hint = "a gate has parts; `fdep` a trigger and what depends on it";
        return Err(wrong(format!("`{word}` of {parts} parts"), span, hint));
    }
    Ok(kind)
}

fn basic(words: &[&str], span: Span) -> Result<Kind, Box<Diagnostic>> {
    let mut rate = None;
    for word in words {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        let number = value.parse().ok().filter(|value: &f64| value.is_finite() && *value >= 0.0);
        match (key, number) {
            ("lambda", Some(value)) => rate = Some(value),
            // Of spares alone, which are refused; one phase and an interval of one are an exponential law.
            ("dorm", Some(_)) => {}
            ("phases" | "interval", Some(1.0)) => {}
            ("lambda" | "dorm", None) => {
                return Err(wrong(format!("`{value}` is no rate"), span, "write `lambda=0.001`"));
            }
            _ => {
                let message = format!("not supported: `{word}` of a basic event");
                let hint = "basic events with a constant rate, `lambda`, are read";
                return Err(Box::new(Diagnostic::new(Code::NotYet, message, span).hint(hint)));
            }
        }
    }
    rate.map(Kind::Basic).ok_or_else(|| wrong("the basic event has no rate", span, "write `lambda=0.001`"))
}
