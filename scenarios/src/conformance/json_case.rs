//! Case files: one case, or a list of cases, as JSON.
//!
//! JSON is YAML, so they are read by the reader of scenarios, with its limits and its diagnostics.

use std::path::Path;

use super::accuracy;
use super::case::{Case, Expected, Origin, Value};
use super::clock::Clock;
use super::families;
use super::judging::EXACT_RELATIVE;
use super::refusal::Refusal;
use super::study::Plan;
use super::tolerance::Tolerance;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::yaml::{Kind, Node};

/// Most answers of one case.
const ANSWERS_MAX: usize = 10_000;

/// Longest id.
const ID_MAX: usize = 200;

/// What a file is about, for cases that do not say their family themselves.
pub(super) struct About<'a> {
    /// The file's name without its ending.
    pub(super) stem: &'a str,
    /// The folder it lies in.
    pub(super) folder: &'a Path,
}

/// The cases in a tree; `None` if it holds something else.
pub(super) fn cases(root: &Node, about: &About<'_>, sink: &mut Sink) -> Option<Vec<Case>> {
    let is_case = |node: &Node| node.entry("id").is_some() || node.entry("expected").is_some();
    let nodes: Vec<&Node> = match &root.kind {
        Kind::Map(_) if is_case(root) => vec![root],
        Kind::Map(_) => return Some(models(root, root.get("models")?, about)),
        Kind::Seq(items) if items.iter().any(is_case) => items.iter().collect(),
        _ => return None,
    };
    let read = |node: &&Node| match case(node, about.folder) {
        Ok(case) => Some(case),
        Err(problem) => {
            sink.push(*problem);
            None
        }
    };
    Some(nodes.iter().filter_map(read).collect())
}

fn case(node: &Node, folder: &Path) -> Result<Case, Box<Diagnostic>> {
    let id = required(node, "id")?;
    let id_text = id.text().filter(|text| text.len() <= ID_MAX && !text.chars().any(char::is_control));
    let id = id_text.ok_or_else(|| {
        let message = format!("the id is no text of at most {ID_MAX} characters");
        Box::new(Diagnostic::new(Code::Shape, message, id.span).hint("write a short name, as in `r01_one_unit`"))
    })?;
    let named = node.get("family").and_then(Node::text);
    let family = named.unwrap_or_else(|| id.split('_').next().unwrap_or(id));
    let known = families::find(family);
    let lists = if families::reads_lists(family) { Lists::Each } else { Lists::Whole };
    let expected = answers(node, lists)?;
    let plan = match known {
        Some(known) => known.plan((node, folder), &expected, Clock::Hour),
        None => Err(Refusal::not_supported(format!("the family `{family}` is not known"))),
    };
    let plan = match plan {
        Ok(plan) => plan,
        Err(Refusal::NotSupported(reason)) => refusing(expected.len(), &reason),
        Err(Refusal::Wrong(problem)) => return Err(problem),
    };
    let origin = known.map(|family| Origin { folder: folder.to_owned(), node: node.clone(), family });
    Ok(Case { id: id.to_owned(), family: family.to_owned(), expected, plan, origin })
}

/// A plan that asks for nothing, and why.
fn refusing(answers: usize, reason: &str) -> Plan {
    Plan { refused: (0..answers).map(|place| (place, reason.to_owned())).collect(), ..Plan::default() }
}

fn required<'a>(node: &'a Node, key: &str) -> Result<&'a Node, Box<Diagnostic>> {
    node.get(key).ok_or_else(|| {
        let hint = "a case has `id`, `params` (or `family` and `input`) and `expected`";
        Box::new(Diagnostic::new(Code::Missing, format!("a case needs `{key}`"), node.span).hint(hint))
    })
}

/// The known answers: a list of `{measure, value, accuracy}`, or a map of values by name.
fn answers(node: &Node, lists: Lists) -> Result<Vec<Expected>, Box<Diagnostic>> {
    let expected = required(node, "expected")?;
    let mut found = Vec::new();
    match &expected.kind {
        Kind::Seq(items) => {
            for item in items {
                found.extend(listed(item)?);
            }
        }
        Kind::Map(_) => {
            let tolerance = Tolerance::of(node);
            leaves(expected, "", lists, &mut found);
            found.iter_mut().for_each(|known| known.accuracy = tolerance.of_answer(known));
        }
        _ => {
            let message = format!("`expected` is {}, not a list or a map", expected.describe());
            let hint = "list the known answers, each with `measure` and `value`";
            return Err(Box::new(Diagnostic::new(Code::Shape, message, expected.span).hint(hint)));
        }
    }
    let wrong = |code, message: String| {
        let problem = Diagnostic::new(code, message, expected.span);
        Err(Box::new(problem.hint("list the known answers, each with `measure` and `value`")))
    };
    match found.len() {
        0 => wrong(Code::Empty, "the case has no known answer".to_owned()),
        n if n > ANSWERS_MAX => wrong(Code::Limit, format!("the case has {n} answers; at most {ANSWERS_MAX} are read")),
        _ => Ok(found),
    }
}

