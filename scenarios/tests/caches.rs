//! Caches that go cold, request by request.
#![allow(clippy::unwrap_used)]

mod requests_run;

use requests_run::{find, near, run};

/// A cache that is lost for ten seconds after a thousand, and what is behind it; measured from its return for `seconds`.
fn after_the_return(seconds: u32, replications: u32) -> Vec<ninefold_models::results::Measured> {
    run(&format!(
        "calendar: {{horizon: {}s}}
components:
  cache:
    capacity: {{service_time: 1ms, queue: 0}}
    failure_modes: {{crash: {{time_to_failure: 1000s, repair: 10s}}}}
  db: {{}}
dependencies: {{edges: [{{from: cache, to: db, need: hard, cache: {{hits: 90 %, fills: 100s}}}}]}}
journeys: {{use: {{path: [cache], demand: 50/s}}}}
run: {{replications: {replications}, warmup: 1010s, demand_mode: {{normal: request_level}}}}",
        1010 + seconds
    ))
}

#[test]
fn a_cold_cache_sends_on_what_its_law_says() {
    // The mean of 0.9 (1 − e⁻ᵗ) over one mean of filling is 0.9 ÷ e; over a hundredth of it 0.9 × 0.00498.
    let rows = after_the_return(100, 12);
    let hits = 0.9 / std::f64::consts::E;
    near(&rows, ("dependencies.cache/db", "hit_ratio"), hits, 0.003);
    // Of 0.05 erlangs on one server without places 1 ÷ 1.05 is served, and what it misses goes on.
    near(&rows, ("components.db", "arrival_rate"), 50.0 / 1.05 * (1.0 - hits), 0.25);
    let rows = after_the_return(1, 12);
    assert!(find(&rows, "dependencies.cache/db", "hit_ratio").estimate.value < 0.02);
}

#[test]
fn what_a_warm_cache_misses_is_the_load_behind_it() {
    // Nothing fails, so the cache is warm: M/M/1 of a tenth of 80 a second, and the formula knows.
    let rows = run("calendar: {horizon: 1h}
components:
  cache: {capacity: {concurrency: 100, service_time: {exponential: {mean: 1ms}}}}
  db: {capacity: {service_time: {exponential: {mean: 100ms}}}}
dependencies: {edges: [{from: cache, to: db, need: hard, cache: {hits: 90 %, fills: 100s}}]}
journeys: {use: {path: [cache], demand: 80/s}}
run: {replications: 6, warmup: 1min, demand_mode: {normal: request_level}}");
    near(&rows, ("dependencies.cache/db", "hit_ratio"), 0.9, 0.0005);
    let known = find(&rows, "components.db", "sojourn_mean").exact.unwrap();
    assert!((known - 0.5).abs() < 1e-9);
    near(&rows, ("components.db", "sojourn_mean"), known, 0.02);
}

#[test]
fn a_restart_may_be_the_trigger_that_lasts() {
    // Warm, a tenth of 80 a second reaches a store that serves 50; cold, all of it, each asked for three times. Where the
    // cache fills by time all the same, the storm ends when enough of it is back.
    let at = |fills: &str, from: u32| {
        let rows = run(&format!(
            "calendar: {{horizon: {}s}}
components:
  cache:
    capacity: {{concurrency: 1000, service_time: 1ms}}
    failure_modes: {{crash: {{time_to_failure: 100s, repair: 1s}}}}
  db: {{replicas: 5, capacity: {{service_time: {{exponential: {{mean: 100ms}}}}}}}}
dependencies: {{edges: [{{from: cache, to: db, need: hard, timeout: 1s, retries: 2, cache: {{hits: 90 %, fills: {fills}}}}}]}}
journeys: {{use: {{path: [cache], demand: 80/s}}}}
run: {{replications: 2, warmup: {from}s, demand_mode: {{normal: request_level}}}}",
            from + 20
        ));
        requests_run::value(&rows, "journeys.use", "answered_ratio")
    };
    assert!(at("1s", 70) > 0.99 && at("100s", 70) > 0.99);
    assert!(at("1s", 110) > 0.9 && at("100s", 110) < 0.5);
}
