//! Replays: what is refused, what a manifest means, and that the parts of a replay act.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use ninefold_models::scaling::closed_loop::Replay;
use ninefold_models::scaling::replay::Outcome;
use ninefold_scenarios::LoadOptions;
use ninefold_scenarios::replay::{LoadedReplay, demand_patch, load_file, load_text};

fn corpus() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken_replays");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    files.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn each_broken_replay_is_refused_with_its_code_and_looks_as_recorded() {
    let mut all = String::new();
    for (name, text) in corpus() {
        let expected: BTreeSet<&str> =
            text.lines().next().unwrap().trim_start_matches('#').split_whitespace().collect();
        let problems = load_text(&format!("{name}.yaml"), &text, &LoadOptions::default()).map(|_| ()).unwrap_err();
        let found: BTreeSet<&str> = problems.iter().map(|problem| problem.code().as_str()).collect();
        assert_eq!(found, expected, "{name}: {problems}");
        all.push_str(&format!("──────── {name}\n{}\n", problems.to_text(false)));
    }
    insta::assert_snapshot!(all);
}

const MANIFEST: &str = "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web-hpa, labels: {team: front}}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 60
  metrics:
    - type: External
      external: {metric: {name: rps}, target: {type: AverageValue, averageValue: '50'}}
";

fn load(text: &str, set: &[&str]) -> LoadedReplay {
    let options = LoadOptions { set: set.iter().map(|&patch| patch.to_owned()).collect() };
    load_text("replay.yaml", text, &options).unwrap_or_else(|problems| panic!("{problems}"))
}

fn run(loaded: &LoadedReplay) -> Replay {
    match loaded.task.run() {
        Outcome::Scaling(replay) => replay,
        other => panic!("{other:?}"),
    }
}

fn replicas(replay: &Replay) -> Vec<u32> {
    replay.looks.iter().map(|look| look.decision.to).collect()
}

/// The controller grows by twice or to 4 where there is no `behavior`, and by 100 % or 4 where there is an empty one.
#[test]
fn a_manifest_without_behavior_grows_as_the_controller_does() {
    let demand = demand_patch("1000/s");
    let set = [demand.as_str(), "replay.for=90s"];
    let loaded = load(MANIFEST, &set);
    assert_eq!(loaded.component, "web");
    assert_eq!(replicas(&run(&loaded)), [2, 4, 8, 16, 20, 20]);
    let with = format!("{MANIFEST}  behavior: {{}}\n");
    assert_eq!(replicas(&run(&load(&with, &set))), [2, 6, 12, 20, 20, 20]);
    let slow =
        format!("{MANIFEST}  behavior: {{scaleUp: {{policies: [{{type: Pods, value: 1, periodSeconds: 30}}]}}}}\n");
    // The step to the smallest number is a change too.
    assert_eq!(replicas(&run(&load(&slow, &set))), [2, 2, 3, 3, 4, 4]);
}

#[test]
fn quantities_and_tolerances_of_a_manifest_act() {
    let milli = MANIFEST.replace("'50'", "50000m");
    let set = ["replay.demand=1000/s", "replay.for=90s"];
    assert_eq!(replicas(&run(&load(&milli, &set))), replicas(&run(&load(MANIFEST, &set))));
    let tolerant = format!("{MANIFEST}  behavior: {{scaleUp: {{tolerance: '0.3'}}}}\n");
    let steady = ["replay.demand=120/s", "replay.for=60s", "replay.replicas=2"];
    assert_eq!(replicas(&run(&load(&tolerant, &steady))), [2; 4]);
    assert_eq!(replicas(&run(&load(MANIFEST, &steady)))[0], 3);
}

#[test]
fn a_slow_start_and_a_late_metric_leave_more_unserved() {
    let demand = demand_patch("100 for t<300, 900 for t<1800, else 100");
    let base = [demand.as_str(), "replay.replicas=10"];
    let unserved = |more: &[&str]| run(&load(MANIFEST, &[&base[..], more].concat())).sums.unserved;
    let prompt = unserved(&[]);
    let slow = unserved(&["components.web.start.boot=60s"]);
    let late = unserved(&["components.web.start.boot=60s", "components.web.autoscale.metric_delay=45s"]);
    assert!(prompt < slow && slow < late, "{prompt} {slow} {late}");
}

#[test]
fn a_demand_file_is_read_beside_the_scenario_and_goes_with_it() {
    let folder = std::env::temp_dir().join(format!("ninefold-replay-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("hpa.yaml"), MANIFEST).unwrap();
    std::fs::write(folder.join("peak.csv"), "second,rate\n0,100\n60,600\n").unwrap();
    let options = LoadOptions { set: vec![demand_patch("peak.csv"), "replay.for=2min".to_owned()] };
    let loaded = load_file(&folder.join("hpa.yaml"), &options).unwrap();
    assert_eq!(replicas(&run(&loaded)), [2, 2, 2, 2, 4, 8, 12, 12]);
    assert_eq!(loaded.inputs[0].0, "inputs/peak.csv");
    // What is written down is a whole of its own.
    std::fs::create_dir_all(folder.join("again/inputs")).unwrap();
    std::fs::write(folder.join("again/scenario.yaml"), &loaded.effective).unwrap();
    std::fs::write(folder.join("again/inputs/peak.csv"), &loaded.inputs[0].1).unwrap();
    let again = load_file(&folder.join("again/scenario.yaml"), &LoadOptions::default()).unwrap();
    assert_eq!(run(&again), run(&loaded));
    std::fs::remove_dir_all(folder).unwrap();
}
