//! Demand and capacity over time against the capacity outage probability table, and that against published numbers.

#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact;
use ninefold_models::forecast::{Backtest, Method, SamplePaths};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::*;
use ninefold_models::units::Hours;

fn h(hours: f64) -> Hours {
    Hours::new(hours)
}

fn generator(name: &str, (count, megawatts): (u32, f64), (failure, repair): (Law, Law)) -> ComponentSpec {
    ComponentSpec {
        name: name.into(),
        units: (1..=count).map(|i| UnitSpec { name: format!("{name}/{i}"), domain: None }).collect(),
        redundancy: Redundancy::None,
        per: None,
        modes: vec![ModeSpec {
            name: "outage".into(),
            time_to_failure: failure,
            repair: Repair::Takes(repair),
            effect: Effect::Down,
            clock: Clock::Operating,
            propagates: Vec::new(),
        }],
        capacity_per_unit: Some(megawatts.into()),
    }
}

fn exactly(replications: u64) -> Plan {
    Plan { stopping: Stopping::Fixed(replications), ..Plan::default() }
}

fn exponentials(mttf: f64, mttr: f64) -> (Law, Law) {
    (Law::exponential(h(mttf)).unwrap(), Law::exponential(h(mttr)).unwrap())
}

fn course(values: &[f64]) -> Option<Course> {
    let steps = values.iter().enumerate().map(|(hour, &value)| (h(hour as f64), value)).collect();
    Some(Course { steps, variation: None })
}

/// All components add to one flow; demand in their unit, hour by hour.
fn adequacy(components: Vec<ComponentSpec>, demand: &[f64]) -> SystemSpec {
    let leaf = |c: &ComponentSpec| Path::All(vec![Path::Component { name: c.name.clone(), side: Side::Both }]);
    let path = Path::KOf { need: 1, branches: components.iter().map(leaf).collect() };
    let demand = Some(Level { rate: 1.0, course: course(demand) });
    SystemSpec {
        name: "adequacy".into(),
        components,
        journeys: vec![JourneySpec { name: "load".into(), path, demand, rule: UpRule::default() }],
        flow_unit: Some("MW".into()),
        time: TimeSpec { start: Start::Stationary, ..TimeSpec::default() },
        ..SystemSpec::default()
    }
}

fn solved(spec: SystemSpec, measure: &str) -> f64 {
    let system = System::build(spec).unwrap();
    let solutions = exact::solve(&system);
    let answer = solutions.get("journeys.load", measure, None);
    answer.unwrap_or_else(|| panic!("{measure}: {:?}", solutions.reason("journeys.load", measure))).0
}

fn measure<'a>(results: &'a Results, measure: &str) -> &'a Measured {
    results.measures.iter().find(|m| m.entity == "journeys.load" && m.measure == measure).unwrap()
}

/// Three units of 10 MW, down with probability 0.1, beside 5, 6, 7, 8 MW, against 25, 28, 27, 24 MW; a unit stays in each
/// state for a geometric number of hours. Numbers as printed in the test data of PRAS (NREL, MIT licence).
fn three_units() -> SystemSpec {
    let step = |mean: f64| Law::geometric(h(mean), h(1.0)).unwrap();
    let mut fixed = generator("fixed", (1, 1.0), exponentials(1.0, 1.0));
    fixed.modes.clear();
    fixed.capacity_per_unit = Some(Level { rate: 1.0, course: course(&[5.0, 6.0, 7.0, 8.0]) });
    let units = generator("units", (3, 10.0), (step(10.0), step(1.0 / 0.9)));
    let mut spec = adequacy(vec![units, fixed], &[25.0, 28.0, 27.0, 24.0]);
    spec.time.horizon = h(4.0);
    spec
}

#[test]
fn three_units_and_a_fixed_profile() {
    assert!((solved(three_units(), "shortfall_hours") - 0.355).abs() < 1e-12);
    assert!((solved(three_units(), "unserved_energy") - 1.59).abs() < 1e-12);
    let system = System::build(three_units()).unwrap();
    let results = assess(&system, &exactly(200_000), &Unwatched).unwrap();
    for (name, expected, cap) in [("shortfall_hours", 0.355, 0.004), ("unserved_energy", 1.59, 0.02)] {
        let row = measure(&results, name);
        assert!(row.estimate.standard_error < cap, "{name}: {row:?}");
        assert!((row.estimate.value - expected).abs() < 4.0 * row.estimate.standard_error, "{name}: {row:?}");
        assert!((row.exact.unwrap() - expected).abs() < 1e-12);
    }
    assert_eq!(measure(&results, "unserved_energy").unit, "MWh");
}

