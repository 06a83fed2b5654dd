//! Experiments against hand counts and a loss formula; what they must never do, on random systems.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact::{NotExact, solve};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::World;
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::*;
use ninefold_models::units::Hours;
use proptest::prelude::*;

fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

fn lasting(hours: f64) -> Repair {
    Repair::Takes(Law::constant(Hours::new(hours)).unwrap())
}

/// `units` of 100 requests a second each, of which a journey asks for `demand`.
fn web(units: usize, demand: f64) -> SystemSpec {
    let crash = ModeSpec {
        name: "crash".into(),
        time_to_failure: exponential(200.0),
        repair: Repair::Takes(exponential(4.0)),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    let component = ComponentSpec {
        name: "web".into(),
        units: (1..=units).map(|i| UnitSpec { name: format!("web/{i}"), domain: None }).collect(),
        redundancy: Redundancy::None,
        per: None,
        modes: vec![crash],
        capacity_per_unit: Some(100.0.into()),
    };
    let journey = JourneySpec {
        name: "buy".into(),
        path: Path::All(vec![Path::Component { name: "web".into(), side: Side::Both }]),
        demand: Some(demand.into()),
        rule: UpRule { success: 0.9, capacity_at_least: None },
    };
    let mut spec = SystemSpec {
        name: "test".into(),
        components: vec![component],
        journeys: vec![journey],
        ..SystemSpec::default()
    };
    spec.time.horizon = Hours::new(1000.0);
    spec
}

/// The same whose units never fail by themselves.
fn sound(units: usize, demand: f64) -> SystemSpec {
    let mut spec = web(units, demand);
    spec.components[0].modes.clear();
    spec
}

fn experiment(units: u32, when: Due) -> ExperimentSpec {
    ExperimentSpec {
        name: "test".into(),
        strike: Strike { owner: Owner::Component("web".into()), mode: String::new() },
        units,
        when,
        abort_below: None,
        hypothesis: None,
    }
}

fn at(hours: &[f64]) -> Due {
    Due::At(hours.iter().map(|&at| Hours::new(at)).collect())
}

fn serves(success: f64) -> Option<Condition> {
    Some(Condition { journey: "buy".into(), success })
}

fn run(spec: SystemSpec, replications: u64) -> Results {
    let system = System::build(spec).unwrap();
    let plan = Plan { stopping: Stopping::Fixed(replications), ..Plan::default() };
    assess(&system, &plan, &Unwatched).unwrap()
}

fn measure<'a>(results: &'a Results, entity: &str, measure: &str) -> &'a Measured {
    results.measures.iter().find(|m| m.entity == entity && m.measure == measure && m.quantile.is_none()).unwrap()
}

#[test]
fn an_outage_of_two_hours_is_two_hours_of_downtime_by_the_experiment() {
    let mut spec = sound(1, 50.0);
    let tested = ExperimentSpec { hypothesis: serves(0.995), ..experiment(1, at(&[10.0, 500.0])) };
    spec.experiment(tested, (Effect::Down, lasting(2.0))).unwrap();
    let results = run(spec, 4);
    let down = measure(&results, "journeys.buy", "unavailability").estimate.value;
    assert!((down - 4.0 / 1000.0).abs() < 1e-12, "{down}");
    assert_eq!(results.causes.iter().map(|row| row.cause.as_str()).collect::<Vec<_>>(), ["experiments/test"]);
    assert_eq!(results.experiments.len(), 8);
    for (row, began) in results.experiments.iter().zip([36_000.0, 1_800_000.0].into_iter().cycle()) {
        assert_eq!((row.began_s, row.took_s, row.held), (began, Some(7200.0), Some(false)));
        assert_eq!((row.finding, row.blast_ratio, row.target.as_str()), ("refuted", 1.0, "components.web"));
        assert!((row.users_hurt.unwrap() - 50.0 * 7200.0).abs() < 0.01);
    }
}

