//! Oracle tests of whole systems: cases and golden checks as a scenario would state them.

use super::*;
use crate::lifetime::Law;
use crate::system::*;
use crate::units::Hours;

fn h(hours: f64) -> Hours {
    Hours::new(hours)
}

fn exponential(mean: f64) -> Law {
    Law::exponential(h(mean)).unwrap()
}

fn close(value: f64, expected: f64, relative: f64) {
    assert!((value - expected).abs() <= relative * expected.abs(), "{value} is not {expected}");
}

fn mode(time_to_failure: Law, repair: Option<Law>) -> ModeSpec {
    let repair = repair.map_or(Repair::Never, Repair::Takes);
    ModeSpec {
        name: "crash".to_owned(),
        time_to_failure,
        repair,
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    }
}

fn component(name: &str, replicas: usize, redundancy: Redundancy, modes: Vec<ModeSpec>) -> ComponentSpec {
    let unit = |i| UnitSpec { name: format!("{name}/-/{i}"), domain: None };
    let units = (0..replicas).map(unit).collect();
    ComponentSpec { name: name.to_owned(), units, redundancy, per: None, modes, capacity_per_unit: None }
}

fn journey(path: &[&str]) -> JourneySpec {
    let entry = |name: &&str| Path::Component { name: (*name).to_owned(), side: Side::Both };
    let path = Path::All(path.iter().map(entry).collect());
    JourneySpec { name: "use".to_owned(), path, demand: None, rule: UpRule::default() }
}

fn spec(components: Vec<ComponentSpec>, report_at: &[f64]) -> SystemSpec {
    let path: Vec<&str> = components.iter().map(|component| component.name.as_str()).collect();
    let journeys = vec![journey(&path)];
    let report_at = report_at.iter().map(|&at| h(at)).collect();
    SystemSpec { components, journeys, time: TimeSpec { report_at, ..TimeSpec::default() }, ..SystemSpec::default() }
}

fn solved(spec: &SystemSpec) -> Solutions {
    solve(&System::build(spec.clone()).unwrap())
}

fn value(solutions: &Solutions, measure: &str, at: Option<f64>) -> f64 {
    let answer = solutions.get("journeys.use", measure, at);
    answer.unwrap_or_else(|| panic!("no {measure}: {:?}", solutions.reason("journeys.use", measure))).0
}

fn standby(mode: StandbyMode, success: f64) -> Redundancy {
    let switch_takes = Law::constant(Hours::ZERO).unwrap();
    Redundancy::Standby(Standby {
        mode,
        active: 1,
        need: 1,
        switch_takes,
        switch_success: success,
        manual_switch: None,
        repair_starts: crate::system::RepairStarts::AtOnce,
    })
}

/// Case r01 and G1: one repairable unit. Textbook closed form.
#[test]
fn one_repairable_unit() {
    let unit = component("unit", 1, Redundancy::None, vec![mode(exponential(1000.0), Some(exponential(10.0)))]);
    let solutions = solved(&spec(vec![unit], &[5.0, 10.0, 50.0, 100.0, 1000.0, 8760.0]));
    close(value(&solutions, "unavailability", None), 0.009_900_990_099_009_901, 1e-14);
    close(value(&solutions, "availability_at", Some(5.0)), 0.996_074_312_627_990_5, 1e-12);
    close(value(&solutions, "availability_at", Some(10.0)), 0.993_705_138_411_599_2, 1e-12);
    close(value(&solutions, "availability_at", Some(50.0)), 0.990_162_468_647_982_7, 1e-12);
    close(value(&solutions, "interval_availability_at", Some(100.0)), 0.991_079_265_680_271_3, 1e-12);
    close(value(&solutions, "interval_availability_at", Some(8760.0)), 0.990_110_200_495_161_4, 1e-12);
    close(value(&solutions, "reliability_at", Some(1000.0)), 0.367_879_441_171_442_33, 1e-12);
    close(value(&solutions, "mttf", None), 1000.0, 1e-11);
    close(value(&solutions, "mtbf", None), 1010.0, 1e-12);
    close(value(&solutions, "mut", None), 1000.0, 1e-12);
    close(value(&solutions, "mttr", None), 10.0, 1e-12);
    close(value(&solutions, "failure_rate", None), 8760.0 / 1010.0, 1e-12);
    close(value(&solutions, "downtime", None), 525_600.0 / 101.0, 1e-12);
    assert_eq!(solutions.get("journeys.use", "unavailability", None).unwrap().1, "closed form");
    assert_eq!(solutions.get("journeys.use", "availability_at", Some(6.0)), None);
}

