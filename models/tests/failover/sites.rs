//! Plans of sites: several components that are moved together, and the clients with them.

use ninefold_models::exact::solve;
use ninefold_models::mechanism::{Ending, Happening, Turn};
use ninefold_models::replication::World;
use ninefold_models::system::{
    Action, CatchUp, ComponentSpec, DomainSpec, Failback, FailoverSpec, Learns, Mistakes, Path, Probe, Redundancy,
    RoutingSpec, Side, SiteView, SitesSpec, StandbyMode, StepSpec, System, SystemSpec, TestMethod, UnitSpec, UpRule,
};
use ninefold_models::units::Hours;
use proptest::prelude::*;

use crate::machine::is_sound;
use crate::system::{
    attempts, close, constant, exponential, logs, measure, person, plan, probe, run, spec, step, test,
};

const SECOND: f64 = 1.0 / 3600.0;

fn component(of: &ComponentSpec, name: &str, (each, need): (u32, u32)) -> ComponentSpec {
    let mut component = of.clone();
    component.name = name.into();
    let at = |site: &str| {
        let unit = |i: u32| UnitSpec { name: format!("{name}/{site}/{i}"), domain: Some(site.into()) };
        (1..=each).map(unit).collect::<Vec<_>>()
    };
    component.units = [at("eu"), at("us")].concat();
    component.modes.clear();
    if let Redundancy::Standby(scheme) = &mut component.redundancy {
        (scheme.active, scheme.need) = (each, need);
    }
    component
}

fn sites(sight: SiteView) -> SitesSpec {
    SitesSpec { from: "eu".into(), to: "us".into(), routers: Vec::new(), probe: sight, confirmers: Vec::new() }
}

/// A plan that moves `db`, `app` and `cache`.
fn together() -> FailoverSpec {
    let components = ["db", "app", "cache"].map(str::to_owned).to_vec();
    FailoverSpec { components, sites: Some(sites(SiteView::Any)), ..plan() }
}

fn acts(step: StepSpec, acts: &[Action]) -> StepSpec {
    StepSpec { acts: acts.to_vec(), ..step }
}

/// Two regions, each lost after `life` hours for `repair`, with three components in both.
fn regions(plan: Option<FailoverSpec>, (life, repair): (f64, f64)) -> SystemSpec {
    let mut system = spec(None, (life, repair));
    let mode = system.components[0].modes[0].clone();
    let domain = |name: &str| DomainSpec {
        name: name.into(),
        level: Some("region".into()),
        parent: None,
        modes: vec![mode.clone()],
    };
    system.domains = ["eu", "us"].map(domain).to_vec();
    let pair = system.components[0].clone();
    let all = [("db", (1, 1)), ("app", (3, 2)), ("cache", (2, 1))];
    system.components = all.into_iter().map(|(name, of)| component(&pair, name, of)).collect();
    let entry = |name: &str| Path::Component { name: name.into(), side: Side::Both };
    system.journeys[0].path = Path::All(["db", "app", "cache"].map(entry).to_vec());
    plan.into_iter().for_each(|plan| system.failover(plan));
    system
}

/// Where only regions are lost, a plan of sites is the switch of a pair, each unit of which is a region: the chain of that
/// gives the exact unavailability of all that moves together.
#[test]
fn sites_are_a_pair_of_units() {
    let mut pair = spec(None, (300.0, 20.0));
    if let Redundancy::Standby(scheme) = &mut pair.components[0].redundancy {
        scheme.switch_takes = exponential(3.0);
    }
    let exact = solve(&System::build(pair).unwrap());
    let (expected, method) = exact.get("components.db", "unavailability", None).unwrap();
    assert_eq!(method, "Markov chain");
    let mut declared = together();
    declared.stages = vec![vec![step("move", exponential(3.0))]];
    let results = run(regions(Some(declared), (300.0, 20.0)), 400);
    close(&results, ("journeys.use", "unavailability"), expected, 0.02);
    for component in ["db", "app", "cache"] {
        close(&results, (&format!("components.{component}"), "unavailability"), expected, 0.02);
        assert_eq!(measure(&results, &format!("components.{component}"), "unavailability").exact, None);
    }
}

