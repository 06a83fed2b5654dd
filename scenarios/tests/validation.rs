//! What is proven: one table of cases with known answers drives every engine that can give them.
//!
//! A case is `validation/NAME.toml` beside a scenario. No case is answered by code that knows its name: the scenario is
//! loaded and assessed as any other, and the answers are looked up by entity and measure.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact::{Solutions, solve};
use ninefold_models::results::{ImportanceRow, Results};
use ninefold_models::system::System;
use ninefold_scenarios::{LoadOptions, load_file};
use serde::Deserialize;

/// Relative error allowed to an exact engine where the case does not state a coarser value.
const RELATIVE: f64 = 1e-9;

/// Standard errors that an estimate may be away from the value.
const STANDARD_ERRORS: f64 = 4.0;

/// Rounding allowed to an estimate without any scatter: ticks of a nanosecond and sums of fractions.
const ROUNDING: f64 = 1e-12;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    scenario: String,
    expect: Vec<Expect>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    entity: String,
    measure: String,
    /// The instant of a point measure.
    at_h: Option<f64>,
    /// The size of a worst window.
    window_h: Option<f64>,
    value: f64,
    engines: BTreeSet<Engine>,
    /// For the exact engine: accuracy of the value, if coarser than [`RELATIVE`].
    relative: Option<f64>,
    /// For the simulation: a wide interval must not pass.
    standard_error_at_most: Option<f64>,
    /// For the simulation, where a row has no standard error: the distance allowed.
    within: Option<f64>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Engine {
    Exact,
    Simulation,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("validation")
}

fn cases() -> Vec<(PathBuf, Case)> {
    let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let case = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, case)
    };
    files.into_iter().map(read).collect()
}

/// A system with both its answers.
struct Answers {
    exact: Solutions,
    simulated: Results,
}

fn answers(case: &Case) -> Answers {
    let path = folder().join(&case.scenario);
    let loaded = load_file(&path, &LoadOptions::default()).unwrap_or_else(|problems| panic!("{problems}"));
    let system = System::build(loaded.spec).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let simulated = assess(&system, &loaded.plan, &Unwatched).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    Answers { exact: solve(&system), simulated }
}

fn importance(row: &ImportanceRow, measure: &str) -> Option<f64> {
    match measure {
        "birnbaum" => Some(row.birnbaum),
        "criticality" => Some(row.criticality),
        "fussell_vesely" => Some(row.fussell_vesely),
        "raw" => Some(row.raw),
        "rrw" => Some(row.rrw),
        _ => None,
    }
}

impl Expect {
    fn exact(&self, answers: &Answers) -> Result<f64, String> {
        if let Some((value, _)) = answers.exact.get(&self.entity, &self.measure, self.at_h) {
            return Ok(value);
        }
        let row = answers.simulated.importance.iter().find(|row| row.component == self.entity);
        let reason = answers.exact.reason(&self.entity, &self.measure);
        row.and_then(|row| importance(row, &self.measure)).ok_or_else(|| format!("no exact answer: {reason:?}"))
    }

    fn check_exact(&self, answers: &Answers) -> Result<(), String> {
        let (value, relative) = (self.exact(answers)?, self.relative.unwrap_or(RELATIVE));
        let error = ((value - self.value) / self.value).abs();
        if error <= relative {
            Ok(())
        } else {
            Err(format!("exact {value:e}, {error:.1e} off; allowed {relative:.1e}"))
        }
    }

    /// Estimate, standard error and the distance allowed.
    fn simulated(&self, answers: &Answers) -> Result<(f64, f64, f64), String> {
        if let Some(size) = self.window_h {
            let mut rows = answers.simulated.windowed.iter().filter(|row| row.entity == self.entity);
            let row = rows.find(|row| row.window_s == size * 3600.0).ok_or("no such window")?;
            return Ok((row.mcr_p50, 0.0, self.within.ok_or("a worst window needs `within`")?));
        }
        let named = |row: &&_| -> bool {
            let row: &ninefold_models::results::Measured = row;
            row.entity == self.entity && row.measure == self.measure && row.at_h == self.at_h && row.quantile.is_none()
        };
        let row = answers.simulated.measures.iter().find(named).ok_or("not measured")?;
        let estimate = row.estimate;
        Ok((estimate.value, estimate.standard_error, STANDARD_ERRORS * estimate.standard_error + ROUNDING))
    }

    fn check_simulated(&self, answers: &Answers) -> Result<(), String> {
        let (value, error, allowed) = self.simulated(answers)?;
        let cap = self.standard_error_at_most.or(self.within).ok_or("the simulation needs `standard_error_at_most`")?;
        let distance = (value - self.value).abs();
        if !(distance <= allowed) {
            return Err(format!("simulated {value:e} ± {error:.1e}, {:.1} standard errors off", distance / error));
        }
        // A NaN must not pass.
        if error <= cap { Ok(()) } else { Err(format!("standard error {error:.1e}, allowed {cap:.1e}")) }
    }

    fn check(&self, answers: &Answers) -> Vec<String> {
        let checked = self.engines.iter().map(|engine| match engine {
            Engine::Exact => self.check_exact(answers),
            Engine::Simulation => self.check_simulated(answers),
        });
        let at = self.at_h.or(self.window_h).map_or(String::new(), |at| format!(" ({at} h)"));
        let named = |problem| format!("{}.{}{at} = {:e}: {problem}", self.entity, self.measure, self.value);
        checked.filter_map(Result::err).map(named).collect()
    }
}

#[test]
fn every_engine_gives_the_known_answers() {
    let mut wrong = Vec::new();
    for (path, case) in cases() {
        assert!(!case.source.is_empty() && !case.expect.is_empty(), "{} proves nothing", path.display());
        let answers = answers(&case);
        let problems = case.expect.iter().flat_map(|expect| expect.check(&answers));
        wrong.extend(problems.map(|problem| format!("{}: {problem}", case.name)));
    }
    assert!(wrong.is_empty(), "{} wrong answers\n{}", wrong.len(), wrong.join("\n"));
}

/// Every case drives an engine, every scenario of the folder a case or another scenario.
#[test]
fn every_scenario_belongs_to_a_case() {
    let cases = cases();
    let used: BTreeSet<&str> = cases.iter().map(|(_, case)| case.scenario.as_str()).collect();
    assert_eq!(used.len(), cases.len(), "a scenario with two cases");
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.ends_with(".yaml") || used.contains(name.as_str()), "{name} has no case");
    }
    assert!(cases.iter().all(|(_, case)| case.expect.iter().all(|expect| !expect.engines.is_empty())));
}

/// The table can fail: a value that is off, and an interval that is wide, are both caught.
#[test]
fn wrong_values_are_caught() {
    let cases = cases();
    let (_, case) = cases.iter().find(|(_, case)| case.scenario == "many-short-outages.yaml").unwrap();
    let answers = answers(case);
    for mut expect in case.expect.iter().cloned() {
        assert_eq!(expect.check(&answers), [""; 0]);
        expect.value *= 1.0 + 2e-3;
        assert_eq!(expect.check(&answers).len(), expect.engines.len(), "{}", expect.measure);
    }
    let mut vague = case.expect[0].clone();
    vague.standard_error_at_most = Some(-1.0);
    assert_eq!(vague.check(&answers).len(), 1);
}
