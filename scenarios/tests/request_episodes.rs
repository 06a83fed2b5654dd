//! Requests one by one from the opening instant of an incident on.
#![allow(clippy::unwrap_used)]

mod requests_run;

use requests_run::{find, has, near, results, run, value};

#[test]
fn queues_begin_as_they_are_in_the_long_run() {
    // An incident elsewhere opens after an hour. M/M/1 at 0.5 holds one request in the mean; from empty, over the first
    // 100 s, it holds 0.93.
    let rows = run("calendar: {horizon: 2h}
components:
  web: {capacity: {service_time: {exponential: {mean: 1s}}}}
  flag: {failure_modes: {crash: {time_to_failure: 1h, repair: 10s}}}
journeys: {use: {path: [web], demand: 0.5/s}, look: {path: [flag]}}
run: {replications: 1500, demand_mode: {normal: fluid, on: {incidents: request_level, for: 100s}}}");
    near(&rows, ("components.web", "in_system"), 1.0, 0.015);
    near(&rows, ("components.web", "p_wait"), 0.5, 0.004);
    near(&rows, ("components.web", "arrival_rate"), 0.5, 0.003);
    near(&rows, ("journeys.use", "sojourn_p95"), 2.0 * f64::ln(20.0), 0.1);
    assert_eq!(value(&rows, "system", "request_level_ratio"), 1.0);
    assert_eq!(find(&rows, "components.web", "in_system").exact, None, "the long run is another time");
}

#[test]
fn the_flow_and_requests_agree_away_from_saturation() {
    // A zone with eight of ten units is lost: a quarter of the demand is served, by the flow and by servers without places.
    let results = results(
        "calendar: {horizon: 3h}
domains: {tree: {a: {level: zone}, b: {level: zone}}, failure_modes: {loss: {of: b, time_to_failure: 1h, repair: 30min}}}
components:
  web:
    place: {a: {replicas: 2}, b: {replicas: 8}}
    capacity: {concurrency: 20, queue: 0, service_time: {exponential: {mean: 1s}}, on_failure: lose}
journeys: {use: {path: [web], demand: 160/s}}
run: {replications: 4, demand_mode: {on: {incidents: request_level, for: 10min}, max_requests: 4000000}}",
    );
    let rows = &results.measures;
    // Erlang B of 160 erlangs on 40 servers is 0.7536.
    assert!((value(rows, "journeys.use", "answered_ratio") - (1.0 - 0.7536)).abs() < 0.01);
    assert!((value(rows, "journeys.use", "answered_ratio") - 0.25).abs() < 0.01, "the flow serves 40 of 160");
    // An hour of three at a quarter.
    assert!((value(rows, "journeys.use", "served_ratio") - 0.75).abs() < 1e-9);
    assert!((value(rows, "components.web", "utilisation") - 0.2).abs() < 0.002);
}

#[test]
fn past_the_limit_the_flow_goes_on_and_says_so() {
    let rows = |most: &str| {
        run(&format!(
            "calendar: {{horizon: 3h}}
components: {{web: {{replicas: 20, capacity: {{service_time: 1s}}, failure_modes: {{crash: {{time_to_failure: 1h, repair: 1min}}}}}}}}
journeys: {{use: {{path: [web], demand: 10/s}}}}
run: {{replications: 3, demand_mode: {{on: {{incidents: request_level, for: 5min}}, max_requests: {most}}}}}"
        ))
    };
    // Two incidents, each of 300 s and 3000 requests of two visits, those by which queues fill aside.
    let share = value(&rows("6000"), "system", "request_level_ratio");
    assert!(share > 0.3 && share < 0.5, "{share}");
    assert_eq!(value(&rows("100000"), "system", "request_level_ratio"), 1.0);
    let none = rows("10");
    assert_eq!(value(&none, "system", "request_level_ratio"), 0.0);
    assert!(!has(&none, "journeys.use", "answered_ratio"));
}

#[test]
fn a_storm_of_retries_follows_an_incident_that_is_long_over() {
    let of = |edge: &str| {
        run(&format!(
            "calendar: {{horizon: 2h}}
components:
  client: {{}}
  server: {{replicas: 10, capacity: {{service_time: {{exponential: {{mean: 100ms}}}}, on_failure: requeue}}}}
domains: {{tree: {{hall: {{level: zone}}}}, failure_modes: {{cut: {{of: hall, time_to_failure: 1h, repair: 20s}}}}}}
dependencies: {{edges: [{{from: client, to: server, need: hard, timeout: 1s, {edge}}}]}}
journeys: {{browse: {{path: [client], demand: 80/s}}}}
run: {{replications: 4, demand_mode: {{on: {{incidents: request_level, for: 8min}}}}}}"
        )
        .replace("server: {replicas: 10,", "server: {place: {hall: {replicas: 10}},"))
    };
    let storm = value(&of("retries: 2"), "journeys.browse", "answered_ratio");
    let cured = value(&of("retries: 2, retry_budget: {ratio: 0.1, cap: 100}"), "journeys.browse", "answered_ratio");
    // With retries nobody is answered any more. With a budget for a tenth of them what has queued up in twenty seconds,
    // 1600 and 160 retries and the 100 that the bucket held, drains at 100 − 88 a second, and all are answered from then on.
    assert!(storm < 0.02, "{storm}");
    assert!((cured - (460.0 - 1860.0 / 12.0) / 480.0).abs() < 0.03, "{cured}");
}
