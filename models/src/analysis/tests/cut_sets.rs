//! Cut sets against closed forms, published structures and brute force.

use super::*;

/// Series and parallel have closed forms: the sets of a series are its parts, the one set of a parallel group is all of it.
#[test]
fn series_and_parallel() {
    let u = 1.0 / 101.0;
    let components = vec![
        component("web", 1, Redundancy::None, (100.0, 1.0)),
        component("db", 3, Redundancy::KOfN { need: 1 }, (100.0, 1.0)),
    ];
    let journeys = vec![journey(leaf("web"))];
    let dependencies = vec![edge("web", "db", Need::Hard)];
    let found = analysed(SystemSpec { components, journeys, dependencies, ..SystemSpec::default() });
    assert_eq!(members(&found.sets), ["components.web", "units.db/0 + units.db/1 + units.db/2"]);
    let [web, db] = &found.sets[..] else { panic!("{:?}", found.sets) };
    close(web.unavailability.unwrap(), u);
    close(web.minutes_per_year.unwrap(), u * 525_600.0);
    close(web.failures_per_year.unwrap(), 8760.0 / 101.0);
    close(web.p_per_year.unwrap(), 1.0 - libm::exp(-8760.0 / 101.0));
    close(db.unavailability.unwrap(), u * u * u);
    close(db.failures_per_year.unwrap(), 3.0 * u * u * 8760.0 / 101.0);
    let counts = &found.counts[0];
    assert_eq!((counts.by_order, counts.all, counts.listed_order), (Some([1.0, 0.0, 1.0]), Some(2.0), 3));
    close(counts.rare_event.unwrap(), u + u * u * u);
    close(counts.unavailability_listed.unwrap(), u + (1.0 - u) * u * u * u);
    close(counts.unavailability.unwrap(), counts.unavailability_listed.unwrap());
    close(web.fussell_vesely.unwrap(), u / counts.unavailability.unwrap());
    assert_eq!(counts.remark, "");
}

/// r13: the bridge has the four cut sets ab, de, ace, bcd; with equal u its unavailability is 2u² + 2u³ − 5u⁴ + 2u⁵
/// (Barlow, Proschan, *Statistical Theory of Reliability and Life Testing* (1975), 1.2).
#[test]
fn the_bridge() {
    let u: f64 = 0.1;
    let names = ["a", "b", "c", "d", "e"];
    let components = names.map(|name| component(name, 1, Redundancy::None, (9.0, 1.0))).to_vec();
    let all = |names: &[&str]| Path::All(names.iter().map(|name| leaf(name)).collect());
    let branches = vec![all(&["a", "d"]), all(&["b", "e"]), all(&["a", "c", "e"]), all(&["b", "c", "d"])];
    let journeys = vec![journey(Path::KOf { need: 1, branches })];
    let found = analysed(SystemSpec { components, journeys, ..SystemSpec::default() });
    let mut listed = members(&found.sets);
    listed.sort();
    let set = |names: &[&str]| names.iter().map(|name| format!("components.{name}")).collect::<Vec<_>>().join(" + ");
    assert_eq!(listed, [set(&["a", "b"]), set(&["a", "c", "e"]), set(&["b", "c", "d"]), set(&["d", "e"])]);
    let counts = &found.counts[0];
    close(counts.rare_event.unwrap(), 2.0 * u * u + 2.0 * u * u * u);
    let exact = 2.0 * u.powi(2) + 2.0 * u.powi(3) - 5.0 * u.powi(4) + 2.0 * u.powi(5);
    close(counts.unavailability.unwrap(), exact);
    close(counts.unavailability_listed.unwrap(), exact);
}

/// r20: four tiers in series, each a single point, each with its own unavailability; the first to mend is the worst.
#[test]
fn tiers_in_series_are_single_points_in_order_of_loss() {
    let lives = [("edge", 2000.0), ("app", 500.0), ("cache", 1000.0), ("db", 4000.0)];
    let components = lives.map(|(name, life)| component(name, 1, Redundancy::None, (life, 4.0))).to_vec();
    let path = Path::All(lives.iter().map(|(name, _)| leaf(name)).collect());
    let found = analysed(SystemSpec { components, journeys: vec![journey(path)], ..SystemSpec::default() });
    assert_eq!(members(&found.sets), ["components.app", "components.cache", "components.edge", "components.db"]);
    assert!(found.sets.iter().all(|set| set.order == 1));
}

/// r12: a write quorum of two in three zones survives the loss of a zone, in two zones it does not.
#[test]
fn a_quorum_over_zones_has_a_zone_as_single_point_only_if_it_holds_too_many() {
    let spread = |zones: [&str; 3]| {
        let mut store = component("store", 3, Redundancy::Quorum { write: 2, read: 2 }, (1000.0, 1.0));
        for (unit, zone) in store.units.iter_mut().zip(zones) {
            unit.domain = Some(zone.into());
        }
        let zone = |name: &str| DomainSpec {
            name: name.into(),
            level: Some("zone".into()),
            parent: None,
            modes: vec![mode(5000.0, 2.0)],
        };
        let domains = ["a", "b", "c"].map(zone).to_vec();
        analysed(SystemSpec { domains, components: vec![store], ..SystemSpec::default() })
    };
    assert_eq!(spread(["a", "b", "c"]).counts[0].by_order, Some([0.0, 12.0, 0.0]));
    let two = spread(["a", "a", "b"]);
    assert_eq!(
        two.sets.iter().filter(|set| set.order == 1).map(|set| &set.members[0]).collect::<Vec<_>>(),
        ["domains.a"]
    );
}

