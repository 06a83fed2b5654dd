//! Draws, a block at once, at each level of the machine: uniform numbers, ticks and the quantiles of laws.
//!
//! A figure of `N` elements a second is `1e9/N` ns a draw. The laws start from uniform numbers that are there already;
//! what those cost is `uniform`.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ninefold_models::lifetime::Law;
use ninefold_models::units::Hours;
use ninefold_sim_core::simd::Level;
use ninefold_sim_core::stream::{Replication, StreamId, uniform_blocks, uniform_run};
use ninefold_sim_core::tick::Tick;

/// Draws at once: what stays in the innermost cache.
const DRAWS: usize = 1024;

fn laws() -> Vec<(&'static str, Law)> {
    let h = Hours::new;
    let values = (1..=10_000).map(|i| h(f64::from(i * i % 10_007))).collect();
    let made = |law: Result<Law, _>| law.expect("bug: a good law");
    let part = |law| (0.5, made(law));
    vec![
        ("exponential", made(Law::exponential(h(8760.0)))),
        ("lognormal", made(Law::lognormal_mean_sigma(h(4.0), 1.0))),
        ("weibull", made(Law::weibull_mean(1.8, h(8760.0)))),
        ("pareto", made(Law::pareto(2.5, h(1.0)))),
        ("normal", made(Law::normal(h(10.0), h(2.0)))),
        ("triangular", made(Law::triangular(h(1.0), h(2.0), h(7.0)))),
        ("geometric", made(Law::geometric(h(100.0), h(1.0)))),
        ("piecewise hazard", made(Law::piecewise_hazard(vec![(h(0.0), 1e-2), (h(99.0), 1e-4), (h(9999.0), 1e-3)]))),
        ("gamma", made(Law::gamma(2.5, h(3.0)))),
        ("gamma, small shape", made(Law::gamma(0.3, h(3.0)))),
        ("pert", made(Law::pert(h(1.0), h(2.0), h(7.0)))),
        ("hyperexponential", made(Law::hyperexponential(vec![(0.9, h(1.0)), (0.1, h(50.0))]))),
        (
            "mixture",
            made(Law::mixture(vec![
                part(Law::weibull_mean(0.8, h(9.0))),
                part(Law::lognormal_mean_sigma(h(1.0), 1.0)),
            ])),
        ),
        ("empirical", made(Law::empirical(values))),
    ]
}

fn draws(c: &mut Criterion) {
    let replication = Replication::new(1, 2);
    let ids: Vec<StreamId> = (0..DRAWS / 2).map(|i| StreamId::of(0, "bench", &i.to_string())).collect();
    let blocks: Vec<u32> = (0..DRAWS as u32 / 2).collect();
    let mut uniforms = vec![0.0; DRAWS];
    let mut hours = vec![0.0; DRAWS];
    let mut ticks = vec![Tick::ZERO; DRAWS];
    for level in Level::ALL.into_iter().filter(|level| level.set().is_ok()) {
        let mut group = c.benchmark_group(level.name());
        group.throughput(Throughput::Elements(DRAWS as u64));
        group.bench_function("uniform, many streams", |b| {
            let (first, second) = uniforms.split_at_mut(DRAWS / 2);
            b.iter(|| uniform_blocks(replication, &ids, &blocks, first, second));
        });
        group.bench_function("uniform, one stream", |b| {
            b.iter(|| uniform_run(replication, ids[0], 0, &mut uniforms));
        });
        group.bench_function("ticks", |b| {
            b.iter(|| Tick::from_hours_many(&uniforms, &mut ticks));
        });
        for (name, law) in laws() {
            group.bench_function(name, |b| {
                b.iter(|| {
                    hours.copy_from_slice(&uniforms);
                    law.quantiles(&mut hours);
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, draws);
criterion_main!(benches);
