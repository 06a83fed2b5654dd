//! The k-of-n workload on one path, `timeline` or `events`, for so many replications: for profilers and counters.
#![allow(clippy::print_stdout)]

use ninefold_benches::{k_of_n, simd_from_environment};
use ninefold_models::replication::World;
use ninefold_models::system::System;

fn main() {
    simd_from_environment();
    let mut args = std::env::args().skip(1);
    let path = args.next().unwrap_or_default();
    let replications: u64 = args.next().and_then(|text| text.parse().ok()).unwrap_or(50);
    let system = System::build(k_of_n()).expect("bug: a good system");
    let system = if path == "events" { system.by_events() } else { system };
    let mut world = World::new(&system);
    let outages: usize = (0..replications).map(|i| world.run(1, i).expect("bug: finite").outages[0].len()).sum();
    println!("{outages} outages of the journey in {replications} replications by {path}");
}
