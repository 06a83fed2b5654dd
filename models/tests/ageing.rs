//! Imperfect repair against closed forms and a second implementation, and restarts on histories written by hand.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::{Trace, World};
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::*;
use ninefold_models::units::{HOURS_PER_YEAR, Hours};

fn constant(hours: f64) -> Law {
    Law::constant(Hours::new(hours)).unwrap()
}

fn weibull(shape: f64, scale: f64) -> Law {
    Law::weibull_scale(shape, Hours::new(scale)).unwrap()
}

fn mode(name: &str, time_to_failure: Law, repair: Repair) -> ModeSpec {
    ModeSpec {
        name: name.into(),
        time_to_failure,
        repair,
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    }
}

fn imperfect(takes: Law, leaves: Quality) -> Repair {
    Repair::Imperfect(ImperfectRepair { takes, leaves })
}

/// One component of one unit, its journey, and a horizon in hours.
fn spec(modes: Vec<ModeSpec>, horizon: f64) -> SystemSpec {
    let web = ComponentSpec {
        name: "web".into(),
        units: vec![UnitSpec { name: "web/1".into(), domain: None }],
        redundancy: Redundancy::None,
        per: None,
        modes,
        capacity_per_unit: Some(10.0.into()),
    };
    let path = Path::Component { name: "web".into(), side: Side::Both };
    let journeys = vec![JourneySpec { name: "use".into(), path, demand: Some(10.0.into()), rule: UpRule::default() }];
    let mut spec = SystemSpec { name: "test".into(), components: vec![web], journeys, ..SystemSpec::default() };
    spec.time.horizon = Hours::new(horizon);
    spec
}

fn run(spec: SystemSpec, replications: u64) -> Results {
    let system = System::build(spec).unwrap();
    assess(&system, &Plan { stopping: Stopping::Fixed(replications), ..Plan::default() }, &Unwatched).unwrap()
}

fn measure<'a>(results: &'a Results, measure: &str) -> &'a Measured {
    let of = |m: &&Measured| m.entity == "components.web" && m.measure == measure && m.quantile.is_none();
    results.measures.iter().find(of).unwrap()
}

fn trace(spec: SystemSpec, seed: u64) -> Trace {
    let system = System::build(spec).unwrap();
    World::new(&system).run(seed, 0).unwrap().clone()
}

/// Failures within the horizon: the mean and its standard error.
fn failures(results: &Results, horizon: f64) -> (f64, f64) {
    let rate = &measure(results, "failure_rate").estimate;
    (rate.value * horizon / HOURS_PER_YEAR, rate.standard_error * horizon / HOURS_PER_YEAR)
}

fn close((value, error): (f64, f64), expected: f64, cap: f64) {
    assert!((value - expected).abs() <= 4.0 * error, "{value} ± {error}, expected {expected}");
    assert!(error <= cap * expected, "standard error {error} above {cap} of {expected}");
}

/// No time to speak of beside lives of a hundred hours.
const AT_ONCE: f64 = 1e-6;

/// Minimal repair: failures are a Poisson process whose mean is the accrued hazard, (t/η)^β for a Weibull law.
#[test]
fn as_bad_as_old_fails_as_often_as_hazard_accrues() {
    for (shape, expected) in [(0.7, 10.0_f64.powf(0.7)), (1.5, 10.0_f64.powf(1.5)), (2.5, 10.0_f64.powf(2.5))] {
        let mode = mode("wear", weibull(shape, 100.0), imperfect(constant(AT_ONCE), Quality::AsBadAsOld));
        close(failures(&run(spec(vec![mode], 1000.0), 1024), 1000.0), expected, 0.02);
    }
    for law in [
        Law::lognormal_mean_sigma(Hours::new(100.0), 0.8).unwrap(),
        Law::gamma(3.0, Hours::new(100.0)).unwrap(),
        Law::normal(Hours::new(100.0), Hours::new(40.0)).unwrap(),
    ] {
        let expected = law.accrued_hazard(Hours::new(1000.0));
        let mode = mode("wear", law, imperfect(constant(AT_ONCE), Quality::AsBadAsOld));
        close(failures(&run(spec(vec![mode], 1000.0), 1024), 1000.0), expected, 0.02);
    }
}