#[test]
fn a_standby_group_is_its_units_and_a_cold_one_has_no_probability() {
    let scheme = |mode| {
        Redundancy::Standby(Standby {
            mode,
            active: 1,
            need: 1,
            switch_takes: Law::constant(Hours::new(0.1)).unwrap(),
            switch_success: 1.0,
            manual_switch: None,
            repair_starts: RepairStarts::AtOnce,
        })
    };
    let found = |mode| {
        let components = vec![component("db", 2, scheme(mode), (100.0, 1.0))];
        analysed(SystemSpec { components, ..SystemSpec::default() })
    };
    let hot = found(StandbyMode::Hot);
    assert_eq!(members(&hot.sets), ["units.db/0 + units.db/1"]);
    close(hot.sets[0].unavailability.unwrap(), 1.0 / 101.0 / 101.0);
    let cold = found(StandbyMode::Cold);
    assert_eq!((cold.sets[0].order, cold.sets[0].unavailability), (2, None));
    assert!(cold.counts[0].remark.contains("order of failures"), "{}", cold.counts[0].remark);
}

#[test]
fn units_that_wait_for_a_crew_are_listed_without_a_probability() {
    let mut web = component("web", 2, Redundancy::None, (100.0, 1.0));
    let takes = Law::exponential(Hours::new(1.0)).unwrap();
    web.modes[0].repair = Repair::ByCrew(CrewRepair::new("field", takes, 0));
    let teams = vec![TeamSpec::new("field", 1, Order::FirstCome)];
    let found = analysed(SystemSpec { teams, components: vec![web], ..SystemSpec::default() });
    assert_eq!(members(&found.sets), ["units.web/0 + units.web/1"]);
    assert_eq!((found.sets[0].unavailability, found.counts[0].unavailability), (None, None));
    assert!(!found.counts[0].remark.is_empty());
}

#[test]
fn too_many_are_counted_and_not_listed() {
    let components = vec![component("web", 100, Redundancy::KOfN { need: 98 }, (100.0, 1.0))];
    let found = analysed(SystemSpec { components, ..SystemSpec::default() });
    assert!(found.sets.is_empty());
    assert_eq!(found.counts[0].by_order, Some([0.0, 0.0, 161_700.0]));
    assert!(found.counts[0].remark.contains("161700") && found.counts[0].remark.contains("10000"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// M2.8: complete and minimal up to order 3, against all subsets, on graphs of up to 12 nodes.
    #[test]
    fn cut_sets_are_those_of_brute_force(spec in random()) {
        let n = spec.components.len();
        let is_cut = |lost: u32| !works(&spec, lost);
        let minimal = |&lost: &u32| {
            is_cut(lost) && (0..n).all(|i| lost >> i & 1 == 0 || !is_cut(lost & !(1 << i)))
        };
        let all: Vec<u32> = (0..1_u32 << n).filter(minimal).collect();
        let of = |i: usize| spec.components[i].modes[0].time_to_failure.mean().get();
        let down = |i: usize| 5.0 / (5.0 + of(i));
        let chance = |lost: u32| -> f64 {
            (0..n).map(|i| if lost >> i & 1 == 1 { down(i) } else { 1.0 - down(i) }).product()
        };
        let small: Vec<u32> = all.iter().copied().filter(|lost| lost.count_ones() <= 3).collect();
        let hit = |lost: u32| small.iter().any(|cut| cut & !lost == 0);
        let by_small: f64 = (0..1_u32 << n).filter(|&lost| hit(lost)).map(chance).sum();
        let whole: f64 = (0..1_u32 << n).filter(|&lost| is_cut(lost)).map(chance).sum();
        let found = analysed(spec.clone());
        let place = |member: &String| member.trim_start_matches("components.c").parse::<u32>().unwrap();
        let mut listed: Vec<u32> =
            found.sets.iter().map(|set| set.members.iter().map(|member| 1 << place(member)).sum()).collect();
        listed.sort_unstable();
        prop_assert_eq!(listed, small);
        prop_assert_eq!(found.counts[0].all, Some(all.len() as f64));
        let near = |value: Option<f64>, expected: f64| (value.unwrap() - expected).abs() <= 1e-11 * expected;
        prop_assert!(near(found.counts[0].unavailability_listed, by_small));
        prop_assert!(near(found.counts[0].unavailability, whole));
        prop_assert!(found.sets.windows(2).all(|pair| pair[0].minutes_per_year >= pair[1].minutes_per_year));
        for set in &found.sets {
            prop_assert!(near(set.fussell_vesely, set.unavailability.unwrap() / whole));
        }
    }
}
