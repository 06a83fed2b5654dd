//! The tree as JSON, by the core schema of YAML 1.2: for checking a scenario against the JSON Schema.

use serde_json::{Map, Number, Value};

use super::{Kind, Node};

pub(crate) fn json(node: &Node) -> Value {
    match &node.kind {
        _ if node.is_null() => Value::Null,
        Kind::Scalar { text, quoted: true } => Value::String(text.clone()),
        Kind::Scalar { text, quoted: false } => scalar(text),
        Kind::Seq(items) => items.iter().map(json).collect(),
        Kind::Map(entries) => {
            let entries: Map<String, Value> =
                entries.iter().map(|entry| (entry.key.clone(), json(&entry.value))).collect();
            Value::Object(entries)
        }
        Kind::Refused => Value::Null,
    }
}

fn scalar(text: &str) -> Value {
    match text {
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let number = text.parse::<i64>().map(Number::from).ok();
    let numeric = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let number = number.or_else(|| text.parse::<f64>().ok().filter(|_| numeric).and_then(Number::from_f64));
    number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
}
