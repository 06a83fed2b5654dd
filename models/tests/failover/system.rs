//! Systems with one plan, and what a run says of them.

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::lifetime::Law;
use ninefold_models::mechanism::Happening;
use ninefold_models::metric::failover::{Attempt, Attempts};
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::World;
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::{
    Authority, Believed, Clock, ComponentSpec, Effect, FailoverSpec, JourneySpec, Mistakes, ModeSpec, Order, Override,
    Path, PlanTest, Probe, Redundancy, Repair, RepairStarts, Side, Standby, StandbyMode, StepSpec, System, SystemSpec,
    TeamSpec, TestMethod, TimeSpec, Trigger, UnitSpec, UpRule,
};
use ninefold_models::units::Hours;

pub(crate) fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

pub(crate) fn constant(hours: f64) -> Law {
    Law::constant(Hours::new(hours)).unwrap()
}

/// A pair that is moved at once and surely, but for what a test changes.
pub(crate) fn plan() -> FailoverSpec {
    FailoverSpec {
        name: "db-failover".into(),
        components: vec!["db".into()],
        trigger: Trigger {
            probe: None,
            lasts: Hours::ZERO,
            confirmers: Vec::new(),
            need: 0,
            min_interval: Hours::ZERO,
            views: Vec::new(),
        },
        authority: Authority::default(),
        stages: vec![vec![step("promote", constant(0.0))]],
        taken_over: None,
        failback: None,
        test: None,
        sites: None,
    }
}

pub(crate) fn step(name: &str, takes: Law) -> StepSpec {
    StepSpec {
        name: name.into(),
        takes,
        success: 1.0,
        retries: 0,
        pause: None,
        team: None,
        hand_over: None,
        control_plane: None,
        acts: Vec::new(),
    }
}

/// A test every 500 hours that finds everything.
pub(crate) fn test(method: TestMethod, decay_per_hour: f64) -> PlanTest {
    PlanTest { every: Hours::new(500.0), method, coverage: 1.0, decay_per_hour, believed: Believed::default() }
}

pub(crate) fn person(after: f64, decide: Law) -> Override {
    Override { manual_after: Hours::new(after), wrong_decision: 0.0, decide }
}

pub(crate) fn probe(every: f64, unhealthy_after: u32) -> Probe {
    Probe { every: Hours::new(every), unhealthy_after, timeout: Hours::ZERO, mistakes: Mistakes::default() }
}

/// A hot pair, each unit failing after `life` hours and repaired within `repair`, both exponential, under a plan.
pub(crate) fn spec(plan: Option<FailoverSpec>, (life, repair): (f64, f64)) -> SystemSpec {
    let standby = Standby {
        mode: StandbyMode::Hot,
        active: 1,
        need: 1,
        switch_takes: constant(0.0),
        switch_success: 1.0,
        manual_switch: None,
        repair_starts: RepairStarts::AtOnce,
    };
    let db = ComponentSpec {
        name: "db".into(),
        units: (1..=2).map(|i| UnitSpec { name: format!("db/{i}"), domain: None }).collect(),
        redundancy: Redundancy::Standby(standby),
        per: None,
        modes: vec![ModeSpec {
            name: "crash".into(),
            time_to_failure: exponential(life),
            repair: Repair::Takes(exponential(repair)),
            effect: Effect::Down,
            clock: Clock::Operating,
            propagates: Vec::new(),
        }],
        capacity_per_unit: None,
    };
    SystemSpec {
        name: "pair".into(),
        components: vec![db],
        teams: vec![TeamSpec::new("ops", 1, Order::FirstCome)],
        failovers: plan.into_iter().collect(),
        journeys: vec![JourneySpec {
            name: "use".into(),
            path: Path::All(vec![Path::Component { name: "db".into(), side: Side::Both }]),
            demand: None,
            rule: UpRule::default(),
        }],
        time: TimeSpec { horizon: Hours::new(20_000.0), warmup: Hours::new(1000.0), ..TimeSpec::default() },
        ..SystemSpec::default()
    }
}

pub(crate) fn run(spec: SystemSpec, replications: u64) -> Results {
    let system = System::build(spec).unwrap();
    let plan = Plan { seed: 11, stopping: Stopping::Fixed(replications), ..Plan::default() };
    assess(&system, &plan, &Unwatched).unwrap()
}

pub(crate) fn measure(results: &Results, entity: &str, measure: &str) -> Measured {
    let found = results.measures.iter().find(|m| m.entity == entity && m.measure == measure && m.quantile.is_none());
    found.unwrap_or_else(|| panic!("no {entity}.{measure}")).clone()
}

/// Holds a measure against its known value: within four standard errors, which are at most a share of it.
pub(crate) fn close(results: &Results, (entity, name): (&str, &str), expected: f64, most: f64) {
    let found = measure(results, entity, name);
    let (value, error) = (found.estimate.value, found.estimate.standard_error);
    assert!(error <= most * expected, "{name}: a standard error of {error} proves nothing about {expected}");
    assert!((value - expected).abs() <= 4.0 * error + 1e-9 * expected, "{name}: {value} ± {error}, not {expected}");
}

/// What happened in the first replications, one after the other.
pub(crate) fn logs(system: &System, replications: u64) -> Vec<Vec<Happening>> {
    let mut world = World::new(system);
    (0..replications).map(|index| world.run(11, index).unwrap().failovers.clone()).collect()
}

/// The attempts of the first replications that are over.
pub(crate) fn attempts(system: &System, replications: u64) -> Vec<Attempt> {
    let mut all = Vec::new();
    for log in logs(system, replications) {
        let mut open = Attempts::new(system.plans.instances.len());
        all.extend(log.into_iter().filter_map(|one| open.take(one)));
    }
    all
}

/// Mean and standard error.
pub(crate) fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

pub(crate) fn means(values: &[f64], expected: f64, most: f64) {
    let (found, error) = mean(values);
    assert!(error <= most * expected, "± {error} of {} proves nothing about {expected}", values.len());
    assert!((found - expected).abs() <= 4.0 * error, "{found} ± {error}, not {expected}");
}
