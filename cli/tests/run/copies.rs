//! `library` and `new`: what is copied runs where it lands.

use crate::place::Place;

#[test]
fn every_scenario_of_the_library_is_listed_and_its_copy_checks() {
    let place = Place::new("library");
    let listed: serde_json::Value = serde_json::from_str(&place.done(&["library", "--json"])).unwrap();
    let scenarios = listed["scenarios"].as_array().unwrap();
    assert!(scenarios.len() >= 8, "{listed}");
    for entry in scenarios {
        let name = entry["name"].as_str().unwrap();
        place.done(&["library", name, "--out", name]);
        let file = format!("{name}/{name}.yaml");
        assert!(place.text(&file).starts_with("# yaml-language-server: $schema=scenario.schema.json\n"));
        assert!(place.done(&["check", &file]).starts_with("ok: "));
    }
    assert!(place.path("replicated-store-from-records/records/node-failures.csv").is_file());
    assert!(!place.path("bare-unit/records").exists());
}

#[test]
fn copies_replace_nothing_unless_told() {
    let place = Place::new("replace");
    place.done(&["library", "bare-unit"]);
    place.done(&["library", "bare-unit"]);
    place.put("bare-unit.yaml", "mine\n");
    let (code, _, err) = place.run(&["library", "bare-unit"]);
    assert_eq!((code, err.as_str()), (2, "error: `./bare-unit.yaml` exists; `--force` replaces it\n"));
    assert_eq!(place.text("bare-unit.yaml"), "mine\n");
    place.done(&["library", "bare-unit", "--force"]);
    assert_ne!(place.text("bare-unit.yaml"), "mine\n");
}

#[test]
fn a_first_scenario_runs() {
    let place = Place::new("new");
    place.done(&["new", "first.yaml"]);
    assert_eq!(place.names(), ["first.yaml", "scenario.schema.json"]);
    assert!(place.done(&["check", "first.yaml"]).starts_with("ok: 5 units, "));
    place.done(&["run", "first.yaml", "--replications", "64", "--undecided", "ok"]);
    place.put("first.yaml", "mine\n");
    assert_eq!(place.run(&["new", "first.yaml"]).0, 2);
    assert_eq!(place.text("first.yaml"), "mine\n");
    place.done(&["new", "first.yaml", "--force"]);
    for no_file in [".", "/", "scenario.schema.json"] {
        assert_eq!(place.run(&["new", no_file, "--force"]).0, 2, "{no_file}");
    }
}
