//! Shared hosts: steal and contention against their means, evictions tick by tick, a host's loss, both paths.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::World;
use ninefold_models::results::Results;
use ninefold_models::system::*;
use ninefold_models::uncertainty::InputLaw;
use ninefold_models::units::Hours;
use proptest::prelude::*;

fn constant(hours: f64) -> Law {
    Law::constant(Hours::new(hours)).unwrap()
}

fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

fn crash(life: f64, repair: f64) -> ModeSpec {
    ModeSpec {
        name: "crash".into(),
        time_to_failure: exponential(life),
        repair: Repair::Takes(exponential(repair)),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    }
}

/// A component with units of 100/s dealt round robin over the hosts, and the journey that asks so much of it.
struct Part {
    name: &'static str,
    units: usize,
    demand: f64,
    tenant: TenantSpec,
    modes: Vec<ModeSpec>,
}

fn part(name: &'static str, units: usize, demand: f64) -> Part {
    let tenant = TenantSpec { component: name.into(), cpu: 1.0, steal: None, eviction_above: None };
    Part { name, units, demand, tenant, modes: Vec::new() }
}

fn evicted(part: Part, above: f64, reschedule: f64) -> Part {
    let tenant = TenantSpec { eviction_above: Some(above), ..part.tenant };
    Part { modes: vec![ModeSpec::eviction(constant(reschedule))], tenant, ..part }
}

fn spec(hosts: usize, cpu: f64, parts: Vec<Part>) -> SystemSpec {
    let host = |i: usize| format!("pool/{}", i + 1);
    let mut spec = SystemSpec { name: "test".into(), ..SystemSpec::default() };
    spec.domains = (0..hosts)
        .map(|i| DomainSpec { name: host(i), level: Some("host".into()), parent: None, modes: Vec::new() })
        .collect();
    for part in &parts {
        let unit = |i: usize| UnitSpec { name: format!("{}/{}", part.name, i + 1), domain: Some(host(i % hosts)) };
        spec.components.push(ComponentSpec {
            name: part.name.into(),
            units: (0..part.units).map(unit).collect(),
            redundancy: Redundancy::None,
            per: None,
            modes: part.modes.clone(),
            capacity_per_unit: Some(100.0.into()),
        });
        let path = Path::Component { name: part.name.into(), side: Side::Both };
        let (name, demand) = (format!("use-{}", part.name), Some(Level::from(part.demand)));
        spec.journeys.push(JourneySpec { name, path, demand, rule: UpRule::default() });
    }
    spec.host_pools = vec![HostPoolSpec {
        name: "pool".into(),
        hosts: (0..hosts).map(host).collect(),
        cpu,
        steal_every: Hours::new(0.5),
        looks_every: Hours::new(0.25),
        tenants: parts.into_iter().map(|part| part.tenant).collect(),
    }];
    spec.time.horizon = Hours::new(200.0);
    spec
}

fn run(spec: SystemSpec, replications: u64) -> Results {
    let plan = Plan { seed: 5, stopping: Stopping::Fixed(replications), ..Plan::default() };
    assess(&System::build(spec).unwrap(), &plan, &Unwatched).unwrap()
}

fn measure(results: &Results, entity: &str, name: &str) -> (f64, f64) {
    let row = results.measures.iter().find(|row| row.entity == entity && row.measure == name).unwrap();
    (row.estimate.value, row.estimate.standard_error)
}

#[test]
fn a_certain_steal_scales_the_service_rate_by_what_it_leaves() {
    let mut web = part("web", 4, 400.0);
    web.tenant.steal = Some(ReclaimShare::Certain(0.2));
    let results = run(spec(2, 8.0, vec![web]), 4);
    let (unserved, error) = measure(&results, "journeys.use-web", "unserved_ratio");
    assert!((unserved - 0.2).abs() < 1e-9 && error < 1e-12, "{unserved} ± {error}");
}

#[test]
fn a_drawn_steal_takes_its_mean() {
    // At full load what is not served is what is taken: its mean over hosts and time.
    let mut web = part("web", 6, 600.0);
    let law = InputLaw::pert(0.0, 0.03, 0.25).unwrap();
    web.tenant.steal = Some(ReclaimShare::Drawn(law));
    let results = run(spec(3, 8.0, vec![web]), 64);
    let (unserved, error) = measure(&results, "journeys.use-web", "unserved_ratio");
    assert!((unserved - law.mean()).abs() < 4.0 * error && error < 5e-4, "{unserved} ± {error} for {}", law.mean());
}

#[test]
fn who_wants_more_than_the_host_has_gets_a_part() {
    // One host of 3 cores: four units at full load want 4, two at half load want 1: each gets 3/5 of what it wants.
    let (web, api) = (part("web", 4, 400.0), part("api", 2, 100.0));
    let results = run(spec(1, 3.0, vec![web, api]), 2);
    let (web, _) = measure(&results, "journeys.use-web", "unserved_ratio");
    assert!((web - 0.4).abs() < 1e-9, "{web}");
    // Of 200/s it could serve at most 120/s, and it is asked for 100/s.
    let (api, _) = measure(&results, "journeys.use-api", "unserved_ratio");
    assert!(api.abs() < 1e-9, "{api}");
    // Down by capacity is put down to the lack of cores.
    let mut strict = spec(1, 3.0, vec![part("web", 4, 400.0), part("api", 2, 100.0)]);
    strict.journeys[0].rule = UpRule { success: 0.9, ..UpRule::default() };
    let results = run(strict, 2);
    let row = results.causes.iter().find(|row| row.cause == "web/contention").unwrap();
    assert!((row.share - 1.0).abs() < 1e-9, "{row:?}");
}