/// G1, G2: the long run depends on means only; two such units in parallel, two crews, U = 9.803e-5.
#[test]
fn laws_of_equal_mean_have_equal_long_runs() {
    let life = Law::weibull_mean(0.74, h(1000.0)).unwrap();
    let repair = Law::lognormal_mean_sigma(h(10.0), 1.0).unwrap();
    let pair = component("pair", 2, Redundancy::None, vec![mode(life, Some(repair))]);
    let solutions = solved(&spec(vec![pair], &[10.0]));
    close(value(&solutions, "unavailability", None), libm::pow(1.0 / 101.0, 2.0), 1e-12);
    close(value(&solutions, "mttr", None), 5.0, 1e-12);
    // Weibull life and lognormal repair: no closed point availability, and the pair survives failures of a unit.
    assert_eq!(solutions.get("journeys.use", "availability_at", Some(10.0)), None);
    let reason = solutions.reason("journeys.use", "mttf").unwrap();
    assert_eq!(reason, &NotExact::NoFormula("pair".to_owned()));
}

/// Case r06: Weibull(shape 2, scale 1000 h), never repaired, at 800 h.
#[test]
fn never_repaired_structures() {
    let life = || vec![mode(Law::weibull_scale(2.0, h(1000.0)).unwrap(), None)];
    let at = |n: usize, redundancy: Redundancy, measure: &str| {
        let solutions = solved(&spec(vec![component("unit", n, redundancy, life())], &[800.0]));
        value(&solutions, measure, (measure != "mttf").then_some(800.0))
    };
    close(at(1, Redundancy::None, "reliability_at"), 0.527_292_424_043_048_5, 1e-12);
    close(at(3, Redundancy::KOfN { need: 3 }, "reliability_at"), 0.146_606_962_130_350_13, 1e-12);
    close(at(3, Redundancy::KOfN { need: 1 }, "reliability_at"), 0.894_372_332_899_913_4, 1e-12);
    close(at(3, Redundancy::KOfN { need: 2 }, "reliability_at"), 0.540_897_977_098_882_1, 1e-12);
    close(at(3, Redundancy::KOfN { need: 2 }, "availability_at"), 0.540_897_977_098_882_1, 1e-12);
    close(at(2, standby(StandbyMode::Cold, 1.0), "reliability_at"), 0.946_873_772_294_443_5, 1e-9);
    close(at(2, standby(StandbyMode::Cold, 0.95), "reliability_at"), 0.925_894_704_881_873_8, 1e-9);
    close(at(1, Redundancy::None, "mttf"), 886.226_925_452_758, 1e-10);
    close(at(3, Redundancy::KOfN { need: 2 }, "mttf"), 856.644_498_026_761_5, 1e-10);
    close(at(2, standby(StandbyMode::Cold, 1.0), "mttf"), 1_772.453_850_905_516, 1e-9);
    // A hot pair with a sure switch is one of two; a warm one lies between.
    let hot = at(2, standby(StandbyMode::Hot, 1.0), "reliability_at");
    close(hot, at(2, Redundancy::None, "reliability_at"), 1e-12);
    let warm = at(2, standby(StandbyMode::Warm { dormancy: 0.5 }, 1.0), "reliability_at");
    assert!(hot < warm && warm < 0.946_87, "{warm}");
}

