//! Traffic direction against closed forms, and on histories written by hand.
#![allow(clippy::unwrap_used)]

#[path = "routing/buffer.rs"]
mod buffer;

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::{Moving, Trace, World};
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::*;
use ninefold_models::units::Hours;
use proptest::prelude::*;

const SECOND: f64 = 1.0 / 3600.0;

fn seconds(seconds: f64) -> Hours {
    Hours::new(seconds * SECOND)
}

fn constant(hours: f64) -> Law {
    Law::constant(Hours::new(hours)).unwrap()
}

fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

fn mode(time_to_failure: Law, repair: Law) -> ModeSpec {
    ModeSpec {
        name: "crash".into(),
        time_to_failure,
        repair: Repair::Takes(repair),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    }
}

fn component(name: &str, units: Vec<UnitSpec>, per: Option<&str>) -> ComponentSpec {
    ComponentSpec {
        name: name.into(),
        units,
        redundancy: Redundancy::None,
        per: per.map(str::to_owned),
        modes: Vec::new(),
        capacity_per_unit: None,
    }
}

fn probes(interval_s: f64, unhealthy_after: u32) -> Learns {
    Learns::Probes(ProbeSpec {
        interval: seconds(interval_s),
        timeout: Hours::ZERO,
        unhealthy_after,
        healthy_after: unhealthy_after,
        false_positive: 0.0,
        false_negative: 0.0,
    })
}

fn within(ttl_s: f64) -> Law {
    Law::uniform(Hours::ZERO, seconds(ttl_s)).unwrap()
}

