//! Decisions about redundancy, made through options: the known answers of each option, the front that they make, and
//! the rule of thumb for spares beside the exact value.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::Unwatched;
use ninefold_models::compare::{ComparedRow, Comparison, Cost, Offer, Question, Rule, compare, compare_all, decide};
use ninefold_models::exact::solve;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::system::System;
use ninefold_scenarios::{LoadOptions, Loaded, load_file, load_text};

fn loaded(text: &str) -> Loaded {
    load_text("decision.yaml", text, &LoadOptions::default()).unwrap()
}

/// What the exact engine says of an option.
fn exact(baseline: &Loaded, option: &str, measure: &str, at_h: Option<f64>) -> f64 {
    let loaded = baseline.options.load(option).unwrap().unwrap();
    let solutions = solve(&System::build(loaded.spec).unwrap());
    solutions.get("journeys.use", measure, at_h).unwrap_or_else(|| panic!("{option} has no exact {measure}")).0
}

fn near(found: f64, expected: f64, digits: f64) {
    assert!((found - expected).abs() <= digits * expected.abs(), "{found} is not {expected}");
}

/// Two units in parallel, mean life 1,000 h and repair 10 h: with a crew each, with one crew, and one of them cold.
#[test]
fn crews_and_standby_have_their_known_values() {
    let baseline = loaded(
        "\
scenario: pair
teams: {field: {crews: 2}}
components:
  pair:
    replicas: 2
    failure_modes:
      crash: {time_to_failure: {exponential: {mean: 1000h}}, repair: {crew: field, takes: {exponential: {mean: 10h}}}}
journeys: {use: {path: [pair]}}
options:
  crews: {sweep: {teams.field.crews: [1, 2]}}
  cold:
    patch:
      teams.field.crews: 1
      components.pair.redundancy: {standby: {mode: cold, switch: {takes: 0s, success: 1}}}
",
    );
    // One, two; and with one crew the second unit cold: 1.9604e-4, 9.803e-5, 9.9000e-5.
    near(exact(&baseline, "crews=2", "unavailability", None), (10.0_f64 / 1010.0).powi(2), 1e-9);
    near(exact(&baseline, "crews=1", "unavailability", None), 1.960_4e-4, 1e-4);
    near(exact(&baseline, "cold", "unavailability", None), 9.900_0e-5, 1e-4);
    near(exact(&baseline, "crews=1", "mttf", None), 51_500.0, 1e-9);
    near(exact(&baseline, "cold", "mttf", None), 102_000.0, 1e-9);
}

const COMMON: &str = "\
scenario: common cause
calendar: {horizon: 1000h}
components:
  group:
    replicas: 2
    failure_modes: {fails: {time_to_failure: {exponential: {mean: 1000000h}}, repair: never}}
domains: {shared_risk: {batch: {members: [group], beta: 0.05}}}
journeys: {use: {path: [group]}}
run: {report_at: [1000h]}
options:
  units: {sweep: {components.group.replicas: [2, 3]}}
  two-of-three: {patch: {components.group.replicas: 3, components.group.redundancy: {k_of_n: {need: 2}}}}
  alone:
    patch:
      components.group.replicas: 3
      components.group.redundancy: {k_of_n: {need: 2}}
      domains.shared_risk.batch: null
";

/// With a beta factor of 5 % and p = 0.001 the third unit buys 2 %.
#[test]
fn common_cause_takes_away_what_the_third_unit_buys() {
    let baseline = loaded(COMMON);
    let failed = |option: &str| 1.0 - exact(&baseline, option, "reliability_at", Some(1000.0));
    let (two, three) = (failed("units=2"), failed("units=3"));
    near(two, 5.090e-5, 2e-4);
    near(three, 5.000e-5, 2e-4);
    near(1.0 - three / two, 0.02, 0.15);
    near(failed("two-of-three"), 5.271e-5, 5e-4);
    near(failed("alone"), 2.998e-6, 1e-3);
}

