//! Maps of metastability, held against requests that are simulated one by one.
#![allow(clippy::unwrap_used)]

mod requests_run;

use ninefold_models::results::{MetastabilityRow, Results};
use requests_run::{results, value};

/// A hundred requests a second are served, each waits a second and is asked for `attempts` times in all.
fn parts(edge: &str, queue: &str) -> String {
    let (queue, server) =
        if queue.starts_with("on_timeout") { ("", format!(", {queue}")) } else { (queue, String::new()) };
    format!(
        "components:
  client: {{}}
  server: {{replicas: 10{server}, capacity: {{service_time: {{exponential: {{mean: 100ms}}}}, on_failure: finish{queue}}}}}
dependencies: {{edges: [{{from: client, to: server, need: hard, timeout: 1s{edge}}}]}}"
    )
}

fn mapped(of: &str) -> Results {
    results(&format!(
        "calendar: {{horizon: 1h}}
{}
journeys: {{calls: {{path: [client], demand: 80/s}}}}
run: {{replications: 1, measures: {{storm: {{metastability: {{call: [client, server], {of}}}}}}}}}",
        parts(", retries: 2", "")
    ))
}

fn at<'a>(results: &'a Results, cure: &str, (demand, length): (f64, f64)) -> &'a MetastabilityRow {
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let of = |row: &&MetastabilityRow| row.cure == cure && near(row.demand, demand) && near(row.trigger_s, length);
    results.metastability.iter().find(of).unwrap_or_else(|| panic!("{cure} at {demand}/s, {length} s"))
}

/// The share answered long after a trigger, request by request.
fn after(demand: &str, (edge, server): (&str, &str), trigger: &str) -> f64 {
    let rows = results(&format!(
        "calendar: {{start: 2027-01-01, horizon: 6min{}}}
{}
journeys: {{calls: {{path: [client], demand: {demand}}}}}
{}run: {{replications: 3, warmup: 5min, demand_mode: {{normal: request_level}}}}",
        if trigger.contains("multiplier") { trigger } else { "" },
        parts(edge, server),
        if trigger.contains("multiplier") { "" } else { trigger },
    ))
    .measures;
    value(&rows, "journeys.calls", "answered_ratio")
}

#[test]
fn the_map_is_what_requests_one_by_one_do() {
    let map = mapped(
        "trigger: {outage: 20s}, sizes: 10, up_to: 100/s, loads: 10, cures: {budget: {retry_budget: 10 %}, short: {places: 60},
         breaker: {breaker: {wait: 10s}}, newest: {order: lifo}, drop: {on_timeout: drop_at_dequeue}}",
    );
    let outage = |seconds: u32| {
        format!("experiments: {{trigger: {{inject: {{component: server}}, at: 60s, for: {seconds}s, share: 1}}}}\n")
    };
    let plain = ", retries: 2";
    let cells = [
        ("as written", 30.0, 20.0, (plain, ""), "stable"),
        ("as written", 80.0, 20.0, (plain, ""), "metastable"),
        ("as written", 50.0, 4.0, (plain, ""), "metastable"),
        ("budget", 80.0, 20.0, (", retries: 2, retry_budget: 10 %", ""), "stable"),
        ("short", 80.0, 20.0, (plain, ", queue: 60"), "stable"),
        ("breaker", 80.0, 20.0, (", retries: 2, breaker: {wait: 10s}", ""), "stable"),
        ("newest", 80.0, 20.0, (plain, ", queue: {order: lifo}"), "stable"),
        ("drop", 80.0, 20.0, (plain, "on_timeout: drop_at_dequeue"), "metastable"),
    ];
    for (cure, demand, length, (edge, server), region) in cells {
        assert_eq!(at(&map, cure, (demand, length)).region, region, "{cure} {demand} {length}");
        let share = after(&format!("{demand}/s"), (edge, server), &outage(length as u32));
        assert!(if region == "stable" { share > 0.9 } else { share < 0.5 }, "{cure} {demand} {length}: {share}");
    }
    let short = at(&map, "as written", (80.0, 2.0));
    assert!(short.region == "metastable" || short.region == "vulnerable");
}

#[test]
fn a_spike_tips_as_an_outage_does() {
    let map = mapped("trigger: {spike: {times: 2, for: 20s}}, sizes: 10, up_to: 100/s, loads: 10");
    let spike =
        |seconds: u32| format!(", peaks: {{rush: {{from: \"2027-01-01T00:01:00\", hold: {seconds}s, multiplier: 2}}}}");
    assert_eq!(at(&map, "as written", (80.0, 20.0)).region, "metastable");
    assert!(after("80/s", (", retries: 2", ""), &spike(20)) < 0.5);
    assert_eq!(at(&map, "as written", (40.0, 20.0)).region, "vulnerable");
    assert!(after("40/s", (", retries: 2", ""), &spike(20)) > 0.9);
    // What is usual is tried where nothing is said.
    for cure in ["retry-budget", "breaker", "short-queue"] {
        assert_ne!(at(&map, cure, (80.0, 20.0)).region, "metastable", "{cure}");
    }
}

#[test]
fn loads_have_their_fixed_points_and_the_one_of_the_scenario_is_marked() {
    let map = mapped("trigger: {outage: 20s}, sizes: 4, loads: 10");
    let of = |demand: f64| {
        let row = |row: &&ninefold_models::results::LoadStateRow| {
            row.cure == "as written" && (row.demand - demand).abs() < 1e-9
        };
        map.metastability_loads.iter().find(row).unwrap()
    };
    let (calm, storm, full) = (of(30.0), of(80.0), of(100.0));
    assert!(
        storm.is_written && !calm.is_written && map.metastability_loads.iter().filter(|r| r.is_written).count() == 4
    );
    assert!(
        (calm.operating.unwrap() / 30.0 - 1.0).abs() < 1e-3 && calm.collapsed.is_none() && calm.tips_after_s.is_none()
    );
    assert!(storm.operating.unwrap() < storm.tipping.unwrap() && storm.tipping.unwrap() < 100.0);
    assert_eq!(storm.collapsed, Some(240.0));
    // A service takes part of the timeout, so that less than a timeout of outage is enough.
    assert!((0.7..1.5).contains(&storm.tips_after_s.unwrap()));
    assert_eq!((calm.region, storm.region, full.region), ("stable", "vulnerable", "overloaded"));
}
