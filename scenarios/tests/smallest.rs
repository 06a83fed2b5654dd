//! The smallest useful scenario runs exactly as the language's page prints it.
#![allow(clippy::unwrap_used)]

use ninefold_models::system::{Indicator, Path, Redundancy, StandbyMode, Target};
use ninefold_scenarios::{LoadOptions, load_text};

const SMALLEST: &str = r#"# yaml-language-server: $schema=scenario.schema.json
scenario: two-tier shop
components:
  web:
    replicas: 3
    redundancy: {k_of_n: {need: 2}}
    failure_modes:
      crash: {time_to_failure: {exponential: {mean: 30d}}, repair: {lognormal: {median: 5min, p95: 1h}}}
  db:
    replicas: 2
    redundancy: {standby: {mode: hot, switch: {takes: 30s, success: 0.98}}}
    failure_modes:
      crash: {time_to_failure: {weibull: {shape: 0.74, mean: 180d}}, repair: {lognormal: {median: 40min, p95: 6h}}}
journeys:
  checkout: {path: [web, db]}
agreements:
  checkout-slo: {journey: checkout, sli: good_minutes, target: 99.9 %, window: calendar_month}
"#;

#[test]
fn lowers_to_what_it_says() {
    let loaded = load_text("shop.yaml", SMALLEST, &LoadOptions::default()).unwrap();
    let spec = &loaded.spec;
    assert_eq!(spec.name, "two-tier shop");
    assert_eq!(
        spec.components[0].units.iter().map(|u| u.name.as_str()).collect::<Vec<_>>(),
        ["web/1", "web/2", "web/3"]
    );
    assert_eq!(spec.components[0].redundancy, Redundancy::KOfN { need: 2 });
    let Redundancy::Standby(standby) = &spec.components[1].redundancy else { panic!("db is a standby") };
    assert_eq!((standby.mode, standby.active, standby.need, standby.switch_success), (StandbyMode::Hot, 1, 1, 0.98));
    assert!((spec.components[1].modes[0].time_to_failure.mean().get() - 4320.0).abs() < 1e-9);
    let Path::All(entries) = &spec.journeys[0].path else { panic!("a path is a list") };
    assert_eq!(entries.len(), 2);
    let agreement = &spec.agreements[0];
    assert_eq!((agreement.indicator, agreement.target), (Indicator::GoodMinutes, Target::AtLeast(0.999)));
    assert_eq!(agreement.windows.len(), 12);
    assert_eq!(loaded.about.start, "2027-01-01T00:00:00+00:00[UTC]");
    for path in ["calendar.start", "calendar.horizon", "calendar.zone", "run.seed"] {
        assert!(loaded.about.assumptions.iter().any(|a| a.path == path), "{path} is listed");
    }
}

#[test]
fn the_effective_scenario_is_the_same_scenario() {
    let loaded = load_text("shop.yaml", SMALLEST, &LoadOptions::default()).unwrap();
    insta::assert_snapshot!(loaded.about.effective);
    let again = load_text("effective.yaml", &loaded.about.effective, &LoadOptions::default()).unwrap();
    assert_eq!(format!("{:?}", loaded.spec), format!("{:?}", again.spec));
    assert_eq!(loaded.plan, again.plan);
    assert_eq!(loaded.about.effective, again.about.effective);
}
