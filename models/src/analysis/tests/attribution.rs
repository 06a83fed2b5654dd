//! Attribution against closed forms, brute force and the run that is run again.

use super::*;
use crate::analysis::failed_sets::FailedSets;
use crate::analysis::holds::Holds;
use crate::analysis::losses::{Losses, Seen};
use crate::assess::{Unwatched, assess};
use crate::plan::{Plan, Stopping};
use crate::results::Results;

pub(super) fn plan(replications: u64) -> Plan {
    Plan { seed: 11, stopping: Stopping::Fixed(replications), attribution: replications, ..Plan::default() }
}

/// Every kind of redundancy, over zones in a region; units that share a crew, failures that bring others.
fn everything() -> SystemSpec {
    let zone = |(name, parent): (&str, Option<&str>)| DomainSpec {
        name: name.into(),
        level: Some(if parent.is_some() { "zone" } else { "region" }.into()),
        parent: parent.map(Into::into),
        modes: vec![mode(400.0, 5.0)],
    };
    let standby = |mode, switch_h| {
        Redundancy::Standby(Standby {
            mode,
            active: 1,
            need: 1,
            switch_takes: Law::constant(Hours::new(switch_h)).unwrap(),
            switch_success: 0.9,
            manual_switch: Some(Law::exponential(Hours::new(3.0)).unwrap()),
            repair_starts: RepairStarts::AtOnce,
        })
    };
    let placed = |mut component: ComponentSpec| {
        for (unit, zone) in component.units.iter_mut().zip(["a", "b", "c"]) {
            unit.domain = Some(zone.into());
        }
        component
    };
    let entry = |name: &str, side| Path::Component { name: name.into(), side };
    let by_crew = |mut component: ComponentSpec| {
        let Repair::Takes(takes) = component.modes[0].repair.clone() else { panic!("made so") };
        component.modes[0].repair = Repair::ByCrew(CrewRepair::new("field", takes, 0));
        component
    };
    let mut auth = component("auth", 1, Redundancy::None, (200.0, 2.0));
    auth.modes[0].propagates = vec![Propagation { to: "store".into(), units: 1, probability: 0.5 }];
    SystemSpec {
        teams: vec![TeamSpec::new("field", 1, Order::FirstCome)],
        domains: [("eu", None), ("a", Some("eu")), ("b", Some("eu")), ("c", Some("eu"))].map(zone).to_vec(),
        components: vec![
            by_crew(placed(component("web", 3, Redundancy::KOfN { need: 2 }, (60.0, 6.0)))),
            placed(component("store", 3, Redundancy::Quorum { write: 3, read: 1 }, (90.0, 4.0))),
            placed(component("db", 2, standby(StandbyMode::Hot, 0.5), (80.0, 5.0))),
            component("queue", 2, standby(StandbyMode::Cold, 1.0), (70.0, 5.0)),
            by_crew(auth),
        ],
        dependencies: vec![
            edge("web", "db", Need::Hard),
            edge("db", "auth", Need::Hard),
            edge("web", "queue", Need::Async),
        ],
        journeys: vec![
            journey(Path::All(vec![leaf("web"), entry("store", Side::Read)])),
            JourneySpec {
                name: "write".into(),
                ..journey(Path::KOf { need: 1, branches: vec![leaf("queue"), entry("store", Side::Write)] })
            },
        ],
        time: TimeSpec { horizon: Hours::new(2000.0), warmup: Hours::new(100.0), ..TimeSpec::default() },
        ..SystemSpec::default()
    }
}

fn sums(results: &Results, journey: &str) -> (f64, f64, f64) {
    let sets = results.cut_set_downtime.iter().filter(|row| row.journey == journey);
    let edges = results.edge_downtime.iter().filter(|row| row.journey == journey);
    let causes = results.causes.iter().filter(|row| row.journey == journey);
    (
        sets.map(|row| row.minutes_per_year.value).sum(),
        edges.map(|row| row.minutes_ending.value).sum(),
        causes.map(|row| row.minutes_per_year.value).sum(),
    )
}

