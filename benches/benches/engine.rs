//! Criterion benchmarks of the engine; each asserts its answer before it is timed.
#![allow(missing_docs)]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use ninefold_benches::k_of_n;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::World;
use ninefold_models::system::System;
use ninefold_scenarios::LoadOptions;
use ninefold_sim_core::calendar::{Calendar, Event, HeapCalendar};
use ninefold_sim_core::stream::{Replication, Stream, StreamId};
use ninefold_sim_core::tick::Tick;

/// One replication of the k-of-n workload, per transition.
fn replication(c: &mut Criterion) {
    let system = System::build(k_of_n()).expect("bug: a good system");
    let plan = Plan { stopping: Stopping::Fixed(64), ..Plan::default() };
    let results =
        ninefold_models::assess::assess(&system, &plan, &ninefold_models::assess::Unwatched).expect("bug: runs");
    let found = &results.measures[0];
    let off = (found.estimate.value - (1.0 - 0.990_036)).abs();
    assert!(off < 4.0 * found.estimate.standard_error + 1e-6, "{found:?}");
    let mut group = c.benchmark_group("k-of-n");
    group.throughput(Throughput::Elements(20_040));
    let mut world = World::new(&system);
    let mut index = 0;
    group.bench_function("one replication", |b| {
        b.iter(|| {
            index += 1;
            world.run(1, index).expect("bug: finite").outages.len()
        });
    });
    group.finish();
}

/// N pending events, each rescheduled Exp(1) later.
fn hold(c: &mut Criterion) {
    let mut group = c.benchmark_group("hold");
    for pending in [1_000u32, 100_000] {
        let mut stream = Stream::new(StreamId::of(0, "hold", "bench"));
        let replication = Replication::new(1, 0);
        let mut calendar = HeapCalendar::default();
        let mut later = move || Tick::from_hours(-libm::log(stream.open01(replication)));
        (0..pending).for_each(|entity| calendar.push(Event::new(later(), 0, entity)));
        let mut last = Tick::ZERO;
        group.throughput(Throughput::Elements(1000));
        group.bench_function(pending.to_string(), |b| {
            b.iter(|| {
                for _ in 0..1000 {
                    let event = calendar.pop().expect("bug: never empty");
                    assert!(event.time >= last, "popped out of order");
                    last = event.time;
                    calendar.push(Event::new(event.time.after(later()), 0, event.entity));
                }
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

criterion_group!(benches, replication, hold, library);
criterion_main!(benches);
