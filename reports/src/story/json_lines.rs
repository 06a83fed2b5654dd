//! A story as JSON Lines, one object a transition, and the schema of a line.

use ninefold_models::results::{INCIDENT_EVENT_KINDS, IncidentEventRow};
use serde_json::{Value, json};

/// Version of the layout of a line.
const SCHEMA: u32 = 1;

/// A line for each transition.
pub fn json_lines(rows: &[IncidentEventRow]) -> String {
    rows.iter().map(|row| format!("{}\n", line(row))).collect()
}

fn line(row: &IncidentEventRow) -> Value {
    json!({
        "schema": SCHEMA,
        "rep": row.rep,
        "journey": row.journey,
        "incident": row.incident,
        "seq": row.seq,
        "t_s": row.t_s,
        "after_s": row.after_s,
        "kind": row.kind,
        "actor": row.actor,
        "component": row.component,
        "parent": row.parent,
        "detail": row.detail,
    })
}

/// The JSON Schema of a line; committed as `docs/reference/incident_events.schema.json`.
pub fn line_schema() -> Value {
    let count = |meaning: &str| json!({"type": "integer", "minimum": 0, "description": meaning});
    let text = |meaning: &str| json!({"type": "string", "description": meaning});
    let kinds: Vec<Value> =
        INCIDENT_EVENT_KINDS.iter().map(|(kind, meaning)| json!({"const": kind, "description": meaning})).collect();
    let properties = json!({
        "schema": {"const": SCHEMA, "description": "Version of this layout."},
        "rep": count("Replication, from 0."),
        "journey": text("The journey's entity."),
        "incident": count("Number of the incident within the replication and journey, from 0, by time."),
        "seq": count("Number within the story, from 0, as things happened."),
        "t_s": {"type": "number", "minimum": 0, "description": "Seconds since the start."},
        "after_s": {
            "type": "number",
            "description": "Seconds since the journey went down; below 0 for what was wrong before."
        },
        "kind": {"oneOf": kinds, "description": "What happened."},
        "actor": text("The cause, domain or team by which; empty where it only follows."),
        "component": text("To whom: a unit, domain, component or journey."),
        "parent": {
            "type": ["integer", "null"],
            "minimum": 0,
            "description": "The seq of what it follows from; null where that is not told."
        },
        "detail": text("More, in words."),
    });
    let required: Vec<&String> = properties.as_object().into_iter().flat_map(|object| object.keys()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A transition in the story of an incident: a line of `ninefold explain-outage --json`",
        "type": "object",
        "required": required,
        "additionalProperties": false,
        "properties": properties,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::toy_shop::ToyShop;

    /// `UPDATE_REFERENCE=1 cargo test -p ninefold-reports reference` writes the schema anew.
    #[test]
    fn the_reference_schema_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/incident_events.schema.json");
        let schema = serde_json::to_string_pretty(&line_schema()).unwrap() + "\n";
        if std::env::var_os("UPDATE_REFERENCE").is_some() {
            std::fs::write(path, &schema).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap();
        assert_eq!(committed, schema, "run `UPDATE_REFERENCE=1 cargo test -p ninefold-reports reference`");
    }

    #[test]
    fn a_line_has_what_the_schema_asks_for_and_nothing_else() {
        let rows = ToyShop::new().results.incident_events;
        let lines = json_lines(&rows);
        assert_eq!(lines.lines().count(), rows.len());
        let schema = line_schema();
        for line in lines.lines() {
            let object: Value = serde_json::from_str(line).unwrap();
            let keys: Vec<&String> = object.as_object().unwrap().keys().collect();
            assert_eq!(keys, schema["properties"].as_object().unwrap().keys().collect::<Vec<_>>());
        }
    }
}
