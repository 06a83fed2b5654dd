//! The run folder: complete, the same for any number of threads, and able to be run again.

use std::fs;

use ninefold_sim_core::simd::Level;
use serde_json::Value;

use crate::place::{Place, library};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn threads_do_not_change_a_byte() {
    let place = Place::with_shop("threads");
    for threads in ["1", "2"] {
        let out = format!("out-{threads}");
        place.done(&["run", "shop.yaml", "--replications", "700", "--threads", threads, "--out", &out]);
    }
    for file in ["manifest.json", "summary.json", "scenario.yaml", "report.html"] {
        assert_eq!(place.text(&format!("out-1/{file}")), place.text(&format!("out-2/{file}")), "{file}");
    }
    for table in fs::read_dir(place.path("out-1/tables")).unwrap() {
        let name = table.unwrap().file_name().into_string().unwrap();
        let bytes = |out: &str| fs::read(place.path(out).join("tables").join(&name)).unwrap();
        assert!(bytes("out-1") == bytes("out-2"), "{name}");
    }
    assert_eq!(json(&place.text("out-2/run-info.json"))["threads"], 2);
}

#[test]
fn instruction_sets_do_not_change_a_byte() {
    let place = Place::with_shop("levels");
    let mut ran = Vec::new();
    for level in Level::ALL {
        let out = format!("out-{level}");
        let arguments = ["run", "shop.yaml", "--replications", "700", "--out", &out];
        let ended = place.command(&arguments).env("NINEFOLD_SIMD", level.name()).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        if !level.available() {
            assert_eq!(ended.status.code(), Some(2), "{said}");
            assert!(said.contains(&format!("this machine has no `{level}`")), "{said}");
            continue;
        }
        assert!(ended.status.success(), "{said}");
        assert_eq!(json(&place.text(&format!("{out}/run-info.json")))["simd"], level.name());
        ran.push(place.text(&format!("{out}/manifest.json")));
    }
    assert!(!ran.is_empty() && ran.iter().all(|manifest| *manifest == ran[0]));
    let unknown = place.command(&["run", "shop.yaml"]).env("NINEFOLD_SIMD", "sse9").output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
    let said = String::from_utf8(unknown.stderr).unwrap();
    assert!(said.contains("NINEFOLD_SIMD") && said.contains("`sse9` is no instruction set"), "{said}");
}

#[test]
fn the_effective_scenario_runs_again_to_the_same_tables() {
    let place = Place::new("again");
    let scenario = library("replicated-store-from-records.yaml");
    place.done(&["run", &scenario, "--replications", "256", "--out", "first", "--undecided", "ok"]);
    place.done(&["run", "first/scenario.yaml", "--replications", "256", "--out", "second", "--undecided", "ok"]);
    let digests = |run: &str| json(&place.text(&format!("{run}/manifest.json")))["tables"].clone();
    let (first, second) = (digests("first"), digests("second"));
    assert!(first["fits"]["rows"].as_u64().unwrap() >= 8, "four families of each of two columns: {}", first["fits"]);
    // Where a number came from has changed: the record became a law that is written out.
    for table in
        first.as_object().unwrap().keys().filter(|t| !["inputs_provenance", "fits", "runs"].contains(&t.as_str()))
    {
        assert_eq!(first[table], second[table], "{table}");
    }
}

#[test]
fn an_uncertain_scenario_is_the_same_on_any_threads_and_from_its_folder() {
    let place = Place::new("uncertain");
    let scenario = library("uncertain-database.yaml");
    let run = |scenario: &str, threads: &str, out: &str| {
        let with = ["--set", "run.parameter_draws=16", "--replications", "1000", "--undecided", "ok"];
        place.command(&[&["run", scenario, "--threads", threads, "--out", out], &with[..]].concat()).output().unwrap()
    };
    let shown = run(&scenario, "1", "first");
    run(&scenario, "2", "second");
    run("first/scenario.yaml", "2", "third");
    let tables = |run: &str| json(&place.text(&format!("{run}/manifest.json")))["tables"].clone();
    let first = tables("first");
    assert_eq!(first, tables("second"));
    for table in first.as_object().unwrap().keys().filter(|table| *table != "inputs_provenance") {
        assert_eq!(first[table], tables("third")[table], "{table}");
    }
    // Three inputs, chance and the rest, for each measure; 1000 is rounded up to a chunk for each draw.
    assert!(first["input_shares"]["rows"].as_u64().unwrap() % 5 == 0 && first["input_shares"]["rows"] != 0);
    let screen = String::from_utf8(shown.stdout).unwrap();
    assert!(screen.contains("1,024 replications over 16 draws of the inputs"), "{screen}");
    assert!(screen.contains("with doubt about them"), "{screen}");
    let summary = json(&place.text("first/summary.json"));
    assert_eq!(summary["parameter_draws"], 16);
    let row = &summary["measures"][0];
    assert!(row["inputs"]["lo"].as_f64().unwrap() <= row["lo"].as_f64().unwrap());
    assert!(row["inputs"]["hi"].as_f64().unwrap() >= row["hi"].as_f64().unwrap());
}