/// Repairs that take time: in operating time it is the same process, so the failures of a replication less the hazard
/// accrued by its operating time have mean 0 (the compensator of a counting process).
#[test]
fn repairs_take_no_operating_time() {
    let law = weibull(2.0, 100.0);
    let mode = mode("wear", law.clone(), imperfect(constant(20.0), Quality::AsBadAsOld));
    let system = System::build(spec(vec![mode], 1000.0)).unwrap();
    let mut world = World::new(&system);
    let web = system.journeys.len();
    let (mut sum, mut squares) = (0.0, 0.0);
    let n = 2000;
    for index in 0..n {
        let trace = world.run(5, index).unwrap();
        let outages = &trace.outages[web];
        let down: f64 = outages.iter().map(|outage| outage.end.since(outage.start).hours()).sum();
        let excess = outages.len() as f64 - law.accrued_hazard(Hours::new(1000.0 - down));
        sum += excess;
        squares += excess * excess;
    }
    let mean = sum / n as f64;
    let error = ((squares / n as f64 - mean * mean) / n as f64).sqrt();
    assert!(error < 0.2 && mean.abs() < 4.0 * error, "{mean} ± {error}");
}

/// A second implementation of both of Kijima's models: plain loops over lives drawn by rejection of those too short.
fn counted(quality: Quality, (shape, scale, horizon): (f64, f64, f64), replications: u32) -> (f64, f64) {
    let mut state = 77_u64;
    let mut uniform = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 * 2.0_f64.powi(-53) + 2.0_f64.powi(-54)
    };
    let mut draw = move |age: f64| loop {
        let life = scale * (-uniform().ln()).powf(1.0 / shape);
        if life > age {
            return life - age;
        }
    };
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..replications {
        let (mut now, mut age, mut count) = (0.0, 0.0, 0.0);
        loop {
            let life = draw(age);
            now += life;
            if now > horizon {
                break;
            }
            count += 1.0;
            age = match quality {
                Quality::AsBadAsOld => age + life,
                Quality::KijimaI(q) => age + q * life,
                Quality::KijimaII(q) => q * (age + life),
            };
        }
        sum += count;
        squares += count * count;
    }
    let n = f64::from(replications);
    (sum / n, ((squares / n - (sum / n) * (sum / n)) / n).sqrt())
}

#[test]
fn both_models_agree_with_a_loop_by_rejection() {
    let shape = (1.8, 100.0, 400.0);
    for quality in [Quality::KijimaI(0.3), Quality::KijimaI(0.8), Quality::KijimaII(0.3), Quality::KijimaII(0.8)] {
        let mode = mode("wear", weibull(shape.0, shape.1), imperfect(constant(AT_ONCE), quality));
        let (found, error) = failures(&run(spec(vec![mode], shape.2), 4096), shape.2);
        let (expected, other) = counted(quality, shape, 4000);
        let both = (error * error + other * other).sqrt();
        assert!((found - expected).abs() < 4.0 * both, "{quality:?}: {found} ± {error}, {expected} ± {other}");
        assert!(both < 0.02 * expected, "{quality:?}: {both}");
    }
}

