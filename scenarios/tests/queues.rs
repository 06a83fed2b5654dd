//! Queues in a scenario: which formula answers, why none does, and what the simulation makes of it.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact::solve;
use ninefold_models::results::QueueRow;
use ninefold_models::system::System;
use ninefold_scenarios::{LoadOptions, load_text};

fn rows(components: &str, rest: &str) -> Vec<QueueRow> {
    let text = format!("scenario: queues\ncomponents:\n{components}\n{rest}\n");
    let loaded = load_text("queues", &text, &LoadOptions::default()).unwrap_or_else(|problems| panic!("{problems}"));
    solve(&System::build(loaded.spec).unwrap()).queues().to_vec()
}

fn find<'a>(rows: &'a [QueueRow], entity: &str, measure: &str) -> &'a QueueRow {
    let row = rows.iter().find(|row| row.entity == entity && row.measure == measure);
    row.unwrap_or_else(|| panic!("{entity} has no {measure}"))
}

const EXPONENTIAL: &str = "{exponential: {mean: 1s}}";

#[test]
fn what_has_no_formula_says_why_by_name() {
    let one = "journeys: {use: {path: [q], demand: 0.5/s}}";
    let fails = "failure_modes: {crash: {time_to_failure: {exponential: {mean: 10d}}, repair: 1h}}";
    let table = [
        (
            format!("  q: {{capacity: {{service_time: {EXPONENTIAL}}}, {fails}}}"),
            one,
            "lives or repairs of `q` are not exponential",
        ),
        (
            "  q: {replicas: 2, capacity: {service_time: {uniform: {min: 0s, max: 2s}}}}".into(),
            one,
            "not made of exponential phases",
        ),
        (
            format!("  q: {{capacity: {{service_time: {EXPONENTIAL}, patience: 1s}}}}"),
            one,
            "patience is not exponential",
        ),
        ("  q: {capacity: {service_time: {exponential: {mean: 2s}}}}".into(), one, "the queue grows without end"),
        (
            format!("  web: {{{fails}}}\n  q: {{capacity: {{service_time: {EXPONENTIAL}}}}}"),
            "journeys: {use: {path: [web, q], demand: 0.5/s}}",
            "calls come only while `web` is up",
        ),
        (
            format!("  web: {{capacity: {{service_time: 1s}}}}\n  q: {{capacity: {{service_time: {EXPONENTIAL}}}}}"),
            "journeys: {use: {path: [web, q], demand: 0.5/s}}",
            "what leaves `web` is no Poisson process",
        ),
        (
            format!("  web: {{}}\n  q: {{capacity: {{service_time: {EXPONENTIAL}}}}}"),
            "journeys: {use: {path: [{any_of: [[web], [q]]}], demand: 0.5/s}}",
            "one of several branches",
        ),
        (
            format!("  q: {{capacity: {{service_time: {EXPONENTIAL}}}}}"),
            "journeys: {use: {path: [q], demand: {sine: {mean: 0.5/s, amplitude: 0.1/s, period: 24h}}}}",
            "the demand of `use` changes over time",
        ),
    ];
    for (components, rest, why) in table {
        let rows = rows(&components, rest);
        let row = find(&rows, "components.q", "wait_mean");
        assert!(row.value.is_none() && row.why.contains(why), "{why}: {row:?}");
    }
}

#[test]
fn little_holds_wherever_a_queue_is_answered() {
    let table = [
        format!("{{replicas: 3, capacity: {{service_time: {EXPONENTIAL}}}}}"),
        format!("{{replicas: 3, capacity: {{concurrency: 2, service_time: {EXPONENTIAL}, queue: {{places: 4}}}}}}"),
        format!("{{replicas: 2, capacity: {{service_time: {EXPONENTIAL}, patience: {EXPONENTIAL}}}}}"),
        "{replicas: 4, capacity: {service_time: {erlang: {stages: 3, mean: 1s}}}}".into(),
        "{capacity: {service_time: 300ms}}".into(),
        "{replicas: 3, capacity: {service_time: 300ms, queue: {places: 0}}}".into(),
        format!(
            "{{replicas: 4, capacity: {{service_time: {EXPONENTIAL}}}, failure_modes: {{crash: {{time_to_failure: {{exponential: \
             {{mean: 1h}}}}, repair: {{exponential: {{mean: 5min}}}}}}}}}}"
        ),
    ];
    for component in table {
        let rows = rows(&format!("  q: {component}"), "journeys: {use: {path: [q], demand: 2/s}}");
        let of = |measure: &str| {
            let row = find(&rows, "components.q", measure);
            row.value.unwrap_or_else(|| panic!("{component}: {row:?}"))
        };
        let admitted = 2.0 * (1.0 - of("p_block"));
        assert!((of("queue_length") / (admitted * of("wait_mean")) - 1.0).abs() < 1e-9 || of("queue_length") == 0.0);
        assert!((of("in_system") / (admitted * of("sojourn_mean")) - 1.0).abs() < 1e-9, "{component}");
        assert!((of("throughput") - admitted * (1.0 - of("p_abandon"))).abs() < 1e-9, "{component}");
    }
}

#[test]
fn a_queue_before_each_replica_waits_longer_than_one_before_all() {
    let wait = |queue: &str| {
        let q = format!("  q: {{replicas: 4, capacity: {{service_time: {EXPONENTIAL}, queue: {{{queue}}}}}}}");
        find(&rows(&q, "journeys: {use: {path: [q], demand: 3/s}}"), "components.q", "wait_mean").value.unwrap()
    };
    // Each is M/M/1 at three quarters: a wait of three services.
    assert!((wait("per: replica") - 3.0).abs() < 1e-9 && wait("per: component") < 0.6);
}

