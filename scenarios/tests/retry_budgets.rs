//! What clients pay retries with, by hand.
#![allow(clippy::unwrap_used)]

mod requests_run;

use requests_run::{run, value};

/// Attempts a call of one user who asks, again and again for 200 s, somebody who never answers within the second that he waits.
fn attempts(budget: &str) -> f64 {
    let rows = run(&format!(
        "calendar: {{horizon: 200s}}
components: {{client: {{}}, server: {{capacity: {{service_time: 10h}}}}}}
dependencies: {{edges: [{{from: client, to: server, need: hard, timeout: 1s, retries: 2, retry_budget: {budget}}}]}}
journeys: {{use: {{path: [client], demand: {{closed: {{users: 1, think: 1ms}}}}}}}}
run: {{replications: 1, demand_mode: {{normal: request_level}}}}"
    ));
    value(&rows, "components.server", "attempts_per_call")
}

#[test]
fn clients_of_aws_have_fifty_retries_after_timeouts() {
    // 25 calls of three attempts, then calls of one: 200 attempts, one a second, of 150 calls.
    assert!((attempts("{aws: {}}") - 200.0 / 150.0).abs() < 0.015, "{}", attempts("{aws: {}}"));
    // With 100 tokens five calls of three.
    assert!((attempts("{aws: {tokens: 100}}") - 200.0 / 190.0).abs() < 0.015);
}

#[test]
fn clients_of_grpc_stop_at_half_of_their_tokens() {
    // Of ten tokens three attempts and then two take five; from then on there is one a call.
    assert!((attempts("{grpc: {}}") - 200.0 / 197.0).abs() < 0.004, "{}", attempts("{grpc: {}}"));
    // Of a hundred, the first fifty failures are of calls of three attempts, but for the last of two.
    assert!((attempts("{grpc: {tokens: 100}}") - 200.0 / (200.0 - 50.0 + 17.0)).abs() < 0.015);
}

#[test]
fn a_ratio_pays_for_its_share() {
    // Ten at the start, and one for ten first attempts.
    let calls = (200.0 - 10.0) / 1.1;
    assert!((attempts("{ratio: 0.1, cap: 10}") - 200.0 / calls).abs() < 0.02);
}
