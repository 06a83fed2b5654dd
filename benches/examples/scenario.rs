//! A scenario file for so many replications on one thread, each read into tallies: for profilers and counters.
#![allow(clippy::print_stdout)]

use ninefold_benches::simd_from_environment;
use ninefold_models::metric::{Metric, Tallies};
use ninefold_models::replication::World;
use ninefold_models::system::System;
use ninefold_scenarios::LoadOptions;

fn main() {
    simd_from_environment();
    let mut args = std::env::args().skip(1);
    let file = args.next().expect("usage: scenario FILE REPLICATIONS");
    let replications: u64 = args.next().and_then(|text| text.parse().ok()).unwrap_or(50);
    let loaded = ninefold_scenarios::load_file(file.as_ref(), &LoadOptions::default());
    let loaded = loaded.unwrap_or_else(|_| panic!("{file} is not a scenario that loads: `ninefold check` says why"));
    let system = System::build(loaded.spec).expect("bug: what loads compiles");
    let mut world = World::new(&system);
    let mut tallies = Tallies::new(&system);
    for index in 0..replications {
        let trace = world.run(loaded.plan.seed, index).expect("bug: a replication of the library ends");
        tallies.record(&system, index, trace);
    }
    println!("{} replications of {}", tallies.replications, system.spec.name);
}