#[test]
fn courses_weigh_what_is_lost() {
    // One unit that is down from 100 h on for certain in no replication: the share lost is that of the demand, not of time.
    let mut unit = generator("only", (1, 1000.0), exponentials(500.0, 100.0));
    unit.capacity_per_unit = Some(1000.0.into());
    let day: Vec<f64> = (0..8760).map(|hour| if hour % 24 < 12 { 10.0 } else { 90.0 }).collect();
    let spec = adequacy(vec![unit], &day);
    let system = System::build(spec.clone()).unwrap();
    let results = assess(&system, &exactly(2_000), &Unwatched).unwrap();
    // Down 1/6 of the time, whatever the hour.
    for name in ["unserved_ratio", "unavailability"] {
        let row = measure(&results, name);
        assert!(row.estimate.standard_error < 0.002, "{row:?}");
        assert!((row.estimate.value - 1.0 / 6.0).abs() < 4.0 * row.estimate.standard_error, "{row:?}");
    }
    assert!((solved(spec, "unserved_energy") - 8760.0 * 50.0 / 6.0).abs() < 1e-6);
}

/// Four steps of 6 h against a capacity of 1.2: of the rows of errors one passes it at every step, one at none, one at the
/// last two, where the course doubles what the paths give.
fn on_paths(block: usize) -> SystemSpec {
    let mut unit = generator("only", (1, 1.2), exponentials(1.0, 1.0));
    unit.modes.clear();
    let mut spec = adequacy(vec![unit], &[1.0]);
    let points = [10.0; 4];
    let errors = vec![vec![5.0; 4], vec![-10.0; 4], vec![-1.0; 4]];
    let backtest = Backtest { methods: vec![Method::Naive], forecasts: vec![points.to_vec(); 3], errors };
    let paths = SamplePaths::new((&points, "load"), &backtest, block).unwrap();
    let paths = ForecastPaths { every: h(6.0), paths: paths.into(), name: "load".into() };
    let steps = vec![(h(0.0), 0.1), (h(12.0), 0.2)];
    let course = Course { steps, variation: Some(Variation::Paths(paths)) };
    // A path ÷ 10 multiplies 10 × the course.
    spec.journeys[0].demand = Some(Level { rate: 10.0, course: Some(course) });
    spec.time.horizon = h(24.0);
    spec
}

#[test]
fn a_run_follows_one_path_of_a_forecast_joint_in_time() {
    // Row 1: demand 1.5, 1.5, 3, 3; row 2: none; row 3: 0.9, 0.9, 1.8, 1.8.
    let unserved = (12.0 * 0.3 + 12.0 * 1.8 + 12.0 * 0.6) / 3.0;
    for (block, any_hours) in [(4, 2.0 / 3.0), (2, 1.0 - (2.0 / 3.0) * (1.0 / 3.0)), (1, 1.0 - 4.0 / 9.0 / 9.0)] {
        let system = System::build(on_paths(block)).unwrap();
        let results = assess(&system, &exactly(3_000), &Unwatched).unwrap();
        let energy = &measure(&results, "unserved_energy").estimate;
        assert!(energy.standard_error < 0.25, "{energy:?}");
        assert!((energy.value - unserved).abs() < 4.0 * energy.standard_error, "{energy:?} {unserved}");
        // Marginal bands would say the same for every block.
        let any = &measure(&results, "shortfall_probability").estimate;
        assert!(any.standard_error < 0.01 && (any.value - any_hours).abs() < 4.0 * any.standard_error, "{any:?}");
        let solutions = exact::solve(&system);
        assert_eq!(solutions.get("journeys.load", "unserved_energy", None), None);
        assert_eq!(solutions.reason("journeys.load", "unserved_energy"), Some(&exact::NotExact::Drawn));
    }
}

#[test]
fn paths_of_one_name_are_one_path_and_must_reach_the_horizon() {
    let mut spec = on_paths(1);
    let mut other = spec.journeys[0].clone();
    other.name = "other".into();
    spec.journeys.push(other);
    let results = assess(&System::build(spec).unwrap(), &exactly(200), &Unwatched).unwrap();
    let of =
        |entity: &str| results.measures.iter().find(|m| m.entity == entity && m.measure == "unserved_energy").unwrap();
    assert_eq!(of("journeys.load").estimate, of("journeys.other").estimate);
    let mut long = on_paths(1);
    long.time.horizon = h(24.5);
    assert!(System::build(long).unwrap_err().to_string().contains("reaches the horizon of 24.5 h"));
}

