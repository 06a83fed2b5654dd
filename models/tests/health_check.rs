//! Health checks against closed forms, and on histories written by hand.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::{Trace, World};
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::*;
use ninefold_models::units::Hours;

const SECOND: f64 = 1.0 / 3600.0;

fn constant(hours: f64) -> Law {
    Law::constant(Hours::new(hours)).unwrap()
}

fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

fn component(name: &str, units: u32, life: Option<Law>, repair: Law) -> ComponentSpec {
    let mode = |time_to_failure| ModeSpec {
        name: "crash".into(),
        time_to_failure,
        repair: Repair::Takes(repair.clone()),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    ComponentSpec {
        name: name.into(),
        units: (1..=units).map(|i| UnitSpec { name: format!("{name}/{i}"), domain: None }).collect(),
        redundancy: Redundancy::None,
        per: None,
        modes: life.map(mode).into_iter().collect(),
        capacity_per_unit: None,
    }
}

fn check(unhealthy_after: u32) -> HealthCheckSpec {
    HealthCheckSpec {
        component: "web".into(),
        probes: ProbeSpec {
            interval: Hours::new(10.0 * SECOND),
            timeout: Hours::new(SECOND),
            unhealthy_after,
            healthy_after: 2,
            false_positive: 0.0,
            false_negative: 0.0,
        },
        depth: Depth::Shallow,
        fail_open_below: 0.0,
    }
}

fn probing(mut check: HealthCheckSpec, how: impl Fn(&mut ProbeSpec)) -> HealthCheckSpec {
    how(&mut check.probes);
    check
}

fn spec(components: Vec<ComponentSpec>, check: HealthCheckSpec, horizon_h: f64) -> SystemSpec {
    let path = Path::Component { name: "web".into(), side: Side::Both };
    let journeys = vec![JourneySpec {
        name: "use".into(),
        path,
        demand: None,
        rule: UpRule { success: 0.5, capacity_at_least: None },
    }];
    let mut spec =
        SystemSpec { name: "test".into(), components, journeys, health_checks: vec![check], ..SystemSpec::default() };
    spec.time.horizon = Hours::new(horizon_h);
    spec
}

fn run(spec: SystemSpec, replications: u64) -> Results {
    let system = System::build(spec).unwrap();
    assess(&system, &Plan { stopping: Stopping::Fixed(replications), ..Plan::default() }, &Unwatched).unwrap()
}

fn trace(spec: SystemSpec, seed: u64) -> Trace {
    let system = System::build(spec).unwrap();
    World::new(&system).run(seed, 0).unwrap().clone()
}

fn measure<'a>(results: &'a Results, entity: &str, measure: &str) -> &'a Measured {
    results.measures.iter().find(|m| m.entity == entity && m.measure == measure && m.quantile.is_none()).unwrap()
}

/// Within four standard errors, and those below `cap` of the value.
fn close(measured: &Measured, value: f64, cap: f64) {
    let (estimate, error) = (measured.estimate.value, measured.estimate.standard_error);
    assert!((estimate - value).abs() <= 4.0 * error, "{}: {estimate} ± {error}, expected {value}", measured.measure);
    assert!(error <= cap * value, "{}: standard error {error} above {cap} of {value}", measured.measure);
}

/// A healthy unit is ejected, returns, and so on: a renewal process of both mean numbers of probes.
#[test]
fn false_ejections_come_as_often_as_the_formula_says() {
    for (false_positive, unhealthy_after, probes) in [(0.01, 3, 1_010_100.0), (0.01, 2, 10_100.0), (0.05, 3, 8420.0)] {
        let check = probing(check(unhealthy_after), |probes| probes.false_positive = false_positive);
        let units = if probes > 1e5 { 200 } else { 4 };
        let results = run(spec(vec![component("web", units, None, constant(1.0))], check, 8760.0), 60);
        let out = mean_trials(1.0 - false_positive, 2);
        let cycle_h = (probes + out) * 10.0 * SECOND;
        let measured = measure(&results, "components.web", "false_ejections");
        close(measured, f64::from(units) * 8760.0 / cycle_h, 0.02);
        // Out of rotation from the answer that does not come to the second good probe.
        let wasted = (out * 10.0 - 1.0) * SECOND / cycle_h;
        close(measure(&results, "components.web", "ejected_ratio"), wasted, 0.03);
    }
}

