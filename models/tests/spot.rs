//! Spot capacity: against renewal theory, the binomial law, a domain that is lost, and a chain of shocks.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::{Trace, World};
use ninefold_models::results::Results;
use ninefold_models::scaling::Scaler;
use ninefold_models::scaling::hpa::{Hpa, HpaSpec, Target, Tolerance};
use ninefold_models::system::*;
use ninefold_models::uncertainty::InputLaw;
use ninefold_models::units::Hours;
use proptest::prelude::*;

fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

fn constant(hours: f64) -> Law {
    Law::constant(Hours::new(hours)).unwrap()
}

fn spot(units: &[u32]) -> SpotSpec {
    SpotSpec {
        component: "web".into(),
        units: units.to_vec(),
        interruption: Some(exponential(50.0)),
        reclaims: None,
        lead: Hours::ZERO,
        drain: Hours::ZERO,
        boot: constant(1.0),
        returns: constant(0.0),
        stockout: None,
    }
}

fn shocks(every: f64, share: ReclaimShare) -> ReclaimSpec {
    ReclaimSpec { every: Hours::new(every), share }
}

fn crash(life: f64, repair: f64) -> ModeSpec {
    ModeSpec {
        name: "crash".into(),
        time_to_failure: exponential(life),
        repair: Repair::Takes(exponential(repair)),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    }
}

/// One journey over so many units, of which `need` are needed.
fn spec((units, need): (u32, u32), modes: Vec<ModeSpec>, spot: SpotSpec) -> SystemSpec {
    let web = ComponentSpec {
        name: "web".into(),
        units: (1..=units).map(|i| UnitSpec { name: format!("web/{i}"), domain: None }).collect(),
        redundancy: Redundancy::KOfN { need },
        per: None,
        modes,
        capacity_per_unit: None,
    };
    let path = Path::Component { name: "web".into(), side: Side::Both };
    let journey = JourneySpec { name: "use".into(), path, demand: None, rule: UpRule::default() };
    let mut spec = SystemSpec {
        name: "test".into(),
        components: vec![web],
        journeys: vec![journey],
        spots: vec![spot],
        ..SystemSpec::default()
    };
    (spec.time.horizon, spec.time.warmup) = (Hours::new(3000.0), Hours::new(1000.0));
    spec
}

fn prices(reserved_units: u32) -> Prices {
    let web = PriceSpec {
        component: "web".into(),
        on_demand: 0.34,
        reserved: 0.20,
        spot: 0.10,
        reserved_units,
        can_reserve: true,
    };
    Prices { currency: "USD".into(), components: vec![web] }
}

fn run(spec: SystemSpec, replications: u64) -> Results {
    let system = System::build(spec).unwrap();
    let plan = Plan { seed: 5, stopping: Stopping::Fixed(replications), ..Plan::default() };
    assess(&system, &plan, &Unwatched).unwrap()
}

/// Estimate and standard error.
fn measured(results: &Results, entity: &str, measure: &str) -> (f64, f64) {
    let found = results.measures.iter().find(|m| m.entity == entity && m.measure == measure);
    let found = found.unwrap_or_else(|| panic!("no {measure} of {entity}"));
    (found.estimate.value, found.estimate.standard_error)
}

/// Within four standard errors, which are below `cap` of the value.
fn agrees((value, error): (f64, f64), exact: f64, cap: f64) {
    assert!(error > 0.0 && error < cap * exact.abs(), "{error} is no error for {exact}");
    assert!((value - exact).abs() < 4.0 * error, "{value} ± {error} is not {exact}");
}

fn exactly(results: &Results, entity: &str, measure: &str) -> f64 {
    let found = results.measures.iter().find(|m| m.entity == entity && m.measure == measure);
    found.and_then(|m| m.exact).unwrap_or_else(|| panic!("no exact {measure} of {entity}"))
}

fn trace(spec: SystemSpec) -> Trace {
    World::new(&System::build(spec).unwrap()).run(1, 0).unwrap().clone()
}

