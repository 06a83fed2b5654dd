//! Exit codes, as a pipeline sees them.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

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
    // Long enough for a first checkpoint; there is no way to ask a program without a terminal how far it is.
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(2500) {
        assert!(child.try_wait().unwrap().is_none(), "it must still run");
        std::thread::sleep(Duration::from_millis(50));
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
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
        std::thread::sleep(Duration::from_millis(500));
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
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
