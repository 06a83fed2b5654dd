//! Shedding by what is measured, request by request.
#![allow(clippy::unwrap_used)]

mod requests_run;

use requests_run::{near, run, value};

#[test]
fn a_limit_that_cannot_move_is_a_last_place() {
    // M/M/2 with room for 10 at ρ = 1.2: what the limit rejects is what 8 places lose.
    let of = |queue: &str| {
        run(&format!(
            "calendar: {{horizon: 1h}}
components: {{web: {{replicas: 2, capacity: {{service_time: {{exponential: {{mean: 1s}}}}, queue: {queue}}}}}}}
journeys: {{use: {{path: [web], demand: 2.4/s}}}}
run: {{replications: 24, warmup: 5min, demand_mode: {{normal: request_level}}}}"
        ))
    };
    let known = requests_run::find(&of("8"), "components.web", "p_block").exact.unwrap();
    for sheds in ["aimd: {above: 1s, least: 10, start: 10, most: 10}", "gradient: {least: 10, start: 10, most: 10}"] {
        near(&of(&format!("{{sheds: {{{sheds}}}}}")), ("components.web", "p_shed"), known, 0.003);
    }
}

#[test]
fn controlled_delay_sheds_what_is_too_much_and_keeps_waits_short() {
    // Twice as much as can be served comes: whatever the law of dropping, half is dropped, and M/M/1 at 0.5 drops little.
    let of = |demand: &str| {
        run(&format!(
            "calendar: {{horizon: 200s}}
components:
  web: {{capacity: {{service_time: {{exponential: {{mean: 10ms}}}}, queue: {{sheds: {{codel: {{target: 50ms}}}}}}}}}}
journeys: {{use: {{path: [web], demand: {demand}}}}}
run: {{replications: 8, warmup: 40s, demand_mode: {{normal: request_level}}}}"
        ))
    };
    let rows = of("200/s");
    near(&rows, ("components.web", "p_shed"), 0.5, 0.004);
    near(&rows, ("components.web", "throughput"), 100.0, 0.5);
    assert!(value(&rows, "components.web", "wait_p95") < 1.0, "{}", value(&rows, "components.web", "wait_p95"));
    assert!(value(&of("50/s"), "components.web", "p_shed") < 0.002);
}

#[test]
fn a_storm_of_retries_ends_where_what_is_late_is_shed() {
    let after = |sheds: &str| {
        let rows = run(&format!(
            "calendar: {{start: 2027-01-01, horizon: 4min, peaks: {{rush: {{from: \"2027-01-01T00:00:30\", hold: 20s, multiplier: 2}}}}}}
components:
  client: {{}}
  server: {{replicas: 10, capacity: {{service_time: {{exponential: {{mean: 100ms}}}}, queue: {{order: fifo{sheds}}}}}}}
dependencies: {{edges: [{{from: client, to: server, need: hard, timeout: 1s, retries: 2}}]}}
journeys: {{use: {{path: [client], demand: 80/s}}}}
run: {{replications: 2, warmup: 3min, demand_mode: {{normal: request_level}}}}"
        ));
        value(&rows, "journeys.use", "answered_ratio")
    };
    assert!(after("") < 0.2);
    for sheds in ["codel: {target: 100ms}", "aimd: {above: 500ms, least: 10}", "gradient: {least: 10, most: 80}"] {
        let share = after(&format!(", sheds: {{{sheds}}}"));
        assert!(share > 0.9, "{sheds}: {share}");
    }
}
