//! The outline of a system's paths as text and as an object, for `ninefold check --plan`.

use ninefold_models::system::Route;
use ninefold_models::timeline::{Outline, OutlineRow};
use ninefold_reports::format;
use serde_json::{Value, json};

/// A table of the paths, then the islands.
pub(crate) fn text(outline: &Outline) -> String {
    let longest = outline.rows.iter().map(|row| row.entity.len()).max().unwrap_or(0).max("entity".len());
    let mut text = format!("{:longest$}  {:>7}  {:8}  {:>11}  why\n", "entity", "units", "path", "transitions");
    for row in &outline.rows {
        let (transitions, path, why) = (format::grouped(row.transitions.round() as u64), path(row), why(row));
        text += &format!("{:longest$}  {:>7}  {path:8}  {transitions:>11}  {why}\n", row.entity, row.units);
    }
    let by = |timeline: bool| {
        let rows = outline.rows.iter().filter(|row| (row.route == Route::Timeline) == timeline);
        format::grouped(rows.map(|row| row.transitions).sum::<f64>().round() as u64)
    };
    text += &format!("about {} transitions a replication by timelines, {} by events\n", by(true), by(false));
    if outline.changes > 0.0 {
        let changes = format::grouped(outline.changes.round() as u64);
        text += &format!("about {changes} changes of demand or capacity a replication, by events\n");
    }
    for island in &outline.islands {
        text += &format!(
            "island: {} ({}); what it sees of others comes in order\n",
            island.components.join(", "),
            island.why
        );
    }
    if outline.islands.is_empty() {
        text += "no island: nothing is coupled\n";
    }
    text
}

/// The same as an object.
pub(crate) fn object(outline: &Outline) -> Value {
    let row = |row: &OutlineRow| {
        json!({
            "entity": row.entity, "units": row.units, "path": path(row), "why": why(row), "transitions": row.transitions,
        })
    };
    let islands: Vec<Value> =
        outline.islands.iter().map(|island| json!({"components": island.components, "why": island.why})).collect();
    json!({"entities": outline.rows.iter().map(row).collect::<Vec<_>>(), "islands": islands, "changes": outline.changes})
}

fn path(row: &OutlineRow) -> &'static str {
    if row.route == Route::Timeline { "timeline" } else { "events" }
}

/// On a timeline what matters is what is shown of it.
fn why(row: &OutlineRow) -> String {
    if row.route == Route::Timeline { row.sight.why() } else { row.route.why().to_owned() }
}
