//! Requests one by one: orders of service, queues of single units, branches, and units that stand by.
#![allow(clippy::unwrap_used)]

mod requests_run;

use ninefold_models::results::Measured;
use requests_run::{find, near, results, run, value};

/// A station at which 0.7 requests a second come, and what is written of it and of the time that each takes.
fn one_station(capacity: &str) -> Vec<Measured> {
    run(&format!(
        "calendar: {{horizon: 3h}}
components: {{web: {{{capacity}}}}}
journeys: {{use: {{path: [web], demand: 0.7/s}}}}
run: {{replications: 40, warmup: 20min, demand_mode: {{normal: request_level}}}}"
    ))
}

/// A measure and the formula beside it.
fn as_the_formula(rows: &[Measured], (entity, measure): (&str, &str), cap: f64) {
    let exact = find(rows, entity, measure).exact.unwrap_or_else(|| panic!("{entity}.{measure} has no formula"));
    near(rows, (entity, measure), exact, cap);
}

#[test]
fn shared_servers_do_not_notice_the_law_of_the_service_time() {
    // M/G/1 processor sharing: E[S] ÷ (1 − ρ) = 3.33 s for every law; first come first served it is 2.2 s and 6.4 s.
    for law in ["1s", "{hyperexponential: {branches: [{share: 0.25, mean: 2.5s}, {share: 0.75, mean: 0.5s}]}}"] {
        let rows = one_station(&format!("capacity: {{service_time: {law}, queue: {{order: sharing}}}}"));
        as_the_formula(&rows, ("components.web", "sojourn_mean"), 0.12);
        as_the_formula(&rows, ("components.web", "in_system"), 0.09);
        as_the_formula(&rows, ("components.web", "utilisation"), 0.01);
        assert!(!requests_run::has(&rows, "components.web", "wait_mean"), "nobody waits");
    }
    // Of two servers the number of requests is that of M/M/2: ρ = 0.7, 2ρ ÷ (1 − ρ²).
    let rows = one_station("replicas: 2, capacity: {service_time: 2s, queue: {order: sharing}}");
    near(&rows, ("components.web", "in_system"), 1.4 / (1.0 - 0.49), 0.09);
    near(&rows, ("components.web", "utilisation"), 0.7, 0.01);
}

#[test]
fn a_shared_server_that_fails_keeps_or_loses_all_who_were_there() {
    let of = |word: &str| {
        run(&format!(
            "calendar: {{horizon: 10h}}
components:
  server:
    capacity: {{service_time: 10s, queue: {{order: sharing}}, on_failure: {word}}}
    failure_modes: {{crash: {{time_to_failure: 100s, repair: 50s}}}}
journeys: {{use: {{path: [server], demand: {{closed: {{users: 2, think: 1ms}}}}}}}}
run: {{replications: 1, demand_mode: {{normal: request_level}}}}"
        ))
    };
    // Two at half the speed, in a cycle of 150 s with 100 s up: five pairs are almost done each time.
    let rate = |rows: &[Measured]| value(rows, "components.server", "throughput") * 150.0;
    assert!((rate(&of("lose")) - 8.0).abs() < 0.3 && (rate(&of("requeue")) - 8.0).abs() < 0.3);
    assert!((rate(&of("resume")) - 10.0).abs() < 0.3);
    assert!((value(&of("lose"), "components.server", "p_lost") - 0.2).abs() < 0.02);
}

