//! Requests one by one where their servers come and go: by an autoscaler, or as spot capacity.
#![allow(clippy::unwrap_used)]

mod requests_run;

use requests_run::{near, run, value};

/// 40/s on five replicas of 10/s. After an hour 80/s come: ten replicas are asked for at once and serve a minute later, before
/// which 30 requests a second more come than are served, and after which 20 a second are caught up with. So the queue has a
/// triangle of 1800 requests over 150 s, on all servers busy, in the ten minutes that are simulated.
#[test]
fn a_queue_grows_until_replicas_have_booted_and_drains_after() {
    let rows = run("calendar: {start: 2027-01-01, horizon: 2h, peaks: {rush: {from: 2027-01-01T01:00:00, hold: 1h, multiplier: 2}}}
components:
  web:
    replicas: 5
    capacity: {per_replica: 10/s, service_time: 100ms}
    start: {boot: 60s}
    autoscale: {metric: {per_replica: rps}, target: 8, min: 2, max: 20, down: {stabilization: 1h}}
journeys: {use: {path: [web], demand: 40/s, degraded: {counts_up_if: {success: 0.9}}}}
run: {replications: 24, demand_mode: {normal: fluid, on: {incidents: request_level, for: 10min}}}");
    let queued = value(&rows, "components.web", "queue_length");
    // Half of 1800 for 150 s of 600, and a request or two where 80 % of ten servers are busy.
    assert!((queued - 0.5 * 1800.0 * 150.0 / 600.0).abs() < 8.0, "{queued}");
    near(&rows, ("components.web", "throughput"), 80.0, 0.2);
    assert_eq!(value(&rows, "journeys.use", "answered_ratio"), 1.0);
    assert_eq!(value(&rows, "system", "request_level_ratio"), 1.0);
    // What the flow does not serve: 30/s for a minute.
    assert!((value(&rows, "journeys.use", "unserved_requests") - 1800.0).abs() < 1e-3);
}

/// Held at four of nine replicas it is M/M/4: Erlang C of 3 erlangs on 4 servers is 0.5094, and the wait 0.5094 ÷ (4 − 3) s.
#[test]
fn replicas_that_are_away_serve_nobody() {
    let rows = run("calendar: {horizon: 3h}
components:
  web:
    replicas: 4
    capacity: {per_replica: 1/s, service_time: {exponential: {mean: 1s}}}
    autoscale: {metric: {per_replica: rps}, target: 1, min: 1, max: 9, up: {select: disabled}, down: {select: disabled}}
journeys: {use: {path: [web], demand: 3/s}}
run: {replications: 100, warmup: 10min, demand_mode: {normal: request_level}}");
    near(&rows, ("components.web", "p_wait"), 0.50943, 0.003);
    near(&rows, ("components.web", "wait_mean"), 0.50943, 0.01);
    let wait = requests_run::find(&rows, "components.web", "wait_mean");
    assert_eq!(wait.exact, None, "no formula is of servers whose number follows the load");
}

/// A replica that is removed finishes what it serves; one that fails loses it.
#[test]
fn a_removed_replica_finishes_and_a_failed_one_does_not() {
    let of = |more: &str, min: &str| {
        run(&format!(
            "calendar: {{start: 2027-01-01, horizon: 30min}}
components:
  web:
    replicas: 8
    capacity: {{per_replica: 1/s, concurrency: 100, service_time: 5min, on_failure: lose}}
    autoscale: {{metric: {{per_replica: rps}}, target: 100, {min} max: 8, down: {{stabilization: 0s}}}}
    {more}
journeys: {{use: {{path: [web], demand: 1/s}}}}
run: {{replications: 4, demand_mode: {{normal: request_level}}}}"
        ))
    };
    // Seven of eight go ten minutes after the start, with what they serve.
    let removed = of("", "min: 1, scheduled: [{min: 8, from: 2027-01-01, for: 10min}],");
    assert_eq!(value(&removed, "components.web", "p_lost"), 0.0);
    assert!((value(&removed, "components.web", "replicas_mean") - (8.0 * 10.0 + 20.0) / 30.0).abs() < 1e-9);
    let failed = of("failure_modes: {crash: {time_to_failure: 10min, repair: 1h}}", "min: 8,");
    // Of some 1800 in half an hour, the 300 that came in the last five of ten minutes.
    let lost = value(&failed, "components.web", "p_lost");
    assert!((lost - 300.0 / 1800.0).abs() < 0.02, "{lost}");
}

/// Spot instances that are taken back lose what they serve as if they had failed.
#[test]
fn what_runs_on_an_instance_that_is_taken_back_is_lost() {
    let rows = run("calendar: {horizon: 30min}
components:
  web:
    replicas: 1
    capacity: {per_replica: 1/s, concurrency: 400, service_time: 5min, on_failure: lose}
    start: {boot: 1h}
    burst: {spot_share: 100 %, interruption: {per_instance: 10min}, notice: 0s, returns: 1h}
journeys: {use: {path: [web], demand: 1/s}}
run: {replications: 20, demand_mode: {normal: request_level}}");
    let lost = value(&rows, "components.web", "p_lost");
    assert!((lost - 300.0 / 1800.0).abs() < 0.02, "{lost}");
}