#[test]
fn a_cycle_hour_by_hour() {
    let mut of = spot(&[0]);
    (of.interruption, of.lead) = (Some(constant(10.0)), Hours::new(0.25));
    (of.returns, of.stockout) = (constant(2.0), Some(0.0));
    let mut spec = spec((1, 1), Vec::new(), of);
    (spec.time.horizon, spec.time.warmup) = (Hours::new(30.0), Hours::ZERO);
    // Empty for boot − lead, then on demand until returns + boot − lead, then spot again for ten hours.
    let outages: Vec<(f64, f64)> =
        trace(spec.clone()).outages[0].iter().map(|o| (o.start.hours(), o.end.hours())).collect();
    assert_eq!(outages, [(10.0, 10.75), (22.75, 23.5)]);
    // Where none is to be had on demand, the place is empty until then.
    spec.spots[0].stockout = Some(1.0);
    let outages: Vec<(f64, f64)> = trace(spec).outages[0].iter().map(|o| (o.start.hours(), o.end.hours())).collect();
    assert_eq!(outages, [(10.0, 12.75), (22.75, 25.5)]);
}

#[test]
fn a_place_is_an_alternating_renewal_process() {
    let mut of = spot(&[1, 3, 4]);
    (of.lead, of.drain) = (Hours::new(0.4), Hours::new(0.5));
    (of.boot, of.returns, of.stockout) = (exponential(1.0), exponential(6.0), Some(0.3));
    let mut spec = spec((5, 4), vec![crash(200.0, 10.0)], of);
    spec.prices = prices(3);
    let results = run(spec, 800);
    for measure in ["interruptions", "reclaimed_mean", "on_demand_mean", "lost_work", "cost"] {
        let exact = exactly(&results, "components.web", measure);
        agrees(measured(&results, "components.web", measure), exact, 0.03);
    }
    for measure in ["unavailability", "failure_rate"] {
        let exact = exactly(&results, "journeys.use", measure);
        agrees(measured(&results, "journeys.use", measure), exact, 0.03);
    }
    // By hand: E max(0, B − c) = e⁻ᶜ, and R + B is hypoexponential.
    let (gap, c) = (libm::exp(-0.4), 0.4);
    let both = (36.0 * libm::exp(-c / 6.0) - libm::exp(-c)) / 5.0;
    let empty = 0.3 * both + 0.7 * gap;
    let reclaimed = exactly(&results, "components.web", "reclaimed_mean");
    assert!((reclaimed / (3.0 * empty / (50.0 + both)) - 1.0).abs() < 1e-9, "{reclaimed}");
    let causes: Vec<&str> = results.causes.iter().map(|row| row.cause.as_str()).collect();
    assert!(causes.contains(&"web/spot") && causes.contains(&"web/crash"), "{causes:?}");
}

#[test]
fn capacity_is_that_of_two_binomial_groups() {
    let mut of = spot(&[0, 1, 2, 3]);
    of.returns = exponential(9.0);
    let mut spec = spec((6, 1), vec![crash(100.0, 10.0)], of);
    spec.components[0].capacity_per_unit = Some(Level::from(100.0));
    spec.journeys[0].demand = Some(Level::from(450.0));
    let results = run(spec, 600);
    // P(n serve) of two on demand with 10 ÷ 11 and four on spot with 10 ÷ 11 × 50 ÷ 60.
    let (steady, place) = (10.0 / 11.0, 10.0 / 11.0 * 5.0 / 6.0);
    let mut counts = vec![1.0];
    for up in [steady, steady, place, place, place, place] {
        let mut next = vec![0.0; counts.len() + 1];
        for (n, chance) in counts.iter().enumerate() {
            next[n] += chance * (1.0 - up);
            next[n + 1] += chance * up;
        }
        counts = next;
    }
    let short = |n: usize| (450.0 - 100.0 * n as f64).max(0.0) / 450.0;
    let unserved: f64 = counts.iter().enumerate().map(|(n, chance)| chance * short(n)).sum();
    let exact = exactly(&results, "journeys.use", "unserved_ratio");
    assert!((exact / unserved - 1.0).abs() < 1e-9, "{exact} is not {unserved}");
    agrees(measured(&results, "journeys.use", "unserved_ratio"), unserved, 0.02);
}