/// A cut edge downs the caller's journeys and no other; a soft one costs the quality of its fallback.
#[test]
fn a_struck_edge_fails_calls_though_both_ends_are_well() {
    let with = |need: Need, fallback_quality: Option<f64>, effect: Effect| {
        let mut spec = sound(1, 50.0);
        let called = ComponentSpec { name: "db".into(), ..spec.components[0].clone() };
        spec.components.push(called);
        spec.components[1].units[0].name = "db/1".into();
        spec.dependencies.push(DependencySpec { from: "web".into(), to: "db".into(), need, fallback_quality });
        let direct = Path::All(vec![Path::Component { name: "db".into(), side: Side::Both }]);
        spec.journeys.push(JourneySpec { name: "direct".into(), path: direct, ..spec.journeys[0].clone() });
        assert!(spec.strike_edge("db", "web").is_err());
        let name = spec.strike_edge("web", "db").unwrap();
        assert_eq!(spec.strike_edge("web", "db").unwrap(), name);
        assert_eq!(spec.written_components().len(), 2);
        let strike = Strike { owner: Owner::Component(name), mode: String::new() };
        spec.experiment(ExperimentSpec { strike, ..experiment(1, at(&[10.0])) }, (effect, lasting(2.0))).unwrap();
        let results = run(spec, 2);
        assert_eq!(measure(&results, "journeys.direct", "unserved_ratio").estimate.value, 0.0);
        let value = |name: &str| measure(&results, "journeys.buy", name).estimate.value;
        (value("unavailability"), value("unserved_ratio"))
    };
    let near = |found: (f64, f64), down: f64, unserved: f64| {
        assert!((found.0 - down).abs() < 1e-9 && (found.1 - unserved).abs() < 1e-9, "{found:?}");
    };
    near(with(Need::Hard, None, Effect::Down), 0.002, 0.002);
    near(with(Need::Hard, None, Effect::Degraded { capacity: 1.0, errors: 0.25 }), 0.002, 0.0005);
    near(with(Need::Soft, Some(0.75), Effect::Down), 0.0, 0.0005);
}

#[test]
fn what_is_struck_serves_less_and_the_hypothesis_knows_the_line() {
    // Two of ten units fail half of what they serve: a tenth of all.
    let findings = |success| {
        let mut spec = sound(10, 500.0);
        let tested = ExperimentSpec { hypothesis: serves(success), ..experiment(2, at(&[10.0])) };
        spec.experiment(tested, (Effect::Degraded { capacity: 1.0, errors: 0.5 }, lasting(1.0))).unwrap();
        run(spec, 1).experiments.remove(0)
    };
    let (held, refuted) = (findings(0.9), findings(0.901));
    assert_eq!((held.finding, held.blast_ratio), ("held", 0.2));
    assert_eq!(refuted.finding, "refuted");
    assert!((held.users_hurt.unwrap() - 500.0 * 3600.0 * 0.1).abs() < 0.01);
}

/// Experiments that are due while one is under way are not begun: a loss system with one place, whose blocking does not
/// depend on the law of the time it is held (Erlang 1917; Sevastyanov 1957).
#[test]
fn experiments_at_a_rate_meet_the_loss_formula() {
    let mut spec = sound(1, 50.0);
    spec.time.warmup = Hours::new(100.0);
    spec.experiment(experiment(1, Due::Every(exponential(20.0))), (Effect::Down, lasting(5.0))).unwrap();
    let results = run(spec, 400);
    let busy = 5.0 / 25.0;
    for (entity, name, value) in
        [("journeys.buy", "unavailability", busy), ("experiments.test", "begun_ratio", 1.0 - busy)]
    {
        let m = measure(&results, entity, name);
        let (estimate, error) = (m.estimate.value, m.estimate.standard_error);
        assert!((estimate - value).abs() <= 4.0 * error, "{name}: {estimate} ± {error}, expected {value}");
        assert!(error <= 0.02 * value, "{name}: {error}");
    }
}

#[test]
fn an_experiment_that_hurts_is_given_up_at_once() {
    let mut spec = sound(10, 900.0);
    let tested = ExperimentSpec { abort_below: serves(0.95), ..experiment(5, at(&[10.0])) };
    spec.experiment(tested, (Effect::Down, lasting(2.0))).unwrap();
    let row = run(spec, 1).experiments.remove(0);
    assert_eq!((row.finding, row.aborted, row.blast_ratio), ("aborted", true, 0.5));
    assert!(row.took_s.unwrap() < 1e-8, "{:?}", row.took_s);
}

#[test]
fn who_takes_over_at_once_hurts_nobody_and_nothing_is_given_up() {
    let mut spec = sound(2, 50.0);
    spec.components[0].redundancy = Redundancy::Standby(Standby {
        mode: StandbyMode::Hot,
        active: 1,
        need: 1,
        switch_takes: Law::constant(Hours::ZERO).unwrap(),
        switch_success: 1.0,
        manual_switch: None,
        repair_starts: RepairStarts::AtOnce,
    });
    let tested =
        ExperimentSpec { abort_below: serves(0.99), hypothesis: serves(0.99), ..experiment(1, at(&[10.0, 20.0])) };
    spec.experiment(tested, (Effect::Down, lasting(2.0))).unwrap();
    let results = run(spec, 16);
    assert!(results.experiments.iter().all(|row| (row.finding, row.took_s) == ("held", Some(7200.0))));
}

