//! The order of recovery against sums along the edges.

use super::*;
use crate::results::RecoveryRow;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Every component is up its own repair after the last of those it needs, and listed after them.
    #[test]
    fn recovery_follows_the_edges(spec in random()) {
        let system = System::build(spec.clone()).unwrap();
        let rows = recovery_order(&system);
        let at = |name: &str| rows.iter().position(|row| row.entity == format!("components.{name}")).unwrap();
        for component in &spec.components {
            let targets = spec.dependencies.iter().filter(|edge| edge.from == component.name);
            let targets: Vec<usize> = targets.map(|edge| at(&edge.to)).collect();
            let own = at(&component.name);
            let starts = targets.iter().map(|&to| rows[to].up_min.unwrap()).fold(0.0, f64::max);
            prop_assert_eq!(rows[own].starts_min, Some(starts));
            prop_assert!((rows[own].up_min.unwrap() - starts - 300.0).abs() < 1e-9);
            prop_assert!(targets.iter().all(|&to| to < own && rows[to].step < rows[own].step));
            // The chain takes exactly as long as the component is down.
            prop_assert!((rows[own].critical_path.len() as f64 * 300.0 - rows[own].up_min.unwrap()).abs() < 1e-6);
        }
    }
}

fn row<'a>(rows: &'a [RecoveryRow], entity: &str) -> &'a RecoveryRow {
    rows.iter().find(|row| row.entity == entity).unwrap_or_else(|| panic!("{entity}"))
}

#[test]
fn a_journey_is_up_with_its_first_branch_and_a_component_with_enough_of_its_zones() {
    let mut web = component("web", 3, Redundancy::KOfN { need: 2 }, (1000.0, 1.0));
    for (unit, zone) in web.units.iter_mut().zip(["a", "b", "c"]) {
        unit.domain = Some(zone.into());
    }
    let zone = |(name, repair): (&str, f64)| DomainSpec {
        name: name.into(),
        level: None,
        parent: None,
        modes: vec![mode(5000.0, repair)],
    };
    let domains = [("a", 2.0), ("b", 4.0), ("c", 50.0)].map(zone).to_vec();
    let slow = component("slow", 1, Redundancy::None, (1000.0, 30.0));
    let db = component("db", 1, Redundancy::None, (1000.0, 3.0));
    let journeys = vec![journey(Path::KOf { need: 1, branches: vec![leaf("web"), leaf("slow")] })];
    let dependencies = vec![edge("web", "db", Need::Hard), edge("db", "slow", Need::Async)];
    let components = vec![web, slow, db];
    let system = System::build(SystemSpec { domains, components, dependencies, journeys, ..SystemSpec::default() });
    let rows = recovery_order(&system.unwrap());
    // Two zones of three are there after 4 h, the database after 3 h.
    let web = row(&rows, "components.web");
    assert_eq!((web.starts_min, web.takes_min, web.up_min), (Some(240.0), Some(60.0), Some(300.0)));
    assert_eq!(web.critical_path, ["domains.b", "components.web"]);
    let used = row(&rows, "journeys.use");
    assert_eq!(used.up_min, Some(300.0));
    assert_eq!(used.critical_path, web.critical_path);
    let order: Vec<&str> = rows.iter().map(|row| row.entity.as_str()).collect();
    assert_eq!(
        order,
        ["domains.a", "components.db", "domains.b", "components.web", "journeys.use", "components.slow", "domains.c"]
    );
}

#[test]
fn what_is_never_repaired_never_comes_back_and_takes_its_callers_along() {
    let mut db = component("db", 1, Redundancy::None, (1000.0, 3.0));
    db.modes[0].repair = Repair::Never;
    let web = component("web", 1, Redundancy::None, (1000.0, 1.0));
    let dependencies = vec![edge("web", "db", Need::Soft)];
    let system = System::build(SystemSpec { components: vec![web, db], dependencies, ..SystemSpec::default() });
    let rows = recovery_order(&system.unwrap());
    assert_eq!(rows.iter().map(|row| row.up_min).collect::<Vec<_>>(), [None, None]);
    assert_eq!(row(&rows, "components.web").critical_path, ["components.db", "components.web"]);
}

#[test]
fn modes_count_as_often_as_they_occur() {
    let mut db = component("db", 1, Redundancy::None, (100.0, 1.0));
    db.modes.push(ModeSpec { name: "disk".into(), ..mode(900.0, 11.0) });
    let system = System::build(SystemSpec { components: vec![db], ..SystemSpec::default() }).unwrap();
    close(recovery_order(&system)[0].takes_min.unwrap(), 120.0);
}

#[test]
fn start_up_cycles_are_refused_and_a_fallback_opens_them() {
    let spec = |quality| SystemSpec {
        components: ["a", "b"].map(|name| component(name, 1, Redundancy::None, (100.0, 1.0))).to_vec(),
        dependencies: vec![
            edge("a", "b", Need::Hard),
            DependencySpec { fallback_quality: quality, ..edge("b", "a", Need::Soft) },
        ],
        ..SystemSpec::default()
    };
    let cycle = ["a", "b", "a"].map(str::to_owned).to_vec();
    assert_eq!(System::build(spec(None)).unwrap_err(), SystemError::StartupCycle(cycle));
    assert_eq!(recovery_order(&System::build(spec(Some(0.5))).unwrap()).len(), 2);
}
