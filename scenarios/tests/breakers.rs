//! Circuit breakers, fallbacks and pools of threads, request by request: against fluid, renewal and hand-made answers.
#![allow(clippy::unwrap_used)]

mod requests_run;

use requests_run::{find, has, near, run, value};

/// 200 requests a second by a pool of 400 threads, each kept while a vendor is called that hangs from second 60 on.
fn hanging(edge: &str, warmup: &str) -> Vec<ninefold_models::results::Measured> {
    run(&format!(
        "calendar: {{horizon: 80s}}
components:
  shop: {{capacity: {{threads: 400, queue: 0, service_time: 1ms}}}}
  psp:
    capacity: {{concurrency: 1000, service_time: 10ms}}
    failure_modes: {{hang: {{time_to_failure: 60s, repair: 1h}}}}
dependencies: {{edges: [{{from: shop, to: psp, need: hard, {edge}}}]}}
journeys: {{pay: {{path: [shop], demand: 200/s}}}}
run: {{replications: 16, warmup: {warmup}, demand_mode: {{normal: request_level}}}}"
    ))
}

#[test]
fn a_hanging_vendor_exhausts_the_pool_if_rate_times_timeout_is_more_than_its_threads() {
    // 200/s × 3 s > 400: the 2.2 that are busy and 200 more a second fill it in 1.989 s.
    let rows = hanging("timeout: 3s", "60s");
    let full = find(&rows, "components.shop", "full_after").estimate;
    assert!(full.standard_error < 0.04, "{full:?}");
    assert!((full.value - (400.0 - 2.2) / 200.0).abs() < 4.0 * full.standard_error, "{full:?}");
    assert!(value(&rows, "components.shop", "p_block") > 0.25);
    // 200/s × 1.5 s < 400.
    let rows = hanging("timeout: 1500ms", "60s");
    assert!(!has(&rows, "components.shop", "full_after"));
    assert_eq!(value(&rows, "components.shop", "p_block"), 0.0);
    // A breaker opens when the first calls have timed out, and the pool is free again a timeout later.
    let rows = hanging("timeout: 3s, breaker: {window: 100, wait: 60s}", "67s");
    assert!(!has(&rows, "components.shop", "full_after"));
    assert!(value(&rows, "components.shop", "in_system") < 1.0);
    near(&rows, ("dependencies.shop/psp", "open_minutes"), 13.0 / 60.0, 1e-6);
    assert!((value(&rows, "dependencies.shop/psp", "fast_fail_ratio") - 1.0).abs() < 1e-9);
}

