//! Coverage: golden check G4, and what a reconfiguration does to a history, tick by tick.

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact::solve;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::World;
use ninefold_models::system::*;
use ninefold_models::units::Hours;
use proptest::prelude::*;

use crate::theorems::{by_crew, group, system};

/// A span in ticks, from its first to the first after.
type Span = (i64, i64);

fn covered(mut component: ComponentSpec, need: u32, coverage: Coverage) -> ComponentSpec {
    component.redundancy = Redundancy::Covered { need, coverage };
    component
}

fn constant(hours: f64) -> Law {
    Law::constant(Hours::new(hours)).unwrap()
}

fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

fn ladder(success: f64) -> SystemSpec {
    let (covered_takes, uncovered) = (constant(0.0), exponential(0.5));
    let coverage = Coverage { success, covered: covered_takes, uncovered, meanwhile: Meanwhile::Frozen };
    let pair = group(2, 1, (exponential(1000.0), by_crew(exponential(10.0))));
    system(covered(pair, 1, coverage), 1, Order::FirstCome)
}

/// Golden check G4, to all its digits.
#[test]
fn the_coverage_ladder() {
    let expected = [(1.0, 1.960_400e-4), (0.99, 2.058_400e-4), (0.95, 2.450_380e-4), (0.90, 2.940_312e-4)];
    for (success, expected) in expected {
        let solutions = solve(&System::build(ladder(success)).unwrap());
        let (found, method) = solutions.get("journeys.use", "unavailability", None).unwrap();
        assert_eq!(format!("{found:.6e}"), format!("{expected:.6e}"), "coverage {success}");
        assert_eq!(method, "Markov chain");
    }
}

#[test]
fn the_simulated_ladder_holds_the_exact_one() {
    let mut spec = ladder(0.9);
    (spec.time.warmup, spec.time.horizon) = (Hours::new(200.0), Hours::new(100_000.0));
    let plan = Plan { stopping: Stopping::Fixed(2_000), ..Plan::default() };
    let results = assess(&System::build(spec).unwrap(), &plan, &Unwatched).unwrap();
    let of =
        |row: &&ninefold_models::results::Measured| row.entity == "journeys.use" && row.measure == "unavailability";
    let row = results.measures.iter().find(of).unwrap();
    let (exact, error) = (row.exact.unwrap(), row.estimate.standard_error);
    assert!(error < 0.02 * exact, "too wide to tell: {error}");
    assert!((row.estimate.value - exact).abs() < 4.0 * error, "{} ± {error}, exact {exact}", row.estimate.value);
}

/// Uncovered failures own what they cost: with coverage c the uncovered share of the downtime of a pair is known.
#[test]
fn downtime_is_booked_to_the_uncovered_failure() {
    let mut spec = ladder(0.5);
    spec.time.horizon = Hours::new(1_000_000.0);
    let system = System::build(spec).unwrap();
    let cause = |name: &str| system.units.causes.iter().position(|cause| cause == name).unwrap() as u32;
    let (uncovered, crash) = (cause("group/uncovered"), cause("group/crash"));
    let mut world = World::new(&system);
    let mut ticks = [0.0; 2];
    for index in 0..200 {
        for &(_, of, span) in &world.run(3, index).unwrap().causes {
            assert!([uncovered, crash, cause("field/waiting")].contains(&of));
            ticks[usize::from(of != uncovered)] += span as f64;
        }
    }
    // Failures from 2 up come at 2λ, half of them uncovered and 0.5 h long; both are down at U(c=1) of the other time.
    let (up, both) = (1.0, 2.0 * 0.01 * 0.01);
    let expected = up * 2.0e-3 * 0.5 * 0.5 / (up * 2.0e-3 * 0.5 * 0.5 + both);
    let share = ticks[0] / (ticks[0] + ticks[1]);
    assert!((share / expected - 1.0).abs() < 0.02, "{share}, expected {expected}");
}

/// Outages of the only journey in a replication, in ticks.
fn outages(spec: SystemSpec, seed: u64) -> Vec<Span> {
    let system = System::build(spec).unwrap();
    let mut world = World::new(&system);
    world.run(seed, 0).unwrap().outages[0].iter().map(|o| (o.start.get(), o.end.get())).collect()
}

/// Unites spans that meet.
fn union(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut all: Vec<Span> = Vec::new();
    for (from, to) in spans {
        match all.last_mut().filter(|last| from <= last.1) {
            Some(last) => last.1 = last.1.max(to),
            None => all.push((from, to)),
        }
    }
    all
}

