//! Loss of data: the mean time to it and its probability, against closed forms, first failures and the chain.

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact::solve;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::World;
use ninefold_models::results::Engine;
use ninefold_models::system::*;
use ninefold_models::units::Hours;
use ninefold_sim_core::tick::Tick;
use proptest::prelude::*;

use crate::theorems::{by_crew, group, system};

const DISKS: &str = "components.group";

fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

fn keeping(mut spec: SystemSpec, tolerates: u32, unreadable: f64) -> SystemSpec {
    spec.data_losses = vec![DataLossSpec { component: "group".into(), tolerates, unreadable, recovers: false }];
    spec
}

fn close(value: f64, expected: f64, relative: f64) {
    assert!((value / expected - 1.0).abs() <= relative, "{value} is not {expected}");
}

/// 8 disks that tolerate one, with a rebuild each: (μ + (2n − 1)λ) ÷ (n(n − 1)λ²), and 10 that tolerate two, one rebuild at
/// a time. The state of the service is another question: a group that needs one disk of all answers the same.
#[test]
fn the_mean_time_to_a_loss_of_storage() {
    let (life, rebuild) = (1.2e6, 24.0);
    let eight = |need| group(8, need, (exponential(life), Repair::Takes(exponential(rebuild))));
    for need in [1, 7, 8] {
        let mut spec = keeping(system(eight(need), 1, Order::FirstCome), 1, 0.0);
        spec.time.horizon = Hours::new(87_600.0);
        let solutions = solve(&System::build(spec).unwrap());
        let (lambda, mu) = (1.0 / life, 1.0 / rebuild);
        let expected = (mu + 15.0 * lambda) / (56.0 * lambda * lambda);
        close(expected, 1_071_750_000.0, 1e-12);
        close(solutions.get(DISKS, "mttdl", None).unwrap().0, expected, 1e-12);
        close(solutions.get(DISKS, "loss_probability", None).unwrap().0, 8.173_213_910e-5, 1e-3);
    }
    let ten = group(10, 8, (exponential(life), by_crew(exponential(rebuild))));
    let mut spec = keeping(system(ten, 1, Order::FirstCome), 2, 0.0);
    spec.time.horizon = Hours::new(87_600.0);
    let solutions = solve(&System::build(spec).unwrap());
    close(solutions.get(DISKS, "mttdl", None).unwrap().0, 4_168_167_069_999.999, 1e-12);
    close(solutions.get(DISKS, "loss_probability", None).unwrap().0, 2.101_643_18e-8, 1e-3);
}

/// With a sector that cannot be read with probability h at the first failure of n: 1/(nλ) steps, each lost with
/// probability h + (1 − h) p, p = (n − 1)λ ÷ (μ + (n − 1)λ).
#[test]
fn an_unreadable_sector_loses_data() {
    let (n, lambda, mu, h) = (6.0, 1e-3, 0.05, 0.03);
    let disks = group(6, 5, (exponential(1.0 / lambda), Repair::Takes(exponential(1.0 / mu))));
    let mut spec = keeping(system(disks, 1, Order::FirstCome), 1, h);
    spec.time.horizon = Hours::new(2000.0);
    let system = System::build(spec).unwrap();
    let exact = solve(&system);
    let out = mu + (n - 1.0) * lambda;
    let p = (n - 1.0) * lambda / out;
    let expected = (1.0 / (n * lambda) + (1.0 - h) / out) / (h + (1.0 - h) * p);
    close(exact.get(DISKS, "mttdl", None).unwrap().0, expected, 1e-12);

    let plan = Plan { stopping: Stopping::Fixed(4_000), ..Plan::default() };
    let results = assess(&system, &plan, &Unwatched).unwrap();
    let row = |measure| results.measures.iter().find(|row| row.entity == DISKS && row.measure == measure).unwrap();
    let lost = row("loss_probability");
    let (exact, error) = (lost.exact.unwrap(), lost.estimate.standard_error);
    assert!(error < 0.05 * exact.min(1.0 - exact), "too wide to tell: {error}");
    assert!((lost.estimate.value - exact).abs() < 4.0 * error, "{} ± {error}, exact {exact}", lost.estimate.value);
    assert_eq!((row("mttdl").engine, row("mttdl").exact), (Engine::Exact, Some(row("mttdl").estimate.value)));
}

