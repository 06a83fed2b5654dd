//! Who knows whom: the edges between the crates of the workspace are those of `ARCHITECTURE.md`, and no others.
#![allow(clippy::unwrap_used)]

use std::process::Command;

use serde_json::Value;

/// Each crate and all it may know, in its tests too.
const MAY_KNOW: [(&str, &[&str]); 7] = [
    ("ninefold-sim-core", &[]),
    ("ninefold-models", &["ninefold-sim-core"]),
    ("ninefold-scenarios", &["ninefold-models", "ninefold-sim-core"]),
    ("ninefold-reports", &["ninefold-models", "ninefold-sim-core"]),
    ("ninefold", &["ninefold-models", "ninefold-reports", "ninefold-scenarios", "ninefold-sim-core"]),
    ("ninefold-goodness", &["ninefold-models", "ninefold-sim-core"]),
    ("ninefold-benches", &["ninefold-models", "ninefold-reports", "ninefold-scenarios", "ninefold-sim-core"]),
];

/// What the engine's crates must not depend on: text formats, tables, figures, terminals, clocks. (`serde` names the
/// parts of a tally; what `postcard` makes of them is bytes that nobody but the engine reads.)
const NOT_IN_THE_ENGINE: [&str; 11] = [
    "polars",
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

fn dependencies(package: &Value) -> Vec<&str> {
    package["dependencies"].as_array().unwrap().iter().map(|edge| edge["name"].as_str().unwrap()).collect()
}

#[test]
fn no_crate_knows_what_it_must_not() {
    let packages = packages();
    assert_eq!(packages.len(), MAY_KNOW.len(), "a crate has no line in `MAY_KNOW`");
    for package in &packages {
        let name = package["name"].as_str().unwrap();
        let (_, allowed) = MAY_KNOW.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("{name} is new"));
        let ours = dependencies(package).into_iter().filter(|other| other.starts_with("ninefold"));
        let forbidden: Vec<_> = ours.filter(|other| !allowed.contains(other) && *other != name).collect();
        assert!(forbidden.is_empty(), "{name} must not know {forbidden:?}");
    }
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
