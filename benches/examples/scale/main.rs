//! Cost as work grows: time and memory against components, horizon, replications, threads and the share of coupled
//! components, each in a process of its own. Prints one Markdown table and, with `--figure PATH.svg`, draws it.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod figure;

use std::process::Command;
use std::time::Instant;

use ninefold_benches::scale::{Shape, peak_memory_mib, transitions_a_replication};
use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::system::System;

use figure::Row;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        Some("--row") => row(&Shape::parse(&args[1]).expect("bug: rows are written by this program")),
        Some("--figure") if args.len() == 2 => {
            let rows = table();
            figure::write(args[1].as_ref(), &rows).expect("the figure could not be drawn");
        }
        None => drop(table()),
        Some(other) => eprintln!("unknown argument `{other}`; known is `--figure PATH.svg`"),
    }
}

/// Runs one shape and prints seconds, memory and replications.
fn row(shape: &Shape) {
    let begun = Instant::now();
    let system = System::build(shape.spec()).expect("bug: a good system");
    let built = begun.elapsed().as_secs_f64();
    let plan = Plan { stopping: Stopping::Fixed(shape.replications), ..Plan::default() };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(shape.threads).build().expect("bug: threads start");
    let begun = Instant::now();
    let results = pool.install(|| assess(&system, &plan, &Unwatched)).expect("bug: it runs");
    let ran = begun.elapsed().as_secs_f64();
    assert!(results.measures[0].estimate.value > 0.0, "bug: nothing was measured");
    let transitions = transitions_a_replication(&system) * shape.replications as f64;
    println!("{built} {ran} {} {transitions}", peak_memory_mib());
}

/// Runs every row and prints it.
fn table() -> Vec<Row> {
    let mut rows = Vec::new();
    println!(
        "| varied | components | years | replications | coupled | threads | build s | run s | ns a transition | MiB |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for (varied, shape) in Shape::series() {
        let program = std::env::current_exe().expect("bug: this program has a path");
        let ran = Command::new(program).args(["--row", &shape.to_string()]).output().expect("a row could not be run");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let text = String::from_utf8_lossy(&ran.stdout);
        let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let [built, ran, memory, transitions] = numbers[..] else { panic!("bug: a row is four numbers: {text}") };
        println!(
            "| {varied} | {} | {} | {} | {} % | {} | {built:.2} | {ran:.2} | {:.1} | {memory:.0} |",
            shape.components,
            shape.years,
            shape.replications,
            shape.coupled_percent,
            shape.threads,
            ran * 1e9 / transitions,
        );
        let value = if varied == "coupled" { f64::from(shape.coupled_percent) } else { shape.components as f64 };
        rows.push((varied, value, ran * 1e9 / transitions, memory));
    }
    rows
}
