//! Recovery points: the lag at the failure, what a unit that was down still lacks, and how long it takes to catch up.

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::World;
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::*;
use ninefold_models::units::Hours;
use ninefold_sim_core::tick::Tick;

use crate::theorems::{group, system};

pub(crate) fn constant(hours: f64) -> Law {
    Law::constant(Hours::new(hours)).unwrap()
}

pub(crate) fn pair(mode: StandbyMode, life: Law, repair: Law) -> ComponentSpec {
    let scheme = Standby {
        mode,
        active: 1,
        need: 1,
        switch_takes: constant(0.0),
        switch_success: 1.0,
        manual_switch: None,
        repair_starts: RepairStarts::AtOnce,
    };
    let mut pair = group(2, 1, (life, Repair::Takes(repair)));
    pair.redundancy = Redundancy::Standby(scheme);
    pair
}

pub(crate) fn replicated(pair: ComponentSpec, lag: Option<Law>, speed: Option<f64>) -> SystemSpec {
    let mut spec = system(pair, 1, Order::FirstCome);
    let resync = speed.map(|speed| Resync { write_bytes_per_s: 4e6, resync_bytes_per_s: 4e6 * speed });
    spec.replications = vec![ReplicationSpec { component: "group".into(), lag, resync }];
    spec
}

fn results(spec: SystemSpec, replications: u64) -> Results {
    let plan = Plan { stopping: Stopping::Fixed(replications), ..Plan::default() };
    assess(&System::build(spec).unwrap(), &plan, &Unwatched).unwrap()
}

fn row<'a>(results: &'a Results, measure: &str, quantile: Option<f64>) -> &'a Measured {
    let is = |row: &&Measured| row.measure == measure && row.quantile == quantile && row.entity == "components.group";
    results.measures.iter().find(is).unwrap_or_else(|| panic!("no {measure}"))
}

/// Where the other unit is always up to date, the recovery point of an asynchronous pair is the lag at the failure: its law.
#[test]
fn an_asynchronous_recovery_point_is_the_lag_at_the_failure() {
    let exponential = |hours| Law::exponential(Hours::new(hours)).unwrap();
    let lag = Law::lognormal_median_p95(Hours::new(2.0 / 3600.0), Hours::new(20.0 / 3600.0)).unwrap();
    let spec = replicated(pair(StandbyMode::Hot, exponential(100.0), exponential(0.01)), Some(lag.clone()), None);
    let results = results(spec, 400);
    let of = |quantile| row(&results, "recovery_point", quantile);
    let mean = of(None);
    assert!(mean.seen > 10_000 && mean.estimate.standard_error < 0.03 * mean.estimate.value);
    let expected = lag.mean().get() * 3600.0;
    assert!((mean.estimate.value - expected).abs() < 4.0 * mean.estimate.standard_error, "{mean:?} {expected}");
    for p in [0.50, 0.95, 0.99] {
        let (found, expected) = (of(Some(p)), lag.quantile(p).get() * 3600.0);
        assert!((found.estimate.value / expected - 1.0).abs() < 0.08, "{p}: {found:?} {expected}");
        assert!(found.estimate.lo * 0.97 < expected && expected < found.estimate.hi * 1.03);
    }
    let (lost, takeovers) = (row(&results, "lost_writes", None), row(&results, "takeovers", None));
    assert!((lost.estimate.value / (takeovers.estimate.value * mean.estimate.value) - 1.0).abs() < 1e-9);
}

#[test]
fn a_synchronous_pair_that_is_in_step_loses_nothing() {
    let exponential = |hours| Law::exponential(Hours::new(hours)).unwrap();
    let spec = replicated(pair(StandbyMode::Hot, exponential(100.0), exponential(5.0)), None, None);
    let results = results(spec, 50);
    // A unit that was down when the last one failed, and comes back first, lacks what was written meanwhile.
    assert_eq!(row(&results, "recovery_point", Some(0.5)).estimate.value, 0.0);
    assert!(row(&results, "recovery_point", None).seen > 1000);
}

/// Takeovers (h lost) and resynchronisations (h) of the first replication.
fn history(spec: SystemSpec) -> (Vec<f64>, Vec<f64>) {
    let system = System::build(spec).unwrap();
    let mut world = World::new(&system);
    let trace = world.run(1, 0).unwrap();
    let hours = |tick: Tick| if tick.is_never() { f64::INFINITY } else { tick.hours() };
    let lost = trace.takeovers.iter().map(|takeover| hours(takeover.lost)).collect();
    (lost, trace.resyncs.iter().map(|resync| hours(resync.takes)).collect())
}

/// A cold pair of lives of 10 h and repairs of 5 h: each unit misses 5 h of writes and takes over 5 h after it is back.
/// Backlog ÷ (resync − write): 2.5 h at three times the rate of writing, 10 h at one and a half, never below once.
#[test]
fn who_has_not_caught_up_loses_what_it_lacks() {
    let of = |speed| {
        let mut spec = replicated(pair(StandbyMode::Cold, constant(10.0), constant(5.0)), None, Some(speed));
        spec.time.horizon = Hours::new(24.0);
        history(spec)
    };
    let near = |found: Vec<f64>, expected: &[f64]| {
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (one, other) in found.iter().zip(expected) {
            assert!(one == other || (one - other).abs() < 1e-9, "{found:?} is not {expected:?}");
        }
    };
    for (speed, lost, takes) in
        [(3.0, 0.0, 2.5), (1.5, 2.5, 10.0), (1.0, 5.0, f64::INFINITY), (0.5, 7.5, f64::INFINITY)]
    {
        let (takeovers, resyncs) = of(speed);
        near(takeovers, &[0.0, lost]);
        near(resyncs, &[takes]);
    }
}

/// The second unit goes down with its zone at 8 h, the first fails at 10 h for good; the zone is back at 12 h, and the second
/// takes over without the last 2 h. A unit that comes back to its own place has lost nothing.
#[test]
fn a_stale_unit_takes_over_what_it_has() {
    let zone = ModeSpec {
        name: "loss".into(),
        time_to_failure: constant(8.0),
        repair: Repair::Takes(constant(4.0)),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    let mut spec = replicated(pair(StandbyMode::Cold, constant(10.0), constant(90.0)), Some(constant(0.001)), None);
    spec.components[0].units[1].domain = Some("zone".into());
    spec.domains = vec![DomainSpec { name: "zone".into(), level: None, parent: None, modes: vec![zone] }];
    spec.time.horizon = Hours::new(15.0);
    let (takeovers, _) = history(spec.clone());
    assert_eq!(takeovers.len(), 1);
    assert!((takeovers[0] - 2.0).abs() < 1e-9, "{takeovers:?}");
    // Back after an hour, before the zone: its place is its own again.
    spec.components[0].modes[0].repair = Repair::Takes(constant(1.0));
    assert_eq!(history(spec).0, Vec::<f64>::new());
}

#[test]
fn what_has_no_takeover_is_refused() {
    let mut spec = replicated(pair(StandbyMode::Hot, constant(10.0), constant(5.0)), None, Some(0.0));
    assert!(System::build(spec.clone()).unwrap_err().to_string().contains("rate of replication"));
    spec.replications[0].resync = None;
    spec.components[0].redundancy = Redundancy::KOfN { need: 1 };
    assert!(System::build(spec).unwrap_err().to_string().contains("active places"));
}