/// f(1 − a)^(s + 1), f of n over s + 1, for n units in all of which s may be down, against the exact value: 6.0e-4 and
/// 5.9203e-4 of four with one spare. It is never below, and close while n(1 − a) is small.
#[test]
fn the_rule_of_thumb_for_spares_is_near_and_never_below() {
    let baseline = loaded(
        "\
scenario: spares
components:
  group:
    replicas: 4
    redundancy: {k_of_n: {need: 3}}
    failure_modes: {fails: {time_to_failure: {exponential: {mean: 99h}}, repair: {exponential: {mean: 1h}}}}
journeys: {use: {path: [group]}}
options:
  need: {sweep: {components.group.redundancy.k_of_n.need: [1, 2, 3, 4]}}
",
    );
    for (spare, of) in [(0_i32, 4.0), (1, 6.0), (2, 4.0), (3, 1.0)] {
        let found = exact(&baseline, &format!("need={}", 4 - spare), "unavailability", None);
        let thumb = of * 0.01_f64.powi(spare + 1);
        assert!(found <= thumb * (1.0 + 1e-12) && thumb < 1.03 * found, "{spare} spare: {found} and {thumb}");
        if spare == 1 {
            near(found, 5.920_3e-4, 1e-5);
            near(thumb, 6.0e-4, 1e-12);
        }
    }
}

/// Units at a price each: every number of them is on the front, each minute costs more than the one before, the knee is
/// where the second has taken most of the downtime away, and what a minute is worth moves the choice along.
#[test]
fn more_units_make_a_convex_front() {
    let baseline = loaded(
        "\
scenario: replicas
currency: USD
components:
  group:
    replicas: 1
    price: {on_demand: 1}
    failure_modes: {fails: {time_to_failure: {exponential: {mean: 90h}}, repair: {exponential: {mean: 10h}}}}
journeys: {use: {path: [group]}}
options:
  units: {sweep: {components.group.replicas: [2, 3, 4, 5]}, cost: derived}
",
    );
    let options: Vec<(String, Option<Cost>, System)> = baseline
        .options
        .list()
        .map(|option| {
            let own = baseline.options.load(&option.name).unwrap().unwrap();
            let cost = option.cost(&own, &baseline);
            (option.name.clone(), cost, System::build(own.spec).unwrap())
        })
        .collect();
    let first = System::build(baseline.spec.clone()).unwrap();
    let others: Vec<&System> = options.iter().map(|(_, _, system)| system).collect();
    let plan = Plan { stopping: Stopping::Fixed(64), ..Plan::default() };
    let comparisons = compare_all(&first, &others, &plan, &Unwatched).unwrap();
    let minutes = |system: &System| solve(system).get("journeys.use", "downtime", None).map(|answer| answer.0);
    let offer = |name: &str, cost, system: &System| Offer { name: name.into(), cost, exact: minutes(system) };
    let mut offers = vec![offer("baseline", Some(Cost { per_year: 0.0, once: 0.0 }), &first)];
    offers.extend(options.iter().map(|(name, cost, system)| offer(name, *cost, system)));
    let ask = |loss_per_minute| {
        let question = Question { entity: "journeys.use", loss_per_minute, once_over_years: 1.0 };
        decide(&comparisons, &offers, question).unwrap()
    };
    let decision = ask(None);
    assert!(decision.exact);
    assert_eq!(decision.front, [0, 1, 2, 3, 4]);
    let year = 525_600.0;
    for (n, option) in (1..).zip(&decision.options) {
        near(option.offer.exact.unwrap(), year * 0.1_f64.powi(n), 1e-9);
        near(option.yearly.unwrap() + 8760.0, 8760.0 * f64::from(n), 1e-12);
    }
    let costs: Vec<f64> = decision.options[1..].iter().map(|option| option.marginal.unwrap().value).collect();
    near(costs[0], 8760.0 / (year * (0.1 - 0.01)), 1e-9);
    assert!(costs.windows(2).all(|two| two[1] > two[0]), "{costs:?}");
    let knee = decision.recommended.unwrap();
    assert_eq!((knee.option, knee.rule), (1, Rule::Knee));
    // Whoever pays what a minute costs between two steps takes the cheaper one of them.
    for (step, between) in costs.windows(2).enumerate() {
        let loss = (between[0] * between[1]).sqrt();
        assert_eq!(ask(Some(loss)).recommended.unwrap().option, step + 1);
    }
    assert_eq!(ask(Some(0.0)).recommended.unwrap().option, 0);
}

