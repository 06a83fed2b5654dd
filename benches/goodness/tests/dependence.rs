//! Draws do not depend on each other, however near their keys are.
#![allow(missing_docs)]

use ninefold_goodness::FALSE_ALARM;
use ninefold_goodness::dependence::{correlation, joint_p_value, p_value, uniforms};
use ninefold_sim_core::stream::Replication;

/// Draws of a sequence; its correlation is known to ± 0.003.
const DRAWS: usize = 100_000;
const SEED: u64 = 20_270_103;
const PLAIN: Replication = Replication::new(SEED, 0);

/// Refuses a pair of sequences whose correlation or joint counts are too unlikely for one of `pairs` pairs.
#[track_caller]
fn independent(a: &[f64], b: &[f64], pairs: usize, what: &str) {
    let level = FALSE_ALARM / (2 * pairs) as f64;
    let (r, n) = (correlation(a, b), a.len().min(b.len()));
    assert!(p_value(n, r) >= level, "{what}: correlation {r:.5} over {n} pairs");
    assert!(joint_p_value(a, b) >= level, "{what}: joint counts, p = {:e}", joint_p_value(a, b));
}

#[test]
fn a_stream_does_not_depend_on_its_past() {
    let names = ["web/1:crash", "db/eu/2:disk", "eu-1:zone-loss", "x"];
    for name in names {
        let draws = uniforms(name, PLAIN, DRAWS);
        for lag in 1..=8 {
            independent(&draws, &draws[lag..], names.len() * 8, &format!("{name} at lag {lag}"));
        }
    }
}

/// The first `count` sequences, each against the next.
fn neighbours(count: usize, sequence: impl Fn(usize) -> Vec<f64>, what: &str) {
    let mut last = sequence(0);
    for i in 1..=count {
        let next = sequence(i);
        independent(&last, &next, count, &format!("{what} {} and {i}", i - 1));
        last = next;
    }
}

#[test]
fn neighbouring_names_are_independent() {
    neighbours(16, |i| uniforms(&format!("web/{i}:crash"), PLAIN, DRAWS), "names");
}

#[test]
fn neighbouring_replications_are_independent() {
    neighbours(16, |i| uniforms("web/1:crash", Replication::new(SEED, i as u32), DRAWS), "replications");
}

#[test]
fn neighbouring_seeds_are_independent() {
    neighbours(16, |i| uniforms("web/1:crash", Replication::new(SEED + i as u64, 0), DRAWS), "seeds");
}

/// Across replications at one draw: what a mean over replications rests on.
#[test]
fn the_first_draws_of_replications_are_independent() {
    let firsts: Vec<f64> =
        (0..DRAWS as u32).map(|index| uniforms("web/1:crash", Replication::new(SEED, index), 1)[0]).collect();
    for lag in 1..=8 {
        independent(&firsts, &firsts[lag..], 8, &format!("first draws at lag {lag}"));
    }
}

#[test]
fn mirrored_replications_are_exactly_opposite() {
    for index in 0..4 {
        let plain = Replication::new(SEED, index);
        let (a, b) = (uniforms("web/1:crash", plain, DRAWS), uniforms("web/1:crash", plain.mirrored(), DRAWS));
        assert!(a.iter().zip(&b).all(|(u, v)| *v == 1.0 - u));
        assert_eq!(correlation(&a, &b), -correlation(&a, &a));
    }
}

/// Every fiftieth draw is the one before it again: a correlation of 0.02.
#[test]
fn a_stream_that_repeats_itself_is_rejected() {
    let mut draws = uniforms("web/1:crash", PLAIN, DRAWS);
    for i in (50..DRAWS).step_by(50) {
        draws[i] = draws[i - 1];
    }
    let level = FALSE_ALARM / 64.0;
    assert!(p_value(DRAWS - 1, correlation(&draws, &draws[1..])) < level);
    assert!(joint_p_value(&draws, &draws[1..]) < level);
}

/// Each draw is the one before it, reflected at a half every other time: no correlation, but no independence.
#[test]
fn dependence_without_correlation_is_rejected() {
    let draws = uniforms("web/1:crash", PLAIN, DRAWS);
    let folded: Vec<f64> = draws.iter().enumerate().map(|(i, u)| if i % 2 == 0 { 1.0 - u } else { *u }).collect();
    assert!(p_value(DRAWS, correlation(&draws, &folded)) > 0.01);
    assert!(joint_p_value(&draws, &folded) < 1e-10);
}