/// One after the other in a stage of its own, side by side in one: what each component misses is when its own step ends.
#[test]
fn steps_move_what_they_name() {
    let mut declared = together();
    let promote = acts(step("promote", constant(0.5)), &[Action::Promote("db".into())]);
    let start = acts(step("start", constant(0.25)), &[Action::Start("app".into())]);
    declared.stages = vec![vec![promote, start], vec![step("check", constant(1.0))]];
    let mut system = regions(Some(declared), (1e6, 200.0));
    system.domains[0].modes[0].time_to_failure = exponential(4000.0);
    let system = System::build(system).unwrap();
    let mut world = World::new(&system);
    let mut seen = 0;
    for index in 0..40 {
        let trace = world.run(3, index).unwrap();
        let Some(lost) = trace.failovers.iter().find(|one| matches!(one.turn, Turn::Started { .. })) else { continue };
        for (place, missed) in [("components.db", 0.5), ("components.app", 0.25), ("components.cache", 1.5)] {
            let id = system.tracked.iter().position(|of| of.entity() == place).unwrap();
            let first = trace.outages[id].first().unwrap();
            if first.end < trace.end {
                assert_eq!(first.start, lost.at, "{place}");
                assert!((first.end.since(first.start).hours() - missed).abs() < 1e-6, "{place}");
                seen += 1;
            }
        }
    }
    assert!(seen > 90, "{seen}");
}

/// What was false, and what only a test or a failback moves, is served on until the step that promotes it: of one hour of
/// starting and half an hour of promotion the journey misses the half hour.
#[test]
fn a_site_that_stands_serves_until_it_is_promoted_away() {
    let mut declared = together();
    let all = |action: fn(String) -> Action, names: &[&str]| -> Vec<Action> {
        names.iter().map(|name| action((*name).to_owned())).collect()
    };
    let start = acts(step("start", constant(1.0)), &all(Action::Start, &["app", "cache"]));
    let promote = acts(step("promote", constant(0.5)), &all(Action::Promote, &["db"]));
    declared.stages = vec![vec![start], vec![promote]];
    declared.test = Some(test(TestMethod::Full, 0.0));
    let mut system = regions(Some(declared), (1e9, 1.0));
    (system.time.warmup, system.time.horizon) = (Hours::ZERO, Hours::new(10_100.0));
    let results = run(system, 1);
    let tests = measure(&results, "failovers.db-failover", "failovers_test").estimate.value;
    let downtime = measure(&results, "journeys.use", "downtime").estimate.value;
    assert!(tests > 10.0 && (downtime / tests - 30.0).abs() < 1e-6, "{downtime} min/year, {tests} tests");
}

/// A monitor of the region does not see what is lost inside; a person does, and moves all of it.
#[test]
fn who_looks_at_the_region_misses_what_is_lost_inside() {
    let mut declared = together();
    declared.trigger.probe = Some(probe(0.01, 3));
    declared.sites = Some(sites(SiteView::Domain));
    declared.taken_over = Some(person(2.0, constant(0.5)));
    let mut system = regions(Some(declared.clone()), (1e9, 1.0));
    let mut crash = system.domains[0].modes[0].clone();
    (crash.name, crash.time_to_failure) = ("crash".into(), exponential(3000.0));
    crash.repair = ninefold_models::system::Repair::Takes(constant(50.0));
    system.components[0].modes = vec![crash.clone()];
    let all = attempts(&System::build(system.clone()).unwrap(), 60);
    let ended: Vec<_> = all.iter().filter_map(|one| Some((one, one.ended?))).collect();
    let by_hand = ended.iter().filter(|(_, (_, how, _))| *how == Ending::ByHand);
    assert!(by_hand.clone().count() > 100);
    for (one, (at, ..)) in by_hand {
        assert!((at.since(one.started).hours() - 2.5).abs() < 1e-6);
    }
    assert!(ended.iter().all(|(one, (_, how, _))| *how != Ending::Moved && one.decided.is_none()));
    // A probe of the component does see it: 3 looks in a row, every 36 s.
    declared.sites = Some(sites(SiteView::Component("db".into())));
    let mut seen = regions(Some(declared), (1e9, 1.0));
    seen.components[0].modes = vec![crash];
    let all = attempts(&System::build(seen).unwrap(), 60);
    let moved: Vec<f64> = all.iter().filter_map(|one| Some(one.decided?.since(one.started).hours())).collect();
    assert!(moved.len() > 100 && moved.iter().all(|hours| (0.02 - 1e-6..=0.03 + 1e-6).contains(hours)), "{moved:?}");
}

