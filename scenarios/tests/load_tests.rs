//! Load tests: throughput and latency against offered load.
#![allow(clippy::unwrap_used)]

mod requests_run;

use ninefold_models::results::LoadTestRow;
use ninefold_scenarios::{LoadOptions, load_text};
use requests_run::results;

/// A ramp of 20 steps of a minute from 0 to `to`, and five more there, after ten minutes of 10 requests a second.
fn ramp(server: &str, to: &str, replications: u32) -> Vec<LoadTestRow> {
    let results = results(&format!(
        "calendar: {{horizon: 40min}}
components: {{server: {server}}}
journeys: {{use: {{path: [server], demand: 10/s}}}}
experiments: {{push: {{journey: use, profile: {{from: 0/s, to: {to}, ramp: 20min, hold: 5min}}, at: 10min, mode: request_level, target: {{p95: 500ms}}}}}}
run: {{replications: {replications}, demand_mode: {{normal: request_level}}}}"
    ));
    results.load_tests
}

#[test]
fn throughput_follows_the_load_up_to_capacity_and_the_knee_is_half_of_it() {
    // M/M/1 of 40/s: times are exponential with mean 1 ÷ (40 − λ), so power λ ÷ T is greatest at 20/s, and 95 % are within
    // 500 ms up to 40 − ln 20 ÷ 0.5 = 34/s.
    let rows = ramp("{capacity: {service_time: {exponential: {mean: 25ms}}}}", "48/s", 16);
    assert_eq!(rows.len(), 21);
    for row in &rows[2..13] {
        let near = |estimate: &ninefold_models::results::Estimated, known: f64, cap: f64| {
            assert!(estimate.standard_error < cap * known, "{row:?}");
            // A step is short for its ends to count for nothing; so is a ramp that rises meanwhile.
            let allowed = 4.0 * estimate.standard_error + 0.02 * known;
            assert!((estimate.value - known).abs() < allowed, "{} of {known}: {row:?}", estimate.value);
        };
        near(&row.arrivals, row.offered, 0.03);
        near(&row.throughput, row.offered, 0.03);
        near(row.p50.as_ref().unwrap(), f64::ln(2.0) / (40.0 - row.offered), 0.05);
    }
    let knee = rows.iter().find(|row| row.is_knee).unwrap();
    assert!((knee.offered - 20.0).abs() < 3.7, "{knee:?}");
    let kept = rows.iter().take_while(|row| row.is_met() == Some(true)).last().unwrap();
    assert!((kept.offered - 34.0).abs() < 2.5, "{kept:?}");
    let last = rows.last().unwrap();
    assert!((last.throughput.value - 40.0).abs() < 0.5 && last.offered == 48.0, "{last:?}");
}

#[test]
fn nobody_is_left_out_because_others_were_waiting() {
    // The server is gone for two of the five minutes at 10/s. Who comes then waits for a minute in the mean; a tester who
    // waits for each answer before the next call would have seen one long wait and 1800 short ones.
    let results = results(
        "calendar: {horizon: 20min}
components: {server: {replicas: 20, capacity: {service_time: 1ms, on_failure: resume}}}
journeys: {use: {path: [server], demand: 10/s}}
experiments:
  push: {journey: use, profile: {from: 9.9/s, to: 10/s, ramp: 1s, hold: 300s}, at: 5min}
  stall: {inject: {component: server}, at: 400s, for: 120s}
run: {replications: 8, demand_mode: {normal: request_level}}",
    );
    let step = results.load_tests.last().unwrap();
    assert_eq!(step.offered, 10.0);
    let (p50, p95) = (step.p50.as_ref().unwrap().value, step.p95.as_ref().unwrap().value);
    // Waits are even over 0 to 120 s for 40 % of the requests: 5 % wait longer than 105 s.
    assert!(p50 < 0.002 && (p95 - 105.0).abs() < 3.0, "{p50} {p95}");
    // One that does not end by the end of the run counts as well: all who came after 400 s.
    let results = requests_run::results(
        "calendar: {horizon: 10min}
components: {server: {capacity: {service_time: 1ms, on_failure: resume}}}
journeys: {use: {path: [server], demand: 10/s}}
experiments:
  push: {journey: use, profile: {from: 9.9/s, to: 10/s, ramp: 1s, hold: 290s}, at: 5min, target: {p99: 1s}}
  stall: {inject: {component: server}, at: 445s, for: 120min}
run: {replications: 8, demand_mode: {normal: request_level}}",
    );
    let step = results.load_tests.last().unwrap();
    let answered = step.answered.as_ref().unwrap().value;
    assert!((answered - 0.5).abs() < 0.03 && step.in_time.as_ref().unwrap().value <= answered, "{answered}");
}

#[test]
fn what_a_load_test_cannot_be_is_refused() {
    let problems = |experiment: &str, mode: &str| {
        let text = format!(
            "scenario: a\ncalendar: {{horizon: 1h}}\ncomponents: {{web: {{capacity: {{service_time: 1ms}}}}}}
journeys: {{use: {{path: [web], demand: 1/s}}}}\nexperiments: {{push: {{{experiment}}}}}\nrun: {{demand_mode: {{normal: {mode}}}}}\n"
        );
        load_text("a", &text, &LoadOptions::default()).unwrap_err().to_string()
    };
    let plain = "journey: use, profile: {from: 1/s, to: 2/s, ramp: 10min}";
    assert!(problems(plain, "fluid").contains("a load test of a flow is not supported yet"));
    let by_request = |experiment: &str| problems(experiment, "request_level");
    assert!(by_request("journey: no, profile: {from: 1/s, to: 2/s, ramp: 10min}").contains("there is no journey `no`"));
    assert!(by_request("journey: use, profile: {from: 2/s, to: 1/s, ramp: 10min}").contains("does not rise"));
    assert!(by_request(&format!("{plain}, at: 55min")).contains("past the horizon"));
    assert!(by_request(&format!("{plain}, target: {{p50: 1s, p95: 2s}}")).contains("one quantile"));
    assert!(by_request(&format!("{plain}, for: 1min")).contains("a load test has no `for`"));
}
