//! Exit codes, as a pipeline sees them.

use std::fs;
use std::io::Read;
use std::process::Stdio;

#[cfg(unix)]
use crate::place::interrupt;
use crate::place::{Place, SHOP, said};

fn run<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["run", "shop.yaml"], more].concat()
}

#[test]
fn met_not_met_undecided() {
    let place = Place::with_shop("gates");
    let fixed = ["--replications", "512"];
    assert_eq!(place.run(&run(&fixed)).0, 0);
    let target = |value: &str| format!("agreements.visit-slo.target={value}");
    let strict = target("99.9999 %");
    let (code, out, _) = place.run(&run(&[&fixed[..], &["--set", &strict]].concat()));
    assert_eq!(code, 1);
    assert!(out.contains("visit-slo 99.9999 % a quarter: not met"), "{out}");
    // With two replications nothing is decided.
    let near = target("99.97 %");
    let few = ["--replications", "2", "--set", &near];
    let (code, out, _) = place.run(&run(&few));
    assert!(out.contains("undecided"), "{out}");
    assert_eq!(code, 3);
    assert_eq!(place.run(&run(&[&few[..], &["--undecided", "ok"]].concat())).0, 0);
}

#[test]
fn a_decision_gates_and_one_that_is_open_is_3() {
    let place = Place::with_shop("decided");
    let (code, out, err) = place.run(&run(&["--until-decided", "--out", "out"]));
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains(": met with 99 % confidence by sequential test"), "{out}");
    assert!(place.text("out/summary.json").contains("\"verdict_by\": \"sequential test by betting\""));
    let manifest = place.text("out/manifest.json");
    assert!(manifest.contains("\"reason\": \"decision\"") && manifest.contains("\"quantity\": \"error_probability\""));
    let strict = ["--set", "agreements.visit-slo.target=99.9999 %", "--until-decided=95 %"];
    let (code, out, _) = place.run(&run(&strict));
    assert_eq!(code, 1);
    assert!(out.contains("not met with 95 % confidence by sequential test"), "{out}");
    let open = ["--set", "run.replications.max=256", "--set", "agreements.visit-slo.target=99 %", "--until-decided"];
    let (code, out, _) = place.run(&run(&open));
    assert_eq!(code, 3, "{out}");
    assert!(out.contains("undecided with 99 % confidence") && out.contains("`met` takes at least"), "{out}");
}

#[test]
fn a_budget_that_ends_before_the_precision_is_3_and_writes() {
    let place = Place::with_shop("budget");
    let budget = ["--set", "run.replications.max=256", "--until-rel-error", "0.001", "--out", "out"];
    let (code, out, err) = place.run(&run(&budget));
    assert_eq!(code, 3, "{out}{err}");
    assert!(out.contains("(stopped by budget)"), "{out}");
    assert!(place.text("out/manifest.json").contains("\"budget\""));
}

#[test]
fn time_that_runs_out_is_3_and_writes() {
    let place = Place::with_shop("time");
    let timed = ["--replications", "4000000000", "--max-time", "2s", "--out", "out"];
    let (code, out, err) = place.run(&run(&timed));
    assert_eq!(code, 3, "{out}{err}");
    assert!(out.contains("stopped by time"), "{out}");
    assert!(place.text("out/manifest.json").contains("\"time\""));
}

#[test]
#[cfg(unix)]
fn an_interrupt_writes_what_is_known_and_is_130() {
    let place = Place::with_shop("interrupt");
    let mut child = place
        .command(&run(&["--replications", "4000000000", "--out", "out"]))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    place.wait_for(".out.unfinished/tallies.ninefold", &mut child);
    interrupt(&child);
    let (code, out, err) = said(&child.wait_with_output().unwrap());
    assert_eq!(code, 130, "{out}{err}");
    assert!(out.contains("(interrupted)"), "{out}");
    assert!(place.text("out/manifest.json").contains("\"interrupted\""));
    assert!(err.ends_with("note: `ninefold run --resume out` goes on with it\n"), "{err}");
    assert_eq!(place.names(), [".out.unfinished", "out", "shop.yaml"]);
}