/// A region that is lost while something inside was missed is found out then.
#[test]
fn a_loss_that_nobody_saw_is_seen_when_more_is_lost() {
    let mut declared = together();
    declared.trigger.probe = Some(probe(0.01, 3));
    declared.sites = Some(sites(SiteView::Domain));
    let mut system = regions(Some(declared), (1e9, 1.0));
    system.domains[0].modes[0].time_to_failure = constant(1500.0);
    let mut crash = system.domains[0].modes[0].clone();
    (crash.name, crash.time_to_failure) = ("crash".into(), constant(1400.0));
    crash.repair = ninefold_models::system::Repair::Takes(constant(5000.0));
    system.components[0].modes = vec![crash];
    system.time.horizon = Hours::new(1600.0);
    system.time.warmup = Hours::ZERO;
    let log = &logs(&System::build(system).unwrap(), 1)[0];
    let begun: Vec<&Happening> = log.iter().filter(|one| matches!(one.turn, Turn::Started { .. })).collect();
    assert_eq!(begun.len(), 1, "{log:?}");
    assert!((begun[0].at.hours() - 1400.0).abs() < 1e-6);
    // Both of the pair crash at once: there is nobody to move to, and that is found out once the region is lost.
    let nobody = log.iter().find(|one| one.turn == Turn::NobodyLeft).unwrap();
    assert!((1500.0..1500.05).contains(&nobody.at.hours()), "{nobody:?}");
}

/// Clients that only the plan sends elsewhere: it takes the step, and then half a time to live in the mean, all of it at most.
#[test]
fn a_step_sends_clients_elsewhere() {
    let mut declared = together();
    declared.components.clear();
    let router = "edge".to_owned();
    let drain = acts(step("drain", constant(90.0 * SECOND)), &[Action::Reroute(router.clone())]);
    declared.stages = vec![vec![drain]];
    declared.sites = Some(SitesSpec { routers: vec![router], ..sites(SiteView::Domain) });
    declared.failback =
        Some(Failback { by_hand: false, after_stable: Hours::new(1.0), resync: None, validate: None, open: None });
    let mut system = regions(None, (1e9, 4.0));
    system.domains[0].modes[0].time_to_failure = exponential(200.0);
    system.domains[0].modes[0].repair = ninefold_models::system::Repair::Takes(constant(4.0));
    let (edge, mut web) = (system.components[0].clone(), system.components[1].clone());
    system.components = vec![
        ComponentSpec {
            name: "edge".into(),
            units: vec![UnitSpec { name: "edge/1".into(), domain: None }],
            redundancy: Redundancy::None,
            ..edge
        },
        {
            (web.name, web.redundancy, web.per) = ("web".into(), Redundancy::None, Some("region".into()));
            web
        },
    ];
    let entry = |name: &str| Path::Component { name: name.into(), side: Side::Both };
    system.journeys[0].path = Path::All(vec![entry("edge"), entry("web")]);
    system.journeys[0].rule = UpRule { success: 0.0, capacity_at_least: None };
    let follows = ninefold_models::lifetime::Law::uniform(Hours::ZERO, Hours::new(60.0 * SECOND)).unwrap();
    let weights = vec![("eu".to_owned(), 0.55), ("us".to_owned(), 0.45)];
    system.routings = vec![RoutingSpec {
        router: "edge".into(),
        to: "web".into(),
        weights,
        learns: Learns::Plan,
        follows: follows.clone(),
        spill: false,
    }];
    system.failover(declared);
    system.time.warmup = Hours::ZERO;
    let results = run(system.clone(), 60);
    close(&results, ("components.edge", "client_outage"), 90.0 + 30.0, 0.001);
    close(&results, ("components.edge", "time_to_move"), 30.0, 0.02);
    // Nobody else sends them anywhere: without the plan all wait for the region.
    system.failovers.clear();
    let results = run(system, 60);
    close(&results, ("components.edge", "client_outage"), 4.0 * 3600.0, 0.001);
}

