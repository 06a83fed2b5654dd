//! Requests one by one: what they meet, against formulas and against what callers do to themselves.
#![allow(clippy::unwrap_used)]

mod requests_run;

use ninefold_models::assess::Unwatched;
use ninefold_models::compare::compare;
use ninefold_models::results::Measured;
use ninefold_models::system::System;
use ninefold_scenarios::{LoadOptions, load_text};
use requests_run::{find, run, value};

/// 80 requests a second before servers of 100, twice as many for twenty seconds of the second minute, and what is left of
/// that seven minutes later.
fn storm(server: &str, edge: &str) -> Vec<Measured> {
    run(&storm_of(server, edge))
}

fn storm_of(server: &str, edge: &str) -> String {
    format!(
        "calendar: {{start: 2027-01-01, horizon: 10min, peaks: {{rush: {{from: 2027-01-01T00:01:00, hold: 20s, multiplier: 2}}}}}}
components:
  client: {{}}
  server: {{replicas: 10, capacity: {{service_time: {{exponential: {{mean: 100ms}}}}{server}}}
dependencies: {{edges: [{{from: client, to: server, need: hard, timeout: 1s, {edge}}}]}}
journeys: {{browse: {{path: [client], demand: 80/s}}}}
run: {{replications: 16, warmup: 8min, demand_mode: {{normal: request_level}}}}"
    )
}

#[test]
fn a_storm_of_retries_feeds_itself_and_a_budget_ends_it() {
    let plain = storm("}", "retries: 2");
    assert!(value(&plain, "journeys.browse", "answered_ratio") < 0.02);
    assert!((value(&plain, "components.server", "attempts_per_call") - 3.0).abs() < 0.02);
    assert!(value(&plain, "components.server", "p_timeout") > 0.98);
    for (server, edge) in [
        ("}", "retries: 2, retry_budget: {ratio: 0.1, cap: 100}"),
        (", queue: {places: 60}}", "retries: 2"),
        ("}, on_timeout: drop_at_dequeue", "retries: 2, retry_budget: {ratio: 0.1, cap: 100}"),
    ] {
        let cured = storm(server, edge);
        assert!(value(&cured, "journeys.browse", "answered_ratio") > 0.999, "{server} {edge}");
        assert!(value(&cured, "components.server", "attempts_per_call") < 1.01);
    }
    // To drop what has expired is not enough: whoever is served is about to expire.
    let dropped = storm("}, on_timeout: drop_at_dequeue", "retries: 2");
    let answered = value(&dropped, "journeys.browse", "answered_ratio");
    assert!(answered > 0.02 && answered < 0.9, "{answered}");
    assert!(value(&dropped, "components.server", "p_expired") > 0.1);
}

#[test]
fn a_pause_before_each_retry_is_time_and_attempts_are_counted() {
    // The server never answers in time: three attempts of a second, pauses of 2 s and 3 s.
    let rows = run("calendar: {horizon: 3h}
components: {client: {}, server: {replicas: 50, capacity: {service_time: 10s}}}
dependencies: {edges: [{from: client, to: server, need: soft, timeout: 1s, retries: 2, backoff: {base: 2s, cap: 3s}}]}
journeys: {ask: {path: [client], demand: 0.5/s}}
run: {replications: 4, warmup: 1h, demand_mode: {normal: request_level}}");
    assert_eq!(value(&rows, "journeys.ask", "answered_ratio"), 1.0);
    let took = find(&rows, "journeys.ask", "sojourn_mean").estimate;
    assert!((took.value - 8.0).abs() < 1e-6, "{took:?}");
    assert!((value(&rows, "components.server", "attempts_per_call") - 3.0).abs() < 0.01);
    assert!(value(&rows, "components.server", "p_timeout") > 0.999);
}

#[test]
fn users_who_think_meet_what_the_formula_says() {
    let rows = run("calendar: {horizon: 4h}
components: {server: {replicas: 2, capacity: {service_time: {exponential: {mean: 1s}}}}}
journeys: {use: {path: [server], demand: {closed: {users: 9, think: {exponential: {mean: 3s}}}}}}
run: {replications: 50, warmup: 10min, demand_mode: {normal: request_level}}");
    for measure in ["wait_mean", "throughput", "utilisation", "queue_length"] {
        let row = find(&rows, "components.server", measure);
        let (estimate, exact) = (row.estimate, row.exact.unwrap_or_else(|| panic!("{measure} has no formula")));
        assert!(estimate.standard_error < 0.01 * exact, "{measure}: {estimate:?}");
        assert!((estimate.value - exact).abs() < 4.0 * estimate.standard_error, "{measure}: {estimate:?}, {exact}");
    }
}

#[test]
fn what_becomes_of_a_request_whose_unit_fails() {
    let of = |word: &str| {
        run(&format!(
            "calendar: {{horizon: 10h}}
components:
  server:
    capacity: {{service_time: 10s, on_failure: {word}}}
    failure_modes: {{crash: {{time_to_failure: 100s, repair: 50s}}}}
journeys: {{use: {{path: [server], demand: {{closed: {{users: 1, think: 1ms}}}}}}}}
run: {{replications: 1, demand_mode: {{normal: request_level}}}}"
        ))
    };
    // A cycle of 150 s: 100 s up. Requests of 10 s and 1 ms: nine are done, the tenth is 9 ms short at the failure.
    let rate = |rows: &[Measured]| value(rows, "components.server", "throughput") * 150.0;
    let (lost, again, on, finished) = (of("lose"), of("requeue"), of("resume"), of("finish"));
    assert!((value(&lost, "components.server", "p_lost") - 0.1).abs() < 0.02);
    assert!((rate(&lost) - 9.0).abs() < 0.2 && (rate(&again) - 9.0).abs() < 0.2);
    assert!((rate(&on) - 10.0).abs() < 0.2 && (rate(&finished) - 10.0).abs() < 0.2);
    assert!((value(&on, "journeys.use", "sojourn_mean") - 15.0).abs() < 0.3, "one of ten waits fifty seconds more");
}

#[test]
fn a_call_is_made_as_often_as_its_edge_says() {
    let rows = run("calendar: {horizon: 4h}
components:
  web: {replicas: 4, capacity: {service_time: {exponential: {mean: 1s}}}}
  db: {replicas: 4, capacity: {service_time: {exponential: {mean: 1s}}}}
  audit: {}
dependencies: {edges: [
  {from: web, to: db, need: hard, share: 0.5, visits: 2.5},
  {from: web, to: audit, need: async, share: 0.25}]}
journeys: {use: {path: [web], demand: 1/s}}
run: {replications: 20, demand_mode: {normal: request_level}}");
    for (component, rate) in [("web", 1.0), ("db", 1.25), ("audit", 0.25)] {
        let estimate = find(&rows, &format!("components.{component}"), "arrival_rate").estimate;
        assert!(estimate.standard_error < 0.01 * rate);
        assert!((estimate.value - rate).abs() < 4.0 * estimate.standard_error, "{component}: {estimate:?}");
    }
}

#[test]
fn a_comparison_sees_what_requests_meet() {
    let system = |edge: &str| {
        let text = format!("scenario: requests\n{}\n", storm_of("}", edge));
        let loaded = load_text("requests", &text, &LoadOptions::default()).unwrap();
        (System::build(loaded.spec).unwrap(), loaded.plan)
    };
    let (a, plan) = system("retries: 2");
    let (b, _) = system("retries: 2, retry_budget: {ratio: 0.1, cap: 100}");
    let compared = compare(&a, &b, &plan, &Unwatched).unwrap();
    let row = compared.rows.iter().find(|row| row.measure == "unanswered_ratio").unwrap();
    assert_eq!(row.entity, "journeys.browse");
    assert!(row.a.value > 0.98 && row.b.value < 0.001 && row.p_b_better > 0.999, "{row:?}");
}