#[test]
#[cfg(unix)]
fn a_run_that_is_stopped_in_its_pilot_says_so_and_leaves_nothing() {
    let place = Place::with_shop("pilot");
    // Some ten seconds of pilot, however fast the build.
    let life = ["--set", "components.web.failure_modes.crash.time_to_failure=1h", "--set", "calendar.horizon=200y"];
    let asked = ["--antithetic", "auto", "--replications", "4000000000", "--out", "out"];
    let says = "error: stopped in the pilot of 256 replications, before anything was counted\n";
    for shard in [&[][..], &["--shard", "1/2"]] {
        let arguments = run(&[&life[..], &asked, shard].concat());
        let child = place.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        interrupt(&child);
        let ended = said(&child.wait_with_output().unwrap());
        assert_eq!(ended, (130, String::new(), says.to_owned()));
        let timed = place.run(&[&arguments[..], &["--max-time", "300ms"]].concat());
        assert_eq!(timed, (3, String::new(), says.to_owned()));
        assert_eq!(place.names(), ["shop.yaml"]);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let place = Place::with_shop("pipe");
    let mut child = place.command(&["schema"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 1];
    child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    drop(child.stdout.take());
    let (code, _, err) = said(&child.wait_with_output().unwrap());
    assert_eq!((code, err.as_str()), (0, ""));
}

#[test]
fn compare_finds_the_better_one() {
    let place = Place::with_shop("compare");
    place.put("three.yaml", &SHOP.replace("replicas: 2", "replicas: 3"));
    let files = ["compare", "shop.yaml", "three.yaml", "--replications", "400", "--json"];
    let sets = ["compare", "shop.yaml", "--set-b", "components.web.replicas=3", "--replications", "400", "--json"];
    let rows = |arguments: &[&str]| {
        let object: serde_json::Value = serde_json::from_str(&place.done(arguments)).unwrap();
        assert_eq!((&object["schema"], &object["replications"]), (&1.into(), &400.into()));
        object["rows"].clone()
    };
    assert_eq!(rows(&files), rows(&sets));
    let first = rows(&files)[0].clone();
    assert_eq!((&first["entity"], &first["measure"]), (&"journeys.visit".into(), &"unavailability".into()));
    assert!(first["delta"]["hi"].as_f64().unwrap() < 0.0, "a third replica helps: {first}");
    assert!(first["p_b_better"].as_f64().unwrap() > 0.99);
    let table = place.done(&["compare", "shop.yaml", "shop.yaml", "--replications", "64"]);
    assert!(table.contains("P(B better)") && table.contains("50 %"), "{table}");
}

#[test]
fn a_comparison_is_written_and_can_be_repeated_from_its_folder() {
    let place = Place::with_shop("compared");
    let quicker = ["--set-b", "components.web.failure_modes.crash.repair.exponential.mean=2h"];
    let said = place.done(&[&["compare", "shop.yaml", "--out", "out"], &quicker[..]].concat());
    assert!(said.contains("decided    journeys.visit: B has less downtime") && said.contains("wrote out/"), "{said}");
    let mut files = fs::read_dir(place.path("out")).unwrap().map(|e| e.unwrap().file_name()).collect::<Vec<_>>();
    files.sort();
    assert_eq!(files, ["a", "b", "comparison.json", "figures", "manifest.json", "run-info.json", "tables"]);
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let written = json(&place.text("out/comparison.json"));
    assert_eq!(written["verdicts"][0]["less_downtime"], "b");
    assert!(written["rows"].as_array().unwrap().iter().any(|row| row["quantile"] == 0.95));
    let again = json(&place.done(&["compare", "out/a/scenario.yaml", "out/b/scenario.yaml", "--json"]));
    assert_eq!((&again["rows"], &again["replications"]), (&written["rows"], &written["replications"]));
    assert!(place.text("out/figures/paired_differences.svg").starts_with("<svg"));
    place.done(&["compare", "shop.yaml", "shop.yaml", "--out", "out", "--force"]);
}
