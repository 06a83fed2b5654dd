//! Feeds: lines that keep their schema, the same in shards, and only where they are asked for.

use std::path::Path;

use serde_json::Value;

use crate::place::{Place, library};

const ASKED: [&str; 4] =
    ["--replications", "128", "--set", "run.feeds={incident_events: jsonl, failover_status: jsonl}"];

fn schema(name: &str) -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/reference/{name}.schema.json"));
    jsonschema::validator_for(&serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).unwrap()
}

#[test]
fn feeds_are_what_the_schemas_say_and_the_same_in_shards() {
    let place = Place::new("feeds");
    let scenario = library("database-failover-plan.yaml");
    let run = |more: &[&str]| place.done(&[&["run", scenario.as_str()], &ASKED[..], more].concat());
    run(&["--out", "whole"]);
    for name in ["incident_events", "failover_status"] {
        let lines = place.text(&format!("whole/feeds/{name}.jsonl"));
        let validator = schema(name);
        assert!(lines.lines().count() > 10, "{name}: {lines}");
        for line in lines.lines() {
            let object: Value = serde_json::from_str(line).unwrap();
            assert!(validator.is_valid(&object), "{name}: {line}");
            let mut unknown = object.clone();
            unknown["kind"] = "exploded".into();
            assert!(!validator.is_valid(&unknown));
            unknown.as_object_mut().unwrap().remove("kind");
            assert!(!validator.is_valid(&unknown));
        }
    }
    for (part, shard) in [("one", "1/2"), ("two", "2/2")] {
        run(&["--shard", shard, "--out", part]);
    }
    place.done(&["merge", "two", "one", "--out", "merged"]);
    for name in ["incident_events", "failover_status"] {
        let file = |folder: &str| place.text(&format!("{folder}/feeds/{name}.jsonl"));
        assert!(file("whole") == file("merged"), "{name}");
    }
    place.done(&["run", &scenario, "--replications", "64", "--out", "without"]);
    assert!(!place.path("without/feeds").exists());
}
