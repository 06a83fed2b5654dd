//! The folder of a replay: the scenario, the object, the table, the figure, and what makes it reproducible.

use super::error::FolderError;
use super::{MARK, SCENARIO, Unfinished, put, write_figures, write_inputs, write_tables};
use crate::figures::replicas_over_time;
use crate::input::{InputFile, RunInfo};
use crate::replay::{ReplayShown, object};
use crate::tables::{Digested, Format, autoscale_events};
use serde_json::{Value, json};

/// A replay that goes to a folder.
#[derive(Clone, Copy, Debug)]
pub struct ReplayInput<'a> {
    /// What came out.
    pub shown: &'a ReplayShown<'a>,
    /// The scenario with everything that it inherits.
    pub effective: &'a str,
    /// Files that it refers to.
    pub inputs: &'a [InputFile],
}

/// Writes the folder that `unfinished` is to become, and puts it in place: `scenario.yaml`, `replay.json`, of an autoscaler
/// `tables/autoscale_events` and `figures/replicas_over_time.svg`, `manifest.json`, `run-info.json`.
///
/// # Errors
/// [`FolderError`]; what was there before is there still, and no part of the folder is in its place.
pub fn write_replay(
    unfinished: &Unfinished,
    input: &ReplayInput<'_>,
    mut info: RunInfo,
    format: Format,
) -> Result<(), FolderError> {
    let dir = unfinished.making()?;
    info.phases.enter("tables");
    let mut digests = Vec::new();
    if let Some(scaling) = input.shown.scaling() {
        let table = autoscale_events(&scaling);
        digests.push(Digested::of(&table));
        write_tables(&dir.join("tables"), &[table], format)?;
        let figures: Vec<_> = replicas_over_time(&scaling).into_iter().collect();
        write_figures(&dir.join("figures"), &figures)?;
    }
    write_inputs(&dir.join("inputs"), input.inputs)?;
    put(&dir.join(SCENARIO), input.effective.as_bytes())?;
    put(&dir.join("replay.json"), pretty(&object(input.shown)).as_bytes())?;
    let run_info = serde_json::to_value(&info).expect("bug: run info has only string keys");
    put(&dir.join("run-info.json"), pretty(&run_info).as_bytes())?;
    put(&dir.join(MARK), pretty(&manifest(input, &digests)).as_bytes())?;
    unfinished.put_in_place()
}

fn manifest(input: &ReplayInput<'_>, tables: &[Digested]) -> Value {
    let tables: serde_json::Map<String, Value> = tables
        .iter()
        .map(|table| (table.name.to_string(), json!({"rows": table.rows, "blake3": table.blake3})))
        .collect();
    json!({
        "tool": "ninefold",
        "tool_version": env!("CARGO_PKG_VERSION"),
        "format_version": crate::manifest::FORMAT_VERSION,
        "replay": input.shown.component,
        "scenario": input.shown.scenario,
        "scenario_digest": blake3::hash(input.effective.as_bytes()).to_hex().to_string(),
        "tables": tables,
    })
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