fn add_up(results: &Results) {
    for journey in ["journeys.use", "journeys.write"] {
        let (sets, edges, causes) = sums(results, journey);
        assert!(causes > 1000.0);
        assert!(
            (sets - causes).abs() < 1e-9 * causes && (edges - causes).abs() < 1e-9 * causes,
            "{sets} {edges} {causes}"
        );
        let shares = results.cut_set_downtime.iter().filter(|row| row.journey == journey).map(|row| row.share);
        assert!((shares.sum::<f64>() - 1.0).abs() < 1e-12);
        let shares = results.edge_downtime.iter().filter(|row| row.journey == journey).map(|row| row.share_ending);
        assert!((shares.sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn both_add_up_to_the_downtime_of_the_run() {
    let results = assess(&System::build(everything()).unwrap(), &plan(64), &Unwatched).unwrap();
    add_up(&results);
    assert!(results.cut_set_downtime.iter().all(|row| row.instead.is_empty()));
    let has = |members: &[&str]| results.cut_set_downtime.iter().any(|row| row.members == members);
    assert!(has(&["domains.eu"]) && has(&["components.auth"]) && has(&["components.db"]));
    assert!(has(&["units.web/0", "domains.b"]) && has(&["units.store/0", "components.queue"]));
}

#[test]
fn it_costs_nothing_and_says_nothing_where_nobody_asks() {
    let asks_not = Plan { attribution: 0, ..plan(64) };
    let results = assess(&System::build(everything()).unwrap(), &asks_not, &Unwatched).unwrap();
    assert!(results.cut_set_downtime.is_empty() && results.edge_downtime.is_empty());
}

/// Two in series: each alone, and half of what both are down together. What `web` needs comes through the edge to it.
#[test]
fn two_in_series_share_what_both_are_down() {
    let (u, v) = (1.0 / 11.0, 1.0 / 6.0);
    let components =
        vec![component("web", 1, Redundancy::None, (10.0, 1.0)), component("db", 1, Redundancy::None, (10.0, 2.0))];
    let dependencies = vec![edge("web", "db", Need::Hard)];
    let time = TimeSpec { horizon: Hours::new(1100.0), warmup: Hours::new(100.0), ..TimeSpec::default() };
    let journeys = vec![journey(leaf("web"))];
    let system =
        System::build(SystemSpec { components, dependencies, journeys, time, ..SystemSpec::default() }).unwrap();
    let results = assess(&system, &plan(1000), &Unwatched).unwrap();
    let check = |estimate: crate::results::Estimated, expected: f64| {
        let expected = expected * 525_600.0;
        assert!(estimate.standard_error < 0.01 * expected, "{estimate:?}");
        assert!((estimate.value - expected).abs() < 4.0 * estimate.standard_error, "{estimate:?} is not {expected}");
    };
    let set = |name: &str| results.cut_set_downtime.iter().find(|row| row.members == [name]).unwrap().minutes_per_year;
    check(set("components.web"), u * (1.0 - v) + u * v / 2.0);
    check(set("components.db"), v * (1.0 - u) + u * v / 2.0);
    let edge = |to: &str| results.edge_downtime.iter().find(|row| row.to == to).unwrap();
    check(edge("components.web").minutes_through, u + v - u * v);
    check(edge("components.web").minutes_ending, u * (1.0 - v) + u * v / 2.0);
    check(edge("components.db").minutes_through, v * (1.0 - u) + u * v / 2.0);
    // All that comes to the database ends there; ticks are rounded one way and cut off the other.
    let (through, ending) = (edge("components.db").minutes_through.value, edge("components.db").minutes_ending.value);
    assert!((through - ending).abs() < 1e-9 * through);
    assert_eq!(
        (edge("components.db").from.as_str(), edge("components.web").from.as_str()),
        ("components.web", "journeys.use")
    );
}

#[test]
fn a_demand_above_capacity_is_no_cut_set_and_no_edge() {
    let mut web = component("web", 1, Redundancy::None, (1e6, 1.0));
    web.capacity_per_unit = Some(10.0.into());
    let journeys = vec![JourneySpec { demand: Some(30.0.into()), ..journey(leaf("web")) }];
    let system = System::build(SystemSpec { components: vec![web], journeys, ..SystemSpec::default() }).unwrap();
    let results = assess(&system, &plan(4), &Unwatched).unwrap();
    let sets: Vec<_> = results.cut_set_downtime.iter().map(|row| (row.order, row.instead)).collect();
    assert_eq!(sets[0], (0, "capacity or errors"));
    assert_eq!(results.edge_downtime[0].to, "capacity or errors");
    assert!(results.cut_set_counts[0].remark.contains("capacity or errors"));
}

fn exponential(mean_h: f64) -> Law {
    Law::exponential(Hours::new(mean_h)).unwrap()
}

/// A pair that only a shock takes down, all of it at once: every minute is of the shared risk.
#[test]
fn what_a_shared_risk_strikes_names_it() {
    let pair = component("web", 2, Redundancy::KOfN { need: 1 }, (1e9, 1.0));
    let mut spec = SystemSpec { components: vec![pair], journeys: vec![journey(leaf("web"))], ..SystemSpec::default() };
    let model = RiskModel::Own {
        time_to_shock: exponential(100.0),
        hits: Hits::All,
        repair: Some(Repair::Takes(Law::constant(Hours::new(2.0)).unwrap())),
    };
    spec.share(&[SharedRisk { name: "binary".into(), cause: None, members: vec!["web".into()], model }]).unwrap();
    let results = assess(&System::build(spec).unwrap(), &plan(20), &Unwatched).unwrap();
    let rows: Vec<_> = results.cut_set_downtime.iter().map(|row| (row.members.clone(), row.share)).collect();
    assert_eq!(rows, [(vec!["shared_risk.binary".to_owned()], 1.0)]);
    // Shocks come while it is up and find it down: 2 h after each that finds it up.
    let (found, expected) = (results.cut_set_downtime[0].minutes_per_year, 2.0 / 102.0 * 525_600.0);
    assert!(found.standard_error < 0.03 * expected, "{found:?}");
    assert!((found.value - expected).abs() < 4.0 * found.standard_error, "{found:?} is not {expected}");
}

/// A hundred struck at once are more than can be told apart: the risk alone would have done.
#[test]
fn a_risk_that_strikes_more_than_can_be_told_apart_is_named() {
    let pool = component("web", 100, Redundancy::KOfN { need: 60 }, (1e9, 1.0));
    let mut spec = SystemSpec { components: vec![pool], journeys: vec![journey(leaf("web"))], ..SystemSpec::default() };
    let model = RiskModel::Own { time_to_shock: exponential(500.0), hits: Hits::Each(0.9), repair: None };
    spec.share(&[SharedRisk { name: "binary".into(), cause: None, members: vec!["web".into()], model }]).unwrap();
    let results = assess(&System::build(spec).unwrap(), &plan(4), &Unwatched).unwrap();
    let named: Vec<_> = results.cut_set_downtime.iter().map(|row| row.members.join(" + ")).collect();
    assert_eq!(named, ["shared_risk.binary"]);
}

/// Beside everything: a leader that is elected, a risk that several share, and what is done on purpose.
fn even_more(hits: Hits, every_h: f64) -> SystemSpec {
    let mut spec = everything();
    let election = ElectionSpec {
        component: "store".into(),
        timeout: Law::uniform(Hours::new(0.5), Hours::new(1.0)).unwrap(),
        heartbeat: Hours::new(0.1),
        one_way: Hours::ZERO,
        fsync: Hours::ZERO,
    };
    spec.components.push(election.seat());
    spec.quorums.elections = vec![election];
    let model = RiskModel::Own { time_to_shock: exponential(every_h), hits, repair: None };
    let members = vec!["web".to_owned(), "store".to_owned(), "db".to_owned()];
    spec.share(&[SharedRisk { name: "binary".into(), cause: None, members, model }]).unwrap();
    let tried = ExperimentSpec {
        name: "kill".into(),
        strike: Strike { owner: Owner::Component("web".into()), mode: String::new() },
        units: 2,
        when: Due::Every(exponential(every_h)),
        abort_below: None,
        hypothesis: None,
    };
    let takes = Repair::Takes(Law::constant(Hours::new(1.0)).unwrap());
    spec.experiment(tried, (Effect::Down, takes)).unwrap();
    spec
}

#[test]
fn each_cause_is_named() {
    let system = System::build(even_more(Hits::Each(0.5), 150.0)).unwrap();
    let results = assess(&system, &plan(64), &Unwatched).unwrap();
    add_up(&results);
    let has = |members: &[&str]| results.cut_set_downtime.iter().any(|row| row.members == members);
    assert!(has(&["shared_risk.binary"]) && has(&["experiments.kill"]) && has(&["domains.eu"]));
    assert!(has(&["experiments.kill", "units.web/0"]) || has(&["units.web/0", "experiments.kill"]));
    assert!(
        has(&["components.store/election", "components.queue"])
            || has(&["components.queue", "components.store/election"])
    );
}

/// Every draw has as many of its replications run again, and all of them are all of the downtime.
#[test]
fn draws_are_attributed_alike() {
    let of = |draw: u32| {
        let life = 20.0 + 10.0 * f64::from(draw);
        let components =
            vec![component("web", 1, Redundancy::None, (life, 1.0)), component("db", 1, Redundancy::None, (30.0, 2.0))];
        let inputs = vec![InputValue { path: "life".into(), value: life }];
        SystemSpec { draw, inputs, components, journeys: vec![journey(leaf("web"))], ..SystemSpec::default() }
    };
    let mut specs: Vec<SystemSpec> = (0..4).map(of).collect();
    specs.iter_mut().for_each(|spec| {
        spec.dependencies = vec![edge("web", "db", Need::Hard)];
        spec.time.horizon = Hours::new(1000.0);
    });
    let point = specs.remove(0);
    let system = System::build(point).unwrap().with_draws(specs).unwrap();
    let asked = |attribution| assess(&system, &Plan { attribution, ..plan(64) }, &Unwatched).unwrap();
    let all = asked(192);
    let (sets, edges, causes) = sums(&all, "journeys.use");
    assert!((sets - causes).abs() < 1e-9 * causes && (edges - causes).abs() < 1e-9 * causes, "{sets} {edges} {causes}");
    // A part of them is of each draw: the mean over their unavailabilities, but for chance.
    let part = asked(90);
    let (sets, ..) = sums(&part, "journeys.use");
    assert!(sets != causes && (sets / causes - 1.0).abs() < 0.1, "{sets} {causes}");
}

#[test]
fn runs_to_the_first_failure_are_refused() {
    let mut spec = everything();
    spec.time.until_first_failure = true;
    let refused = assess(&System::build(spec).unwrap(), &plan(4), &Unwatched).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "downtime cannot be attributed to cut sets and edges: a run to the first failure has no downtime"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]

    /// The sets that have failed are the minimal cut sets within what is down.
    #[test]
    fn failed_sets_are_those_of_brute_force((spec, states) in (random(), prop::collection::vec(any::<u32>(), 1..20))) {
        let n = spec.components.len();
        let system = System::build(spec.clone()).unwrap();
        let losses = Losses::of(&system, Seen::InRuns(&Holds::of(&system)));
        let mut sets = FailedSets::of(&losses.structure, losses.gate(system.journeys[0].served.gate)).unwrap();
        let is_cut = |lost: u32| !works(&spec, lost);
        let minimal = |&lost: &u32| is_cut(lost) && (0..n).all(|i| lost >> i & 1 == 0 || !is_cut(lost & !(1 << i)));
        let all: Vec<u32> = (0..1_u32 << n).filter(minimal).collect();
        for state in states {
            let state = state & ((1 << n) - 1);
            let down: Vec<usize> = sets.variables.iter().copied().filter(|&v| state >> v & 1 == 1).collect();
            let expected: Vec<u32> = all.iter().copied().filter(|&cut| cut & state == cut).collect();
            let Some(found) = sets.within(&down) else {
                prop_assert!(expected.len() > 64);
                continue;
            };
            let mut found: Vec<u32> = found.iter().map(|set| set.iter().map(|&v| 1 << v).sum()).collect();
            found.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }

    /// Whatever strikes, and however often: the sets and the edges add up to all of the downtime.
    #[test]
    fn all_of_the_downtime_is_somebodys((hit, share, every_h, seed) in (0..3_u32, 0.1..0.9_f64, 60.0..600.0_f64, 0..1000_u64)) {
        let hits = match hit {
            0 => Hits::All,
            1 => Hits::Each(share),
            _ => Hits::Exactly(1 + (share * 8.0) as u32),
        };
        let mut spec = even_more(hits, every_h);
        spec.time.horizon = Hours::new(600.0);
        let results = assess(&System::build(spec).unwrap(), &Plan { seed, ..plan(4) }, &Unwatched).unwrap();
        for journey in ["journeys.use", "journeys.write"] {
            let (sets, edges, causes) = sums(&results, journey);
            prop_assert!((sets - causes).abs() <= 1e-9 * causes && (edges - causes).abs() <= 1e-9 * causes);
        }
    }
}