#[test]
fn priority_that_interrupts_is_as_the_formula_says() {
    let results = results(
        "calendar: {horizon: 3h}
components:
  web:
    capacity:
      service_times: {gold: 1s, silver: {exponential: {mean: 1s}}}
      queue: {order: {priority: {classes: [gold, silver], interrupt: resume}}}
journeys: {gold: {path: [web], demand: 0.3/s}, silver: {path: [web], demand: 0.4/s}}
run: {replications: 40, warmup: 20min, demand_mode: {normal: request_level}}",
    );
    for (class, cap) in [("gold", 0.01), ("silver", 0.15)] {
        let of = |row: &&ninefold_models::results::QueueRow| {
            row.entity == format!("components.web/{class}") && row.measure == "sojourn_mean"
        };
        let known = results.queues.iter().find(of).unwrap().value.unwrap();
        near(&results.measures, (&format!("journeys.{class}"), "sojourn_mean"), known, cap);
    }
    // Whoever is interrupted waits again, and Little's law is asked of that too.
    as_the_formula(&results.measures, ("components.web", "in_system"), 0.08);
}

#[test]
fn the_last_first_has_the_same_mean_and_a_longer_tail() {
    let of = |order: &str| {
        one_station(&format!("capacity: {{service_time: {{exponential: {{mean: 1s}}}}, queue: {{order: {order}}}}}"))
    };
    let (first, last) = (of("fifo"), of("lifo"));
    as_the_formula(&last, ("components.web", "wait_mean"), 0.12);
    let p99 = |rows: &[Measured]| value(rows, "components.web", "wait_p99");
    let p50 = |rows: &[Measured]| value(rows, "components.web", "wait_p50");
    assert!(p99(&last) > 1.5 * p99(&first) && p50(&last) < p50(&first), "{} {}", p99(&last), p99(&first));
}