/// A warm exponential pair is a death process: rates λ(1 + δ), then λ.
#[test]
fn a_warm_pair_of_exponentials() {
    let scheme = standby(StandbyMode::Warm { dormancy: 0.25 }, 1.0);
    let unit = component("unit", 2, scheme, vec![mode(exponential(100.0), None)]);
    let solutions = solved(&spec(vec![unit], &[30.0]));
    let (first, second) = (0.0125, 0.01);
    let expected = (first * libm::exp(-second * 30.0) - second * libm::exp(-first * 30.0)) / (first - second);
    close(value(&solutions, "reliability_at", Some(30.0)), expected, 1e-10);
    close(value(&solutions, "mttf", None), 80.0 + 100.0, 1e-9);
}

/// Case r20 as a scenario: the availability of four tiers, and what lies behind it.
#[test]
fn four_tiers_by_their_units() {
    let tier = |name: &str, n: usize, need: u32, a: f64| {
        let repair = exponential(10.0 * (1.0 - a));
        component(name, n, Redundancy::KOfN { need }, vec![mode(exponential(10.0 * a), Some(repair))])
    };
    let tiers =
        vec![tier("lb", 2, 1, 0.9995), tier("web", 4, 3, 0.995), tier("app", 6, 4, 0.993), tier("db", 2, 1, 0.998)];
    let solutions = solved(&spec(tiers, &[]));
    close(value(&solutions, "unavailability", None), 1.0 - 0.999_839_997_235_220_3, 1e-9);
    assert_eq!(solutions.importance().len(), 4);
    let shares: f64 = solutions.importance().iter().map(|row| row.fussell_vesely.value).sum();
    assert!(shares > 1.0 && shares < 1.001, "rare events nearly add up: {shares}");
    let web = solutions.get("components.web", "unavailability", None).unwrap().0;
    let row = solutions.importance().iter().find(|row| row.component == "components.web").unwrap();
    close(row.minutes_at_stake.value, row.birnbaum.value * web * 525_600.0, 1e-12);
}

fn zoned() -> SystemSpec {
    let zone = |name: &str| DomainSpec {
        name: name.to_owned(),
        level: Some("zone".to_owned()),
        parent: None,
        modes: vec![mode(exponential(0.9995), Some(exponential(0.0005)))],
    };
    let life = vec![mode(exponential(0.998), Some(exponential(0.002)))];
    let mut store = component("store", 5, Redundancy::Quorum { write: 3, read: 3 }, life);
    for (unit, zone) in store.units.iter_mut().zip(["a", "b", "c", "a", "b"]) {
        unit.domain = Some(zone.to_owned());
    }
    let mut spec = spec(vec![store], &[]);
    spec.domains = vec![zone("a"), zone("b"), zone("c")];
    spec
}

/// Case r12 as a scenario: five nodes over three zones.
#[test]
fn a_quorum_over_zones_and_the_worth_of_each_zone() {
    let solutions = solved(&zoned());
    close(value(&solutions, "unavailability", None), 6.823_368_159_492_027e-6, 1e-9);
    let row = |name: &str| solutions.importance().iter().find(|row| row.component == name).unwrap().clone();
    assert_eq!(solutions.importance().len(), 4);
    assert_eq!(row("domains.a").birnbaum.value, row("domains.b").birnbaum.value);
    assert!(row("domains.a").birnbaum.value > row("domains.c").birnbaum.value);
    assert_eq!(row("components.store").rrw.value, f64::INFINITY);
    close(row("components.store").birnbaum.value, 1.0, 1e-15);
}

/// `per`: one state a zone, the component up while any is.
#[test]
fn one_state_a_zone() {
    let mut spec = zoned();
    spec.components[0].per = Some("zone".to_owned());
    spec.components[0].redundancy = Redundancy::None;
    let solutions = solved(&spec);
    let zone = |units: f64| 1.0 - 0.9995 * (1.0 - libm::pow(0.002, units));
    let at = |entity: &str| solutions.get(entity, "unavailability", None).unwrap().0;
    close(at("components.store@a"), zone(2.0), 1e-9);
    close(at("components.store@c"), zone(1.0), 1e-9);
    close(at("components.store"), zone(2.0) * zone(2.0) * zone(1.0), 1e-9);
}