#[test]
fn the_other_formats_and_no_report() {
    let place = Place::with_shop("formats");
    let run = ["run", "shop.yaml", "--replications", "64", "--no-report", "--out"];
    let out = place.done(&[&run[..], &["csv", "--format", "csv"]].concat());
    assert!(out.ends_with("wrote csv/  (summary.json, 34 tables)\n"), "{out}");
    assert!(place.text("csv/tables/availability.csv").starts_with("entity,definition,"));
    place.done(&[&run[..], &["ipc/", "--format", "ipc"]].concat());
    assert!(fs::read(place.path("ipc/tables/runs.arrow")).unwrap().starts_with(b"ARROW1"));
    assert!(!place.path("ipc/report.html").exists() && !place.path("ipc/figures").exists());
}

#[test]
fn json_is_the_summary_and_flags_win_over_the_scenario() {
    let place = Place::with_shop("json");
    let run = ["run", "shop.yaml", "--replications", "64", "--seed", "9", "--json", "--out", "out"];
    let out = place.done(&run);
    assert_eq!(out, place.text("out/summary.json"));
    assert_eq!((&json(&out)["seed"], &json(&out)["replications"]), (&Value::from(9), &Value::from(64)));
    let steered = json(&place.done(&["run", "shop.yaml", "--until-rel-error", "0.5", "--json"]));
    let measure = |m: &&Value| m["entity"] == "journeys.visit" && m["measure"] == "unavailability";
    let found = steered["measures"].as_array().unwrap().iter().find(measure).unwrap();
    let (value, exact) = (found["value"].as_f64().unwrap(), found["exact"].as_f64().unwrap());
    // Two units, each down 4 h in 244 h.
    assert!((exact - (4.0_f64 / 244.0).powi(2)).abs() < 1e-12, "{exact}");
    assert!((value - exact).abs() <= 4.0 * found["standard_error"].as_f64().unwrap());
    assert!((found["hi"].as_f64().unwrap() - found["lo"].as_f64().unwrap()) / 2.0 <= 0.5 * value);
}

#[test]
fn standard_input_is_a_scenario_and_set_patches_it() {
    let place = Place::with_shop("stdin");
    let read = || std::process::Stdio::from(fs::File::open(place.path("shop.yaml")).unwrap());
    let with = |set: &[&str]| {
        let run = [&["run", "-", "--json", "--replications", "64"], set].concat();
        let output = place.command(&run).stdin(read()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        json(&String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(with(&[]), json(&place.done(&["run", "shop.yaml", "--json", "--replications", "64"])));
    assert_ne!(with(&["--set", "components.web.replicas=3"])["measures"], with(&[])["measures"]);
}

#[test]
fn replications_that_are_rounded_up_for_draws_are_said_to_be() {
    let place = Place::with_shop("rounded");
    let uncertain =
        "components.web.failure_modes.crash.time_to_failure.exponential.mean={pert: {min: 5d, mode: 9d, max: 20d}}";
    let run = ["run", "shop.yaml", "--set", uncertain, "--set", "run.parameter_draws=3", "--undecided", "ok"];
    let out = place.done(&[&run[..], &["--replications", "200", "--out", "out"]].concat());
    assert!(out.contains("simulated, 384 replications over 3 draws"), "{out}");
    let said = "200 asked for, rounded up: whole chunks of 64, as many for each of 3 draws";
    assert!(out.contains(said) && place.text("out/report.html").contains(said), "{out}");
    let summary = |folder: &str| -> serde_json::Value {
        serde_json::from_str(&place.text(&format!("{folder}/summary.json"))).unwrap()
    };
    assert_eq!((&summary("out")["replications"], &summary("out")["replications_asked"]), (&384.into(), &200.into()));
    let out = place.done(&[&run[..], &["--replications", "384", "--out", "even"]].concat());
    assert!(!out.contains("rounded") && summary("even").get("replications_asked").is_none(), "{out}");
}