#[test]
fn a_queue_before_each_replica_is_a_queue_of_one() {
    let rows = run("calendar: {horizon: 3h}
components: {web: {replicas: 3, capacity: {service_time: {exponential: {mean: 1s}}, queue: {per: replica}}}}
journeys: {use: {path: [web], demand: 1.8/s}}
run: {replications: 30, warmup: 20min, demand_mode: {normal: request_level}}");
    for (measure, cap) in [("sojourn_mean", 0.04), ("wait_p95", 0.15), ("queue_length", 0.03), ("arrival_rate", 0.002)]
    {
        as_the_formula(&rows, ("components.web", measure), cap);
    }
    // One that is down gets no new requests, and those before it wait until it is back.
    let rows = run("calendar: {horizon: 200s}
components: {web: {replicas: 2, capacity: {service_time: 10s, queue: {per: replica}, on_failure: resume}}}
journeys: {use: {path: [web], demand: {closed: {users: 1, think: 1ms}}}}
experiments: {kill: {inject: {component: web, units: 1}, at: 95s, for: 50s}}
run: {replications: 40, demand_mode: {normal: request_level}}");
    // In half of the replications it strikes the unit that is busy: five requests less.
    near(&rows, ("components.web", "throughput"), (19.0 + 14.0) / 2.0 / 200.0 / 2.0, 0.003);
}

#[test]
fn branches_that_are_all_needed_are_called_at_once() {
    // Fork–join of two M/M/1 queues at ρ = 0.7: (12 − ρ) ÷ 8 × 1 ÷ (μ − λ).
    let rows = run("calendar: {horizon: 3h}
components: {a: {capacity: {service_time: {exponential: {mean: 1s}}}}, b: {capacity: {service_time: {exponential: {mean: 1s}}}}}
journeys: {use: {path: [{all_of: [[a], [b]]}], demand: 0.7/s}}
run: {replications: 40, warmup: 20min, demand_mode: {normal: request_level}}");
    near(&rows, ("journeys.use", "sojourn_mean"), (12.0 - 0.7) / 8.0 / 0.3, 0.12);
    as_the_formula(&rows, ("journeys.use", "sojourn_mean"), 0.12);
    near(&rows, ("components.a", "sojourn_mean"), 1.0 / 0.3, 0.12);
    // A list in a branch is one after the other: 2 s, beside 3 s; then 1 s.
    let rows = run("calendar: {horizon: 2h}
components:
  a: {replicas: 50, capacity: {service_time: 1s}}
  b: {replicas: 50, capacity: {service_time: 3s}}
  c: {replicas: 50, capacity: {service_time: 1s}}
  d: {}
journeys: {use: {path: [{all_of: [[a, c], [b], [d]]}, a], demand: 1/s}, again: {path: [{all_of: [[a], [b]]}, c], demand: 1/s}}
run: {replications: 2, warmup: 1min, demand_mode: {normal: request_level}}");
    assert!((value(&rows, "journeys.use", "sojourn_mean") - 3.0).abs() < 1e-6, "what was named is not called again");
    assert!((value(&rows, "journeys.again", "sojourn_mean") - 4.0).abs() < 1e-6);
}

#[test]
fn of_branches_as_many_are_called_as_are_needed() {
    // Requests divide as capacity does: twice as many to the branch of two units, and each server is an M/M/c queue.
    let rows = run("calendar: {horizon: 3h}
components:
  a: {replicas: 2, capacity: {service_time: {exponential: {mean: 1s}}}}
  b: {capacity: {service_time: {exponential: {mean: 1s}}}}
journeys: {use: {path: [{any_of: [[a], [b]]}], demand: 1.5/s}}
run: {replications: 20, warmup: 20min, demand_mode: {normal: request_level}}");
    near(&rows, ("components.a", "arrival_rate"), 1.0, 0.004);
    near(&rows, ("components.b", "sojourn_mean"), 2.0, 0.04);
    near(&rows, ("components.a", "sojourn_mean"), 4.0 / 3.0, 0.03);
    // Two of three: each gets two thirds, and the longer of two exponential times without a queue is 1.5 of one.
    let rows = run("calendar: {horizon: 3h}
components:
  a: {replicas: 60, capacity: {service_time: {exponential: {mean: 1s}}}}
  b: {like: a}
  c: {like: a}
journeys: {use: {path: [{k_of: {need: 2, branches: [[a], [b], [c]]}}], demand: 1/s}}
run: {replications: 10, warmup: 1min, demand_mode: {normal: request_level}}");
    near(&rows, ("components.b", "arrival_rate"), 2.0 / 3.0, 0.004);
    near(&rows, ("journeys.use", "sojourn_mean"), 1.5, 0.01);
}

#[test]
fn a_branch_that_fails_is_replaced_by_one_that_was_not_called() {
    // Each is down a third of the time, so that two of three are up in 20 of 27 instants.
    let rows = run("calendar: {horizon: 200h}
components:
  a: {failure_modes: {crash: {time_to_failure: {exponential: {mean: 2h}}, repair: {exponential: {mean: 1h}}}}}
  b: {like: a}
  c: {like: a}
journeys: {use: {path: [{k_of: {need: 2, branches: [[a], [b], [c]]}}], demand: 30/h}}
run: {replications: 60, warmup: 10h, demand_mode: {normal: request_level}}");
    near(&rows, ("journeys.use", "answered_ratio"), 20.0 / 27.0, 0.01);
    assert!((value(&rows, "journeys.use", "served_ratio") - 20.0 / 27.0).abs() < 0.03);
    // A branch behind which something hard is down fails as well.
    let rows = run("calendar: {horizon: 100h}
components: {a: {}, b: {}, db: {failure_modes: {crash: {time_to_failure: 1h, repair: 1h}}}}
dependencies: {edges: [{from: a, to: db, need: hard}]}
journeys: {use: {path: [{any_of: [[a], [b]]}], demand: 30/h}, both: {path: [{all_of: [[a], [b]]}], demand: 30/h}}
run: {replications: 12, demand_mode: {normal: request_level}}");
    assert_eq!(value(&rows, "journeys.use", "answered_ratio"), 1.0);
    near(&rows, ("journeys.both", "answered_ratio"), 0.5, 0.005);
}

#[test]
fn capacity_follows_the_units_that_serve() {
    // One of two is dormant: M/M/1, not M/M/2.
    let rows = one_station(
        "replicas: 2, redundancy: {standby: {mode: cold, switch: {takes: 1s, success: 1.0}}}, \
         capacity: {service_time: {exponential: {mean: 1s}}}",
    );
    as_the_formula(&rows, ("components.web", "wait_mean"), 0.12);
    as_the_formula(&rows, ("components.web", "utilisation"), 0.01);
    // While a switch takes 30 s nobody serves, and what is down is not served by the unit that is left.
    let of = |redundancy: &str| {
        let rows = run(&format!(
            "calendar: {{horizon: 200s}}
components: {{server: {{replicas: 2, redundancy: {redundancy}, capacity: {{service_time: 10s, on_failure: resume}}}}}}
journeys: {{use: {{path: [server], demand: {{closed: {{users: 2, think: 1ms}}}}}}}}
experiments: {{kill: {{inject: {{component: server, units: 1}}, at: 100s, for: 50s}}}}
run: {{replications: 1, demand_mode: {{normal: request_level}}}}"
        ));
        value(&rows, "components.server", "throughput") * 200.0
    };
    assert!((of("{k_of_n: {need: 2}}") - 30.0).abs() < 2.1);
    assert!((of("{k_of_n: {need: 1}}") - 35.0).abs() < 2.1);
    assert!((of("{quorum: majority}") - 30.0).abs() < 2.1);
}

#[test]
fn whatever_is_combined_keeps_littles_law() {
    // At the end of every replication the area under the number of requests is the sum of their times, to the tick, in every
    // queue, or the run stops; and whoever came was served, refused, lost, dropped or is still there.
    let orders = ["fifo", "lifo", "sharing", "{priority: {classes: [a, b], interrupt: resume}}"];
    let modes = ["normal: request_level", "on: {incidents: request_level, for: 90s}"];
    for (number, on_failure) in ["requeue", "resume", "lose", "finish"].into_iter().enumerate() {
        for (order, mode) in orders.iter().flat_map(|order| modes.map(|mode| (order, mode))) {
            let per = ["component", "replica"][number % 2];
            let rows = run(&format!(
                "calendar: {{horizon: 20min}}
components:
  web: {{capacity: {{threads: 30, service_time: 50ms}}}}
  pool:
    replicas: 3
    redundancy: {{k_of_n: {{need: 2}}}}
    on_timeout: drop_at_dequeue
    capacity: {{service_time: {{exponential: {{mean: 1s}}}}, queue: {{order: {order}, per: {per}, places: 9}}, on_failure: {on_failure}}}
    failure_modes: {{crash: {{time_to_failure: {{exponential: {{mean: 3min}}}}, repair: {{exponential: {{mean: 1min}}}}}}}}
  spare: {{replicas: 2, redundancy: {{standby: {{mode: hot, switch: {{takes: 2s, success: 0.9}}, manual_switch: 30s}}}},
    capacity: {{service_time: 500ms}}, failure_modes: {{crash: {{time_to_failure: {{exponential: {{mean: 3min}}}}, repair: 30s}}}}}}
dependencies: {{edges: [{{from: web, to: pool, need: hard, timeout: 4s, retries: 1, share: 0.5}}]}}
journeys:
  a: {{path: [web, {{any_of: [[pool], [spare]]}}], demand: 1.2/s}}
  b: {{path: [{{all_of: [[pool], [spare, web]]}}], demand: 0.4/s}}
run: {{replications: 3, demand_mode: {{{mode}}}}}"
            ));
            let rate = |measure: &str| value(&rows, "components.pool", measure);
            assert!(
                rate("throughput") > 0.0 && rate("throughput") <= rate("arrival_rate"),
                "{order} {on_failure} {mode}"
            );
            assert!(value(&rows, "journeys.a", "answered_ratio") > 0.2, "{order} {on_failure} {mode}");
        }
    }
}
