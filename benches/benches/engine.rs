//! Criterion benchmarks of the engine; each asserts its answer before it is timed.
#![allow(missing_docs)]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use ninefold_benches::k_of_n;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::World;
use ninefold_models::system::System;
use ninefold_scenarios::LoadOptions;

/// One replication of the k-of-n workload on either path, per transition.
fn replication(c: &mut Criterion) {
    let system = System::build(k_of_n()).expect("bug: a good system");
    let plan = Plan { stopping: Stopping::Fixed(64), ..Plan::default() };
    let results =
        ninefold_models::assess::assess(&system, &plan, &ninefold_models::assess::Unwatched).expect("bug: runs");
    let found = &results.measures[0];
    let off = (found.estimate.value - (1.0 - 0.990_036)).abs();
    assert!(off < 4.0 * found.estimate.standard_error + 1e-6, "{found:?}");
    let mut group = c.benchmark_group("k-of-n");
    group.throughput(Throughput::Elements(19_991));
    for (name, system) in [("timeline", &system), ("events", &system.clone().by_events())] {
        let mut world = World::new(system);
        let mut index = 0;
        group.bench_function(format!("one replication, {name}"), |b| {
            b.iter(|| {
                index += 1;
                world.run(1, index).expect("bug: finite").outages.len()
            });
        });
    }
    group.finish();
}

/// A library scenario: loading it, and 64 replications of it.
fn library(c: &mut Criterion) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/library/two-tier-shop.yaml");
    let load =
        || ninefold_scenarios::load_file(path.as_ref(), &LoadOptions::default()).expect("bug: the library loads");
    let system = System::build(load().spec).expect("bug: the library compiles");
    let mut group = c.benchmark_group("two-tier shop");
    group.bench_function("load", |b| b.iter(load));
    group.bench_function("64 replications", |b| {
        b.iter_batched(
            || World::new(&system),
            |mut world| (0..64).map(|i| world.run(1, i).expect("bug: finite").causes.len()).sum::<usize>(),
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, replication, library);
criterion_main!(benches);
