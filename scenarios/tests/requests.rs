//! Requests one by one: what they meet, against formulas and against what callers do to themselves.
#![allow(clippy::unwrap_used)]

mod requests_run;

use ninefold_models::assess::Unwatched;
use ninefold_models::compare::compare;
use ninefold_models::results::{Measured, Verdict};
use ninefold_models::system::System;
use ninefold_scenarios::{LoadOptions, load_text};
use requests_run::{find, near, results, run, value};

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

#[test]
fn quantiles_are_of_all_requests_and_not_means_of_quantiles() {
    // M/M/1 at 0.6: a time in system is exponential with a mean of 2.5 s. In 100 s a replication sees some 60 requests, whose
    // own 99 % point would be too low in the mean, and one or two are still there at the end.
    let rows = run("calendar: {horizon: 200s}
components: {web: {capacity: {service_time: {exponential: {mean: 1s}}}}}
journeys: {use: {path: [web], demand: 0.6/s}}
run: {replications: 1000, warmup: 100s, demand_mode: {normal: request_level}}");
    for (measure, p, cap) in [("sojourn_p50", 0.5, 0.06), ("sojourn_p95", 0.95, 0.25), ("sojourn_p99", 0.99, 0.6)] {
        let known = -2.5 * f64::ln(1.0 - p);
        near(&rows, ("components.web", measure), known, cap);
        near(&rows, ("journeys.use", measure), known, cap);
    }
    assert!(value(&rows, "components.web", "sojourn_p99") > 10.8);
}

#[test]
fn who_has_not_been_answered_is_not_left_out() {
    // Twice as many come as can be served: who comes at t waits for t, so whoever comes in the second half never ends.
    let rows = run("calendar: {horizon: 20min}
components: {web: {capacity: {service_time: 1s}}}
journeys: {use: {path: [web], demand: 2/s}}
run: {replications: 20, demand_mode: {normal: request_level}}");
    near(&rows, ("journeys.use", "unended_ratio"), 0.5, 0.01);
    assert_eq!(value(&rows, "journeys.use", "answered_ratio"), 1.0);
    let of = |measure: &str| find(&rows, "journeys.use", measure).estimate;
    // Of those that were answered the median is 300 s, of all it is 600 s.
    assert!(of("sojourn_p50").value > 400.0 && of("sojourn_p50").hi > 590.0, "{:?}", of("sojourn_p50"));
    assert_eq!(of("sojourn_p95").hi, f64::INFINITY, "half of the requests are unanswered");
}

#[test]
fn a_queue_fills_at_the_rate_by_which_more_come_than_go() {
    // 1,200 slots, 260/s come and 240/s go: 60 s as a flow; exactly, of M/M/1 from empty (birth and death), 59.4 s.
    let rows = run("calendar: {horizon: 90s}
components: {web: {capacity: {queue: 1199, service_time: {exponential: {mean: 4.1666667ms}}}}}
journeys: {use: {path: [web], demand: 260/s}}
run: {replications: 12, demand_mode: {normal: request_level}}");
    let (come, go) = (260.0, 240.0);
    near(&rows, ("components.web", "full_after"), 1200.0 / (come - go) - go / (come - go) / (come - go), 3.0);
}

#[test]
fn an_agreement_is_of_answers_in_time() {
    // M/M/1 at 0.8: e^-3 = 4.98 % of requests take longer than 15 s.
    let of = |sli: &str, target: &str| {
        let results = results(&format!(
            "calendar: {{horizon: 70min}}
components: {{web: {{capacity: {{service_time: {{exponential: {{mean: 1s}}}}}}}}}}
journeys: {{use: {{path: [web], demand: 0.8/s}}}}
agreements: {{fast: {{journey: use, sli: success_ratio, {sli} target: {target}, window: {{fixed: 10min}}}}}}
run: {{replications: 40, warmup: 10min, demand_mode: {{normal: request_level}}}}"
        ));
        results.requirements[0].clone()
    };
    let fast = of("latency: {below: 15s},", "97 %");
    assert_eq!((fast.windows, fast.verdict), (6, Verdict::NotMet));
    let shortfall = fast.shortfall;
    assert!(shortfall.standard_error < 0.006, "{shortfall:?}");
    assert!((shortfall.value - f64::exp(-3.0)).abs() < 4.0 * shortfall.standard_error, "{shortfall:?}");
    assert!(fast.breach_probability.value > 0.2 && fast.breach_probability.value < 0.8);
    assert_eq!(of("latency: {below: 15s},", "90 %").verdict, Verdict::Met);
    assert_eq!(of("", "99.9 %").shortfall.value, 0.0, "all are answered in the end");
}