#[test]
fn capacity_by_the_scalability_law_bounds_what_the_simulation_serves() {
    // Four units with half of the work one at a time complete 1.6 of 2 requests a second.
    let text = "scenario: scaling\ncomponents:\n  q: {replicas: 4, capacity: {usl: {rate: 1/s, contention: 0.5, coherency: 0}}}\n\
                journeys: {use: {path: [q], demand: 2/s}}\nrun: {replications: 4}\n";
    let loaded = load_text("scaling", text, &LoadOptions::default()).unwrap_or_else(|problems| panic!("{problems}"));
    let results = assess(&System::build(loaded.spec).unwrap(), &loaded.plan, &Unwatched).unwrap();
    let served = results.measures.iter().find(|row| row.measure == "served_ratio").unwrap().estimate.value;
    assert!((served - 0.8).abs() < 1e-9, "{served}");
    let row = results.queues.iter().find(|row| row.measure == "usl_throughput").unwrap();
    assert_eq!(row.value, Some(1.6));
}

#[test]
fn a_sine_is_served_where_it_is_below_the_capacity() {
    // Demand 1 + sin over capacity 1: of each period's demand, what lies above 1 is lost: 1/π of the mean.
    let text = "scenario: sine\ncomponents:\n  q: {capacity: {service_time: 1s}}\n\
                journeys: {use: {path: [q], demand: {sine: {mean: 1/s, amplitude: 1/s, period: 24h}}}}\n\
                calendar: {horizon: 30d}\nrun: {replications: 2}\n";
    let loaded = load_text("sine", text, &LoadOptions::default()).unwrap_or_else(|problems| panic!("{problems}"));
    let results = assess(&System::build(loaded.spec).unwrap(), &loaded.plan, &Unwatched).unwrap();
    let served = results.measures.iter().find(|row| row.measure == "served_ratio").unwrap().estimate.value;
    assert!((served - (1.0 - std::f64::consts::FRAC_1_PI)).abs() < 1e-9, "{served}");
}

/// The answer to an overflow of `first` and `second` at 4, or why there is none.
fn overflow(first: &str, rest: &str) -> Result<f64, String> {
    let components = format!(
        "  first: {{capacity: {{{first}}}}}\n  second: {{capacity: {{service_time: {EXPONENTIAL}}}}}\n  free: {{}}"
    );
    let reach = "{reach: {jobs: 4, in: [first, second], before: empty, start: {first: 1}}}";
    let rows = rows(&components, &format!("{rest}\nrun: {{measures: {{flood: {reach}}}}}"));
    let row = find(&rows, "measures.flood", "p_reach");
    row.value.ok_or_else(|| row.why.clone())
}

#[test]
fn an_overflow_takes_the_ways_of_the_requests() {
    let first = format!("service_time: {EXPONENTIAL}");
    let along_a_path = overflow(&first, "journeys: {use: {path: [first, free, second], demand: 0.5/s}}").unwrap();
    let edge =
        |share: f64| format!("dependencies: {{edges: [{{from: first, to: second, need: hard, share: {share}}}]}}\n");
    let one = "journeys: {use: {path: [first], demand: 0.5/s}}";
    let along_an_edge = overflow(&first, &(edge(1.0) + one)).unwrap();
    assert_eq!(along_a_path.to_bits(), along_an_edge.to_bits());
    // With half of the requests that go on the second queue holds less, and none of it at all leaves one M/M/1 queue.
    assert!(overflow(&first, &(edge(0.5) + one)).unwrap() < along_an_edge);
    let alone = overflow(&first, &(edge(0.0) + one)).unwrap();
    assert!((alone - (1.0 - 2.0) / (1.0 - 16.0)).abs() < 1e-14, "{alone}");
}

#[test]
fn an_overflow_without_an_answer_says_why() {
    let exponential = format!("service_time: {EXPONENTIAL}");
    let path = "journeys: {use: {path: [first, second], demand: 0.5/s}}";
    let table = [
        ("service_time: 1s", path, "`first` is no queue without end"),
        (&*format!("{exponential}, queue: {{places: 3}}"), path, "`first` is no queue without end"),
        (&exponential, "journeys: {use: {path: [free], demand: 0.5/s}}", "no journey with a demand comes to it"),
        (
            &exponential,
            "journeys: {use: {path: [first, second], demand: {closed: {users: 3, think: 1s}}}}",
            "no Poisson process of constant rate",
        ),
        (
            &exponential,
            "journeys: {a: {path: [first], demand: 0.1/s}, b: {path: [first, second], demand: 0.1/s}}",
            "go different ways from `first`",
        ),
        (
            &exponential,
            "journeys: {use: {path: [{any_of: [[first], [second]]}], demand: 0.1/s}}",
            "the path of `use` branches",
        ),
        (
            &exponential,
            "dependencies: {edges: [{from: first, to: second, need: hard, visits: 2}]}\njourneys: {use: {path: [first], demand: 0.1/s}}",
            "calls another several times",
        ),
    ];
    for (first, rest, why) in table {
        let said = overflow(first, rest).unwrap_err();
        assert!(said.contains(why), "{said} for {rest}");
    }
}