#[test]
fn a_shock_that_takes_all_is_the_loss_of_a_zone() {
    let mut of = spot(&[1, 2, 3]);
    (of.interruption, of.reclaims) = (None, Some(shocks(40.0, ReclaimShare::Certain(1.0))));
    (of.returns, of.stockout) = (exponential(4.0), None);
    let reclaimed = run(spec((4, 3), vec![crash(100.0, 5.0)], of), 600);
    // A zone whose loss lasts as long: one hour of boot, after spot capacity is to be had again.
    let mut zoned = spec((4, 3), vec![crash(100.0, 5.0)], spot(&[0]));
    zoned.spots.clear();
    let lost = Law::mixture(vec![(1.0, exponential(5.0))]).unwrap();
    let loss = ModeSpec {
        name: "loss".into(),
        time_to_failure: exponential(40.0),
        repair: Repair::Takes(lost),
        ..crash(1.0, 1.0)
    };
    zoned.domains = vec![DomainSpec { name: "pool".into(), level: None, parent: None, modes: vec![loss] }];
    zoned.components[0].units[1..].iter_mut().for_each(|unit| unit.domain = Some("pool".into()));
    let solutions = exact::solve(&System::build(zoned).unwrap());
    let (unavailability, _) = solutions.get("journeys.use", "unavailability", None).unwrap();
    agrees(measured(&reclaimed, "journeys.use", "unavailability"), unavailability, 0.02);
    let dips = measured(&reclaimed, "components.web", "dip_deepest");
    assert_eq!(dips.0, 3.0, "all of them at once");
}

#[test]
fn shocks_of_a_drawn_share_are_a_chain() {
    // Of two, both wait for the same return of capacity where one shock took both.
    let share = InputLaw::beta(0.4, 3.0).unwrap();
    let mut of = spot(&[0, 1]);
    (of.interruption, of.reclaims) = (None, Some(shocks(30.0, ReclaimShare::Drawn(share))));
    (of.boot, of.returns) = (constant(0.0), exponential(10.0));
    let results = run(spec((2, 1), Vec::new(), of), 2000);
    // E S² = a(a + 1) ÷ n(n + 1), of a beta law with a = 0.4 n and n = 3.
    let (mean, square) = (0.4, 1.2 * 2.2 / (3.0 * 4.0));
    let (rate, back) = (1.0 / 30.0, 1.0 / 10.0);
    let (both, one, other) = (rate * square, 2.0 * rate * (mean - square), rate * mean);
    // Up up: 1. Both by one shock: b. One: d. Both apart: s.
    let b = both / back;
    // d: back d + other d = one + 2 back s; s: 2 back s = other d.
    let d = one / back;
    let s = other * d / (2.0 * back);
    let unavailability = (b + s) / (1.0 + b + d + s);
    agrees(measured(&results, "journeys.use", "unavailability"), unavailability, 0.03);
    let reclaimed = exactly(&results, "components.web", "reclaimed_mean");
    assert!((reclaimed - (2.0 * b + d + 2.0 * s) / (1.0 + b + d + s)).abs() < 1e-12, "{reclaimed}");
    agrees(measured(&results, "components.web", "reclaimed_mean"), reclaimed, 0.02);
}

#[test]
fn a_notice_as_long_as_boot_and_drain_loses_nothing() {
    let mut of = spot(&[0, 1]);
    (of.lead, of.drain) = (Hours::new(1.0), Hours::new(1.0));
    of.reclaims = Some(shocks(20.0, ReclaimShare::Certain(0.5)));
    let results = run(spec((2, 2), Vec::new(), of), 20);
    assert!(measured(&results, "components.web", "interruptions").0 > 100.0);
    for measure in ["lost_work", "reclaimed_mean", "dips", "unavailability"] {
        assert_eq!(measured(&results, "components.web", measure).0, 0.0, "{measure}");
    }
}

