//! The simulation against closed forms and the exact engine, on systems written by hand.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::*;
use ninefold_models::units::Hours;

fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

fn mode(name: &str, life_h: f64, repair: Repair) -> ModeSpec {
    ModeSpec {
        name: name.into(),
        time_to_failure: exponential(life_h),
        repair,
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    }
}

fn component(name: &str, units: usize, redundancy: Redundancy, modes: Vec<ModeSpec>) -> ComponentSpec {
    let unit = |i| UnitSpec { name: format!("{name}/{i}"), domain: None };
    ComponentSpec {
        name: name.into(),
        units: (1..=units).map(unit).collect(),
        redundancy,
        per: None,
        modes,
        capacity_per_unit: None,
    }
}

fn journey(name: &str, needs: &[&str]) -> JourneySpec {
    let leaf = |name: &&str| Path::Component { name: (*name).into(), side: Side::Both };
    JourneySpec {
        name: name.into(),
        path: Path::All(needs.iter().map(leaf).collect()),
        demand: None,
        rule: UpRule::default(),
    }
}

fn spec(components: Vec<ComponentSpec>, journeys: Vec<JourneySpec>) -> SystemSpec {
    SystemSpec { name: "test".into(), components, journeys, ..SystemSpec::default() }
}

fn run(spec: SystemSpec, replications: u64) -> Results {
    let system = System::build(spec).unwrap();
    let plan = Plan { stopping: Stopping::Fixed(replications), ..Plan::default() };
    assess(&system, &plan, &Unwatched).unwrap()
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

fn repaired(hours: f64) -> Repair {
    Repair::Takes(exponential(hours))
}

#[test]
fn one_unit_meets_the_closed_form() {
    let mut spec = spec(
        vec![component("a", 1, Redundancy::None, vec![mode("crash", 1000.0, repaired(10.0))])],
        vec![journey("use", &["a"])],
    );
    spec.time.warmup = Hours::new(200.0);
    let results = run(spec, 2000);
    let u = measure(&results, "journeys.use", "unavailability");
    close(u, 10.0 / 1010.0, 0.02);
    assert!((u.exact.unwrap() - 10.0 / 1010.0).abs() < 1e-14);
    for name in ["mtbf", "mut", "mttr", "failure_rate"] {
        let m = measure(&results, "components.a", name);
        close(m, m.exact.unwrap(), 0.02);
    }
    close(measure(&results, "journeys.use", "mttr"), 10.0, 0.02);
    close(measure(&results, "journeys.use", "unserved_ratio"), 10.0 / 1010.0, 0.02);
}

#[test]
fn the_state_at_the_horizon_is_seen() {
    let unit = component("unit", 1, Redundancy::None, vec![mode("crash", 30.0, repaired(10.0))]);
    let mut spec = spec(vec![unit], vec![]);
    spec.time.horizon = Hours::new(50.0);
    spec.time.report_at = vec![Hours::new(50.0)];
    let results = run(spec, 20_000);
    // 3/4 + 1/4 of what is left of the start.
    let up = 0.75 + 0.25 * libm::exp(-50.0 * (1.0 / 30.0 + 1.0 / 10.0));
    close(measure(&results, "components.unit", "availability_at"), up, 0.006);
}

#[test]
fn competing_modes_add_their_shares_and_causes_add_to_one() {
    let lognormal = Law::lognormal_mean_sigma(Hours::new(5.0), 1.0).unwrap();
    let weibull = ModeSpec {
        time_to_failure: Law::weibull_mean(0.7, Hours::new(500.0)).unwrap(),
        ..mode("wear", 1.0, Repair::Takes(lognormal))
    };
    let mut spec = spec(
        vec![component("a", 1, Redundancy::None, vec![mode("crash", 400.0, repaired(8.0)), weibull])],
        vec![journey("use", &["a"])],
    );
    spec.time.warmup = Hours::new(4000.0);
    let results = run(spec, 2000);
    let x: f64 = 8.0 / 400.0 + 5.0 / 500.0;
    close(measure(&results, "journeys.use", "unavailability"), x / (1.0 + x), 0.02);
    let share: f64 = results.causes.iter().map(|row| row.share).sum();
    assert!((share - 1.0).abs() < 1e-12);
    let minutes: f64 = results.causes.iter().map(|row| row.minutes_per_year.value).sum();
    assert!((minutes / measure(&results, "journeys.use", "downtime").estimate.value - 1.0).abs() < 1e-9);
    assert!((results.causes[0].share - 2.0 / 3.0).abs() < 0.03, "{:?}", results.causes);
}

#[test]
fn k_of_n_in_domains_meets_the_diagram() {
    let zone = |i: usize| DomainSpec {
        name: format!("z{i}"),
        level: Some("zone".into()),
        parent: Some("region".into()),
        modes: vec![mode("loss", 2000.0, repaired(20.0))],
    };
    let region = DomainSpec {
        name: "region".into(),
        level: None,
        parent: None,
        modes: vec![mode("loss", 9000.0, repaired(30.0))],
    };
    let mut store =
        component("store", 5, Redundancy::Quorum { write: 3, read: 2 }, vec![mode("crash", 300.0, repaired(20.0))]);
    for (i, unit) in store.units.iter_mut().enumerate() {
        unit.domain = Some(format!("z{}", i % 3));
    }
    let reader =
        JourneySpec { path: Path::Component { name: "store".into(), side: Side::Read }, ..journey("read", &[]) };
    let mut spec = spec(vec![store], vec![journey("write", &["store"]), reader]);
    spec.domains = vec![zone(0), zone(1), zone(2), region];
    spec.time.warmup = Hours::new(500.0);
    let results = run(spec, 1500);
    for entity in ["journeys.write", "journeys.read", "components.store"] {
        for name in ["unavailability", "failure_rate", "mttr"] {
            let m = measure(&results, entity, name);
            close(m, m.exact.unwrap(), 0.05);
        }
    }
}

#[test]
fn hot_standby_with_certain_instant_switch_is_a_parallel_pair_to_the_failure() {
    let standby = |success| {
        Redundancy::Standby(Standby {
            mode: StandbyMode::Hot,
            active: 1,
            need: 1,
            switch_takes: Law::constant(Hours::ZERO).unwrap(),
            switch_success: success,
            manual_switch: None,
            repair_starts: ninefold_models::system::RepairStarts::AtOnce,
        })
    };
    let pair = |redundancy| {
        let mut spec = spec(
            vec![component("db", 2, redundancy, vec![mode("crash", 100.0, repaired(10.0))])],
            vec![journey("use", &["db"])],
        );
        spec.time.warmup = Hours::new(100.0);
        run(spec, 400)
    };
    let (switched, parallel) = (pair(standby(1.0)), pair(Redundancy::None));
    for name in ["unavailability", "failure_rate", "mttr"] {
        let (a, b) = (measure(&switched, "journeys.use", name), measure(&parallel, "journeys.use", name));
        assert_eq!(a.estimate.value.to_bits(), b.estimate.value.to_bits(), "{name}");
    }
    let failing = pair(standby(0.5));
    assert!(
        measure(&failing, "journeys.use", "unavailability").estimate.lo
            > measure(&switched, "journeys.use", "unavailability").estimate.hi
    );
    assert!(failing.causes.iter().any(|row| row.cause == "db/switch"));
}

/// A place that its zone empties and fills again, where no repair can wait for that: a hot group without a spare is a series.
#[test]
fn a_standby_group_with_a_place_for_every_unit_is_a_series() {
    let zone = |name: &str| DomainSpec {
        name: name.into(),
        level: Some("zone".into()),
        parent: None,
        modes: vec![mode("loss", 400.0, repaired(5.0))],
    };
    let pair = |redundancy| {
        let mut db = component("db", 2, redundancy, vec![mode("crash", 100.0, repaired(10.0))]);
        for (unit, zone) in db.units.iter_mut().zip(["z1", "z2"]) {
            unit.domain = Some(zone.into());
        }
        let mut spec = spec(vec![db], vec![journey("use", &["db"])]);
        spec.domains = vec![zone("z1"), zone("z2")];
        run(spec, 64)
    };
    let group = pair(Redundancy::Standby(Standby {
        mode: StandbyMode::Hot,
        active: 2,
        need: 2,
        switch_takes: Law::constant(Hours::ZERO).unwrap(),
        switch_success: 1.0,
        manual_switch: None,
        repair_starts: RepairStarts::AfterSwitch,
    }));
    let series = pair(Redundancy::KOfN { need: 2 });
    for name in ["unavailability", "failure_rate", "mttr"] {
        let (a, b) = (measure(&group, "journeys.use", name), measure(&series, "journeys.use", name));
        assert_eq!(a.estimate.value.to_bits(), b.estimate.value.to_bits(), "{name}");
    }
}

#[test]
fn cold_standby_that_is_never_repaired_lives_twice_and_ages_only_while_active() {
    let cold = Redundancy::Standby(Standby {
        mode: StandbyMode::Cold,
        active: 1,
        need: 1,
        switch_takes: Law::constant(Hours::ZERO).unwrap(),
        switch_success: 1.0,
        manual_switch: None,
        repair_starts: ninefold_models::system::RepairStarts::AtOnce,
    });
    let weibull = ModeSpec {
        time_to_failure: Law::weibull_scale(2.0, Hours::new(1000.0)).unwrap(),
        ..mode("wear", 1.0, Repair::Never)
    };
    let mut spec = spec(vec![component("pump", 2, cold, vec![weibull])], vec![journey("use", &["pump"])]);
    spec.time.until_first_failure = true;
    spec.time.report_at = vec![Hours::new(800.0)];
    let results = run(spec, 4000);
    // Case r06: MTTF 2 Γ(1.5) · 1000 h, R(800 h) = 0.94687…
    close(measure(&results, "journeys.use", "mttf"), 1_772.453_850_905_516, 0.01);
    close(measure(&results, "journeys.use", "reliability_at"), 0.946_873_772_294, 0.005);
}

#[test]
fn degraded_units_serve_a_part_and_soft_targets_soften() {
    let half =
        ModeSpec { effect: Effect::Degraded { capacity: 0.5, errors: 0.0 }, ..mode("slow", 90.0, repaired(10.0)) };
    let mut web = component("web", 1, Redundancy::None, vec![half]);
    web.capacity_per_unit = Some(100.0.into());
    let cache = component("cache", 1, Redundancy::None, vec![mode("crash", 90.0, repaired(10.0))]);
    let mut load = journey("use", &["web"]);
    load.demand = Some(80.0.into());
    let mut spec = spec(vec![web, cache], vec![load]);
    let edge = DependencySpec { from: "web".into(), to: "cache".into(), need: Need::Soft, fallback_quality: Some(0.6) };
    spec.dependencies = vec![edge];
    spec.time.warmup = Hours::new(300.0);
    let results = run(spec, 1000);
    // A tenth of the time 50/80 is served; a tenth of the time, independently, at quality 0.6.
    let served = 1.0 - 0.1 * (1.0 - 50.0 / 80.0);
    close(measure(&results, "journeys.use", "served_ratio"), served, 0.01);
    close(measure(&results, "journeys.use", "unserved_ratio"), 1.0 - served * (1.0 - 0.1 * 0.4), 0.02);
    assert_eq!(measure(&results, "journeys.use", "unavailability").estimate.value, 0.0);
}

#[test]
fn a_demand_above_capacity_is_downtime_by_demand() {
    let mut web = component("web", 2, Redundancy::None, vec![mode("crash", 90.0, repaired(10.0))]);
    web.capacity_per_unit = Some(10.0.into());
    let mut load = journey("use", &["web"]);
    load.demand = Some(50.0.into());
    let results = run(spec(vec![web], vec![load]), 64);
    let u = measure(&results, "journeys.use", "unavailability");
    assert_eq!((u.estimate.value, u.estimate.hi), (1.0, 1.0));
    assert_eq!(measure(&results, "journeys.use", "failure_rate").estimate.value, 0.0);
    assert!(results.causes.iter().any(|row| row.cause == "demand"));
}

#[test]
fn service_clocks_stand_still_while_every_journey_is_down() {
    let clocked = ModeSpec { clock: Clock::Service, ..mode("wear", 100.0, repaired(5.0)) };
    let components = |mode| {
        vec![
            component("a", 1, Redundancy::None, vec![mode]),
            component("b", 1, Redundancy::None, vec![self::mode("crash", 50.0, repaired(50.0))]),
        ]
    };
    let rate = |mode| {
        let results = run(spec(components(mode), vec![journey("use", &["a", "b"])]), 400);
        measure(&results, "components.a", "failure_rate").estimate.value
    };
    let (service, operating) = (rate(clocked), rate(mode("wear", 100.0, repaired(5.0))));
    // b is down half of the time, in which a's service clock stands still.
    assert!((service / operating - 0.5).abs() < 0.05, "{service} against {operating}");
}

#[test]
fn an_unrelated_component_changes_nobody_elses_bits() {
    let base = vec![component("a", 2, Redundancy::KOfN { need: 2 }, vec![mode("crash", 100.0, repaired(10.0))])];
    let mut more = vec![component("z", 3, Redundancy::None, vec![mode("crash", 10.0, repaired(1.0))])];
    more.extend(base.clone());
    let (alone, beside) =
        (run(spec(base, vec![journey("use", &["a"])]), 200), run(spec(more, vec![journey("use", &["a"])]), 200));
    for row in alone.measures.iter().filter(|row| row.estimate.value.is_finite()) {
        let same = beside.measures.iter().find(|m| {
            (&m.entity, m.measure, m.quantile.map(f64::to_bits))
                == (&row.entity, row.measure, row.quantile.map(f64::to_bits))
        });
        let same = same.unwrap();
        assert_eq!(row.estimate.value.to_bits(), same.estimate.value.to_bits(), "{} {}", row.entity, row.measure);
        assert_eq!(row.estimate.hi.to_bits(), same.estimate.hi.to_bits(), "{} {}", row.entity, row.measure);
    }
}

#[test]
fn a_store_up_for_reads_alone_still_serves_readers() {
    let mut store =
        component("store", 3, Redundancy::Quorum { write: 3, read: 1 }, vec![mode("crash", 90.0, repaired(10.0))]);
    store.capacity_per_unit = Some(10.0.into());
    let mut reader =
        JourneySpec { path: Path::Component { name: "store".into(), side: Side::Read }, ..journey("read", &[]) };
    reader.demand = Some(5.0.into());
    let mut spec = spec(vec![store], vec![reader]);
    spec.time.warmup = Hours::new(300.0);
    let results = run(spec, 2000);
    close(measure(&results, "journeys.read", "unavailability"), 0.001, 0.05);
}

#[test]
fn a_cold_pair_with_a_fallible_switch_meets_its_markov_chain() {
    let cold = Redundancy::Standby(Standby {
        mode: StandbyMode::Cold,
        active: 1,
        need: 1,
        switch_takes: Law::constant(Hours::ZERO).unwrap(),
        switch_success: 0.95,
        manual_switch: None,
        repair_starts: ninefold_models::system::RepairStarts::AtOnce,
    });
    let mut spec = spec(
        vec![component("pair", 2, cold, vec![mode("crash", 1000.0, repaired(20.0))])],
        vec![journey("use", &["pair"])],
    );
    spec.time.until_first_failure = true;
    spec.time.report_at = vec![Hours::new(1000.0)];
    let results = run(spec, 4000);
    // Case r05 up to the first failure, which neither a manual switch nor a second crew can change.
    close(measure(&results, "journeys.use", "mttf"), 14_842.857_142_857, 0.02);
    close(measure(&results, "journeys.use", "reliability_at"), 0.935_139_365_231, 0.005);
}

#[test]
fn more_failures_than_a_replication_may_have_are_refused_at_once() {
    let mut spec = spec(
        vec![component("a", 1, Redundancy::None, vec![mode("crash", 1e-6, repaired(1e-6))])],
        vec![journey("use", &["a"])],
    );
    let error = System::build(spec.clone()).unwrap_err();
    assert!(matches!(error, SystemError::TooMany { count: 4_380_000_000, .. }), "{error}");
    spec.time.horizon = Hours::new(1.0);
    assert!(System::build(spec).is_ok());
}