/// An answer, or those of a list by their number.
fn listed(item: &Node) -> Result<Vec<Expected>, Box<Diagnostic>> {
    let missing = |key: &str| {
        let problem = Diagnostic::new(Code::Missing, format!("a known answer needs `{key}`"), item.span);
        Box::new(problem.hint("each has `measure` and `value`, and may have `unit` and `accuracy`"))
    };
    let measure = item.get("measure").and_then(Node::text).ok_or_else(|| missing("measure"))?;
    let value = item.get("value").ok_or_else(|| missing("value"))?;
    let remark = item.get("accuracy").and_then(Node::text).unwrap_or_default();
    let answer = |measure: String, value: &Node| {
        let accuracy = accuracy::relative_error(remark, value.text().unwrap_or_default()).max(EXACT_RELATIVE);
        Ok(Expected { measure, value: valued(value)?, accuracy })
    };
    match &value.kind {
        Kind::Seq(values) => values.iter().enumerate().map(|(i, one)| answer(format!("{measure}.{i}"), one)).collect(),
        _ => Ok(vec![answer(measure.to_owned(), value)?]),
    }
}

/// The value in a node; a number that is not finite is refused.
fn valued(node: &Node) -> Result<Value, Box<Diagnostic>> {
    match &node.kind {
        Kind::Scalar { text, quoted: true } => Ok(Value::Text(text.clone())),
        Kind::Scalar { text, quoted: false } => match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Value::Number(value)),
            _ => {
                let problem = Diagnostic::new(Code::NotANumber, format!("`{text}` is not a number"), node.span);
                Err(Box::new(problem.hint("write digits, or a text in quotes")))
            }
        },
        _ => Ok(Value::Composed),
    }
}

/// What a list among the known answers is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lists {
    /// One answer, which nothing is compared with.
    Whole,
    /// An answer each, by its number; truth is 1.
    Each,
}

/// Every value in a map of maps, by its path.
fn leaves(node: &Node, path: &str, lists: Lists, into: &mut Vec<Expected>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match &node.kind {
        Kind::Map(entries) => entries.iter().for_each(|entry| leaves(&entry.value, &below(&entry.key), lists, into)),
        Kind::Seq(items) if lists == Lists::Each => {
            items.iter().enumerate().for_each(|(i, item)| leaves(item, &below(&i.to_string()), lists, into));
        }
        _ => {
            let truth = node.text().filter(|_| lists == Lists::Each).and_then(|text| text.parse::<bool>().ok());
            let value = match truth {
                None if node.is_null() => Value::Nothing,
                Some(truth) => Value::Number(f64::from(u8::from(truth))),
                None => valued(node).unwrap_or(Value::Composed),
            };
            into.push(Expected { measure: path.to_owned(), value, accuracy: EXACT_RELATIVE });
        }
    }
}

/// A list of model files with their answers: its family is the file's name, and its models lie in the folder of that name.
fn models(root: &Node, list: &Node, about: &About<'_>) -> Vec<Case> {
    let remark = root.get("computed_with").and_then(Node::text).unwrap_or_default();
    let known = families::find(about.stem);
    let folder = about.folder.join(about.stem);
    let read = |(at, model): (usize, &Node)| {
        let named = model.get("model").and_then(Node::text);
        let id = named.map_or_else(|| format!("{}-{at}", about.stem), str::to_owned);
        let mut expected = Vec::new();
        for entry in model.entries().iter().filter(|entry| is_answer(&entry.key)) {
            match &entry.value.kind {
                Kind::Map(_) => leaves(&entry.value, &entry.key, Lists::Whole, &mut expected),
                Kind::Seq(items) => {
                    let each = items.iter().enumerate();
                    each.for_each(|(i, item)| leaves(item, &format!("{}.{i}", entry.key), Lists::Whole, &mut expected));
                }
                _ if entry.value.is_null() => {}
                _ => {
                    let written = entry.value.text().unwrap_or_default();
                    // A number in quotes is one: it was kept as it was printed.
                    let value = match (valued(&entry.value), written.parse::<f64>()) {
                        (Ok(Value::Text(_)), Ok(number)) if number.is_finite() => Value::Number(number),
                        (value, _) => value.unwrap_or(Value::Composed),
                    };
                    let accuracy = accuracy::relative_error("", written).max(EXACT_RELATIVE);
                    expected.push(Expected { measure: entry.key.clone(), value, accuracy });
                }
            }
        }
        if !remark.is_empty() {
            let known_to = accuracy::relative_error(remark, "").max(EXACT_RELATIVE);
            expected.iter_mut().for_each(|answer| answer.accuracy = known_to);
        }
        let plan = match known {
            Some(known) => known.plan((model, &folder), &expected, Clock::Hour),
            None => Err(Refusal::not_supported(format!("the family `{}` is not known", about.stem))),
        };
        let plan = plan.unwrap_or_else(|refusal| refusing(expected.len(), &refusal.reason()));
        let origin = known.map(|family| Origin { folder: folder.clone(), node: model.clone(), family });
        Case { id, family: about.stem.to_owned(), expected, plan, origin }
    };
    list.items().iter().enumerate().map(read).collect()
}

fn is_answer(key: &str) -> bool {
    key.starts_with("expected") || matches!(key, "MTTF" | "unreliability")
}