#[test]
fn a_breaker_before_what_is_gone_is_open_by_a_renewal_law() {
    // It opens, stays so for 30 s and until a call comes (10 s in the mean), and lets three through: 40 of 60 s open.
    let rows = run("calendar: {horizon: 40h}
components: {shop: {}, psp: {failure_modes: {gone: {time_to_failure: 1ms, repair: 9000h}}}}
dependencies: {edges: [{from: shop, to: psp, need: soft, fallback: {quality: 0.8},
  breaker: {window: 10, minimum_calls: 10, wait: 30s, half_open: 3}}]}
journeys: {pay: {path: [shop], demand: 0.1/s}}
run: {replications: 20, warmup: 1h, demand_mode: {normal: request_level}}");
    let edge = "dependencies.shop/psp";
    near(&rows, (edge, "open_minutes"), 39.0 * 60.0 * 2.0 / 3.0, 8.0);
    near(&rows, (edge, "openings"), 60.0, 0.4);
    near(&rows, (edge, "fast_fail_ratio"), 0.5, 0.003);
    near(&rows, (edge, "calls_saved"), 0.05, 0.0004);
    assert_eq!(value(&rows, "journeys.pay", "answered_ratio"), 1.0);
    assert!((value(&rows, "journeys.pay", "quality_mean") - 0.8).abs() < 1e-8);
}

#[test]
fn a_fallback_counts_by_its_quality() {
    // Up for 30 s, down for 10 s, in turns: a quarter is answered at 0.6.
    let rows = run("calendar: {horizon: 10h}
components: {web: {}, shelf: {failure_modes: {out: {time_to_failure: 30s, repair: 10s}}}}
dependencies: {edges: [{from: web, to: shelf, need: soft, fallback: {quality: 0.6}}]}
journeys: {look: {path: [web], demand: 1/s}}
run: {replications: 8, demand_mode: {normal: request_level}}");
    near(&rows, ("journeys.look", "quality_mean"), 0.9, 0.001);
}

#[test]
fn three_layers_of_three_retries_are_sixty_four_attempts() {
    let rows = run("calendar: {horizon: 10min}
components: {a: {}, b: {}, c: {}, d: {failure_modes: {gone: {time_to_failure: 1ms, repair: 9000h}}}}
dependencies: {edges: [
  {from: a, to: b, need: hard, timeout: 1s, retries: 3},
  {from: b, to: c, need: hard, timeout: 1s, retries: 3},
  {from: c, to: d, need: hard, timeout: 1s, retries: 3}]}
journeys: {use: {path: [a], demand: 1/s}}
run: {replications: 1, warmup: 1s, demand_mode: {normal: request_level}}");
    let rate = |component: &str| value(&rows, &format!("components.{component}"), "arrival_rate");
    assert!((rate("d") / rate("a") - 64.0).abs() < 1e-9);
    assert!((value(&rows, "components.d", "attempts_per_call") - 4.0).abs() < 1e-9);
}

/// Five users who hardly think, a pool before a server that takes two seconds.
fn nested(pool: &str) -> f64 {
    let rows = run(&format!(
        "calendar: {{horizon: 2h}}
components: {{shop: {{capacity: {{{pool}, service_time: 1s}}}}, db: {{capacity: {{service_time: 2s}}}}}}
dependencies: {{edges: [{{from: shop, to: db, need: hard}}]}}
journeys: {{use: {{path: [shop], demand: {{closed: {{users: 5, think: 1ms}}}}}}}}
run: {{replications: 1, warmup: 10min, demand_mode: {{normal: request_level}}}}"
    ));
    value(&rows, "journeys.use", "answered_rate")
}

#[test]
fn a_thread_is_kept_while_it_calls() {
    // One thread is held for three seconds; a server that is free again after one is not; nor is a second thread held up.
    assert!((nested("threads: 1") - 1.0 / 3.0).abs() < 1e-3);
    assert!((nested("concurrency: 1") - 0.5).abs() < 1e-3);
    assert!((nested("threads: 2") - 0.5).abs() < 1e-3);
}

#[test]
fn what_becomes_of_a_thread_that_calls_when_its_unit_fails() {
    let of = |word: &str| {
        run(&format!(
            "calendar: {{horizon: 10h}}
components:
  shop:
    capacity: {{threads: 1, service_time: 4s, on_failure: {word}}}
    failure_modes: {{crash: {{time_to_failure: 100s, repair: 50s}}}}
  db: {{capacity: {{concurrency: 2, service_time: 6s}}}}
dependencies: {{edges: [{{from: shop, to: db, need: hard}}]}}
journeys: {{use: {{path: [shop], demand: {{closed: {{users: 1, think: 1ms}}}}}}}}
run: {{replications: 1, demand_mode: {{normal: request_level}}}}"
        ))
    };
    // A cycle of 150 s, 100 s up, and requests of 4 s + 6 s + 1 ms: the tenth is 9 ms short when the unit fails. To go on is
    // to make its call again, which is answered at 156 s; from then on the tenth of a cycle is short of its service alone.
    let rate = |rows: &[ninefold_models::results::Measured]| value(rows, "components.shop", "throughput") * 150.0;
    let (lost, again, on, finished) = (of("lose"), of("requeue"), of("resume"), of("finish"));
    assert!((value(&lost, "components.shop", "p_lost") - 0.1).abs() < 0.02);
    assert!((rate(&lost) - 9.0).abs() < 0.2 && (rate(&again) - 9.0).abs() < 0.2);
    assert!((rate(&on) - 10.0).abs() < 0.2 && (rate(&finished) - 10.0).abs() < 0.2, "{}", rate(&on));
}
