//! Shared risks, hazards and hidden failures, simulated against closed forms and the exact engines.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact::solve;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping, Use};
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::*;
use ninefold_models::units::Hours;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn h(hours: f64) -> Hours {
    Hours::new(hours)
}

fn exponential(mean: f64) -> Law {
    Law::exponential(h(mean)).unwrap()
}

fn mode(life: Law, repair: Repair) -> ModeSpec {
    let (name, time_to_failure) = ("crash".to_owned(), life);
    ModeSpec { name, time_to_failure, repair, effect: Effect::Down, clock: Clock::Operating, propagates: Vec::new() }
}

fn group(name: &str, (need, units): (u32, u32), modes: Vec<ModeSpec>) -> ComponentSpec {
    let unit = |i| UnitSpec { name: format!("{name}/{i}"), domain: None };
    ComponentSpec {
        name: name.to_owned(),
        units: (1..=units).map(unit).collect(),
        redundancy: Redundancy::KOfN { need },
        per: None,
        modes,
        capacity_per_unit: None,
    }
}

fn system(components: Vec<ComponentSpec>, horizon_h: f64) -> SystemSpec {
    let leaf = |c: &ComponentSpec| Path::Component { name: c.name.clone(), side: Side::Both };
    let path = Path::All(components.iter().map(leaf).collect());
    let journeys = vec![JourneySpec { name: "use".into(), path, demand: None, rule: UpRule::default() }];
    let time = TimeSpec { horizon: h(horizon_h), ..TimeSpec::default() };
    SystemSpec { name: "test".into(), components, journeys, time, ..SystemSpec::default() }
}

fn risk(members: &[&str], model: RiskModel) -> SharedRisk {
    let members = members.iter().map(|name| (*name).to_owned()).collect();
    SharedRisk { name: "batch".into(), cause: Some("software".into()), members, model }
}

fn run(spec: &SystemSpec, replications: u64) -> Results {
    let plan = Plan { stopping: Stopping::Fixed(replications), ..Plan::default() };
    assess(&System::build(spec.clone()).unwrap(), &plan, &Unwatched).unwrap()
}

fn measured<'a>(results: &'a Results, measure: &str) -> &'a Measured {
    let found = |row: &&Measured| row.entity == "journeys.use" && row.measure == measure && row.quantile.is_none();
    results.measures.iter().find(found).unwrap()
}

/// Within four standard errors, of which one is at most a share of the value.
fn near(row: &Measured, expected: f64, sharp: f64) {
    let (value, error) = (row.estimate.value, row.estimate.standard_error);
    assert!(error <= sharp * expected, "{value} ± {error} is too vague for {expected}");
    assert!((value - expected).abs() <= 4.0 * error + 1e-12, "{value} ± {error} is not {expected}");
}

/// A burst every 100 h; each unit that it strikes is down for 10 h. Of three units within a window of 4 h all are down
/// from the last strike to 10 h after the first: for 10 h less the mean range of three even instants, half the window.
#[test]
fn bursts_strike_as_many_as_their_size_within_the_window() {
    for (window, both) in [(0.0, 10.0), (4.0, 8.0)] {
        let sizes = vec![(1, 0.5), (2, 0.3), (3, 0.2)];
        let hits = Hits::Burst(Burst { sizes, window: h(window) });
        let repair = Some(Repair::Takes(Law::constant(h(10.0)).unwrap()));
        let time_to_shock = Law::constant(h(100.0)).unwrap();
        let mut spec = system(vec![group("rack", (1, 3), Vec::new())], 20_050.0);
        spec.share(&[risk(&["rack"], RiskModel::Own { time_to_shock, hits, repair })]).unwrap();
        let results = run(&spec, 300);
        near(measured(&results, "unavailability"), 200.0 * 0.2 * both / 20_050.0, 0.01);
        let causes: Vec<&str> = results.causes.iter().map(|row| row.cause.as_str()).collect();
        assert_eq!(causes, ["software/batch"]);
    }
}

/// Every unit is struck by so many bursts as chance gives it: two of four in a burst, up to one lost at a time.
#[test]
fn a_burst_larger_than_what_is_up_takes_all_that_is() {
    let hits = Hits::Burst(Burst { sizes: vec![(9, 1.0)], window: h(0.0) });
    let repair = Some(Repair::Takes(Law::constant(h(10.0)).unwrap()));
    let time_to_shock = Law::constant(h(100.0)).unwrap();
    let mut spec = system(vec![group("rack", (1, 3), Vec::new())], 1050.0);
    spec.share(&[risk(&["rack"], RiskModel::Own { time_to_shock, hits, repair })]).unwrap();
    near(measured(&run(&spec, 10), "unavailability"), 100.0 / 1050.0, 0.01);
}

