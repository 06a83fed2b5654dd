//! The record of the library is what its generator makes, and fitting it finds the laws it was made from.
#![cfg(feature = "records")]
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;

use ninefold_models::fit::Family;
use ninefold_models::system::Variation;
use ninefold_scenarios::records::{CensoredAt, FitReport, Quality, Record, RecordSpec, report};
use ninefold_scenarios::{LoadOptions, load_file};

#[path = "../examples/make_records.rs"]
#[allow(dead_code)]
mod make_records;

fn library() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/library"))
}

#[test]
fn the_file_is_what_the_generator_makes() {
    let kept = std::fs::read_to_string(library().join("records/node-failures.csv")).unwrap();
    assert!(
        kept == make_records::node_failures().unwrap(),
        "run `cargo run -p ninefold-scenarios --example make_records`"
    );
}

#[test]
fn the_history_of_demand_is_what_the_generator_makes() {
    let kept = std::fs::read_to_string(library().join("records/daily-orders.csv")).unwrap();
    assert!(
        kept == make_records::daily_orders().unwrap(),
        "run `cargo run -p ninefold-scenarios --example make_records`"
    );
}

/// The journey follows paths about the growth and the week that the history was made with.
#[test]
fn the_scenario_runs_on_paths_of_its_history() {
    let path = library().join("order-forecast-from-records.yaml");
    let loaded =
        load_file(&path, &LoadOptions::default()).unwrap_or_else(|problems| panic!("{}", problems.to_text(false)));
    let level = loaded.spec.journeys[0].demand.clone().unwrap();
    let Some(Variation::Paths(forecast)) = level.course.unwrap().variation else { panic!("no paths") };
    assert_eq!((forecast.every.get(), forecast.paths.horizon()), (24.0, 90));
    // The mean of 90 days after two years of growth, a week of mean 1, and what the errors have left.
    let known = 40_000.0 * libm::pow(1.25, (730.0 + 45.0) / 365.0) / 86_400.0;
    assert!((level.rate / known - 1.0).abs() < 0.05, "{} {known}", level.rate);
    let (friday, sunday) = (forecast.paths.quantile(0, 0.5).unwrap(), forecast.paths.quantile(2, 0.5).unwrap());
    assert!(friday.unwrap() / sunday.unwrap() > 1.3, "{friday:?} {sunday:?}");
}

#[test]
fn fitting_finds_the_laws_it_was_made_from() {
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let spec = RecordSpec {
        file: "records/node-failures.csv".to_owned(),
        map: [pair("started", "down_utc"), pair("resolved", "up_utc"), pair("node", "host")].into(),
        quality: Quality { censored_at: CensoredAt::named("2027-01-01T00:00Z").unwrap(), ..Quality::default() },
        ..RecordSpec::default()
    };
    let record = Record::open(library(), spec).unwrap();
    let repair = report(&record.column("repair").unwrap(), None).unwrap();
    assert_eq!(repair.chosen, "lognormal");
    // Three hundred values do not tell a Weibull law from a gamma law, so the family is named.
    let life = report(&record.column("time_to_failure").unwrap(), Some(Family::Weibull)).unwrap();
    assert!(repair.used > 200 && life.censored >= 28, "{} {}", repair.used, life.censored);
    near(&repair, "median", 40.0 / 60.0);
    near(&repair, "sigma", 1.2);
    near(&life, "shape", 0.74);
    near(&life, "mean", 70.0 * 24.0);
    assert_eq!(repair.rejected.iter().map(|r| r.rule).collect::<Vec<_>>(), ["end_before_start"]);
}

#[test]
fn the_scenario_runs_on_the_fitted_laws() {
    let path = library().join("replicated-store-from-records.yaml");
    let loaded =
        load_file(&path, &LoadOptions::default()).unwrap_or_else(|problems| panic!("{}", problems.to_text(false)));
    let mode = loaded.spec.components[0].modes.iter().find(|mode| mode.name == "node").unwrap();
    let mean_d = mode.time_to_failure.mean().get() / 24.0;
    assert!((60.0..80.0).contains(&mean_d), "{mean_d} d");
    assert_eq!(loaded.about.records[0].id, "node-failures");
}

fn near(report: &FitReport, name: &str, truth: f64) {
    let row = report.fits.iter().find(|row| row.chosen).unwrap();
    let found = row.params.iter().chain(&row.also).find(|p| p.name == name).unwrap();
    assert!((found.value - truth).abs() < 3.0 * found.se, "{name}: {found:?}, made with {truth}");
}
