//! Stories of outages: as text, as lines that keep their schema, as the table of a run, as a figure.

use std::path::Path;

use serde_json::Value;

use crate::place::Place;

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/incident_events.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn every_line_conforms_to_the_published_schema() {
    let place = Place::with_shop("lines");
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let lines = place.done(&["explain-outage", "shop.yaml", "--worst", "--replications", "100", "--json"]);
    let objects: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(objects.iter().any(|object| object["kind"] == "journey_down"), "{lines}");
    for object in objects {
        assert!(validator.is_valid(&object), "{object}");
        for key in object.as_object().unwrap().keys() {
            let mut without = object.clone();
            without.as_object_mut().unwrap().remove(key);
            assert!(!validator.is_valid(&without), "{key} may be missing");
        }
        let mut unknown = object.clone();
        unknown["kind"] = "exploded".into();
        assert!(!validator.is_valid(&unknown));
    }
}

#[test]
fn a_story_is_the_one_in_the_run_folder() {
    let place = Place::with_shop("story");
    place.done(&["run", "shop.yaml", "--replications", "100", "--format", "csv", "--out", "out"]);
    let table = place.text("out/tables/incident_events.csv");
    let first = table.lines().nth(1).unwrap().split(',').map(str::to_owned).collect::<Vec<_>>();
    let journey = first[1].strip_prefix("journeys.").unwrap();
    let asked = ["--replications", "100", "--replication", &first[0], "--journey", journey, "--incident", &first[2]];
    let with = |more: &[&str]| place.done(&[&["explain-outage", "shop.yaml"], &asked[..], more].concat());
    let lines = with(&["--json"]);
    let rows =
        table.lines().skip(1).filter(|line| line.starts_with(&format!("{},{},{},", first[0], first[1], first[2])));
    for (line, row) in lines.lines().zip(rows) {
        let object: Value = serde_json::from_str(line).unwrap();
        assert!(row.contains(object["kind"].as_str().unwrap()), "{row} {line}");
    }
    let text = with(&["--figure", "story.svg"]);
    assert!(text.contains("GOES DOWN") && text.contains("IS UP AGAIN"), "{text}");
    assert!(place.text("story.svg").starts_with("<svg"));
}