#[test]
fn an_experiment_is_not_begun_where_the_system_is_not_as_it_should_be() {
    let mut spec = web(1, 50.0);
    let tested = ExperimentSpec { hypothesis: serves(0.9), ..experiment(1, at(&[300.0, 600.0, 900.0])) };
    spec.experiment(tested, (Effect::Down, lasting(1.0))).unwrap();
    let results = run(spec, 2000);
    // As often as the unit is down by itself, long after the start.
    let begun = measure(&results, "experiments.test", "begun_ratio").estimate;
    assert!((begun.value - 200.0 / 204.0).abs() <= 4.0 * begun.standard_error && begun.standard_error < 0.005);
    assert!(results.experiments.iter().any(|row| (row.finding, row.blast_ratio) == ("not_begun", 0.0)));
}

#[test]
fn no_engine_answers_as_if_there_were_no_experiment() {
    let mut spec = web(2, 50.0);
    spec.components[0].redundancy = Redundancy::KOfN { need: 1 };
    spec.journeys[0].rule.success = 0.5;
    let reasons = |spec: SystemSpec| {
        let solutions = solve(&System::build(spec).unwrap());
        ["journeys.buy", "components.web"].map(|entity| solutions.reason(entity, "unavailability").cloned())
    };
    assert_eq!(reasons(spec.clone()), [None, None]);
    spec.experiment(experiment(1, at(&[10.0])), (Effect::Down, lasting(2.0))).unwrap();
    let refused = NotExact::Experiment("web".to_owned());
    assert_eq!(reasons(spec.clone()), [Some(refused.clone()), Some(refused.clone())]);
    // A standby that a chain would solve.
    spec.components[0].redundancy = Redundancy::Standby(Standby {
        mode: StandbyMode::Cold,
        active: 1,
        need: 1,
        switch_takes: exponential(0.1),
        switch_success: 0.9,
        manual_switch: Some(exponential(1.0)),
        repair_starts: RepairStarts::AtOnce,
    });
    assert_eq!(reasons(spec), [Some(refused.clone()), Some(refused)]);
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    let refused = |change: &dyn Fn(&mut ExperimentSpec)| {
        let (mut spec, mut tested) = (sound(2, 50.0), experiment(1, at(&[10.0])));
        change(&mut tested);
        let added = spec.experiment(tested, (Effect::Down, lasting(2.0)));
        added.and_then(|()| System::build(spec).map(drop)).unwrap_err().to_string()
    };
    assert!(refused(&|e| e.units = 3).contains("units struck"));
    assert!(refused(&|e| e.when = at(&[20.0, 10.0])).contains("time of an experiment"));
    assert!(refused(&|e| e.strike.owner = Owner::Domain("eu".into())).contains("domain"));
    assert!(refused(&|e| e.hypothesis = Some(Condition { journey: "sell".into(), success: 0.9 })).contains("journey"));
    assert!(refused(&|e| e.abort_below = serves(0.0)).contains("share served"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// The blast share is never exceeded, nothing lasts longer than it may, none of an experiment's occasions overlap, and
    /// what was given up served too little just then.
    #[test]
    fn an_experiment_keeps_within_its_bounds(
        (n, units) in (1_usize..8).prop_flat_map(|n| (Just(n), 1..=n as u32)),
        mean_h in 1.0..50.0_f64,
        lasts_h in 0.5..20.0_f64,
        share in 0.3..1.0_f64,
        seed in 0_u64..1000,
    ) {
        let mut spec = web(n, 60.0 * n as f64);
        let when = Due::Every(exponential(mean_h));
        let tested = ExperimentSpec { abort_below: serves(share), ..experiment(units, when) };
        spec.experiment(tested, (Effect::Down, lasting(lasts_h))).unwrap();
        let system = System::build(spec).unwrap();
        let mut world = World::new(&system);
        let trace = world.run(seed, 0).unwrap();
        prop_assert!(!trace.experimented.is_empty());
        let mut free = None;
        for one in &trace.experimented {
            prop_assert!(one.struck <= units);
            prop_assert!(one.is_begun() || (!one.aborted && one.ended == one.began));
            if one.is_begun() {
                prop_assert!(free.is_none_or(|free| one.began >= free));
                free = Some(one.ended);
                if !one.ended.is_never() {
                    let took = one.ended.since(one.began).hours();
                    prop_assert!(took <= lasts_h * (1.0 + 1e-12));
                    prop_assert!(!one.aborted || took < lasts_h);
                }
            }
        }
    }
}
