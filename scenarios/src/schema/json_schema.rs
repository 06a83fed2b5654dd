//! The language as JSON Schema (draft 2020-12), for completion and checks in editors.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Block, Key, OneOf, ROOT, SOURCE, Shape, Status, Word};

/// The whole schema.
pub(crate) fn json_schema() -> Value {
    let mut definitions = BTreeMap::new();
    let root = describe(&ROOT, &mut definitions);
    let definitions: Map<String, Value> = definitions.into_iter().collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Ninefold scenario",
        "$ref": root["$ref"],
        "$defs": definitions,
    })
}

/// Schemas by name; a block is described once and referred to, so that paths may nest.
type Definitions = BTreeMap<String, Value>;

fn describe(shape: &Shape, definitions: &mut Definitions) -> Value {
    match shape {
        Shape::Duration => json!({"type": "string", "pattern": "^[0-9.]+([eE][+-]?[0-9]+)? ?(ms|s|min|h|d|w|y)$"}),
        Shape::Rate => json!({
            "type": "string",
            "pattern": "^[0-9.]+([eE][+-]?[0-9]+)? ?/ ?(s|second|min|minute|h|hour|d|day|w|week|y|year)$",
        }),
        Shape::DataRate => json!({
            "type": "string",
            "pattern": "^[0-9.]+([eE][+-]?[0-9]+)? ?(B|kB|MB|GB|TB) ?/ ?(s|second|min|minute|h|hour|d|day|w|week|y|year)$",
        }),
        Shape::Flow => json!({"anyOf": [
            describe(&Shape::Rate, definitions),
            {"type": "string", "pattern": "^[0-9.]+([eE][+-]?[0-9]+)? ?[A-Za-z]{1,12}$"},
        ]}),
        Shape::FlowUnit => json!({"type": "string", "pattern": "^[A-Za-z]{1,12}$"}),
        Shape::Ratio => json!({"anyOf": [
            {"type": "number", "minimum": 0, "maximum": 1},
            {"type": "string", "pattern": "^[0-9.]+([eE][+-]?[0-9]+)? ?(%|nines?)$"},
        ]}),
        Shape::HalfWidth => json!({"anyOf": [
            {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            {"type": "string", "pattern": "^[0-9.]+([eE][+-]?[0-9]+)? ?(%|(ms|s|min|h|d|w|y)( ?/ ?(y|year))?)$"},
            describe(&Shape::Rate, definitions),
        ]}),
        Shape::Number { min, max } => json!({"type": "number", "minimum": min, "maximum": max}),
        Shape::Count { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
        Shape::Text => json!({"type": ["string", "number", "boolean"]}),
        Shape::Id => json!({"type": "string", "pattern": ID}),
        Shape::RecordColumn => json!({"type": "string", "pattern": "^records\\.[^.]+\\..+$"}),
        Shape::Instant | Shape::Zone => json!({"type": "string"}),
        Shape::WindowKind => json!({
            "type": "string",
            "pattern": "^(calendar_month|calendar_quarter|calendar_year|rolling_[0-9]+[dw])$",
        }),
        Shape::List(item) => json!({"type": "array", "items": describe(item, definitions)}),
        Shape::MapOf { what, value } => {
            let pattern = if ["column", "path"].contains(what) { "^.*$" } else { ID };
            let value = or_null(describe(value, definitions));
            json!({"type": "object", "patternProperties": {pattern: value}, "additionalProperties": false})
        }
        Shape::Block(block) => refer(block.name, definitions, |definitions| of_block(block, definitions)),
        Shape::OneOf(form) => refer(form.name, definitions, |definitions| of_forms(form, definitions)),
        Shape::Unread => json!(false),
        Shape::Any => json!({}),
    }
}

const ID: &str = "^[a-z][a-z0-9-]{0,62}$";

fn refer(name: &str, definitions: &mut Definitions, build: impl FnOnce(&mut Definitions) -> Value) -> Value {
    let name = name.replace(' ', "_");
    if !definitions.contains_key(&name) {
        definitions.insert(name.clone(), Value::Null);
        let built = build(definitions);
        definitions.insert(name.clone(), built);
    }
    json!({"$ref": format!("#/$defs/{name}")})
}

/// Null removes a key, so it may stand wherever a value may.
fn or_null(value: Value) -> Value {
    json!({"anyOf": [value, {"type": "null"}]})
}

fn of_block(block: &Block, definitions: &mut Definitions) -> Value {
    let mut properties = Map::new();
    for key in block.keys.iter().chain([&SOURCE]) {
        properties.entry(key.name).or_insert(of_key(key, definitions));
    }
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}

fn of_key(key: &Key, definitions: &mut Definitions) -> Value {
    if key.status == Status::NotYet {
        return json!({"type": "null", "description": format!("not supported yet: {}", key.doc)});
    }
    let mut value = or_null(describe(&key.shape, definitions));
    value["description"] = json!(key.doc);
    value
}

fn of_forms(form: &OneOf, definitions: &mut Definitions) -> Value {
    let mut forms: Vec<Value> = Vec::new();
    let words = form.words.iter().filter(|word| word.status == Status::Supported);
    forms.extend(words.map(|word| json!({"enum": spellings(word), "description": word.doc})));
    forms.extend(form.plain.iter().map(|plain| describe(plain, definitions)));
    for variant in form.variants.iter().filter(|variant| variant.status == Status::Supported) {
        let inner = describe(&variant.shape, definitions);
        let mut properties = Map::new();
        properties.insert(variant.name.to_owned(), inner);
        properties.insert(SOURCE.name.to_owned(), describe(&SOURCE.shape, definitions));
        forms.push(json!({
            "type": "object",
            "description": variant.doc,
            "properties": properties,
            "required": [variant.name],
            "additionalProperties": false,
        }));
    }
    if let Some((_, shape)) = &form.named {
        let inner = describe(shape, definitions);
        forms.push(json!({
            "type": "object",
            "patternProperties": {ID: inner},
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 1,
        }));
    }
    if let Some(list) = form.list {
        forms.push(describe(list, definitions));
    }
    if let Some(block) = form.block {
        forms.push(of_block(block, definitions));
    }
    json!({"anyOf": forms})
}

/// `true` and `1` are no strings in YAML.
fn spellings(word: &Word) -> Vec<Value> {
    let mut all = vec![json!(word.name)];
    if let Ok(value) = serde_json::from_str::<Value>(word.name) {
        all.push(value);
    }
    all
}
