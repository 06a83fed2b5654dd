//! What the engine depends on: no text format, no table library, no terminal, no clock.
#![allow(clippy::unwrap_used)]

use std::process::Command;

use serde_json::Value;

/// What the engine's crates must not depend on: formats, tables, figures, terminals, clocks.
const NOT_IN_THE_ENGINE: [&str; 12] = [
    "polars",
    "serde",
    "serde_json",
    "plotters",
    "minijinja",
    "clap",
    "indicatif",
    "jiff",
    "granit-parser",
    "anyhow",
    "log",
    "tracing",
];

fn packages() -> Vec<Value> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

#[test]
fn the_engine_knows_no_format_and_no_terminal() {
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        if name != "ninefold-sim-core" && name != "ninefold-models" {
            continue;
        }
        let edges = package["dependencies"].as_array().unwrap();
        let normal = edges.iter().filter(|edge| edge["kind"].is_null()).map(|edge| edge["name"].as_str().unwrap());
        let forbidden: Vec<_> = normal.filter(|other| NOT_IN_THE_ENGINE.contains(other)).collect();
        assert!(forbidden.is_empty(), "{name} must not depend on {forbidden:?}");
    }
}
