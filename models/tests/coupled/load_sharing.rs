//! Load sharing: closed forms of the shared-load parallel system, and what a faster clock does to any law, to the tick.

use ninefold_models::exact::solve;
use ninefold_models::lifetime::Law;
use ninefold_models::replication::World;
use ninefold_models::system::*;
use ninefold_models::units::Hours;

fn h(hours: f64) -> Hours {
    Hours::new(hours)
}

/// So many units of which one is needed; with so many up their clocks run as fast as `hazards` says, from one up on.
fn parallel(law: Law, repair: Repair, hazards: &[f64]) -> SystemSpec {
    let mode = ModeSpec {
        name: "wear".into(),
        time_to_failure: law,
        repair,
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    let unit = |i| UnitSpec { name: format!("pair/{i}"), domain: None };
    let component = ComponentSpec {
        name: "pair".into(),
        units: (1..=hazards.len()).map(unit).collect(),
        redundancy: Redundancy::KOfN { need: 1 },
        per: None,
        modes: vec![mode],
        capacity_per_unit: None,
    };
    let hazards = (1..).zip(hazards).map(|(units_up, &hazard)| SharedHazard { units_up, hazard }).collect();
    let load_sharings = vec![LoadSharingSpec { component: "pair".into(), hazards }];
    SystemSpec { components: vec![component], load_sharings, ..SystemSpec::default() }
}

fn exact(spec: &SystemSpec, measure: &str) -> f64 {
    let solutions = solve(&System::build(spec.clone()).unwrap());
    let found = solutions.get("components.pair", measure, None);
    found.unwrap_or_else(|| panic!("{measure}: {:?}", solutions.reason("components.pair", measure))).0
}

#[test]
fn the_mean_life_of_units_that_are_never_repaired() {
    // Each stage lasts 1 ÷ (units up × hazard × rate).
    let spec = parallel(Law::exponential(h(1000.0)).unwrap(), Repair::Never, &[4.0, 1.5, 1.0]);
    let expected = 1000.0 * (1.0 / (3.0 * 1.0) + 1.0 / (2.0 * 1.5) + 1.0 / 4.0);
    assert!((exact(&spec, "mttf") / expected - 1.0).abs() < 1e-12);
}

#[test]
fn a_repaired_pair_by_its_balance_equations() {
    let (fails, repaired) = (1.0 / 1000.0, 1.0 / 10.0);
    let repair = Repair::Takes(Law::exponential(h(10.0)).unwrap());
    let spec = parallel(Law::exponential(h(1000.0)).unwrap(), repair, &[3.0, 1.0]);
    let (one, both) = (2.0 * fails / repaired, 2.0 * fails / repaired * 3.0 * fails / (2.0 * repaired));
    let down = both / (1.0 + one + both);
    assert!((exact(&spec, "unavailability") / down - 1.0).abs() < 1e-12);
    assert!(
        (exact(&spec, "mttf") / ((1.0 + (2.0 * fails + repaired) / (3.0 * fails)) / (2.0 * fails)) - 1.0).abs() < 1e-12
    );
}

#[test]
fn at_hazard_1_nobody_shares_anything() {
    let repair = || Repair::Takes(Law::exponential(h(10.0)).unwrap());
    let spec = parallel(Law::exponential(h(300.0)).unwrap(), repair(), &[1.0, 1.0]);
    let alone = SystemSpec { load_sharings: Vec::new(), ..spec.clone() };
    assert!((exact(&spec, "unavailability") / exact(&alone, "unavailability") - 1.0).abs() < 1e-12);
    let (spec, alone) = (System::build(spec).unwrap(), System::build(alone).unwrap());
    let (mut shared, mut apart) = (World::new(&spec), World::new(&alone));
    for index in 0..20 {
        assert_eq!(shared.run(7, index).unwrap().outages, apart.run(7, index).unwrap().outages);
    }
}

#[test]
fn any_law_ages_so_many_times_as_fast_from_the_first_failure_on() {
    // Of lives a < b the second ends at a + (b - a) ÷ hazard, whatever the law.
    let laws = [
        Law::weibull_mean(2.5, h(500.0)).unwrap(),
        Law::lognormal_mean_sigma(h(400.0), 1.2).unwrap(),
        Law::uniform(h(100.0), h(900.0)).unwrap(),
    ];
    for law in laws {
        let shared = parallel(law, Repair::Never, &[4.0, 1.0]);
        let mut all = SystemSpec { load_sharings: Vec::new(), ..shared.clone() };
        let any = all.clone();
        all.components[0].redundancy = Redundancy::KOfN { need: 2 };
        let fails = |spec: &SystemSpec, index| {
            let system = System::build(spec.clone()).unwrap();
            let outages = World::new(&system).run(3, index).unwrap().outages.clone();
            outages[0].first().map(|outage| outage.start.get())
        };
        let mut met = 0;
        for index in 0..40 {
            let (Some(first), Some(last), Some(found)) =
                (fails(&all, index), fails(&any, index), fails(&shared, index))
            else {
                continue;
            };
            met += 1;
            let expected = first as f64 + (last - first) as f64 / 4.0;
            assert!((found as f64 - expected).abs() <= 2.0, "{found} is not {expected}");
        }
        assert!(met > 30, "{met}");
    }
}

#[test]
fn what_no_engine_plays_together_is_refused() {
    let spec = parallel(Law::exponential(h(1000.0)).unwrap(), Repair::Never, &[2.0, 1.0]);
    let refused = |change: &dyn Fn(&mut SystemSpec)| {
        let mut spec = spec.clone();
        change(&mut spec);
        System::build(spec).unwrap_err().to_string()
    };
    let hazard = |value: f64| move |spec: &mut SystemSpec| spec.load_sharings[0].hazards[0].hazard = value;
    for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(refused(&hazard(value)).contains("hazard of `pair`"));
    }
    let coverage = Coverage {
        success: 0.5,
        covered: Law::constant(h(1.0)).unwrap(),
        uncovered: Law::constant(h(2.0)).unwrap(),
        meanwhile: Meanwhile::Frozen,
    };
    let covered = Redundancy::Covered { need: 1, coverage };
    assert!(refused(&|spec| spec.components[0].redundancy = covered.clone()).contains("coverage"));
    assert!(refused(&|spec| spec.load_sharings[0].hazards[0].units_up = 3).contains("allowed is 1 to 2"));
    assert!(refused(&|spec| spec.load_sharings[0].hazards[0].units_up = 2).contains("declared twice"));
    assert!(refused(&|spec| spec.load_sharings[0].component = "other".into()).contains("not declared"));
}