#[test]
fn noise_has_the_mean_and_the_variation_it_is_given() {
    // Capacity 1, demand lognormal with mean 1 and cv 0.5: E(D − 1)+ = 2Φ(σ/2) − 1.
    let mut unit = generator("only", (1, 1.0), exponentials(1.0, 1.0));
    unit.modes.clear();
    let mut spec = adequacy(vec![unit], &[1.0]);
    let noise = Noise { cv: 0.5, correlation: h(3.0), name: "load".into() };
    spec.journeys[0].demand =
        Some(Level { rate: 1.0, course: Some(Course { steps: Vec::new(), variation: Some(Variation::Noise(noise)) }) });
    let system = System::build(spec).unwrap();
    let results = assess(&system, &exactly(400), &Unwatched).unwrap();
    let sigma = libm::sqrt(libm::log1p(0.25));
    let above = 2.0 * ninefold_sim_core::special::normal::cdf(sigma / 2.0) - 1.0;
    let unserved = measure(&results, "unserved_energy");
    assert!(unserved.estimate.standard_error < 5.0, "{unserved:?}");
    assert!((unserved.estimate.value - 8760.0 * above).abs() < 4.0 * unserved.estimate.standard_error, "{unserved:?}");
    // Over capacity while ln D > 0, that is z > σ/2.
    let short = measure(&results, "shortfall_hours");
    let share = ninefold_sim_core::special::normal::survival(sigma / 2.0);
    assert!((short.estimate.value - 8760.0 * share).abs() < 4.0 * short.estimate.standard_error, "{short:?}");
}

#[test]
fn two_journeys_share_in_proportion_and_a_lost_zone_takes_its_units() {
    // Zone up with probability 0.9; two units of 10 inside, each up with probability 0.8; two journeys ask 6 and 12 by turns.
    let mut web = generator("web", (2, 10.0), exponentials(800.0, 200.0));
    web.units.iter_mut().for_each(|unit| unit.domain = Some("zone".into()));
    let loss = ModeSpec { name: "loss".into(), ..generator("x", (1, 1.0), exponentials(900.0, 100.0)).modes.remove(0) };
    let zone = DomainSpec { name: "zone".into(), level: None, parent: None, modes: vec![loss] };
    let mut spec = adequacy(vec![web], &[6.0, 12.0]);
    spec.time.horizon = h(2.0);
    spec.domains = vec![zone];
    let other = JourneySpec { name: "other".into(), demand: Some(12.0.into()), ..spec.journeys[0].clone() };
    spec.journeys.push(other);
    // Hour 1: load 18, served all by two units, 10/18 by one. Hour 2: load 24, 20/24 or 10/24.
    let (both, one) = (0.9 * 0.64, 0.9 * 0.32);
    let none = 1.0 - both - one;
    let short = (none + one) + 1.0;
    let unserved = 6.0 * (none + one * (1.0 - 10.0 / 18.0)) + 12.0 * (none + one * 14.0 / 24.0 + both * 4.0 / 24.0);
    assert!((solved(spec.clone(), "shortfall_hours") - short).abs() < 1e-12);
    assert!((solved(spec.clone(), "unserved_energy") - unserved).abs() < 1e-12);
    let results = assess(&System::build(spec).unwrap(), &exactly(40_000), &Unwatched).unwrap();
    let row = measure(&results, "unserved_energy");
    assert!((row.estimate.value - unserved).abs() < 4.0 * row.estimate.standard_error, "{row:?} {unserved}");
    assert!(row.estimate.standard_error < 0.05);
}

#[test]
fn a_component_that_half_of_the_calls_reach_needs_half_the_capacity() {
    let mut first = generator("first", (1, 10.0), exponentials(1.0, 1.0));
    let mut second = generator("second", (1, 5.0), exponentials(1.0, 1.0));
    first.modes.clear();
    second.modes.clear();
    let mut spec = adequacy(vec![first, second], &[8.0]);
    spec.journeys[0].path = Path::Component { name: "first".into(), side: Side::Both };
    let (from, to) = ("first".to_owned(), "second".to_owned());
    spec.dependencies =
        vec![DependencySpec { from: from.clone(), to: to.clone(), need: Need::Hard, fallback_quality: None }];
    assert!((solved(spec.clone(), "served_ratio") - 5.0 / 8.0).abs() < 1e-12);
    spec.queueing.calls =
        vec![CallSpec { from, to, visits: 0.5, share: 1.0, retries: None, breaker: None, cache: None }];
    assert!((solved(spec.clone(), "served_ratio") - 1.0).abs() < 1e-12);
    let results = assess(&System::build(spec).unwrap(), &exactly(64), &Unwatched).unwrap();
    assert!(measure(&results, "unserved_ratio").estimate.value < 1e-12);
}
