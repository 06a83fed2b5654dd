//! Laws drawn from records, and what is refused about them.
#![cfg(feature = "records")]
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use ninefold_models::lifetime::Law;
use ninefold_models::system::Variation;
use ninefold_scenarios::{LoadOptions, Loaded, load_file, load_text};

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("ninefold-evidence-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn csv() -> String {
    let rows = (0..40).map(|n| {
        let minutes = 5 + n * n % 47;
        format!(
            "2026-01-{:02}T{:02}:00:00Z,2026-01-{:02}T{:02}:{minutes:02}:00Z,{minutes}\n",
            n % 28 + 1,
            n % 20,
            n % 28 + 1,
            n % 20
        )
    });
    std::iter::once("down_utc,up_utc,minutes\n".to_owned()).chain(rows).collect()
}

const RECORD: &str = "records:\n  failures: {file: failures.csv, map: {started: down_utc, resolved: up_utc}, units: {minutes: min}, owner: team}\n";

fn scenario(repair: &str) -> String {
    format!(
        "scenario: drawn\ncomponents:\n  db: {{failure_modes: {{crash: {{time_to_failure: 90d, repair: {repair}}}}}}}\n{RECORD}"
    )
}

fn load(path: &Path) -> Loaded {
    load_file(path, &LoadOptions::default()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn codes(path: &Path) -> Vec<&'static str> {
    let problems = load_file(path, &LoadOptions::default()).unwrap_err();
    problems.iter().map(|problem| problem.code().as_str()).collect()
}

#[test]
fn a_fit_becomes_its_law_everywhere() {
    let folder = Folder::new("fit");
    folder.write("failures.csv", csv());
    for family in ["auto", "exponential", "weibull", "gamma", "lognormal"] {
        let text = scenario(&format!("{{fit: {{from: records.failures.repair, family: {family}}}}}"));
        let loaded = load(&folder.write("fit.yaml", &text));
        let repair = format!("{:?}", loaded.spec.components[0].modes[0].repair);
        let alone = load_text("effective.yaml", &loaded.about.effective, &LoadOptions::default());
        let alone = alone.unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(repair, format!("{:?}", alone.spec.components[0].modes[0].repair), "{family}");
        let entry = loaded.about.provenance.iter().find(|entry| entry.record == "failures").unwrap();
        assert!(entry.fit_id.starts_with("failures.repair:") && entry.uncertainty == "none");
        assert_eq!((loaded.about.records[0].id.as_str(), loaded.about.records[0].rows), ("failures", 40));
        assert!(loaded.inputs.is_empty());
    }
}

#[test]
fn a_bootstrapped_fit_takes_its_values_along_and_draws_the_same() {
    let folder = Folder::new("bootstrap");
    // Every fifth repair was still under way when observation ended.
    let marked: String = (0..60).map(|n| format!("{},{}\n", 5 + n * n % 47, u8::from(n % 5 == 0))).collect();
    folder.write("marked.csv", format!("minutes,open\n{marked}"));
    let record = "records:\n  repairs: {file: marked.csv, units: {minutes: min}, censored: open}\n";
    let text = |family: &str| {
        let fit = format!("{{fit: {{from: records.repairs.minutes, family: {family}, uncertainty: bootstrap}}}}");
        let mode = format!("{{crash: {{time_to_failure: 90d, repair: {fit}}}}}");
        let run = "run: {parameter_draws: 20}\n";
        format!(
            "scenario: drawn\ncomponents:\n  a: {{failure_modes: {mode}}}\n  b: {{failure_modes: {mode}}}\n{run}{record}"
        )
    };
    for family in ["exponential", "weibull", "gamma", "lognormal", "auto"] {
        let loaded = load(&folder.write("drawn.yaml", text(family)));
        let draws = loaded.draws.specs(4).unwrap();
        let means: Vec<f64> = draws.iter().map(|spec| spec.inputs[0].value).collect();
        let point = loaded.spec.inputs[0].value;
        assert!(
            means.iter().any(|&mean| mean < point) && means.iter().any(|&mean| mean > point),
            "{family}: {means:?}"
        );
        // One record, one doubt: both repairs move together.
        for spec in &draws {
            assert_eq!(spec.inputs.len(), 1);
            assert_eq!(spec.components[0].modes[0].repair, spec.components[1].modes[0].repair);
        }
        let entry = loaded.about.provenance.iter().find(|entry| entry.record == "repairs").unwrap();
        assert_eq!(entry.uncertainty, "bootstrap");
        let moved = Folder::new("bootstrap-moved");
        loaded.inputs.iter().for_each(|(name, content)| drop(moved.write(name, content)));
        let again = load(&moved.write("scenario.yaml", &loaded.about.effective));
        for (one, other) in draws.iter().zip(again.draws.specs(4).unwrap()) {
            assert_eq!(one.components[0].modes[0].repair, other.components[0].modes[0].repair, "{family}");
            assert_eq!(one.inputs, other.inputs);
        }
        assert_eq!(loaded.about.effective, again.about.effective);
    }
}

#[test]
fn an_empirical_law_takes_its_values_along() {
    let folder = Folder::new("empirical");
    folder.write("failures.csv", csv());
    let loaded = load(&folder.write("drawn.yaml", scenario("{empirical: records.failures.minutes}")));
    let repair = &loaded.spec.components[0].modes[0].repair;
    let ninefold_models::system::Repair::Takes(law @ Law::Empirical(_)) = repair else { panic!("{repair:?}") };
    assert!(law.mean().get() > 5.0 / 60.0 && law.mean().get() < 52.0 / 60.0);
    let moved = Folder::new("moved");
    assert_eq!(loaded.inputs.len(), 1);
    for (name, content) in &loaded.inputs {
        moved.write(name, content);
    }
    let again = load(&moved.write("scenario.yaml", &loaded.about.effective));
    assert_eq!(repair, &again.spec.components[0].modes[0].repair);
    assert_eq!((&loaded.about.effective, &loaded.inputs), (&again.about.effective, &again.inputs));
}

/// A history of 60 days with a week in it, and a journey that follows its forecast over 14 days.
fn forecast(keys: &str, beside: &str) -> String {
    format!(
        "scenario: drawn\ncomponents:\n  db: {{failure_modes: {{crash: {{time_to_failure: 90d, repair: 1h}}}}}}\n\
         records:\n  visits: {{file: visits.csv, map: {{at: day}}}}\n\
         journeys:\n  use: {{path: [db], demand: {{forecast: {{from: records.visits.visits, every: 1d, unit: 1/s{keys}}}{beside}}}}}\n\
         run: {{horizon: 14d}}\n"
    )
}

fn visits(days: i64) -> String {
    let row = |day: i64| {
        format!("{},{}\n", jiff::civil::date(2026, 1, 1) + jiff::Span::new().days(day), 90 + day % 7 * 5 + day)
    };
    std::iter::once("day,visits\n".to_owned()).chain((0..days).map(row)).collect()
}

#[test]
fn a_forecast_takes_its_history_along() {
    let folder = Folder::new("forecast");
    folder.write("visits.csv", visits(60));
    let loaded = load(&folder.write("drawn.yaml", forecast(", seasons: [7d]", "")));
    let moved = Folder::new("forecast-moved");
    loaded.inputs.iter().for_each(|(name, content)| drop(moved.write(name, content)));
    let again = load(&moved.write("scenario.yaml", &loaded.about.effective));
    let demand = |loaded: &Loaded| loaded.spec.journeys[0].demand.clone().unwrap();
    assert_eq!(demand(&loaded), demand(&again));
    assert_eq!((&loaded.about.effective, &loaded.inputs), (&again.about.effective, &again.inputs));
    let Some(Variation::Paths(paths)) = demand(&loaded).course.unwrap().variation else { panic!("no paths") };
    assert_eq!(paths.paths.horizon(), 14);
    // Growth and week without noise: 90 + 60 + the week's place.
    let first = paths.paths.quantile(0, 0.5).unwrap().unwrap();
    assert!((first - (150.0 + 5.0 * 4.0)).abs() < 2.0, "{first}");
}

#[test]
fn a_history_that_cannot_be_forecast_is_refused_at_its_place() {
    let folder = Folder::new("forecast-wrong");
    folder.write("visits.csv", visits(60));
    let of = |keys: &str, beside: &str| codes(&folder.write("drawn.yaml", forecast(keys, beside)));
    assert_eq!(of(", method: arima", ""), ["E0116"]);
    assert_eq!(of(", seasons: [36h]", ""), ["E0205"]);
    assert_eq!(of(", seasons: [14d, 7d]", ""), ["E0205"]);
    assert_eq!(of("", ", growth: {annual: 0.2}"), ["E0116"]);
    assert_eq!(of("", ", noise: {cv: 0.1, correlation_time: 1h}"), ["E0116"]);
    load(&folder.write("news.yaml", forecast("", ", growth: {initiatives: [{from: 2026-01-03, uplift: 0.1}]}")));
    folder.write("visits.csv", visits(28));
    assert_eq!(of(", seasons: [7d]", ""), ["E0701"]);
    let zero: String =
        (0..60).map(|day| format!("{},0\n", jiff::civil::date(2026, 1, 1) + jiff::Span::new().days(day))).collect();
    folder.write("visits.csv", "day,visits\n".to_owned() + &zero);
    assert_eq!(of("", ""), ["E0701"]);
}

#[test]
fn what_is_wrong_with_a_record_is_said_by_its_code() {
    let folder = Folder::new("wrong");
    folder.write("failures.csv", csv());
    let fit = |column: &str| scenario(&format!("{{fit: {{from: records.{column}}}}}"));
    assert_eq!(codes(&folder.write("column.yaml", fit("failures.fixtime"))), ["E0701"]);
    assert_eq!(codes(&folder.write("record.yaml", fit("failure.repair"))), ["E0306"]);
    let with = |file: &str| fit("failures.repair").replace("failures.csv", file);
    assert_eq!(codes(&folder.write("absent.yaml", with("nothing.csv"))), ["E0114"]);
    assert_eq!(codes(&folder.write("outside.yaml", with("../failures.csv"))), ["E0313"]);
    folder.write("cut.parquet", b"PAR1 and then nothing");
    assert_eq!(codes(&folder.write("cut.yaml", with("cut.parquet"))), ["E0701"]);
    folder.write("latin.csv", b"down_utc,up_utc,minutes\n2026-01-01,2026-01-02,\xe9\n");
    assert_eq!(codes(&folder.write("latin.yaml", with("latin.csv"))), ["E0701"]);
    folder.write("empty.csv", "down_utc,up_utc,minutes\n");
    assert_eq!(codes(&folder.write("empty.yaml", with("empty.csv"))), ["E0701"]);
    folder.write("one.csv", "down_utc,up_utc,minutes\n2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,60\n");
    let one = with("one.csv").replace("records.failures.repair", "records.failures.repair, family: weibull");
    assert_eq!(codes(&folder.write("one.yaml", one)), ["E0702"]);
    let problems = load_text("-", &fit("failures.repair"), &LoadOptions::default()).unwrap_err();
    assert_eq!(problems.iter().next().unwrap().code().as_str(), "E0313");
}