#[test]
fn what_has_no_formula_is_refused_by_name() {
    let mut of = spot(&[0, 1]);
    let reason = |spec: SystemSpec, measure: &str| {
        exact::solve(&System::build(spec).unwrap()).reason("journeys.use", measure).unwrap().to_string()
    };
    let mut at = spec((2, 1), vec![crash(100.0, 1.0)], of.clone());
    at.time.report_at = vec![Hours::new(10.0)];
    let long_run = "spot units of `web` are reclaimed and replaced; there is a formula for the long run alone";
    assert_eq!(reason(at.clone(), "availability_at"), long_run);
    assert_eq!(reason(at.clone(), "mttf"), long_run);
    // Nor is there a chain where repairs wait.
    at.teams = vec![TeamSpec::new("field", 1, Order::FirstCome)];
    at.components[0].modes[0].repair = Repair::ByCrew(CrewRepair::new("field", exponential(1.0), 1));
    assert_eq!(reason(at, "unavailability"), long_run);
    of.reclaims = Some(shocks(20.0, ReclaimShare::Certain(0.5)));
    let together = "spot units of `web` are reclaimed together";
    assert_eq!(reason(spec((2, 1), Vec::new(), of.clone()), "unavailability"), together);
    let mut flow = spec((2, 1), Vec::new(), of.clone());
    flow.components[0].capacity_per_unit = Some(Level::from(100.0));
    flow.journeys[0].demand = Some(Level::from(150.0));
    assert_eq!(reason(flow, "unserved_ratio"), together);
    let mut stationary = spec((2, 1), Vec::new(), of);
    stationary.time.start = Start::Stationary;
    assert_eq!(without_equilibrium(&stationary)[0].why, "which of its spot units are reclaimed depends on the past");
}

#[test]
fn what_cannot_be_is_refused() {
    let refused = |change: fn(&mut SystemSpec)| {
        let mut bad = spec((2, 1), Vec::new(), spot(&[0, 1]));
        change(&mut bad);
        System::build(bad).unwrap_err().to_string()
    };
    assert!(refused(|bad| bad.spots[0].units = vec![2]).contains("places of spot units"));
    assert!(refused(|bad| bad.spots[0].units = vec![1, 0]).contains("places of spot units"));
    assert!(refused(|bad| bad.spots[0].component = "db".into()).contains("db"));
    assert!(refused(|bad| bad.spots.push(bad.spots[0].clone())).contains("web"));
    assert!(refused(|bad| bad.spots[0].stockout = Some(1.5)).contains("on_demand_stockout"));
    assert!(refused(|bad| bad.spots[0].interruption = Some(constant(0.0))).contains("interruption"));
    assert!(refused(|bad| bad.components[0].redundancy = Redundancy::Quorum { write: 2, read: 1 }).contains("quorum"));
}

/// An autoscaler of at most so many replicas, with 50/s for each.
fn per_fifty(max: u32) -> Scaler {
    let policy = HpaSpec {
        targets: vec![Target::PerReplica(50.0)],
        min: 1,
        max,
        tolerance: Tolerance::default(),
        behavior: None,
        cooldown: Default::default(),
    };
    Scaler::Hpa(Hpa::new(policy, Default::default()))
}

/// An autoscaler that keeps four replicas of eight.
fn scaled(spot: SpotSpec) -> SystemSpec {
    let mut spec = spec((8, 1), Vec::new(), spot);
    spec.components[0].redundancy = Redundancy::None;
    spec.components[0].capacity_per_unit = Some(Level::from(100.0));
    spec.journeys[0].demand = Some(Level::from(200.0));
    spec.autoscalers = vec![AutoscaleSpec::new("web", 4, per_fifty(8), constant(0.05))];
    spec
}