/// Half an interval, the probes after the first, and the last one's time without an answer.
#[test]
fn a_failure_is_found_after_the_mean_of_the_formula() {
    for unhealthy_after in [1, 3] {
        let web = component("web", 2, Some(exponential(50.0)), exponential(2.0));
        let results = run(spec(vec![web], check(unhealthy_after), 2000.0), 200);
        let expected = 5.0 + f64::from(unhealthy_after - 1) * 10.0 + 1.0;
        let measured = measure(&results, "components.web", "time_to_eject");
        // Given that it is not repaired before.
        close(measured, expected, 0.01);
    }
}

/// With errors, rounds until so many in a row: the mean number of rounds of the same formula.
#[test]
fn a_check_that_overlooks_finds_later() {
    let check = probing(check(3), |probes| probes.false_negative = 0.3);
    let results = run(spec(vec![component("web", 2, Some(exponential(50.0)), exponential(9.0))], check, 2000.0), 300);
    let expected = 5.0 + (mean_trials(0.7, 3) - 1.0) * 10.0 + 1.0;
    close(measure(&results, "components.web", "time_to_eject"), expected, 0.01);
}

/// One of four fails: its share of the traffic fails until it is ejected, and then none.
#[test]
fn who_is_not_ejected_yet_fails_its_share() {
    let web = component("web", 4, Some(exponential(100.0)), constant(1.0));
    let results = run(spec(vec![web.clone()], check(3), 500.0), 300);
    // About: a failure costs a quarter of the traffic for 26 s, so long as the others are up.
    let (unserved, failures) = (measure(&results, "journeys.use", "unserved_ratio"), 4.0 / 101.0);
    let expected = failures * 26.0 * SECOND / 4.0;
    assert!((unserved.estimate.value / expected - 1.0).abs() < 0.1, "{} {expected}", unserved.estimate.value);

    let trace = trace(spec(vec![web], check(3), 500.0), 3);
    let losses = &trace.losses[0];
    let parts: Vec<f64> =
        losses.iter().map(|loss| loss.unserved.of_span(ninefold_sim_core::tick::Tick::new(1)) as f64).collect();
    let quarters = parts.iter().filter(|&&part| part == (1u64 << 30) as f64).count();
    assert!(quarters > 5, "{parts:?}");
    for loss in losses.iter().filter(|loss| loss.unserved == ninefold_models::replication::Share::of(0.25)) {
        let seconds = loss.end.since(loss.start).hours() / SECOND;
        assert!(seconds <= 31.0 + 1e-6, "{seconds}");
    }
}

fn shared(depth: Depth, fail_open_below: f64) -> SystemSpec {
    let db = component("db", 1, Some(exponential(100.0)), constant(1.0));
    let check = HealthCheckSpec { depth, fail_open_below, ..check(3) };
    let mut spec = spec(vec![component("web", 3, None, constant(1.0)), db], check, 2000.0);
    spec.dependencies.push(DependencySpec {
        from: "web".into(),
        to: "db".into(),
        need: Need::Hard,
        fallback_quality: None,
    });
    spec
}

#[test]
fn a_deep_check_ejects_the_whole_pool_for_what_is_shared_unless_it_fails_open() {
    let outages = |spec: SystemSpec| {
        let trace = trace(spec, 7);
        (trace.checked[0], trace.outages[0].clone(), trace.outages[2].clone())
    };
    let (shallow, down, db) = outages(shared(Depth::Shallow, 0.0));
    assert_eq!((shallow.mass_ejections, down.len()), (0, db.len()));
    assert!(db.len() > 5);

    let (deep, down, db) = outages(shared(Depth::Deep, 0.0));
    assert_eq!(
        deep.mass_ejections as usize,
        db.iter().filter(|outage| outage.end.since(outage.start).hours() > 0.5).count()
    );
    assert_eq!(deep.false_ejections, 0);
    for (journey, db) in
        down.iter().zip(&db).filter(|(journey, _)| journey.end < trace(shared(Depth::Deep, 0.0), 7).end)
    {
        // The first of three units comes back between 10 s and 20 s after the shared dependency has.
        let late = journey.end.since(db.end).hours() / SECOND;
        assert!((10.0..=20.0).contains(&late), "{late}");
    }

    let (open, down, db) = outages(shared(Depth::Deep, 0.5));
    assert!(open.mass_ejections > 0);
    // Below half of them all serve: the journey is down while the dependency is, and no longer.
    assert!(down.iter().zip(&db).all(|(journey, db)| (journey.start, journey.end) == (db.start, db.end)));
}

