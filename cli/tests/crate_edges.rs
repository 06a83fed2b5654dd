//! The crates of the workspace see one another exactly as the architecture says.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Every crate with the crates of the workspace it may depend on.
const ALLOWED: [(&str, &[&str]); 6] = [
    ("ninefold-sim-core", &[]),
    ("ninefold-models", &["ninefold-sim-core"]),
    ("ninefold-scenarios", &["ninefold-models", "ninefold-sim-core"]),
    ("ninefold-reports", &["ninefold-models", "ninefold-sim-core"]),
    ("ninefold", &["ninefold-reports", "ninefold-scenarios", "ninefold-models", "ninefold-sim-core"]),
    ("ninefold-benches", &["ninefold-reports", "ninefold-scenarios", "ninefold-models", "ninefold-sim-core"]),
];

/// The edges within the workspace that are not allowed; tests may reach further than the crate they test.
fn forbidden(metadata: &Value) -> Vec<String> {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into();
    let packages = metadata["packages"].as_array().unwrap();
    let names: BTreeSet<&str> = packages.iter().map(|p| p["name"].as_str().unwrap()).collect();
    let mut found = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let Some(may) = allowed.get(name) else {
            found.push(format!("{name} is not listed"));
            continue;
        };
        for dependency in package["dependencies"].as_array().unwrap() {
            let on = dependency["name"].as_str().unwrap();
            if names.contains(on) && dependency["kind"] != "dev" && !may.contains(&on) {
                found.push(format!("{name} -> {on}"));
            }
        }
    }
    found
}

#[test]
fn no_forbidden_edge() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let out = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(metadata["packages"].as_array().unwrap().len(), ALLOWED.len());
    assert_eq!(forbidden(&metadata), [""; 0]);
}

#[test]
fn a_forbidden_edge_is_found() {
    let metadata = serde_json::json!({"packages": [
        {"name": "ninefold-scenarios", "dependencies": [{"name": "ninefold-reports", "kind": null}]},
        {"name": "ninefold-reports", "dependencies": [{"name": "ninefold-scenarios", "kind": "dev"}]},
        {"name": "ninefold-sim-core", "dependencies": [{"name": "rayon", "kind": null}]},
    ]});
    assert_eq!(forbidden(&metadata), ["ninefold-scenarios -> ninefold-reports"]);
}
