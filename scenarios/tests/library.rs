//! Every scenario of the library loads without a remark, builds, teaches in few lines and knows its schema.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::system::System;
use ninefold_scenarios::{LoadOptions, load_file, load_text};

/// A scenario of the library is read in one sitting.
const LINES_MAX: usize = 80;

const SCHEMA: &str = "# yaml-language-server: $schema=../scenario.schema.json";

fn library() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("library");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect();
    files.sort();
    files
}

#[test]
fn at_least_eight_scenarios_are_bundled() {
    let names: Vec<_> = library().iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    for name in [
        "active-active-regions",
        "bare-unit",
        "power-2n",
        "primary-standby-database",
        "quorum-store",
        "third-party-checkout",
        "three-zone-service",
        "two-tier-shop",
    ] {
        assert!(names.iter().any(|bundled| bundled == name), "{name} is not among {names:?}");
    }
}

#[test]
fn every_scenario_loads_and_builds() {
    for path in library() {
        let shown = path.display();
        let loaded = load_file(&path, &LoadOptions::default()).unwrap_or_else(|problems| panic!("{shown}: {problems}"));
        assert_eq!(loaded.warnings.iter().count(), 0, "{shown}: {}", loaded.warnings);
        assert!(!loaded.spec.journeys.is_empty() && !loaded.spec.agreements.is_empty(), "{shown} promises nothing");
        System::build(loaded.spec).unwrap_or_else(|error| panic!("{shown}: {error}"));
    }
}

#[test]
fn every_scenario_is_short_names_its_schema_and_teaches() {
    for path in library() {
        let text = std::fs::read_to_string(&path).unwrap();
        let shown = path.display();
        assert!(text.lines().count() < LINES_MAX, "{shown} has {} lines", text.lines().count());
        assert_eq!(text.lines().next(), Some(SCHEMA), "{shown}");
        assert!(text.lines().filter(|line| line.contains("# ")).count() >= 4, "{shown} explains too little");
    }
}

/// Run again with everything in sight, every scenario has the downtime it had, and all of it goes to cut sets and edges.
#[test]
fn downtime_by_cut_set_and_by_edge_is_the_downtime_by_cause() {
    for path in library() {
        let shown = path.display();
        let Ok(loaded) = load_file(&path, &LoadOptions::default()) else {
            assert!(shown.to_string().ends_with("from-records.yaml"), "{shown} does not load");
            continue;
        };
        let system = System::build(loaded.spec).unwrap();
        let plan = Plan { stopping: Stopping::Fixed(8), attribution: 8, ..Plan::default() };
        let results = assess(&system, &plan, &Unwatched).unwrap_or_else(|error| panic!("{shown}: {error}"));
        for tracked in &system.tracked[..system.journeys.len()] {
            let journey = tracked.entity();
            let causes = results.causes.iter().filter(|row| row.journey == journey);
            let sets = results.cut_set_downtime.iter().filter(|row| row.journey == journey);
            let edges = results.edge_downtime.iter().filter(|row| row.journey == journey);
            let expected: f64 = causes.map(|row| row.minutes_per_year.value).sum();
            let (sets, edges): (f64, f64) =
                (sets.map(|row| row.minutes_per_year.value).sum(), edges.map(|row| row.minutes_ending.value).sum());
            let close = |value: f64| (value - expected).abs() <= 1e-9 * expected;
            assert!(close(sets) && close(edges), "{shown} {journey}: {expected} is {sets} and {edges}");
        }
    }
}

/// The bundled shop is the scenario of the language's page; comments and a person who helps are all it adds.
#[test]
fn the_bundled_shop_is_the_smallest_scenario_with_a_person() {
    let smallest = include_str!("smallest.rs");
    let text = smallest.split("r#\"").nth(1).unwrap().split("\"#").next().unwrap();
    let printed = ninefold_scenarios::to_json(text).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("library/two-tier-shop.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let person = ", manual_switch: 20min";
    assert!(text.contains(person));
    assert_eq!(printed, ninefold_scenarios::to_json(&text.replace(person, "")).unwrap());
}

/// The variants that the comments suggest are valid.
#[test]
fn suggested_variants_load() {
    for (name, set) in [
        ("two-tier-shop", "components.db.replicas=3"),
        ("quorum-store", r#"components.store.place={"zone-1": {"replicas": 3}, "zone-2": {"replicas": 2}}"#),
        ("tunable-store", "components.cart-db.redundancy={quorum: {write: 4, read: 2}}"),
        ("split-brain", r#"components.store.place={"north": {"replicas": 1}, "south": {"replicas": 1}}"#),
        ("one-technician", "teams.field.crews=2"),
        ("spares-and-office-hours", "teams.field.order=loss_rate"),
        ("spares-and-office-hours", "teams.field.spares.drive.stock=4"),
        ("backups", "components.ledger.failure_modes.bad-release.hidden.tested_every=1h"),
        ("storage-array", "components.disks.data_loss.unreadable=0"),
        ("checked-pool", "components.web.health_check.fail_open_below=0.5"),
        ("bare-unit", "components.server.failure_modes.crash.repair={lognormal: {mean: 10h, sigma: 1}}"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("library/{name}.yaml"));
        let options = LoadOptions { set: vec![set.to_owned()] };
        load_file(&path, &options).unwrap_or_else(|problems| panic!("{name} with {set}: {problems}"));
    }
}

/// What `check --effective` prints stands alone and is the same system.
#[test]
fn the_effective_scenario_of_each_is_the_same_system() {
    for path in library() {
        let shown = path.display();
        let Ok(loaded) = load_file(&path, &LoadOptions::default()) else { continue };
        if loaded.about.effective.contains("records.") {
            continue; // It needs the files beside it.
        }
        let again = load_text("effective.yaml", &loaded.about.effective, &LoadOptions::default());
        let again = again.unwrap_or_else(|problems| panic!("{shown}: {problems}"));
        assert_eq!(format!("{:?}", loaded.spec), format!("{:?}", again.spec), "{shown}");
    }
}