/// Any plan of sites: noisy or not, with people or without, steps that move or do not.
fn any_sites() -> impl Strategy<Value = SystemSpec> {
    let actions = prop::collection::vec(0usize..4, 3);
    let trigger = (0.0..0.2f64, 1u32..4, 0usize..3);
    let rest = (prop::option::of(0.0..5.0f64), any::<bool>(), any::<bool>(), any::<bool>(), 0.4..1.0f64);
    (actions, trigger, rest).prop_map(
        |(actions, (mistaken, in_a_row, sight), (someone, back, test_it, cold, works))| {
            let mut declared = together();
            let mut stages: Vec<Vec<StepSpec>> = vec![vec![step("check", exponential(0.5))]];
            for (name, action) in ["db", "app", "cache"].into_iter().zip(actions) {
                let one = StepSpec { success: works, retries: 1, ..step("step", exponential(1.0)) };
                match action {
                    0 => {}
                    1 => stages.push(vec![acts(one, &[Action::Promote(name.into())])]),
                    2 => stages.push(vec![acts(one, &[Action::Start(name.into())])]),
                    _ => stages[0].push(acts(one, &[Action::Start(name.into())])),
                }
            }
            declared.stages = stages;
            let mistakes = Mistakes { false_positive: mistaken, false_negative: mistaken };
            declared.trigger.probe = Some(Probe { mistakes, ..probe(1.0, in_a_row) });
            declared.sites =
                Some(sites([SiteView::Any, SiteView::Domain, SiteView::Component("app".into())][sight].clone()));
            declared.taken_over = someone.map(|after| person(after, exponential(0.5)));
            declared.failback = back.then(|| Failback {
                by_hand: someone.is_some(),
                after_stable: Hours::new(5.0),
                resync: Some(CatchUp { backlog: None, rate_per_hour: 9.0, write_per_hour: 4.0 }),
                validate: None,
                open: None,
            });
            declared.test = test_it.then(|| test(TestMethod::Full, 0.001));
            let mut system = regions(Some(declared), (200.0, 20.0));
            let crash = system.domains[0].modes[0].clone();
            for component in &mut system.components {
                component.modes = vec![crash.clone()];
                if let (Redundancy::Standby(scheme), true) = (&mut component.redundancy, cold) {
                    scheme.mode = StandbyMode::Cold;
                }
            }
            system.time.horizon = Hours::new(3000.0);
            system
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Attempts begin and end in turn, a true one begins only where the site is unfit, and the same replication is the same
    /// however the units go.
    #[test]
    fn any_plan_of_sites_keeps_its_order(spec in any_sites()) {
        let system = System::build(spec.clone()).unwrap();
        let all = logs(&system, 2);
        for log in &all {
            is_sound(log, system.plans.steps.len())?;
            let sites = system.plans.instances[0].sites.as_ref().unwrap();
            let mut at = sites.domains[0];
            for one in log {
                match one.turn {
                    Turn::Started { from, .. } => prop_assert_eq!(from, at),
                    Turn::Ended { to, how } => {
                        prop_assert!(sites.domains.contains(&to));
                        prop_assert!(how != Ending::Recovered || to == at);
                        at = to;
                    }
                    _ => {}
                }
            }
        }
        prop_assert_eq!(all, logs(&System::build(spec).unwrap().by_events(), 2));
    }
}

/// What a plan of sites cannot be is refused by name.
#[test]
fn what_cannot_be_is_refused() {
    let with = |change: &dyn Fn(&mut SystemSpec)| {
        let mut system = regions(Some(together()), (100.0, 1.0));
        change(&mut system);
        System::build(system).unwrap_err().to_string()
    };
    let declared = || sites(SiteView::Any);
    let set = |spec: &mut SystemSpec, sites: SitesSpec| spec.failovers[0].sites = Some(sites);
    assert!(with(&|spec| set(spec, SitesSpec { to: "ap".into(), ..declared() })).contains("domain `ap`"));
    assert!(
        with(&|spec| set(spec, SitesSpec { routers: vec!["edge".into()], ..declared() })).contains("router `edge`")
    );
    assert!(with(&|spec| spec.domains[1].parent = Some("eu".into())).contains("within the other"));
    assert!(with(&|spec| spec.components[0].units[1].domain = None).contains("neither"));
    assert!(with(&|spec| spec.components[1].units.truncate(4)).contains("needs 2 to 3 units"));
    let acts = |spec: &mut SystemSpec, acts: &[Action]| spec.failovers[0].stages[0][0].acts = acts.to_vec();
    assert!(with(&|spec| acts(spec, &[Action::Start("web".into())])).contains("does not move `web`"));
    let twice = [Action::Start("db".into()), Action::Promote("db".into())];
    assert!(with(&|spec| acts(spec, &twice)).contains("move one component"));
    let without = |spec: &mut SystemSpec| {
        acts(spec, &twice);
        spec.failovers[0].sites = None;
    };
    assert!(with(&without).contains("it has none"));
}