/// Ageing laws are stretched: however the share is cut, a unit alone is down as often as before.
#[test]
fn a_beta_factor_leaves_the_rate_of_each_member() {
    let life = || Law::weibull_mean(1.5, h(300.0)).unwrap();
    let repair = || Repair::Takes(Law::lognormal_median_p95(h(10.0), h(60.0)).unwrap());
    let mean_repair = repair().law().unwrap().mean().get();
    let mut spec = system(vec![group("one", (1, 1), vec![mode(life(), repair())])], 30_000.0);
    spec.time.warmup = h(3000.0);
    spec.share(&[risk(&["one"], RiskModel::Beta(0.4))]).unwrap();
    let x = mean_repair / 300.0;
    near(measured(&run(&spec, 600), "unavailability"), x / (1.0 + x), 0.02);
}

/// M8.3: regions in one footprint are lost together; in two they are as independent as their hazards.
#[test]
fn two_regions_in_one_footprint_and_in_two() {
    let rate = 0.02;
    let regions = |footprints: &[&[&str]]| {
        let domain = |name: &str| DomainSpec {
            name: name.into(),
            level: Some("region".into()),
            parent: None,
            modes: Vec::new(),
        };
        let mut app = group("app", (1, 2), Vec::new());
        app.units[0].domain = Some("eu".into());
        app.units[1].domain = Some("us".into());
        let mut spec = system(vec![app], 8760.0);
        spec.domains = vec![domain("eu"), domain("us")];
        spec.time.report_at = vec![h(8760.0)];
        for (place, domains) in footprints.iter().enumerate() {
            let hazard = Hazard {
                name: format!("flood-{place}"),
                cause: None,
                domains: domains.iter().map(|&domain| domain.into()).collect(),
                time_to_shock: exponential(8760.0 / rate),
                hits: Hits::All,
                repair: Repair::Takes(exponential(720.0)),
            };
            spec.strike(&hazard).unwrap();
        }
        spec
    };
    let together = regions(&[&["eu", "us"]]);
    let solutions = solve(&System::build(together.clone()).unwrap());
    let lives = solutions.get("journeys.use", "reliability_at", Some(8760.0)).unwrap().0;
    assert!((1.0 - lives + libm::expm1(-rate)).abs() < 1e-14, "{lives}");
    let results = run(&together, 40_000);
    near(measured(&results, "reliability_at"), libm::exp(-rate), 0.01);
    let alone = (rate * 720.0 / 8760.0) / (1.0 + rate * 720.0 / 8760.0);
    let apart = solve(&System::build(regions(&[&["eu"], &["us"]])).unwrap());
    let down = apart.get("journeys.use", "unavailability", None).unwrap().0;
    assert!((down / (alone * alone) - 1.0).abs() < 1e-12, "{down} is not {}", alone * alone);
}

/// Hidden failures of which a test overlooks two in five, and of units that wear and whose repair takes time.
#[test]
fn what_is_hidden_waits_for_the_test_that_finds_it() {
    let tests = Tests { every: h(500.0), first_at: h(200.0), coverage: 0.6 };
    let tested = |takes| Repair::Tested(TestedRepair { tests, takes });
    let at_once = || Law::constant(Hours::ZERO).unwrap();
    let mut spec = system(vec![group("valve", (1, 1), vec![mode(exponential(2000.0), tested(at_once()))])], 8760.0);
    spec.time.report_at = vec![h(8760.0)];
    let exact = solve(&System::build(spec.clone()).unwrap());
    let up = exact.get("journeys.use", "interval_availability_at", Some(8760.0)).unwrap().0;
    near(measured(&run(&spec, 4000), "unavailability"), 1.0 - up, 0.02);
    // A life of 350 h and a repair of 20 h: fails at 350, found at 700 or 1200, …; with all found, mended at 720,
    // fails at 1070, found at 1200, mended at 1220, fails at 1570, found at 1700.
    let tests = Tests { coverage: 1.0, ..tests };
    let repair = Repair::Tested(TestedRepair { tests, takes: Law::constant(h(20.0)).unwrap() });
    let life = Law::constant(h(350.0)).unwrap();
    let spec = system(vec![group("valve", (1, 1), vec![mode(life, repair)])], 1700.0);
    let down = (720.0 - 350.0) + (1220.0 - 1070.0) + (1700.0 - 1570.0);
    let row = run(&spec, 10);
    let found = measured(&row, "unavailability").estimate.value;
    assert!((found - down / 1700.0).abs() < 1e-9, "{found} is not {}", down / 1700.0);
}