#[test]
fn the_ends_of_the_factor_are_the_other_two_tick_by_tick() {
    let of = |repair: Repair, seed| {
        let modes = vec![
            mode("wear", weibull(2.0, 50.0), repair),
            mode("crash", weibull(1.0, 70.0), Repair::Takes(constant(1.0))),
        ];
        trace(spec(modes, 1000.0), seed).outages
    };
    let takes = || Law::lognormal_mean_sigma(Hours::new(3.0), 1.0).unwrap();
    for seed in 0..20 {
        let as_new = of(Repair::Takes(takes()), seed);
        assert_eq!(of(imperfect(takes(), Quality::KijimaI(0.0)), seed), as_new);
        assert_eq!(of(imperfect(takes(), Quality::KijimaII(0.0)), seed), as_new);
        let as_old = of(imperfect(takes(), Quality::AsBadAsOld), seed);
        assert_eq!(of(imperfect(takes(), Quality::KijimaI(1.0)), seed), as_old);
        assert_eq!(of(imperfect(takes(), Quality::KijimaII(1.0)), seed), as_old);
        assert_ne!(as_new, as_old);
    }
}

#[test]
fn the_more_is_left_of_wear_the_more_fails() {
    let count = |quality| {
        let mode = mode("wear", weibull(2.0, 100.0), imperfect(constant(AT_ONCE), quality));
        failures(&run(spec(vec![mode], 500.0), 2048), 500.0)
    };
    for kijima in [Quality::KijimaI as fn(f64) -> Quality, Quality::KijimaII] {
        let counts: Vec<(f64, f64)> = [0.0, 0.25, 0.5, 0.75, 1.0].into_iter().map(|q| count(kijima(q))).collect();
        for pair in counts.windows(2) {
            assert!(pair[1].0 - pair[0].0 > 4.0 * (pair[0].1 + pair[1].1), "{counts:?}");
        }
    }
}

/// A law without memory has no age: what a repair leaves does not matter, and the exact engine answers.
#[test]
fn without_memory_nothing_wears() {
    let law = Law::exponential(Hours::new(100.0)).unwrap();
    let of = |repair| spec(vec![mode("wear", law.clone(), repair)], 1000.0);
    let worn = of(imperfect(constant(10.0), Quality::AsBadAsOld));
    assert_eq!(trace(worn.clone(), 3).outages, trace(of(Repair::Takes(constant(10.0))), 3).outages);
    let system = System::build(worn).unwrap();
    let (unavailability, _) = exact::solve(&system).get("components.web", "unavailability", None).unwrap();
    assert!((unavailability - 10.0 / 110.0).abs() < 1e-12);
}

/// Until the first failure a repair matters to nobody; after it nothing is known in closed form.
#[test]
fn the_exact_engine_answers_to_the_first_failure_and_refuses_the_rest_by_name() {
    let mode = mode("wear", weibull(2.0, 100.0), imperfect(constant(10.0), Quality::KijimaI(0.5)));
    let mut spec = spec(vec![mode], 1000.0);
    spec.time.report_at = vec![Hours::new(50.0)];
    let solutions = exact::solve(&System::build(spec).unwrap());
    let (reliability, _) = solutions.get("components.web", "reliability_at", Some(50.0)).unwrap();
    assert!((reliability - (-0.25_f64).exp()).abs() < 1e-12);
    for (measure, at) in [("unavailability", None), ("failure_rate", None), ("availability_at", Some(50.0))] {
        assert_eq!(solutions.get("components.web", measure, at), None, "{measure}");
        let reason = solutions.reason("components.web", measure).unwrap();
        assert_eq!(*reason, exact::NotExact::Worn("web".into()), "{measure}");
    }
}

#[test]
fn a_failure_brought_by_another_ends_the_life_it_cuts_short() {
    // The pump's failure at 10 h, 20 h, … brings one of the web with it. It would live long else, and each cut life of
    // 9 h adds to its age: with a hazard that is all between 30 h and 31 h of age it fails by itself in its fourth life.
    let bathtub = Law::piecewise_hazard(vec![(Hours::ZERO, 0.0), (Hours::new(30.0), 1e9), (Hours::new(31.0), 1e-18)]);
    let web = mode("wear", bathtub.unwrap(), imperfect(constant(1.0), Quality::AsBadAsOld));
    let mut spec = spec(vec![web], 45.0);
    let mut pump = spec.components[0].clone();
    (pump.name, pump.units[0].name) = ("pump".into(), "pump/1".into());
    pump.modes = vec![mode("stroke", constant(9.0), Repair::Takes(constant(1.0)))];
    pump.modes[0].propagates = vec![Propagation { to: "web".into(), units: 1, probability: 1.0 }];
    spec.components.push(pump);
    let system = System::build(spec).unwrap();
    let trace = World::new(&system).run(1_u64, 0).unwrap().clone();
    let web = &trace.outages[system.journeys.len()];
    let from: Vec<f64> = web.iter().map(|outage| (outage.start.hours() * 1e3).round() / 1e3).collect();
    // 9 + 9 + 9 + 3 hours of operation: the fourth life begins at 30 h.
    assert_eq!(from[..4], [9.0, 19.0, 29.0, 33.0]);
}

