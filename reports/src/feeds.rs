//! Feeds: what happened in a run as JSON Lines, for an incident tool or a channel.

use ninefold_models::results::{FailoverEventRow, failover_event_kinds};
use serde_json::{Value, json};

/// Version of the layout of a line of `failover_status`.
const SCHEMA: u32 = 1;

/// What is written of a run, line by line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Feeds<'a> {
    /// `feeds/incident_events.jsonl`: the stories of its incidents.
    pub incident_events: bool,
    /// `feeds/failover_status.jsonl`: the transitions of its failovers.
    pub failover_status: Option<&'a [FailoverEventRow]>,
}

/// A line for each transition of a failover.
pub fn failover_lines(rows: &[FailoverEventRow]) -> String {
    rows.iter().map(|row| format!("{}\n", line(row))).collect()
}

fn line(row: &FailoverEventRow) -> Value {
    json!({
        "schema": SCHEMA,
        "rep": row.rep,
        "failover": row.failover,
        "seq": row.seq,
        "t_s": row.t_s,
        "kind": row.kind,
        "plan": row.plan,
        "component": row.component,
        "step": row.step,
        "team": row.team,
        "unit": row.unit,
        "detail": row.detail,
        "parent": row.parent,
    })
}

/// The JSON Schema of a line; committed as `docs/reference/failover_status.schema.json`.
pub fn failover_line_schema() -> Value {
    let count = |meaning: &str| json!({"type": "integer", "minimum": 0, "description": meaning});
    let text = |meaning: &str| json!({"type": "string", "description": meaning});
    let kinds: Vec<Value> =
        failover_event_kinds().map(|(kind, meaning)| json!({"const": kind, "description": meaning})).collect();
    let properties = json!({
        "schema": {"const": SCHEMA, "description": "Version of this layout."},
        "rep": count("Replication, from 0."),
        "failover": count("The seq of the attempt in the table `failovers`; what happens after it, until the next of its plan, counts with it."),
        "seq": count("Number within the failover, from 0, as things happened."),
        "t_s": {"type": "number", "minimum": 0, "description": "Seconds since the start."},
        "kind": {"oneOf": kinds, "description": "What happened."},
        "plan": text("The plan."),
        "component": text("Whose place it moves: a component, or its part in a domain."),
        "step": text("The step; empty where it is of none."),
        "team": text("The team that does the step; empty where the plan does it itself."),
        "unit": text("The unit that had (failover_started), is to have (failover_decided, failover_instead) or has the place (failover_ended), or falls behind; else empty."),
        "detail": {
            "enum": [
                "", "true", "false", "flap", "test", "failback", "moved", "by_hand", "by_repair", "recovered", "dismissed",
                "rolled_back", "again", "never_ends", "found", "missed",
            ],
            "description": "The reason of failover_started, the result of failover_ended, `again` of a step that is tried again, `never_ends` of a resync, `found` or `missed` of a divergence.",
        },
        "parent": {
            "type": ["integer", "null"],
            "minimum": 0,
            "description": "The seq of what it follows from; null of the first."
        },
    });
    let required: Vec<&String> = properties.as_object().into_iter().flat_map(|object| object.keys()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A transition of a failover: a line of `feeds/failover_status.jsonl`",
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

    /// `UPDATE_REFERENCE=1 cargo test -p ninefold-reports reference` writes the schema anew.
    #[test]
    fn the_reference_schema_of_failovers_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/failover_status.schema.json");
        let schema = serde_json::to_string_pretty(&failover_line_schema()).unwrap() + "\n";
        if std::env::var_os("UPDATE_REFERENCE").is_some() {
            std::fs::write(path, &schema).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap();
        assert_eq!(committed, schema, "run `UPDATE_REFERENCE=1 cargo test -p ninefold-reports reference`");
    }
}