/// When each unit of a group goes down and comes up, without coverage: (instant, came up), in order.
fn history(component: &ComponentSpec, crews: u32, order: Order, seed: u64) -> Vec<(i64, bool)> {
    let mut spec = system(component.clone(), crews, order);
    // Each unit alone, under the same team: what a crew does depends on the order of units, which stays.
    let alone = |unit: &UnitSpec| {
        let name = unit.name.replace('/', "-");
        ComponentSpec { name, units: vec![unit.clone()], redundancy: Redundancy::None, ..component.clone() }
    };
    spec.components = component.units.iter().map(alone).collect();
    spec.journeys.clear();
    let system = System::build(spec).unwrap();
    let mut world = World::new(&system);
    let trace = world.run(seed, 0).unwrap();
    let end = trace.end.get();
    let mut all: Vec<(i64, bool)> = Vec::new();
    for outage in trace.outages.iter().flatten() {
        all.push((outage.start.get(), false));
        if outage.end.get() < end {
            all.push((outage.end.get(), true));
        }
    }
    // Repairs go before failures at one instant.
    all.sort_unstable_by_key(|&(at, up)| (at, !up));
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// While nothing else goes on, a history with frozen reconfigurations is the one without, cut open at each failure that
    /// enough units survive: for any laws, crews and orders.
    #[test]
    fn frozen_reconfigurations_are_inserted(
        units in 2u32..5, need in 1u32..4, crews in 1u32..3, order in 0usize..5, own in any::<bool>(),
        shapes in (0.6..3.0, 0.6..3.0), seed in any::<u64>()
    ) {
        let need = need.min(units - 1);
        let order = [
            Order::FirstCome, Order::Shared, Order::Priority(Interrupt::None), Order::Priority(Interrupt::Resume),
            Order::Priority(Interrupt::Restart),
        ][order];
        let law = |shape, mean: f64| Law::weibull_mean(shape, Hours::new(mean)).unwrap();
        let takes = law(shapes.1, 30.0);
        let repair = if own { Repair::Takes(takes) } else { by_crew(takes) };
        let plain = group(units, need, (law(shapes.0, 400.0), repair));
        let coverage = Coverage {
            success: 0.0, covered: constant(0.0), uncovered: constant(2.0), meanwhile: Meanwhile::Frozen,
        };
        let found = outages(system(covered(plain.clone(), need, coverage), crews, order), seed);

        let window = ninefold_sim_core::tick::Tick::from_hours(2.0).get();
        let end = ninefold_sim_core::tick::Tick::from_hours(8760.0).get();
        let (mut shift, mut up, mut down_since) = (0, i64::from(units), None);
        let mut expected = Vec::new();
        let need = i64::from(need);
        for (at, came_up) in history(&plain, crews, order, seed) {
            let at = at + shift;
            up += if came_up { 1 } else { -1 };
            if came_up && up == need {
                expected.extend(down_since.take().map(|since: i64| (since, at)));
            } else if !came_up && up == need - 1 {
                down_since = Some(at);
            } else if !came_up && up >= need {
                expected.push((at, at + window));
                shift += window;
            }
        }
        expected.extend(down_since.map(|since| (since, end)));
        let within = |all: Vec<Span>| -> Vec<Span> {
            all.into_iter().filter(|span| span.0 < end).map(|(from, to)| (from, to.min(end))).collect()
        };
        // A shared crew works by a clock whose readings round to the tick.
        let slack = if order == Order::Shared { 64 } else { 0 };
        let (found, expected) = (within(found), within(union(expected)));
        prop_assert_eq!(found.len(), expected.len());
        for (one, other) in found.iter().zip(&expected) {
            prop_assert!((one.0 - other.0).abs() <= slack && (one.1 - other.1).abs() <= slack, "{one:?} {other:?}");
        }
    }

    /// Where clocks run on, the service is down from each failure that enough units survive for as long as that takes, and
    /// while too few are up: nothing else about the history changes.
    #[test]
    fn running_reconfigurations_are_laid_over(
        units in 2u32..5, need in 1u32..4, crews in 1u32..3, shapes in (0.6..3.0, 0.6..3.0), seed in any::<u64>()
    ) {
        let need = need.min(units - 1);
        let law = |shape, mean: f64| Law::weibull_mean(shape, Hours::new(mean)).unwrap();
        let plain = group(units, need, (law(shapes.0, 100.0), by_crew(law(shapes.1, 30.0))));
        let coverage = Coverage {
            success: 1.0, covered: constant(9.0), uncovered: constant(1.0), meanwhile: Meanwhile::Running,
        };
        let found = outages(system(covered(plain.clone(), need, coverage), crews, Order::FirstCome), seed);
        let window = ninefold_sim_core::tick::Tick::from_hours(9.0).get();
        let end = ninefold_sim_core::tick::Tick::from_hours(8760.0).get();
        let mut expected = outages(system(plain.clone(), crews, Order::FirstCome), seed);
        let mut up = units;
        for (at, came_up) in history(&plain, crews, Order::FirstCome, seed) {
            up = if came_up { up + 1 } else { up - 1 };
            if !came_up && up >= need {
                expected.push((at, (at + window).min(end)));
            }
        }
        prop_assert_eq!(found, union(expected));
    }
}

/// Coverage that costs nothing is no coverage: the same replications, the same exact answer, no coupling.
#[test]
fn coverage_without_cost_is_a_threshold() {
    let repair = Repair::Takes(exponential(10.0));
    let plain = group(3, 2, (exponential(100.0), repair));
    let coverage =
        Coverage { success: 0.4, covered: constant(0.0), uncovered: constant(0.0), meanwhile: Meanwhile::Frozen };
    let same = covered(plain.clone(), 2, coverage);
    let (one, other) = (system(plain, 1, Order::FirstCome), system(same, 1, Order::FirstCome));
    assert_eq!(outages(one.clone(), 5), outages(other.clone(), 5));
    let answer = |spec| solve(&System::build(spec).unwrap()).get("journeys.use", "unavailability", None);
    assert_eq!(answer(one), answer(other));
}

/// A chain would need to count reconfigurations without end; it says so and does not answer as if there were none.
#[test]
fn running_reconfigurations_have_no_chain() {
    let mut spec = ladder(0.9);
    let Redundancy::Covered { coverage, .. } = &mut spec.components[0].redundancy else { unreachable!() };
    coverage.meanwhile = Meanwhile::Running;
    let solutions = solve(&System::build(spec).unwrap());
    for measure in ["unavailability", "mttf"] {
        assert_eq!(solutions.get("journeys.use", measure, None), None);
        let why = solutions.reason("journeys.use", measure).unwrap().to_string();
        assert!(why.contains("may be dealt with at the same time"), "{why}");
    }
}
