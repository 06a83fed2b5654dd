//! Parameter draws: which numbers are drawn, that a draw is a function of seed and number, and what is refused.
#![allow(clippy::unwrap_used)]

use ninefold_models::lifetime::Law;
use ninefold_models::system::{Effect, Redundancy, Repair, SystemSpec};
use ninefold_models::units::Hours;
use ninefold_scenarios::{LoadOptions, Loaded, load_text};

fn load(text: &str) -> Loaded {
    load_text("test.yaml", text, &LoadOptions::default()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Something uncertain in every kind of place.
const UNCERTAIN: &str = "
scenario: uncertain
domains:
  tree: {z: {level: zone}}
  failure_modes: {loss: {of: z, annual_rate: {pert: {min: 0.1, mode: 0.2, max: 0.6}}, repair: 1h}}
components:
  db:
    place: {z: {replicas: 2}}
    capacity: {per_replica: {pert: {min: 50/s, mode: 80/s, max: 90/s}}}
    redundancy:
      standby: {mode: warm, dormancy: {beta: {mean: 0.5, n: 20}}, switch: {takes: 30s, success: {beta: {mean: 0.97, n: 120}}}}
    failure_modes:
      crash:
        time_to_failure: {weibull: {shape: {pert: {min: 0.6, mode: 0.8, max: 1.0}}, mean: {pert: {min: 60d, mode: 120d, max: 360d}}}}
        repair: {lognormal: {median: {pert: {min: 20min, mode: 40min, max: 2h}}, sigma: 1.0}}
      slow: {unavailability: {pert: {min: 0.01 %, mode: 0.02 %, max: 0.1 %}}, effect: {capacity: {beta: {mean: 50 %, n: 10}}}}
  mail: {failure_modes: {crash: {time_to_failure: 30d, repair: 1h}}}
dependencies:
  edges: [{from: db, to: mail, need: soft, fallback: {quality: {pert: {min: 0.5, mode: 0.8, max: 0.9}}}}]
journeys:
  use: {path: [db], demand: {level: {pert: {min: 20/s, mode: 30/s, max: 60/s}}}}
run: {parameter_draws: 40}
";

fn values(spec: &SystemSpec) -> Vec<(String, f64)> {
    spec.inputs.iter().map(|input| (input.path.clone(), input.value)).collect()
}

#[test]
fn every_kind_of_place_is_drawn() {
    let loaded = load(UNCERTAIN);
    assert_eq!(loaded.draws.count(), 40);
    let draws = loaded.draws.specs(3).unwrap();
    assert_eq!((draws.len(), loaded.spec.inputs.len()), (40, 11));
    let point = &loaded.spec;
    let read = |spec: &SystemSpec| {
        let db = &spec.components[0];
        let Redundancy::Standby(standby) = &db.redundancy else { panic!("{:?}", db.redundancy) };
        let Effect::Degraded { capacity, .. } = db.modes[1].effect else { panic!("{:?}", db.modes[1]) };
        let Repair::Takes(repair) = &db.modes[0].repair else { panic!("{:?}", db.modes[0]) };
        let ninefold_models::system::StandbyMode::Warm { dormancy } = standby.mode else { panic!("{standby:?}") };
        [
            spec.domains[0].modes[0].time_to_failure.mean().get(),
            db.capacity_per_unit.as_ref().unwrap().rate,
            dormancy,
            standby.switch_success,
            db.modes[0].time_to_failure.mean().get(),
            db.modes[0].time_to_failure.parameters()[0].1,
            repair.median().get(),
            db.modes[1].time_to_failure.mean().get(),
            capacity,
            spec.dependencies[0].fallback_quality.unwrap(),
            spec.journeys[0].demand.as_ref().unwrap().rate,
        ]
    };
    let at_point = read(point);
    for (place, at) in at_point.iter().enumerate() {
        let drawn: Vec<f64> = draws.iter().map(|spec| read(spec)[place]).collect();
        let (least, most) = drawn.iter().fold((f64::INFINITY, 0.0f64), |(lo, hi), &v| (lo.min(v), hi.max(v)));
        assert!(least < *at && *at < most && most / least > 1.02, "{place}: {at} in {least} to {most}");
    }
    // The means of the laws: (60 + 4 · 120 + 360)/6 d, and what a beta law says.
    assert!((at_point[4] - 150.0 * 24.0).abs() < 1e-6 && at_point[3] == 0.97);
    assert!(draws.iter().enumerate().all(|(at, spec)| spec.draw == at as u32 + 1));
}

#[test]
fn a_draw_is_a_function_of_seed_number_and_path() {
    let loaded = load(UNCERTAIN);
    let draws = loaded.draws.specs(3).unwrap();
    assert_ne!(values(&draws[0]), values(&draws[1]));
    assert_ne!(values(&draws[0]), values(&loaded.draws.specs(4).unwrap()[0]));
    // Fewer draws are the first of more, and another input moves nobody.
    let fewer = load(&UNCERTAIN.replace("parameter_draws: 40", "parameter_draws: 7")).draws.specs(3).unwrap();
    assert_eq!(fewer.iter().map(values).collect::<Vec<_>>(), draws[..7].iter().map(values).collect::<Vec<_>>());
    let more = load(&UNCERTAIN.replace(
        "mail: {failure_modes: {crash: {time_to_failure: 30d",
        "mail: {failure_modes: {crash: {time_to_failure: {exponential: {mean: {pert: {min: 9d, mode: 30d, max: 90d}}}}",
    ));
    let others =
        |spec: &SystemSpec| values(spec).into_iter().filter(|(path, _)| !path.contains(".mail.")).collect::<Vec<_>>();
    assert_eq!(others(&more.draws.specs(3).unwrap()[5]), values(&draws[5]));
    // The effective scenario draws the same.
    let again = load(&loaded.about.effective);
    assert_eq!(values(&again.draws.specs(3).unwrap()[9]), values(&draws[9]));
}

#[test]
fn without_draws_the_means_are_assumed_and_said_so() {
    let loaded = load(&UNCERTAIN.replace("run: {parameter_draws: 40}", ""));
    assert!(loaded.draws.specs(1).unwrap().is_empty());
    let path = "components.db.redundancy.standby.switch.success";
    let assumed = loaded.about.assumptions.iter().find(|a| a.path == path).unwrap();
    assert!(assumed.value == "0.97" && assumed.reason.contains("run.parameter_draws"), "{assumed:?}");
    let noted = loaded.about.provenance.iter().find(|entry| entry.path == path).unwrap();
    assert_eq!((noted.uncertainty.as_str(), noted.value.as_str()), ("beta", "{beta: {mean: 0.97, n: 120}}"));
    let count = |kind: &str| loaded.about.provenance.iter().filter(|entry| entry.uncertainty == kind).count();
    assert_eq!((count("beta"), count("pert")), (3, 8));
    // What was written stays written.
    assert!(loaded.about.effective.contains("beta: {mean: 0.97, n: 120}"), "{}", loaded.about.effective);
}

#[test]
fn a_copy_is_an_input_of_its_own() {
    let loaded = load(
        "scenario: copies\ncomponents:\n  a: {failure_modes: {crash: {time_to_failure: {exponential: {mean: {pert: {min: 1d, mode: 5d, max: 30d}}}}, repair: 1h}}}\n  b: {like: a}\nrun: {parameter_draws: 5}\n",
    );
    let spec = &loaded.draws.specs(1).unwrap()[0];
    assert_eq!(spec.inputs.len(), 2);
    assert_ne!(spec.inputs[0].value, spec.inputs[1].value);
    assert!(loaded.about.assumptions.iter().any(|a| a.reason.contains("2 uncertain inputs need 14 draws")));
}

#[test]
fn inputs_that_contradict_one_another_in_a_draw_are_refused_by_its_number() {
    let text = "scenario: torn\ncomponents:\n  a: {failure_modes: {crash: {time_to_failure: 9d, repair: {lognormal: {median: {pert: {min: 1h, mode: 2h, max: 5h}}, p95: {pert: {min: 2h, mode: 3h, max: 9h}}}}}}}\nrun: {parameter_draws: 200}\n";
    let problems = load(text).draws.specs(1).unwrap_err();
    let problem = problems.iter().next().unwrap();
    assert_eq!(problem.code().as_str(), "E0207");
    assert!(problem.message().starts_with("in parameter draw "), "{}", problem.message());
}

#[test]
fn a_law_in_place_of_a_duration_is_chance_not_doubt() {
    let loaded = load(
        "scenario: chance\ncomponents:\n  a: {failure_modes: {crash: {time_to_failure: 9d, repair: {pert: {min: 1h, mode: 2h, max: 5h}}}}}\n",
    );
    assert!(loaded.spec.inputs.is_empty());
    let pert = Law::pert(Hours::new(1.0), Hours::new(2.0), Hours::new(5.0)).unwrap();
    assert_eq!(loaded.spec.components[0].modes[0].repair, Repair::Takes(pert));
}
