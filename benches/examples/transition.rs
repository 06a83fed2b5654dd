//! Nanoseconds a transition of the k-of-n workload on either path, least of some rounds; a tool for whoever tunes them.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use ninefold_benches::k_of_n;
use ninefold_models::replication::World;
use ninefold_models::system::System;

const TRANSITIONS: f64 = 20_040.0;

fn main() {
    let system = System::build(k_of_n()).expect("bug: a good system");
    for (name, system) in [("timeline", system.clone()), ("events", system.by_events())] {
        let mut world = World::new(&system);
        let mut least = f64::INFINITY;
        for round in 0..20 {
            let begun = Instant::now();
            for index in 0..50 {
                world.run(1, round * 50 + index).expect("bug: finite");
            }
            least = least.min(begun.elapsed().as_secs_f64() * 1e9 / (50.0 * TRANSITIONS));
        }
        println!("{name} {least:.1} ns");
    }
}