#[test]
fn what_the_wait_to_return_costs_is_put_down_to_the_check() {
    let results = run(shared(Depth::Deep, 0.0), 40);
    let share = |cause: &str| {
        let found = results.causes.iter().find(|row| row.journey == "journeys.use" && row.cause == cause);
        found.map_or(0.0, |row| row.share)
    };
    assert!(share("web/ejected") > 0.0 && share("db/crash") > share("web/ejected"));
}

#[test]
fn both_paths_give_the_same_history() {
    for seed in 0..30 {
        let web = component("web", 5, Some(exponential(20.0)), exponential(0.02));
        let check = HealthCheckSpec { depth: Depth::Deep, fail_open_below: 0.3, ..check(2) };
        let check = probing(check, |probes| (probes.false_positive, probes.false_negative) = (0.1, 0.2));
        let db = component("db", 2, Some(exponential(10.0)), exponential(0.5));
        let mut spec = spec(vec![web, db], check, 100.0);
        let (from, to) = ("web".to_owned(), "db".to_owned());
        spec.dependencies.push(DependencySpec { from, to, need: Need::Hard, fallback_quality: None });
        let system = System::build(spec.clone()).unwrap();
        assert!(system.paths.components.iter().all(|route| *route == Route::Timeline));
        let events = System::build(spec).unwrap().by_events();
        let (one, other) =
            (World::new(&system).run(seed, 0).unwrap().clone(), World::new(&events).run(seed, 0).unwrap().clone());
        assert!(one.checked[0].false_ejections > 0 && one.checked[0].detected > 0);
        assert_eq!((one.checked, one.outages, one.losses), (other.checked, other.outages, other.losses));
        let sorted = |mut causes: Vec<(u32, CauseId, i64)>| {
            causes.sort_unstable();
            causes
        };
        assert_eq!(sorted(one.causes), sorted(other.causes));
    }
}

#[test]
fn the_exact_engine_refuses_by_name() {
    let system =
        System::build(spec(vec![component("web", 2, Some(exponential(50.0)), constant(1.0))], check(3), 100.0))
            .unwrap();
    let solutions = exact::solve(&system);
    for entity in ["components.web", "journeys.use"] {
        assert_eq!(solutions.get(entity, "unavailability", None), None);
    }
    let reason = solutions.reason("components.web", "unavailability").unwrap().to_string();
    assert_eq!(reason, "a health check takes units of `web` out of rotation");
}

#[test]
fn what_is_out_of_range_is_refused() {
    let web = || component("web", 2, Some(exponential(50.0)), constant(1.0));
    let refused = |check: HealthCheckSpec| System::build(spec(vec![web()], check, 100.0)).unwrap_err().to_string();
    assert!(refused(probing(check(3), |probes| probes.timeout = Hours::new(1.0))).starts_with("timeout of `web`"));
    assert!(refused(check(17)).ends_with("allowed is 1 to 16"));
    assert!(refused(probing(check(3), |probes| probes.interval = Hours::new(0.0))).starts_with("interval of `web`"));
    assert!(
        refused(probing(check(3), |probes| probes.false_negative = f64::NAN)).starts_with("false_negative of `web`")
    );
    let mut quorum = spec(vec![web()], check(3), 100.0);
    quorum.components[0].redundancy = Redundancy::Quorum { write: 2, read: 1 };
    assert!(matches!(System::build(quorum).unwrap_err(), SystemError::NotTogether { .. }));
    let mut stationary = spec(vec![web()], check(3), 100.0);
    stationary.time.start = Start::Stationary;
    assert!(matches!(System::build(stationary).unwrap_err(), SystemError::NoEquilibrium(_)));
}