/// The control variate of a system with a shared risk is the system without it, and leaves the answer as it is.
#[test]
fn the_relaxation_has_no_shared_risk() {
    let repair = || Repair::Takes(exponential(10.0));
    let mut spec = system(vec![group("pair", (1, 2), vec![mode(exponential(100.0), repair())])], 4000.0);
    spec.share(&[risk(&["pair"], RiskModel::Beta(0.1))]).unwrap();
    spec.time.report_at = vec![h(4000.0)];
    let system = System::build(spec).unwrap();
    let mut plan = Plan { stopping: Stopping::Fixed(4000), ..Plan::default() };
    plan.variance.control = Use::On;
    let results = assess(&system, &plan, &Unwatched).unwrap();
    let up = solve(&system).get("journeys.use", "interval_availability_at", Some(4000.0)).unwrap().0;
    near(measured(&results, "unavailability"), 1.0 - up, 0.02);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, rng_seed: RngSeed::Fixed(5), failure_persistence: None, ..ProptestConfig::default() })]

    /// A shared risk makes a redundant group no better, and a series no worse, than independent failures at the same rates.
    #[test]
    fn sharing_hurts_redundancy_and_helps_series(
        units in 2u32..5,
        life in 50.0..500.0,
        repair in 1.0..20.0,
        beta in 0.01..0.9,
    ) {
        let down = |need, beta: Option<f64>| {
            let modes = vec![mode(exponential(life), Repair::Takes(exponential(repair)))];
            let mut spec = system(vec![group("group", (need, units), modes)], 1000.0);
            if let Some(beta) = beta {
                spec.share(&[risk(&["group"], RiskModel::Beta(beta))]).unwrap();
            }
            solve(&System::build(spec).unwrap()).get("journeys.use", "unavailability", None).unwrap().0
        };
        prop_assert!(down(1, Some(beta)) >= down(1, None) * (1.0 - 1e-9));
        prop_assert!(down(units, Some(beta)) <= down(units, None) * (1.0 + 1e-9));
    }
}

/// What never happens costs nothing: the system is that without it, to the last field, so that it runs the same way and
/// has the same exact answers.
#[test]
fn what_is_switched_off_leaves_no_trace() {
    let crash = || mode(exponential(1000.0), Repair::Takes(exponential(10.0)));
    let standby = |modes| {
        let scheme = Standby {
            mode: StandbyMode::Cold,
            active: 1,
            need: 1,
            switch_takes: exponential(0.1),
            switch_success: 1.0,
            manual_switch: None,
            repair_starts: RepairStarts::AtOnce,
        };
        ComponentSpec { redundancy: Redundancy::Standby(scheme), ..group("db", (1, 2), modes) }
    };
    let plain = system(vec![group("web", (1, 2), vec![crash()]), standby(vec![crash()])], 8760.0);

    let mut off = plain.clone();
    off.components[0].modes[0].propagates = vec![Propagation { to: "db".into(), units: 1, probability: 0.0 }];
    off.components[1].modes.push(ModeSpec { name: "start".into(), clock: Clock::Called, ..crash() });
    let (component, mode) = ("db".to_owned(), "start".to_owned());
    off.on_demands = vec![OnDemandSpec { component, mode, probability: 0.0 }];
    off.share(&[risk(&["web"], RiskModel::Beta(0.0)), risk(&["web"], RiskModel::GreekLetters(vec![0.0]))]).unwrap();

    let (plain, off) = (System::build(plain).unwrap(), System::build(off).unwrap());
    assert_eq!(format!("{:?}", plain.spec), format!("{:?}", off.spec));
    let unavailability =
        |system: &System| solve(system).get("journeys.use", "unavailability", None).map(|(value, _)| value);
    assert_eq!(unavailability(&plain), unavailability(&off));
    assert!(unavailability(&plain).is_some());
}