fn side_by_side(a: Loaded, b: Loaded, replications: u64) -> Comparison {
    let plan = Plan { stopping: Stopping::Fixed(replications), ..Plan::default() };
    let [a, b] = [a, b].map(|loaded| System::build(loaded.spec).unwrap());
    compare(&a, &b, &plan, &Unwatched).unwrap()
}

fn row<'a>(comparison: &'a Comparison, entity: &str, measure: &str) -> &'a ComparedRow {
    let row = comparison.rows.iter().find(|row| row.entity == entity && row.measure == measure);
    row.unwrap_or_else(|| panic!("{entity} has no {measure}"))
}

/// What never changes costs its price, and the difference has no error; what is not priced in both is left out.
#[test]
fn two_files_say_what_they_cost() {
    let fleet = |replicas: u32, other: &str| {
        loaded(&format!(
            "\
scenario: fleet
currency: EUR
components:
  web: {{replicas: {replicas}, price: {{on_demand: 0.5, reserved: 0.3, reserved_units: 2}}}}
  db: {{replicas: 2{other}}}
journeys: {{use: {{path: [web, db]}}}}
"
        ))
    };
    let comparison = side_by_side(fleet(4, ", price: {on_demand: 1}"), fleet(7, ""), 4);
    let web = row(&comparison, "components.web", "cost");
    assert_eq!(web.unit, "EUR/year");
    near(web.a.value, (2.0 * 0.3 + 2.0 * 0.5) * 8760.0, 1e-6);
    near(web.delta.value, 3.0 * 0.5 * 8760.0, 1e-6);
    assert_eq!(web.delta.standard_error, 0.0);
    near(row(&comparison, "system", "cost").delta.value, (3.0 * 0.5 - 2.0) * 8760.0, 1e-6);
    assert!(!comparison.rows.iter().any(|row| row.entity == "components.db" && row.measure == "cost"));
}

/// An autoscaler that takes replicas away at once turns about many times a day; waiting cures it, and the load is served.
#[test]
fn an_autoscaler_that_waits_turns_about_less() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("library/thrashing-autoscaler.yaml");
    let with = |set: &[&str]| {
        let set = set.iter().map(|&set| set.to_owned()).collect();
        load_file(&file, &LoadOptions { set }).unwrap()
    };
    let day = "calendar.horizon=1d";
    let cure = "components.web.autoscale.down.stabilization=15min";
    let comparison = side_by_side(with(&[day]), with(&[day, cure]), 16);
    let turns = row(&comparison, "components.web", "scaling_turns");
    assert!(turns.a.value > 20.0 && turns.b.value < 0.5 * turns.a.value, "{turns:?}");
    assert!(turns.delta.hi < 0.0, "{turns:?}");
    let short = row(&comparison, "components.web", "under_capacity_ratio");
    assert!(short.delta.hi < 0.0 && short.p_b_better > 0.99, "{short:?}");
}

/// A zone that is lost takes its share of a spread with it, no more and no less.
#[test]
fn a_lost_zone_takes_the_share_of_its_spread() {
    let with = |zone: &str| {
        loaded(&format!(
            "\
scenario: spread
domains:
  tree: {{eu: {{level: region}}, a: {{level: zone, in: eu}}, b: {{level: zone, in: eu}}, c: {{level: zone, in: eu}}}}
  failure_modes: {{out: {{of: {zone}, unavailability: 0.1}}}}
components:
  web: {{place: {{eu: {{replicas: 7, spread: zones}}}}, capacity: {{per_replica: 100/s}}}}
journeys: {{use: {{path: [web], demand: 700/s}}}}
"
        ))
    };
    // Seven over three zones: 3, 2 and 2.
    for (zone, units) in [("a", 3.0), ("b", 2.0), ("c", 2.0)] {
        let solutions = solve(&System::build(with(zone).spec).unwrap());
        let (served, _) = solutions.get("journeys.use", "served_ratio", None).unwrap();
        near(served, 1.0 - 0.1 * units / 7.0, 1e-12);
    }
}
