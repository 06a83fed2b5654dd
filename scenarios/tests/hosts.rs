//! Shared hosts: where units are packed, what becomes of a pool, and what is refused.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use ninefold_models::system::SystemSpec;
use ninefold_scenarios::{LoadOptions, load_text};
use proptest::prelude::*;

fn load(text: &str) -> Result<SystemSpec, String> {
    let loaded = load_text("hosts.yaml", text, &LoadOptions::default());
    loaded.map(|loaded| loaded.spec).map_err(|problems| problems.to_string())
}

fn hosts_of(spec: &SystemSpec, component: &str) -> Vec<String> {
    let of = spec.components.iter().find(|c| c.name == component).unwrap();
    of.units.iter().map(|unit| unit.domain.clone().unwrap()).collect()
}

fn pool(packing: &str, rest: &str) -> String {
    format!(
        "scenario: t\ndomains:\n  tree: {{a: {{level: zone}}, b: {{level: zone}}}}\n  host_pools: {{p: {{hosts: 4, cpu: 4, \
         packing: {packing}}}}}\ncomponents:\n{rest}"
    )
}

#[test]
fn spread_keeps_a_component_apart_and_first_fit_fills_up() {
    let rest = "  web: {replicas: 6, host_pool: {id: p}}\n  api: {replicas: 2, host_pool: {id: p, cpu: 2}}\n";
    let spread = load(&pool("spread", rest)).unwrap();
    assert_eq!(hosts_of(&spread, "web"), ["p/1", "p/2", "p/3", "p/4", "p/1", "p/2"]);
    // The emptiest are the third and fourth.
    assert_eq!(hosts_of(&spread, "api"), ["p/3", "p/4"]);
    let first = load(&pool("first_fit", rest)).unwrap();
    assert_eq!(hosts_of(&first, "web"), ["p/1", "p/1", "p/1", "p/1", "p/2", "p/2"]);
    assert_eq!(hosts_of(&first, "api"), ["p/2", "p/3"]);
    assert!(spread.host_pools.is_empty(), "nobody can want more than there is");
    assert_eq!(spread.domains.iter().filter(|domain| domain.level.as_deref() == Some("host")).count(), 4);
}

#[test]
fn hosts_of_a_zone_take_the_units_of_that_zone() {
    let text = "scenario: t\ndomains:\n  tree: {eu: {}, a: {in: eu, level: zone}, b: {in: eu, level: zone}, us: {}}\n  \
                host_pools: {p: {hosts: 4, cpu: 4, in: eu, spread: zones}}\ncomponents:\n  \
                web: {place: {eu: {replicas: 4, spread: zones}, us: {replicas: 1}}, host_pool: {id: p}}\n";
    let spec = load(text).unwrap();
    // Hosts 1 and 3 lie in a, 2 and 4 in b; units go round robin over the zones; `us` has no host of the pool.
    assert_eq!(hosts_of(&spec, "web"), ["p/1", "p/2", "p/3", "p/4", "us"]);
    let parent = |host: &str| spec.domains.iter().find(|d| d.name == host).unwrap().parent.clone().unwrap();
    assert_eq!(["p/1", "p/2", "p/3", "p/4"].map(parent), ["a", "b", "a", "b"]);
}

#[test]
fn a_certain_steal_is_taken_off_at_once_and_an_overcommitted_pool_is_simulated() {
    let rest =
        |more: &str| format!("  web: {{replicas: 4, capacity: {{per_replica: 50/s}}, host_pool: {{id: p, {more}}}}}\n");
    let spec = load(&pool("spread", &rest("neighbour_steal: 20 %"))).unwrap();
    assert!((spec.components[0].capacity_per_unit.as_ref().unwrap().rate - 40.0).abs() < 1e-12);
    assert!(spec.host_pools.is_empty());
    let spec = load(&pool("spread", &rest("cpu: 6, overcommit_cpu: 1.5"))).unwrap();
    assert_eq!(spec.host_pools[0].tenants.len(), 1);
    let spec = load(&pool("spread", &rest("eviction_above: 90 %"))).unwrap();
    assert!(spec.components[0].modes[0].is_eviction());
    assert_eq!(spec.host_pools[0].tenants[0].eviction_above, Some(0.9));
}

#[test]
fn a_quota_and_a_full_pool_are_refused_by_name() {
    let refused = |rest: &str| load(&pool("spread", rest)).unwrap_err();
    let quota = refused("  web: {replicas: 6, host_pool: {id: p, quota: 5}}\n");
    assert!(quota.contains("E0508") && quota.contains("the quota is 5"), "{quota}");
    let full = refused("  web: {replicas: 9, host_pool: {id: p, cpu: 2}}\n");
    assert!(full.contains("E0508") && full.contains("no host of `p` has room for `web/9`"), "{full}");
    assert!(
        load(&pool(
            "spread",
            "  web: {replicas: 9, capacity: {per_replica: 1/s}, host_pool: {id: p, cpu: 2, overcommit_cpu: 1.5}}\n"
        ))
        .is_ok()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// What is set aside never exceeds a host, and adding a component moves nobody.
    #[test]
    fn packing_never_exceeds_what_a_host_has(
        hosts in 1usize..6, cpu in 1.0..8.0_f64, first_fit in any::<bool>(),
        of in prop::collection::vec((1usize..8, 0.1..4.0_f64, 1.0..2.0_f64), 1..4),
    ) {
        let packing = if first_fit { "first_fit" } else { "spread" };
        let head = format!("scenario: t\ndomains: {{host_pools: {{p: {{hosts: {hosts}, cpu: {cpu}, packing: {packing}}}}}}}\ncomponents:\n");
        let line = |(i, (units, cores, over)): (usize, &(usize, f64, f64))| {
            format!("  c{i}: {{replicas: {units}, capacity: {{per_replica: 1/s}}, host_pool: {{id: p, cpu: {cores}, overcommit_cpu: {over}}}}}\n")
        };
        let text = |n: usize| head.clone() + &of[..n].iter().enumerate().map(line).collect::<String>();
        let (Ok(all), Ok(fewer)) = (load(&text(of.len())), load(&text((of.len() - 1).max(1)))) else { return Ok(()) };
        let mut taken: BTreeMap<String, f64> = BTreeMap::new();
        for (i, (_, cores, over)) in of.iter().enumerate() {
            hosts_of(&all, &format!("c{i}")).into_iter().for_each(|host| *taken.entry(host).or_default() += cores / over);
        }
        prop_assert!(taken.values().all(|&taken| taken <= cpu * (1.0 + 1e-8)), "{:?} of {}", taken, cpu);
        for component in &fewer.components {
            prop_assert_eq!(hosts_of(&fewer, &component.name), hosts_of(&all, &component.name));
        }
    }
}
