//! The folder of right-sizing: the object, the table, and what makes it reproducible.

use serde_json::{Value, json};

use super::error::FolderError;
use super::{MARK, Unfinished, put, write_tables};
use crate::input::RunInfo;
use crate::rightsizing::Rightsized;
use crate::tables::{Digested, Format, rightsizing};

/// Writes the folder that `unfinished` is to become, and puts it in place: `rightsizing.json`, the table `rightsizing`,
/// `manifest.json` and `run-info.json`.
///
/// # Errors
/// [`FolderError`]; what was there before is there still, and no part of the folder is in its place.
pub fn write_rightsizing(
    unfinished: &Unfinished,
    shown: &Rightsized,
    mut info: RunInfo,
    format: Format,
) -> Result<(), FolderError> {
    let dir = unfinished.making()?;
    info.phases.enter("tables");
    let tables = vec![rightsizing(shown)];
    let digests: serde_json::Map<String, Value> = tables
        .iter()
        .map(Digested::of)
        .map(|table| (table.name.to_string(), json!({"rows": table.rows, "blake3": table.blake3})))
        .collect();
    write_tables(&dir.join("tables"), &tables, format)?;
    put(&dir.join("rightsizing.json"), pretty(&shown.object()).as_bytes())?;
    let run_info = serde_json::to_value(&info).expect("bug: run info has only string keys");
    put(&dir.join("run-info.json"), pretty(&run_info).as_bytes())?;
    let manifest = json!({
        "tool": "ninefold",
        "tool_version": env!("CARGO_PKG_VERSION"),
        "format_version": crate::manifest::FORMAT_VERSION,
        "file": shown.file,
        "tables": digests,
    });
    put(&dir.join(MARK), pretty(&manifest).as_bytes())?;
    unfinished.put_in_place()
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
