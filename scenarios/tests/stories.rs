//! Stories of incidents in which mechanisms that the smaller tests of stories leave out have a part.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use ninefold_models::assess::{Unwatched, assess, tell};
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::system::System;
use ninefold_scenarios::{LoadOptions, Loaded, load_file, load_text};

/// Every kind of event in the stories of a scenario.
fn told(loaded: Loaded, replications: u64) -> BTreeSet<&'static str> {
    let system = System::build(loaded.spec).unwrap();
    let plan = Plan { stopping: Stopping::Fixed(replications), ..loaded.plan };
    let mut results = assess(&system, &plan, &Unwatched).unwrap();
    tell(&system, &plan, &mut results).unwrap();
    results.incident_events.iter().map(|row| row.kind).collect()
}

fn of_library(name: &str, set: &[&str]) -> Loaded {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("library").join(name);
    let options = LoadOptions { set: set.iter().map(|&set| set.to_owned()).collect() };
    load_file(&path, &options).unwrap_or_else(|problems| panic!("{name}: {problems}"))
}

/// A service that leaks until a crash restarts it.
const LEAKING: &str = "scenario: a leak
components:
  service:
    failure_modes:
      leak: {effect: {capacity: 50 %}, time_to_failure: {exponential: {mean: 2d}}, cleared_by: [restart]}
      crash: {time_to_failure: {exponential: {mean: 9d}}, repair: 1h}
journeys: {use: {path: [service]}}
calendar: {horizon: 1y}
";

/// One of two reclaimed is an outage, which ends when it is replaced.
const SPOT: &str = "scenario: spot alone
components:
  web:
    replicas: 2
    capacity: {per_replica: 50/s}
    burst: {spot_share: 1.0, interruption: {per_instance: {exponential: {mean: 5d}}}, returns: 1h}
journeys: {browse: {path: [web], demand: 60/s, degraded: {counts_up_if: {success: 95 %}}}}
calendar: {horizon: 90d}
";

#[test]
fn every_mechanism_has_its_part_in_a_story() {
    let both_write = [
        "components.store.election=null",
        "components.store.place={north: {replicas: 1}, south: {replicas: 1}}",
        "components.store.partition.minority=write",
        "components.store.partition.repair=12h",
        "components.store.partition.time_to_failure={exponential: {mean: 2d}}",
        "components.store.failure_modes.crash.time_to_failure={exponential: {mean: 12h}}",
    ];
    for (loaded, replications, kinds) in [
        (load_text("leak", LEAKING, &LoadOptions::default()).unwrap(), 8, &["cleared"][..]),
        (of_library("thrashing-autoscaler.yaml", &[]), 16, &["started", "removed"]),
        (
            of_library(
                "two-regions-behind-dns.yaml",
                &["domains.failure_modes.region-loss.time_to_failure={exponential: {mean: 6h}}"],
            ),
            8,
            &["withdrawn", "announced"],
        ),
        (of_library("split-brain.yaml", &[]), 64, &["election_begins", "election_ends"]),
        (of_library("split-brain.yaml", &both_write), 64, &["two_writers", "one_writer"]),
        (of_library("backups.yaml", &["run.replications=64"]), 64, &["restores", "restored"]),
        (of_library("spot-heavy-fleet.yaml", &[]), 2, &["warms_up", "warm"]),
        (load_text("spot", SPOT, &LoadOptions::default()).unwrap(), 8, &["reclaimed", "replaced"]),
    ] {
        let name = loaded.spec.name.clone();
        let told = told(loaded, replications);
        for kind in kinds {
            assert!(told.contains(kind), "{name} tells {told:?}, and not `{kind}`");
        }
    }
}