/// A loss that nobody has seen has a bound, not a 0; with laws that have no chain there is no mean time to it.
#[test]
fn a_loss_that_is_not_seen_has_a_bound() {
    let law = Law::weibull_mean(1.3, Hours::new(1e6)).unwrap();
    let spec = keeping(system(group(4, 2, (law, Repair::Takes(exponential(10.0)))), 1, Order::FirstCome), 2, 0.1);
    let system = System::build(spec).unwrap();
    let plan = Plan { stopping: Stopping::Fixed(200), ..Plan::default() };
    let results = assess(&system, &plan, &Unwatched).unwrap();
    let of = |measure| results.measures.iter().find(move |row| row.entity == DISKS && row.measure == measure);
    let lost = of("loss_probability").unwrap();
    assert_eq!((lost.seen, lost.estimate.value, lost.exact), (0, 0.0, None));
    assert!(lost.estimate.hi > 0.0 && lost.estimate.hi < 0.02);
    assert!(of("mttdl").is_none());
    let why = solve(&system).reason(DISKS, "mttdl").unwrap().to_string();
    assert!(why.contains("exponential phases"), "{why}");
}

/// When the data are lost, and when the journey first fails.
fn times(spec: &SystemSpec, seed: u64) -> (Vec<Tick>, Option<Tick>) {
    let system = System::build(spec.clone()).unwrap();
    let mut world = World::new(&system);
    let trace = world.run(seed, 0).unwrap();
    (trace.data_lost.clone(), trace.outages[0].first().map(|outage| outage.start))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    /// Without unreadable data they are lost when a group that needs all but the tolerated first fails, for any laws; with
    /// certainty of them, when one that needs a unit more does; and nothing else about the history changes.
    #[test]
    fn data_last_as_long_as_a_threshold(
        units in 2u32..6, tolerates in 1u32..5, crews in 1u32..3, shapes in (0.6..3.0, 0.6..3.0), seed in any::<u64>()
    ) {
        let tolerates = tolerates.min(units - 1);
        let law = |shape, mean: f64| Law::weibull_mean(shape, Hours::new(mean)).unwrap();
        let of = |need| {
            let disks = group(units, need, (law(shapes.0, 2000.0), by_crew(law(shapes.1, 300.0))));
            system(disks, crews, Order::FirstCome)
        };
        let first = |need| times(&of(need), seed).1.unwrap_or(Tick::NEVER);
        let (lost, same) = times(&keeping(of(units - tolerates), tolerates, 0.0), seed);
        prop_assert_eq!(lost[0], first(units - tolerates));
        prop_assert_eq!(same.unwrap_or(Tick::NEVER), first(units - tolerates));
        let (lost, _) = times(&keeping(of(1), tolerates, 1.0), seed);
        prop_assert_eq!(lost[0], first(units - tolerates + 1));
    }
}

/// A lost zone takes units out of reach, not their data; a unit that fails inside it counts.
#[test]
fn a_lost_domain_loses_no_data() {
    let constant = |hours| Law::constant(Hours::new(hours)).unwrap();
    let of = |life| {
        let mut disks = group(2, 1, (constant(life), Repair::Never));
        disks.units.iter_mut().for_each(|unit| unit.domain = Some("zone".into()));
        let mut spec = keeping(system(disks, 1, Order::FirstCome), 1, 0.0);
        let zone = ModeSpec {
            name: "loss".into(),
            time_to_failure: constant(10.0),
            repair: Repair::Takes(constant(100.0)),
            effect: Effect::Down,
            clock: Clock::Operating,
            propagates: Vec::new(),
        };
        spec.domains = vec![DomainSpec { name: "zone".into(), level: None, parent: None, modes: vec![zone] }];
        times(&spec, 1).0[0]
    };
    assert_eq!(of(90_000.0), Tick::NEVER);
    assert_eq!(of(50.0), Tick::from_hours(50.0));
}