/// A domain's own unit and a component without failures must not be taken for one another.
#[test]
fn a_perfect_unit_in_a_failing_zone_is_not_the_zone() {
    let mut spec = zoned();
    spec.components[0].modes.clear();
    spec.components[0].redundancy = Redundancy::KOfN { need: 5 };
    spec.components.push(component("web", 1, Redundancy::None, Vec::new()));
    spec.components[1].units[0].domain = Some("a".to_owned());
    spec.journeys = vec![journey(&["store", "web"])];
    let solutions = solved(&spec);
    let row = solutions.importance().iter().find(|row| row.component == "components.web").unwrap();
    // A perfect web server mends nothing: its zone still takes the store down.
    assert_eq!((row.rrw.value, row.minutes_at_stake.value), (1.0, 0.0));
}

#[test]
fn what_is_not_exact_says_why() {
    let steady = |change: &dyn Fn(&mut ComponentSpec)| {
        let life = vec![mode(exponential(100.0), Some(exponential(1.0)))];
        let mut unit = component("unit", 2, Redundancy::None, life);
        change(&mut unit);
        let solutions = solved(&spec(vec![unit], &[]));
        let reason = solutions.reason("journeys.use", "unavailability").cloned();
        (solutions.get("journeys.use", "unavailability", None).map(|answer| answer.0), reason)
    };
    let name = || "unit".to_owned();
    let refused = |reason| (None, Some(reason));
    for redundancy in [standby(StandbyMode::Cold, 1.0), standby(StandbyMode::Hot, 0.9)] {
        let ageing = steady(&|unit| {
            unit.redundancy = redundancy.clone();
            unit.modes[0].time_to_failure = Law::weibull_mean(2.0, h(100.0)).unwrap();
        });
        assert_eq!(ageing, refused(NotExact::Standby(name())));
    }
    assert_eq!(steady(&|unit| unit.modes[0].clock = Clock::Service), refused(NotExact::ServiceClock(name())));
    assert_eq!(steady(&|unit| unit.modes[0].repair = Repair::Never), refused(NotExact::NeverRepaired(name())));
    let schedule = |hours| Law::constant(h(hours)).unwrap();
    let in_step = steady(&|unit| unit.modes = vec![mode(schedule(100.0), Some(schedule(10.0)))]);
    assert_eq!(in_step, refused(NotExact::InStep(name(), name())));
    assert!(steady(&|unit| unit.redundancy = standby(StandbyMode::Hot, 1.0)).0.is_some());
    assert!(steady(&|unit| unit.modes = vec![mode(schedule(100.0), Some(exponential(10.0)))]).0.is_some());
}

/// Units that step once an hour are independent in the long run, but may fail in the same hour.
#[test]
fn stepping_units_have_a_long_run_without_a_frequency() {
    let step = |mean| Law::geometric(h(mean), h(1.0)).unwrap();
    let pair = component("gen", 2, Redundancy::None, vec![mode(step(2940.0), Some(step(60.0)))]);
    let solutions = solved(&spec(vec![pair], &[]));
    close(value(&solutions, "unavailability", None), 0.02 * 0.02, 1e-12);
    assert_eq!(solutions.get("journeys.use", "failure_rate", None), None);
    let coincide = NotExact::Coincide("gen".to_owned(), "gen".to_owned());
    assert_eq!(solutions.reason("journeys.use", "mttr"), Some(&coincide));
    assert_eq!(solutions.reason("journeys.use", "unavailability"), None);
}