/// `web` with one unit in `eu`, which is lost for `repair` after each `life`, and `others` places that never are.
fn spec((life, repair): (Law, Law), weights: &[f64], (learns, follows): (Learns, Law)) -> SystemSpec {
    let places = ["eu", "us", "asia", "oceania"];
    let places = &places[..weights.len()];
    let domain = |name: &&str| DomainSpec {
        name: (*name).to_owned(),
        level: Some("region".into()),
        parent: None,
        modes: Vec::new(),
    };
    let mut domains: Vec<DomainSpec> = places.iter().map(domain).collect();
    domains[0].modes.push(mode(life, repair));
    let unit = |place: &&str| UnitSpec { name: format!("web/{place}/1"), domain: Some((*place).to_owned()) };
    let edge = component("edge", vec![UnitSpec { name: "edge/1".into(), domain: None }], None);
    let web = component("web", places.iter().map(unit).collect(), Some("region"));
    let weights = places.iter().map(|place| (*place).to_owned()).zip(weights.iter().copied()).collect();
    let entry = |name: &str| Path::Component { name: name.into(), side: Side::Both };
    let mut spec = SystemSpec {
        name: "test".into(),
        domains,
        components: vec![edge, web],
        journeys: vec![JourneySpec {
            name: "use".into(),
            path: Path::All(vec![entry("edge"), entry("web")]),
            demand: None,
            rule: UpRule { success: 0.0, capacity_at_least: None },
        }],
        routings: vec![RoutingSpec { router: "edge".into(), to: "web".into(), weights, learns, follows, spill: false }],
        ..SystemSpec::default()
    };
    spec.time.horizon = Hours::new(8760.0);
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

/// The fault is uniform in the probe interval, the rest of the time to live uniform over it: at most interval × threshold +
/// time to live, in the mean half an interval and half a time to live less.
#[test]
fn clients_are_served_again_as_the_golden_check_says() {
    for (interval, ttl, most, mean) in
        [(30.0, 60.0, 150.0, 105.0), (10.0, 60.0, 90.0, 55.0), (30.0, 300.0, 390.0, 225.0)]
    {
        let spec = spec((exponential(200.0), constant(1.0)), &[0.5, 0.5], (probes(interval, 3), within(ttl)));
        let traces: Vec<Trace> = (0..20).map(|seed| trace(spec.clone(), seed)).collect();
        let outages = traces.iter().flat_map(|trace| &trace.moved).filter(|one| one.what == Moving::Outage);
        let longest = outages.map(|one| one.took.hours() * 3600.0).fold(0.0, f64::max);
        assert!(longest <= most && longest > most - 0.05 * interval - 0.02 * ttl, "{longest} of at most {most}");
        close(measure(&run(spec, 200), "components.edge", "client_outage"), mean, 0.002);
    }
}

/// A client that moves Y after the fault, of a place that is back D after it, has lost min(Y, D): with D exponential,
/// μ(1 − E e^(−Y/μ)) in the mean, and the transforms of detection and rest multiply.
#[test]
fn lost_client_time_has_its_closed_form() {
    let (interval, ttl, mean_repair) = (30.0, 60.0, 100.0);
    let life = 40.0;
    let weights = [0.55, 0.45];
    let spec =
        spec((exponential(life), exponential(mean_repair * SECOND)), &weights, (probes(interval, 3), within(ttl)));
    let uniform = |from: f64, to: f64| {
        let rate = 1.0 / mean_repair;
        ((-rate * from).exp() - (-rate * to).exp()) / (rate * (to - from))
    };
    let lost = mean_repair * (1.0 - uniform(2.0 * interval, 3.0 * interval) * uniform(0.0, ttl));
    let results = run(spec, 400);
    close(measure(&results, "components.edge", "client_outage"), lost, 0.005);
    let failures = 8760.0 / (life + mean_repair * SECOND);
    close(measure(&results, "components.edge", "clients_hit"), failures * weights[0], 0.01);
    close(measure(&results, "components.edge", "client_downtime"), failures * weights[0] * lost / 60.0, 0.01);
    // The journey serves everybody else: what it does not serve is that time and nothing else.
    close(measure(&results, "journeys.use", "unserved_ratio"), failures * weights[0] * lost * SECOND / 8760.0, 0.01);
    assert_eq!(measure(&results, "journeys.use", "unavailability").estimate.value, 0.0);
}

/// Compliant clients: 1 − t/TTL are left t after the switch. Those that hold on follow their own law.
#[test]
fn traffic_moves_along_its_law() {
    let hold = exponential(600.0 * SECOND);
    let follows = Law::mixture(vec![(0.9, within(60.0)), (0.1, hold.clone())]).unwrap();
    for (follows, violators) in [(within(60.0), 0.0), (follows, 0.1)] {
        // Never so soon again that somebody is still on the way back.
        let life = Law::uniform(Hours::new(50.0), Hours::new(150.0)).unwrap();
        let spec = spec((life, constant(20.0)), &[0.5, 0.5], (probes(30.0, 3), follows));
        let rows = run(spec, 100).traffic_moved;
        let since_switch: Vec<_> = rows.iter().filter(|row| row.since == "switch").collect();
        assert!(since_switch.len() >= 20);
        for row in since_switch {
            let law = (1.0 - violators) * (row.at_s / 60.0).min(1.0) + violators * hold.cdf(seconds(row.at_s));
            let off = (row.moved.value - law).abs();
            assert!(off <= 4.0 * row.moved.standard_error + 1e-6, "{} s: {:?}, expected {law}", row.at_s, row.moved);
            assert!(row.moved.standard_error < 0.002);
        }
    }
}

/// By hand: a fault at 10 h, each client follows 20 s after the probes have found it.
#[test]
fn a_journey_is_down_while_too_many_are_sent_to_a_place_that_is_down() {
    let mut spec = spec((constant(10.0), constant(1.0)), &[0.6, 0.4], (probes(30.0, 2), constant(20.0 * SECOND)));
    spec.time.horizon = Hours::new(12.0);
    spec.journeys[0].rule.success = 0.5;
    let trace = trace(spec.clone(), 3);
    let outage = trace.outages[0][0];
    let length = outage.end.since(outage.start).hours() * 3600.0;
    assert!(outage.start.hours() == 10.0 && (50.0..=80.0).contains(&length), "{length}");
    assert_eq!(trace.losses[0].len(), 1);
    assert_eq!(trace.losses[0][0].end, outage.end);
    let system = System::build(spec.clone()).unwrap();
    assert_eq!(system.units.causes[outage.cause as usize], "edge/moving");
    // Where fewer are sent there it never is.
    spec.journeys[0].rule.success = 0.4;
    assert_eq!(self::trace(spec, 3).outages[0].len(), 0);
}

/// Clients that notice for themselves need no probes.
#[test]
fn clients_that_notice_need_no_probes() {
    let mut spec = spec((constant(10.0), constant(1.0)), &[0.6, 0.4], (Learns::Clients, constant(3.0 * SECOND)));
    spec.time.horizon = Hours::new(12.0);
    let moved = trace(spec, 0).moved;
    assert_eq!(moved.len(), 2 * COHORTS);
    for one in moved {
        assert_eq!((one.took.hours() * 3600.0 * 1e9).round(), 3e9);
    }
}

/// k equal places need 1/(k − 1) of their own peak in reserve; of two unequal ones the smaller needs the ratio of the
/// shares. With it nobody is turned away once everybody has moved; short of it, the survivors serve what they can.
#[test]
fn survivors_need_the_lost_places_share_in_reserve() {
    for (weights, buffer) in [(&[0.5, 0.5][..], 1.0), (&[0.55, 0.45], 0.55 / 0.45), (&[0.25; 4], 1.0 / 3.0)] {
        for spare in [buffer, 0.5 * buffer] {
            let mut spec = spec((constant(1.0), constant(1000.0)), weights, (Learns::Clients, constant(0.0)));
            spec.time.horizon = Hours::new(100.0);
            spec.journeys[0].demand = Some(Level::from(100.0));
            // As many units as keep the shares: 20 for each twentieth.
            let web = &mut spec.components[1];
            web.units.clear();
            for (place, weight) in ["eu", "us", "asia", "oceania"].iter().zip(weights) {
                for i in 1..=(weight * 20.0 + 0.5) as u32 {
                    let name = format!("web/{place}/{i}");
                    web.units.push(UnitSpec { name, domain: Some((*place).to_owned()) });
                }
            }
            web.capacity_per_unit = Some(Level::from(5.0 * (1.0 + spare)));
            let trace = trace(spec, 0);
            let survivors = (1.0 - weights[0]) * (1.0 + spare);
            if spare == buffer {
                assert!(trace.losses[0].iter().all(|loss| loss.end == loss.start), "{:?}", trace.losses[0]);
            } else {
                let lost = trace.losses[0].last().unwrap().unserved.of_span(trace.end) as f64;
                let share = lost / trace.end.get() as f64 / 2.0_f64.powi(32);
                assert!((share - (1.0 - survivors)).abs() < 1e-6, "{share} of {}", 1.0 - survivors);
            }
        }
    }
}

/// Before anybody has moved the survivor serves its own clients whatever its capacity would be worth among all.
#[test]
fn a_survivor_serves_its_own_until_traffic_moves() {
    let mut spec = spec((constant(1.0), constant(1000.0)), &[0.55, 0.45], (probes(30.0, 3), constant(0.5)));
    spec.time.horizon = Hours::new(10.0);
    spec.journeys[0].demand = Some(Level::from(100.0));
    spec.components[1].capacity_per_unit = Some(Level::from(60.0));
    let trace = trace(spec, 0);
    let shares: Vec<f64> = trace.losses[0]
        .iter()
        .map(|loss| loss.unserved.of_span(trace.end) as f64 / trace.end.get() as f64 / 2.0_f64.powi(32))
        .collect();
    // 45 of 100 are served; then all 100 come, and 60 are.
    assert!(shares.len() == 2 && (shares[0] - 0.55).abs() < 1e-9 && (shares[1] - 0.4).abs() < 1e-9, "{shares:?}");
}

#[test]
fn the_exact_engine_refuses_by_name() {
    let mut spec = spec((exponential(100.0), constant(1.0)), &[0.5, 0.5], (probes(30.0, 3), within(60.0)));
    spec.journeys[0].rule.success = 0.6;
    let solutions = exact::solve(&System::build(spec).unwrap());
    assert!(solutions.get("components.web", "unavailability", None).is_some());
    for measure in ["unavailability", "unserved_ratio"] {
        assert_eq!(solutions.get("journeys.use", measure, None), None);
        let reason = solutions.reason("journeys.use", measure).unwrap().to_string();
        assert_eq!(reason, "clients of `web` are sent to its places by a router, and follow it some time later");
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let with = |change: &dyn Fn(&mut SystemSpec)| {
        let mut spec = spec((exponential(100.0), constant(1.0)), &[0.5, 0.5], (probes(30.0, 3), within(60.0)));
        change(&mut spec);
        System::build(spec).unwrap_err().to_string()
    };
    assert!(with(&|spec| spec.routings[0].weights[0].1 = 0.6).starts_with("sum of weights of `edge`"));
    assert!(with(&|spec| spec.routings[0].weights[0].1 = 0.0).starts_with("weight of a place of `edge`"));
    assert!(with(&|spec| spec.components[1].per = None).starts_with("places of `edge`"));
    assert!(with(&|spec| spec.routings[0].to = "shop".into()).starts_with("component `shop`"));
    assert!(with(&|spec| spec.routings.extend_from_within(..)).contains("declared twice"));
    assert!(with(&|spec| spec.journeys[0].rule.capacity_at_least = Some(1.0)).contains("capacity_at_least"));
    assert!(with(&|spec| spec.time.start = Start::Stationary).contains("depends on the past"));
    assert!(with(&|spec| spec.routings[0].learns = probes(0.0, 3)).starts_with("interval of `edge`"));
}

fn any_system() -> impl Strategy<Value = SystemSpec> {
    let probed =
        prop_oneof![Just(Learns::Clients), (5.0..60.0, 1u32..4).prop_map(|(interval, after)| probes(interval, after))];
    (0.1..2.0, 0.001..0.3, 2usize..=4, probed, 1.0..600.0, any::<bool>()).prop_map(
        |(life, repair, places, probed, ttl, limited)| {
            let weights = vec![1.0 / places as f64; places];
            let mut spec = spec((exponential(life), exponential(repair)), &weights, (probed, within(ttl)));
            // Any place may be lost, all at once too.
            for domain in &mut spec.domains {
                domain.modes = vec![mode(exponential(life), exponential(repair))];
            }
            spec.time.horizon = Hours::new(50.0);
            spec.journeys[0].rule.success = 0.7;
            if limited {
                spec.journeys[0].demand = Some(Level::from(10.0));
                spec.components[1].capacity_per_unit = Some(Level::from(10.0 / places as f64 * 1.2));
            }
            spec
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Timeline and events agree; downtime is charged in full; clients are lost no longer than their place is down or the
    /// router and they take.
    #[test]
    fn any_router_keeps_its_books(spec in any_system(), seed in 0u64..1000) {
        let system = System::build(spec.clone()).unwrap();
        let events = System::build(spec).unwrap().by_events();
        let (one, other) =
            (World::new(&system).run(seed, 0).unwrap().clone(), World::new(&events).run(seed, 0).unwrap().clone());
        prop_assert_eq!(&one.moved, &other.moved);
        prop_assert_eq!((&one.outages, &one.losses), (&other.outages, &other.losses));
        let charged: i64 = one.causes.iter().map(|(_, _, ticks)| ticks).sum();
        let down: i64 = one.outages[0].iter().map(|outage| outage.end.since(outage.start).get()).sum();
        prop_assert_eq!(charged, down);
        for loss in &one.losses[0] {
            prop_assert!(loss.start < loss.end && loss.unserved > ninefold_models::replication::Share::ZERO);
        }
    }
}