#[test]
fn the_last_tenant_is_evicted_look_by_look() {
    // A host of 4 cores: web wants 2, batch 3: above 90 % of the cores batch goes, one unit a quarter of an hour, until
    // 3.6 are enough: at 0.25 h two of batch are left, each of which then has 1 core's worth of load to serve: 4 wanted.
    // At 0.5 h one is left, 3 wanted. The first is back after 2 h, at 2.25 h, and is evicted again at 2.5 h.
    let (web, batch) = (part("web", 2, 200.0), evicted(part("batch", 3, 300.0), 0.9, 2.0));
    let mut spec = spec(1, 4.0, vec![web, batch]);
    spec.time.horizon = Hours::new(2.5);
    let mut strict = spec.clone();
    strict.components[1].redundancy = Redundancy::KOfN { need: 3 };
    let results = run(strict, 1);
    // With all three needed it is down from the first eviction to the end of the run.
    let (unavailability, _) = measure(&results, "components.batch", "unavailability");
    assert!((unavailability - 2.25 / 2.5).abs() < 1e-9, "{unavailability}");
    let row = results.causes.iter().find(|row| row.cause == "batch/evicted").unwrap();
    assert!((row.share - 1.0).abs() < 1e-9, "{row:?}");
    let results = run(spec, 1);
    // Served: 3 × 4/5 for 0.25 h, 2 for 0.25 h, 1 for 1.75 h, 2 for 0.25 h, of 3 × 2.5 h.
    let (unserved, _) = measure(&results, "journeys.use-batch", "unserved_ratio");
    let served = 3.0 * 0.8 * 0.25 + 2.0 * 0.25 + 1.75 + 2.0 * 0.25;
    assert!((unserved - (1.0 - served / 7.5)).abs() < 1e-9, "{unserved} for {served}");
}

#[test]
fn units_fall_together_and_exact_values_are_refused_by_name() {
    let mut lost = spec(2, 64.0, vec![part("web", 4, 100.0)]);
    lost.domains.iter_mut().for_each(|host| host.modes = vec![crash(90.0, 10.0)]);
    lost.components[0].redundancy = Redundancy::KOfN { need: 3 };
    lost.time.warmup = Hours::new(100.0);
    // Both hosts of two units each: three of four are up while both are.
    let system = System::build(lost.clone()).unwrap();
    let solutions = exact::solve(&system);
    let (exact, _) = solutions.get("components.web", "unavailability", None).unwrap();
    assert!((exact - (1.0 - 0.81)).abs() < 1e-12, "{exact}");
    let reason = solutions.reason("journeys.use-web", "unserved_ratio").unwrap().to_string();
    assert!(reason.contains("share hosts"), "{reason}");
    let (unavailability, error) = measure(&run(lost, 400), "components.web", "unavailability");
    assert!((unavailability - 0.19).abs() < 4.0 * error && error < 0.01, "{unavailability} ± {error}");
    // Where units are evicted nothing is known of what is up.
    let system = System::build(spec(2, 2.0, vec![evicted(part("web", 4, 100.0), 0.9, 1.0)])).unwrap();
    assert!(exact::solve(&system).get("components.web", "unavailability", None).is_none());
}

#[test]
fn what_is_out_of_range_or_beside_something_else_is_refused() {
    let refused = |change: fn(&mut SystemSpec)| {
        let mut spec = spec(2, 4.0, vec![part("web", 2, 100.0)]);
        change(&mut spec);
        System::build(spec).unwrap_err().to_string()
    };
    assert!(refused(|s| s.host_pools[0].cpu = 0.0).contains("cores of a host"));
    assert!(refused(|s| s.host_pools[0].tenants[0].cpu = f64::NAN).contains("cores of a unit"));
    assert!(refused(|s| s.host_pools[0].tenants[0].steal = Some(ReclaimShare::Certain(1.0))).contains("is left"));
    assert!(refused(|s| s.host_pools[0].tenants[0].component = "api".into()).contains("`api`"));
    assert!(refused(|s| s.host_pools[0].tenants[0].eviction_above = Some(0.9)).contains("eviction"));
    assert!(refused(|s| s.components[0].capacity_per_unit = None).contains("capacity"));
    assert!(refused(|s| s.components[0].redundancy = Redundancy::Quorum { write: 1, read: 1 }).contains("a quorum"));
    assert!(refused(|s| s.host_pools.push(s.host_pools[0].clone())).contains("twice"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// By timelines or by events, the same traces; and no capacity above what the units have.
    #[test]
    fn both_paths_leave_the_same_trace(
        hosts in 1usize..4, cpu in 1.0..6.0_f64, units in (1usize..6, 1usize..6), load in (0.1..1.5_f64, 0.1..1.5_f64),
        steal in 0.0..0.5_f64, above in 0.3..1.2_f64, index in 0..50u64,
    ) {
        let mut web = part("web", units.0, 100.0 * units.0 as f64 * load.0);
        web.tenant.steal = Some(ReclaimShare::Certain(steal));
        web.modes = vec![crash(20.0, 2.0)];
        let batch = evicted(part("batch", units.1, 100.0 * units.1 as f64 * load.1), above, 1.0);
        let mut spec = spec(hosts, cpu, vec![web, batch]);
        spec.domains.iter_mut().for_each(|host| host.modes = vec![crash(50.0, 5.0)]);
        spec.time.horizon = Hours::new(60.0);
        let system = System::build(spec).unwrap();
        let by_events = system.clone().by_events();
        let a = World::new(&system).run(3, index).unwrap().clone();
        let b = World::new(&by_events).run(3, index).unwrap().clone();
        prop_assert_eq!(&a.outages, &b.outages);
        prop_assert_eq!(&a.losses, &b.losses);
    }
}