/// A leak that comes 10 h after a restart and a crash every 25 h of operation, mended in 5 h.
fn leaking(cleared: Repair) -> SystemSpec {
    let mut leak = mode("leak", constant(10.0), cleared);
    leak.effect = Effect::Degraded { capacity: 0.6, errors: 0.0 };
    spec(vec![leak, mode("crash", constant(25.0), Repair::Takes(constant(5.0)))], 100.0)
}

#[test]
fn a_restart_clears_what_nothing_else_does() {
    let results = run(leaking(Repair::ByRestart), 1);
    let unserved = results.measures.iter().find(|m| m.entity == "journeys.use" && m.measure == "unserved_ratio");
    // Cycles of 30 h: 10 h whole, 15 h at 0.6, 5 h down; 90 h are three of them, the last 10 h are whole.
    let lost = 3.0 * (15.0 * 0.4 + 5.0);
    assert!((unserved.unwrap().estimate.value - lost / 100.0).abs() < 1e-9);
}

#[test]
fn a_restart_renews_what_has_not_shown_yet() {
    // The crash comes every 8 h, before any leak.
    let mut spec = leaking(Repair::ByRestart);
    spec.components[0].modes[1].time_to_failure = constant(8.0);
    let results = run(spec, 1);
    let unserved = results.measures.iter().find(|m| m.entity == "journeys.use" && m.measure == "unserved_ratio");
    let value = unserved.unwrap().estimate.value;
    // Seven whole cycles of 13 h, and of the eighth 8 h up and 1 h down.
    assert!((value - 36.0 / 100.0).abs() < 1e-9, "{value}");
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    let refused = |spec: SystemSpec| System::build(spec).unwrap_err();
    let one = |law, quality| spec(vec![mode("wear", law, imperfect(constant(1.0), quality))], 10.0);
    assert!(matches!(refused(one(weibull(2.0, 5.0), Quality::KijimaI(1.5))), SystemError::OutOfRange { .. }));
    assert!(matches!(refused(one(weibull(2.0, 5.0), Quality::KijimaII(f64::NAN))), SystemError::OutOfRange { .. }));
    assert!(matches!(refused(one(constant(5.0), Quality::AsBadAsOld)), SystemError::NoHazard { .. }));
    // Nothing left of 1 s at shape 1000 within a year: too many failures for one replication.
    let exploding = spec(vec![mode("wear", weibull(4.0, 1.0), imperfect(constant(0.0), Quality::AsBadAsOld))], 8760.0);
    assert!(matches!(refused(exploding), SystemError::TooMany { .. }));
    let mut alone = leaking(Repair::ByRestart);
    alone.components[0].modes.pop();
    assert!(matches!(refused(alone), SystemError::NeverCleared { .. }));
    let down = spec(vec![mode("hang", constant(5.0), Repair::ByRestart)], 10.0);
    assert!(matches!(refused(down), SystemError::NeverCleared { .. }));
    for bad in [leaking(Repair::ByRestart), one(weibull(2.0, 5.0), Quality::AsBadAsOld)] {
        let mut stationary = bad;
        stationary.time.start = Start::Stationary;
        assert!(matches!(refused(stationary), SystemError::NoEquilibrium(_)));
    }
}