#[test]
fn under_an_autoscaler_a_reclaimed_replica_is_replaced_in_its_place() {
    let mut of = spot(&[1, 3, 5, 7]);
    (of.returns, of.stockout) = (exponential(4.0), Some(0.2));
    let mut spec = scaled(of.clone());
    spec.prices = prices(1);
    let results = run(spec, 500);
    assert_eq!(measured(&results, "components.web", "replicas_mean").0, 4.0);
    // Two replicas are spot, of which P(both empty) leaves two serving units: just enough, so never short.
    assert_eq!(measured(&results, "components.web", "under_capacity_ratio").0, 0.0);
    let until_spot = 5.0;
    let empty = (0.2 * until_spot + 0.8) / (50.0 + until_spot);
    agrees(measured(&results, "components.web", "reclaimed_mean"), 2.0 * empty, 0.02);
    let on_demand = (until_spot - (0.2 * until_spot + 0.8)) / (50.0 + until_spot);
    // One is reserved, one on demand, and those that replace spot.
    let hourly = 0.20 + 0.34 * (1.0 + 2.0 * on_demand) + 0.10 * 2.0 * 50.0 / 55.0;
    agrees(measured(&results, "components.web", "cost"), hourly * 8760.0, 0.001);
    // What it refuses, it names.
    let solutions = exact::solve(&System::build(scaled(of)).unwrap());
    let reason = solutions.reason("components.web", "reclaimed_mean").unwrap().to_string();
    assert_eq!(reason, "an autoscaler starts and removes units of `web`");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Timelines and events see the same, and no state of a place is left out.
    #[test]
    fn both_paths_leave_the_same_trace(
        units in 1_u32..7, need in 1_u32..7, share in 0.05_f64..1.0, lead in 0.0_f64..2.0,
        stockout in prop::option::of(0.0_f64..1.0), seed in 0_u64..1000,
    ) {
        let mut of = spot(&(0..units).filter(|place| place % 2 == 0).collect::<Vec<_>>());
        (of.lead, of.stockout) = (Hours::new(lead), stockout);
        (of.boot, of.returns) = (exponential(1.0), exponential(3.0));
        of.reclaims = Some(shocks(60.0, ReclaimShare::Certain(share)));
        let spec = spec((units, need.min(units)), vec![crash(40.0, 4.0)], of);
        let system = System::build(spec).unwrap();
        let by_timeline = World::new(&system).run(seed, 3).unwrap().clone();
        let system = system.by_events();
        let by_events = World::new(&system).run(seed, 3).unwrap().clone();
        prop_assert_eq!(&by_timeline.outages, &by_events.outages);
        prop_assert_eq!(&by_timeline.causes, &by_events.causes);
        prop_assert_eq!(&by_timeline.spot_turns, &by_events.spot_turns);
        prop_assert!(!by_timeline.spot_turns.is_empty());
        for pair in by_timeline.spot_turns.windows(2) {
            prop_assert!(pair[0].at <= pair[1].at);
        }
    }
}

#[test]
fn the_cheapest_reserve_is_a_quantile_of_what_is_needed() {
    let mut spec = scaled(spot(&[0]));
    spec.spots.clear();
    let (units, hours) = (20_u32, 120.0);
    spec.components[0].units = (1..=units).map(|i| UnitSpec { name: format!("web/{i}"), domain: None }).collect();
    // Every hour another demand, over all numbers of replicas.
    let steps = (0..120).map(|hour| (Hours::new(f64::from(hour)), 50.0 * f64::from(1 + hour * 7 % 20) - 5.0));
    spec.journeys[0].demand =
        Some(Level { rate: 1.0, course: Some(Course { steps: steps.collect(), variation: None }) });
    (spec.autoscalers[0].scaler, spec.time.horizon, spec.time.warmup) =
        (per_fifty(units), Hours::new(hours), Hours::ZERO);
    spec.prices = prices(3);
    let system = System::build(spec).unwrap();
    let plan = Plan { seed: 5, stopping: Stopping::Fixed(2), ..Plan::default() };
    let results = assess(&system, &plan, &Unwatched).unwrap();
    // What it needs over time, read off the trace.
    let trace = World::new(&system).run(5, 0).unwrap().clone();
    let mut share = vec![0.0; units as usize + 1];
    let ends = trace.stands[0].iter().skip(1).map(|stand| stand.at).chain([system.end]);
    for (stand, end) in trace.stands[0].iter().zip(ends) {
        share[stand.replicas as usize] += end.since(stand.at).hours() / hours;
    }
    assert!(share[1..].iter().all(|&share| share > 0.0), "every number of replicas is needed: {share:?}");
    assert_eq!(results.purchases.len(), units as usize + 1);
    for row in &results.purchases {
        let above: f64 = share.iter().zip(0_u64..).map(|(s, n)| s * n.saturating_sub(row.reserved) as f64).sum();
        let cost = (0.20 * row.reserved as f64 + 0.34 * above) * 8760.0;
        assert!((row.cost.value / cost - 1.0).abs() < 1e-9, "{} is not {cost}", row.cost.value);
        assert_eq!(row.written, row.reserved == 3);
    }
    // The least reserve that covers what is needed for a share 1 − r ÷ o of the time: 1 − 0.20 ÷ 0.34 = 0.4118.
    let covers = |reserve: u64| share[..=reserve as usize].iter().sum::<f64>() >= 1.0 - 0.20 / 0.34;
    let quantile = (0..=u64::from(units)).find(|&reserve| covers(reserve)).unwrap();
    let cheapest: Vec<u64> = results.purchases.iter().filter(|row| row.cheapest).map(|row| row.reserved).collect();
    assert_eq!(cheapest, [quantile]);
    assert!(quantile > 3 && quantile < 17, "{quantile}");
}
