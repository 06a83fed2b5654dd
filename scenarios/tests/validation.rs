//! What is proven: cases with known answers, each of which drives every engine that can give them.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ninefold_scenarios::conformance::{Row, Verdict, judge, read};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("validation")
}

/// The files of the suite that end so, by name.
fn files(end: &str) -> BTreeSet<String> {
    let names = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(end)).collect()
}

fn rows(paths: &[PathBuf]) -> Vec<Row> {
    let suite = read(paths).unwrap_or_else(|problems| panic!("{problems}"));
    suite.cases.iter().flat_map(|case| judge(case).rows).collect()
}

/// Case, measure, engine, verdict and why, as recorded: nothing is lost or no longer supported without being seen.
#[test]
fn every_engine_gives_the_known_answers() {
    let rows = rows(&[folder()]);
    let told = |row: &Row| {
        let engine = row.engine.map_or("-", |engine| engine.name());
        format!("{} {} {engine} {} {}", row.case, row.measure, row.verdict.name(), row.note).trim_end().to_owned()
    };
    let wrong: Vec<String> = rows.iter().filter(|row| row.verdict == Verdict::Failed).map(told).collect();
    assert!(wrong.is_empty(), "{} wrong answers\n{}", wrong.len(), wrong.join("\n"));
    assert!(rows.iter().all(|row| row.family != "scenario" || row.verdict == Verdict::Passed));
    insta::assert_snapshot!(rows.iter().map(told).collect::<Vec<_>>().join("\n"));
}

/// Every case that brings its scenario drives an engine, every scenario of the folder a case.
#[test]
fn every_scenario_belongs_to_a_case() {
    let text = |name: &String| std::fs::read_to_string(folder().join(name)).unwrap();
    let line = |text: &str| text.lines().find_map(|line| line.strip_prefix("scenario = ").map(str::to_owned));
    let named: Vec<String> = files(".toml").iter().map(|name| line(&text(name)).unwrap().replace('"', "")).collect();
    let used: BTreeSet<String> = named.iter().cloned().collect();
    assert_eq!(used.len(), named.len(), "a scenario with two cases");
    assert_eq!(used, files(".yaml"));
}

/// A folder with one case whose values are all changed by a factor.
fn altered(name: &str, factor: f64) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("altered-{name}-{factor}"));
    std::fs::create_dir_all(&place).unwrap();
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    let change = |line: &str| {
        let value = ["\"value\": ", "value = "].iter().find_map(|key| Some((*key, line.trim().strip_prefix(key)?)));
        let number = value.and_then(|(key, rest)| {
            let digits = rest.split([',', ' ']).next()?;
            Some((key, digits, digits.parse::<f64>().ok()?))
        });
        number.map_or(line.to_owned(), |(_, digits, number)| line.replace(digits, &format!("{:e}", number * factor)))
    };
    let changed: Vec<String> = text.lines().map(change).collect();
    assert_ne!(changed.join("\n"), text.trim_end(), "{name} has no value to change");
    std::fs::write(place.join(name), changed.join("\n")).unwrap();
    if let Some(scenario) = name.strip_suffix(".toml").map(|stem| format!("{stem}.yaml")) {
        std::fs::copy(folder().join(&scenario), place.join(&scenario)).unwrap();
    }
    place
}

/// The table can fail: a value that is off is caught by every engine that claims it.
#[test]
fn wrong_values_are_caught() {
    let cases = [
        ("r01_unit_fast.json", 1.25),
        ("r02_downtime_constant.json", 1.25),
        ("r03_5oo5_crew9.json", 1.25),
        ("r06_weibull_early.json", 1.25),
        ("r11_coldpair_constant.json", 1.25),
        ("r12_quorum_poor.json", 1.25),
        ("r13_network_ring.json", 1.25),
        ("r20_two_tier.json", 1.25),
        ("r24_series_two.json", 1.001),
        ("many-short-outages.toml", 1.002),
    ];
    for (name, factor) in cases {
        let rows = rows(&[altered(name, factor)]);
        assert!(!rows.is_empty());
        for row in rows.iter().filter(|row| row.got.is_some()) {
            assert_eq!(row.verdict, Verdict::Failed, "{name}: {} by {:?}", row.measure, row.engine);
        }
    }
    // An exact engine is held to nine digits.
    let rows = rows(&[altered("r13_network_six.json", 1.0 + 2e-9)]);
    assert!(rows.iter().filter(|row| row.got.is_some()).count() > 20);
    for row in rows {
        let exact = row.engine == Some(ninefold_scenarios::conformance::Engine::Exact);
        assert_eq!(row.verdict == Verdict::Failed, exact, "{}", row.measure);
    }
}
