//! Are the intervals honest? Over many seeds, how often the 95 % interval covers the exact unavailability at the default
//! stopping rule, for a plain, a rare and a heavy-tailed case.
//!
//! `cargo run --release -p ninefold-benches --example coverage -- --seeds 400`
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::process::ExitCode;

use ninefold_benches::{component, series};
use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::Plan;
use ninefold_models::results::Stopped;
use ninefold_models::system::{Redundancy, System, SystemSpec};
use ninefold_models::units::Hours;
use ninefold_sim_core::interval;

/// Bounds of honest coverage over 400 seeds; fewer seeds are held to what chance makes of them.
const HONEST: (f64, f64) = (0.92, 0.98);

fn one_unit(life_h: f64, repair: Law) -> SystemSpec {
    let life = Law::exponential(Hours::new(life_h)).unwrap();
    let mut spec = series(vec![component("unit", 1, Redundancy::None, (life, repair))]);
    spec.time.warmup = Hours::new(2000.0);
    spec.time.horizon = Hours::new(2000.0 + 8760.0);
    spec
}

fn main() -> ExitCode {
    let seeds: u64 = std::env::args().skip_while(|arg| arg != "--seeds").nth(1).map_or(400, |n| n.parse().unwrap());
    let exponential = |mean| Law::exponential(Hours::new(mean)).unwrap();
    let cases = [
        ("plain", one_unit(1000.0, exponential(10.0)), 10.0 / 1010.0),
        ("rare", one_unit(9999.0, exponential(1.0)), 1e-4),
        ("heavy-tailed", one_unit(1000.0, Law::lognormal_mean_sigma(Hours::new(10.0), 2.0).unwrap()), 10.0 / 1010.0),
    ];
    println!("coverage of the 95 % interval at the default stopping rule, {seeds} seeds");
    let mut honest = true;
    for (name, spec, exact) in cases {
        let system = System::build(spec).unwrap();
        let (mut covered, mut used, mut budget) = (0, Vec::new(), 0);
        for seed in 1..=seeds {
            let results = assess(&system, &Plan { seed, ..Plan::default() }, &Unwatched).unwrap();
            let estimate = results.measures[0].estimate;
            covered += u64::from(estimate.lo <= exact && exact <= estimate.hi);
            used.push(results.outcome.replications);
            budget += u64::from(results.outcome.stopped == Stopped::Budget);
        }
        used.sort_unstable();
        let share = interval::share(covered, seeds, 0.99);
        let ok = if seeds >= 400 {
            (HONEST.0..=HONEST.1).contains(&share.value)
        } else {
            share.hi >= HONEST.0 && share.lo <= HONEST.1
        };
        honest &= ok;
        println!(
            "{name:<13} covered {:.1} %  replications median {} (least {}, most {}), {budget} ran out of budget  {}",
            100.0 * share.value,
            used[used.len() / 2],
            used[0],
            used[used.len() - 1],
            if ok { "ok" } else { "NOT HONEST" }
        );
    }
    ExitCode::from(u8::from(!honest))
}