/// A switch that takes time: the pair goes down with its first active unit, whatever waits, and comes back.
#[test]
fn the_first_failure_of_a_standby_that_switches_slowly() {
    let slow = || {
        let Redundancy::Standby(mut scheme) = standby(StandbyMode::Hot, 0.98) else { unreachable!() };
        scheme.switch_takes = Law::constant(Hours::from_seconds(30.0)).unwrap();
        Redundancy::Standby(scheme)
    };
    let life = || vec![mode(Law::weibull_mean(0.74, h(4320.0)).unwrap(), Some(exponential(1.0)))];
    let mut spec = spec(vec![component("db", 2, slow(), life())], &[100.0]);
    let one = Law::weibull_mean(0.74, h(4320.0)).unwrap();
    close(value(&solved(&spec), "mttf", None), 4320.0, 1e-9);
    close(value(&solved(&spec), "reliability_at", Some(100.0)), one.survival(h(100.0)), 1e-12);
    assert_eq!(solved(&spec).reason("journeys.use", "unavailability"), Some(&NotExact::Standby("db".to_owned())));
    // Two such pairs of which one is enough: the first failure of either is survived, and mended.
    for repair in [Some(exponential(1.0)), None] {
        let life = || vec![mode(one.clone(), repair.clone())];
        spec.components = vec![component("db", 2, slow(), life()), component("copy", 2, slow(), life())];
        let branches = ["db", "copy"].map(|name| journey(&[name]).path).to_vec();
        spec.journeys[0].path = Path::KOf { need: 1, branches };
        assert_eq!(solved(&spec).get("journeys.use", "mttf", None), None);
        let component = solved(&spec).get("components.copy", "mttf", None);
        close(component.unwrap().0, 4320.0, 1e-9);
    }
}

/// Capacity takes part in the rule only if the least that can be left is too little: then all four are needed, not three.
#[test]
fn capacity_decides_where_it_may_not_suffice() {
    let life = || vec![mode(exponential(100.0), Some(exponential(1.0)))];
    let mut web = component("web", 4, Redundancy::KOfN { need: 3 }, life());
    web.capacity_per_unit = Some(100.0.into());
    let mut spec = spec(vec![web], &[]);
    spec.journeys[0].demand = Some(500.0.into());
    let up = 100.0 / 101.0;
    let three = libm::pow(up, 4.0) + 4.0 * libm::pow(up, 3.0) * (1.0 - up);
    close(value(&solved(&spec), "unavailability", None), 1.0 - three, 1e-9);
    spec.journeys[0].rule.capacity_at_least = Some(301.0);
    close(value(&solved(&spec), "unavailability", None), 1.0 - libm::pow(up, 4.0), 1e-12);
    assert_eq!(solved(&spec).reason("journeys.use", "failure_rate"), Some(&NotExact::NotStructural));
    assert!(solved(&spec).get("components.web", "unavailability", None).is_some());
    spec.journeys[0].rule.capacity_at_least = None;
    spec.journeys[0].demand = Some(601.0.into());
    close(value(&solved(&spec), "unavailability", None), 1.0 - libm::pow(up, 4.0), 1e-12);
}

/// A repairable unit in series with a never repaired pair: R is the product, and no failure of the first is survived.
#[test]
fn survival_of_a_series_with_repair() {
    let web = component("web", 1, Redundancy::None, vec![mode(exponential(50.0), Some(exponential(1.0)))]);
    let pair = component("pair", 2, Redundancy::None, vec![mode(exponential(20.0), None)]);
    let solutions = solved(&spec(vec![web, pair], &[10.0]));
    let pair_down = libm::pow(-libm::expm1(-0.5), 2.0);
    close(value(&solutions, "reliability_at", Some(10.0)), libm::exp(-0.2) * (1.0 - pair_down), 1e-12);
    // ∫ e^(-t/50) (2 e^(-t/20) - e^(-t/10)) dt
    close(value(&solutions, "mttf", None), 2.0 / 0.07 - 1.0 / 0.12, 1e-10);
    assert_eq!(solutions.get("journeys.use", "unavailability", None), None);
}

/// G16: availability classes in hours of downtime per year of 8760 h.
#[test]
fn downtime_of_availability_classes() {
    for (availability, hours) in [(0.996_71, 28.82), (0.997_41, 22.69), (0.999_82, 1.577), (0.999_95, 0.438)] {
        let life = vec![mode(exponential(1000.0 * availability), Some(exponential(1000.0 * (1.0 - availability))))];
        let solutions = solved(&spec(vec![component("unit", 1, Redundancy::None, life)], &[]));
        close(value(&solutions, "downtime", None) / 60.0, hours, 5e-4);
    }
}
