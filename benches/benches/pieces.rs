//! Criterion benchmarks of what a replication and an exact answer are made of; each asserts its answer before it is timed.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ninefold_benches::closed_form::series_of_groups;
use ninefold_benches::{component, k_of_n, series};
use ninefold_models::board::{Board, Effect, FACT_KINDS, Wiring};
use ninefold_models::exact::solve;
use ninefold_models::lifetime::Law;
use ninefold_models::replication::World;
use ninefold_models::system::{Redundancy, Repair, RepairStarts, Standby, StandbyMode, System, SystemSpec};
use ninefold_models::units::Hours;
use ninefold_scenarios::LoadOptions;

fn built(spec: SystemSpec) -> System {
    System::build(spec).expect("bug: a good system")
}

/// One transition: a unit that is up for 9 h and down for 1 h, a thousand times, with nobody beside it. What a journey,
/// an outage and the record of them cost is in it; what begins and ends a replication is spread over two thousand.
fn transition(c: &mut Criterion) {
    let constant = |hours| Law::constant(Hours::new(hours)).expect("bug: a good law");
    let mut spec = series(vec![component("unit", 1, Redundancy::None, (constant(9.0), constant(1.0)))]);
    spec.time.horizon = Hours::new(10_000.0);
    let system = built(spec);
    let mut group = c.benchmark_group("one transition");
    group.throughput(Throughput::Elements(2_000));
    for (name, system) in [("timeline", &system), ("events", &system.clone().by_events())] {
        let mut world = World::new(system);
        let outages = &world.run(1, 0).expect("bug: finite").outages[0];
        let down: f64 = outages.iter().map(|outage| outage.end.since(outage.start).hours()).sum();
        assert!(outages.len() == 1000 && (down - 1000.0).abs() < 1e-9, "{} outages of {down} h", outages.len());
        group.bench_function(name, |b| b.iter(|| world.run(1, 0).expect("bug: finite").outages.len()));
    }
    group.finish();
}

/// An update of the structure: a unit of the k-of-n workload is lost or comes back, and all that follows is settled. The
/// first loss of a group leaves its gate as it is; the second flips it and the journey's.
fn structure(c: &mut Criterion) {
    let system = built(k_of_n());
    let wiring = Wiring::new(&system, [0; FACT_KINDS]);
    let gate = system.journeys[0].served.gate;
    let mut board = Board::new(&system);
    let (mut effects, mut facts) = (Vec::new(), Vec::new());
    // The slots of a unit's modes are numbered as the modes are, and each unit has one.
    let mut update = |board: &mut Board, slot, placed| {
        effects.push(Effect { slot, placed });
        board.apply(&system, &wiring, &mut effects);
        board.settle(&system, &wiring, &mut facts);
        board.clear_changes();
        facts.clear();
        board.is_up(gate)
    };
    assert!(update(&mut board, 0, true) && !update(&mut board, 99, true), "two of the first group are down");
    assert!(update(&mut board, 0, false) && update(&mut board, 100, true), "one each of two groups");
    assert!(update(&mut board, 99, false) && update(&mut board, 100, false));
    let mut group = c.benchmark_group("structure update");
    group.throughput(Throughput::Elements(2));
    group.bench_function("nothing above flips", |b| {
        b.iter(|| [update(&mut board, 0, true), update(&mut board, 0, false)]);
    });
    update(&mut board, 1, true);
    group.bench_function("the journey flips", |b| {
        b.iter(|| [update(&mut board, 0, true), update(&mut board, 0, false)]);
    });
    group.finish();
}

/// A pair that waits cold and is never repaired, of mean life 100 h, at its mean life.
fn cold_pair() -> SystemSpec {
    let life = Law::exponential(Hours::new(100.0)).expect("bug: a good law");
    let at_once = Law::constant(Hours::ZERO).expect("bug: a good law");
    let standby = Standby {
        mode: StandbyMode::Cold,
        active: 1,
        need: 1,
        switch_takes: at_once,
        switch_success: 1.0,
        manual_switch: None,
        repair_starts: RepairStarts::AtOnce,
    };
    let mut pair = component("pair", 2, Redundancy::Standby(standby), (life.clone(), life));
    pair.modes[0].repair = Repair::Never;
    let mut spec = series(vec![pair]);
    (spec.time.until_first_failure, spec.time.report_at) = (true, vec![Hours::new(100.0)]);
    spec
}

/// The exact solver: decision diagrams compiled and read, with cut sets and importance, and a quadrature.
fn exact(c: &mut Criterion) {
    let bridge = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/validation/bridge.yaml");
    let bridge = ninefold_scenarios::load_file(bridge.as_ref(), &LoadOptions::default());
    let bridge = bridge.expect("bug: the validation cases load").spec;
    let e = std::f64::consts::E;
    let of_groups = 1.0 - series_of_groups(10, 100, 4.0 / 8764.0);
    let cases = [
        ("k-of-n, diagrams", k_of_n(), ("journeys.use", "unavailability", None), of_groups),
        ("bridge, diagrams", bridge, ("journeys.cross", "unavailability", None), 0.031_315),
        ("cold pair, quadrature", cold_pair(), ("journeys.use", "reliability_at", Some(100.0)), 2.0 / e),
    ];
    let mut group = c.benchmark_group("exact");
    for (name, spec, (entity, measure, at), known) in cases {
        let system = built(spec);
        let (found, _) = solve(&system).get(entity, measure, at).expect("bug: it has an exact answer");
        assert!((found / known - 1.0).abs() < 1e-9, "{name}: {found}, known is {known}");
        group.bench_function(name, |b| b.iter(|| solve(&system)));
    }
    group.finish();
}

criterion_group!(benches, transition, structure, exact);
criterion_main!(benches);
