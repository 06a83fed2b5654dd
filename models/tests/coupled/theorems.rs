//! What holds for every system of a kind.

use ninefold_models::exact::solve;
use ninefold_models::lifetime::Law;
use ninefold_models::replication::World;
use ninefold_models::system::*;
use ninefold_models::units::Hours;
use proptest::prelude::*;

fn law(shape: f64, mean_h: f64) -> Law {
    Law::weibull_mean(shape, Hours::new(mean_h)).unwrap()
}

pub(crate) fn group(units: u32, need: u32, (life, repair): (Law, Repair)) -> ComponentSpec {
    let crash = ModeSpec {
        name: "crash".into(),
        time_to_failure: life,
        repair,
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    let unit = |i| UnitSpec { name: format!("group/{i}"), domain: None };
    ComponentSpec {
        name: "group".into(),
        units: (1..=units).map(unit).collect(),
        redundancy: Redundancy::KOfN { need },
        per: None,
        modes: vec![crash],
        capacity_per_unit: None,
    }
}

pub(crate) fn system(component: ComponentSpec, crews: u32, order: Order) -> SystemSpec {
    let path = Path::Component { name: "group".into(), side: Side::Both };
    SystemSpec {
        name: "test".into(),
        components: vec![component],
        teams: vec![TeamSpec::new("field", crews, order)],
        journeys: vec![JourneySpec { name: "use".into(), path, demand: None, rule: UpRule::default() }],
        ..SystemSpec::default()
    }
}

pub(crate) fn by_crew(takes: Law) -> Repair {
    Repair::ByCrew(CrewRepair::new("field", takes, 1))
}

const ORDERS: [Order; 4] = [
    Order::FirstCome,
    Order::Priority(Interrupt::None),
    Order::Priority(Interrupt::Resume),
    Order::Priority(Interrupt::Restart),
];

/// Time down in ticks, over some replications.
fn down(spec: &SystemSpec, seed: u64) -> i64 {
    let system = System::build(spec.clone()).unwrap();
    let mut world = World::new(&system);
    let run = |index| -> i64 {
        let trace = world.run(seed, index).unwrap();
        trace.outages[0].iter().map(|outage| outage.end.since(outage.start).get()).sum()
    };
    (0..20).map(run).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// As many crews as units: nobody waits, and every tick is that of repairs with a crew of their own.
    #[test]
    fn crews_for_all_are_no_crews(
        units in 1u32..6, spare in 0u32..3, shapes in (0.6..3.0, 0.6..3.0), seed in any::<u64>(), order in 0usize..4
    ) {
        let (life, takes) = (law(shapes.0, 100.0), law(shapes.1, 30.0));
        let free = group(units, 1, (life.clone(), Repair::Takes(takes.clone())));
        let crewed = group(units, 1, (life, by_crew(takes)));
        let free = System::build(system(free, 1, Order::FirstCome)).unwrap();
        let crewed = System::build(system(crewed, units + spare, ORDERS[order])).unwrap();
        let (mut one, mut other) = (World::new(&free), World::new(&crewed));
        for index in 0..3 {
            prop_assert_eq!(&one.run(seed, index).unwrap().outages, &other.run(seed, index).unwrap().outages);
        }
    }

    /// More crews never make a group worse, and as many as units make it one of independent repairs.
    #[test]
    fn a_crew_more_is_never_worse(units in 2u32..9, need in 1u32..9, life in 20.0..400.0, order in 0usize..2) {
        let need = need.min(units);
        let order = [Order::FirstCome, Order::Shared][order];
        let of = |crews: u32| {
            let exponential = |mean| Law::exponential(Hours::new(mean)).unwrap();
            let spec = system(group(units, need, (exponential(life), by_crew(exponential(10.0)))), crews, order);
            solve(&System::build(spec).unwrap()).get("journeys.use", "unavailability", None).unwrap().0
        };
        let mut before = 1.0;
        for crews in 1..=units {
            let now = of(crews);
            prop_assert!(now <= before * (1.0 + 1e-12), "{} crews: {} after {}", crews, now, before);
            before = now;
        }
        let (free, x) = (before, 10.0 / life);
        let up = 1.0 / (1.0 + x);
        let choose = |k: u32| (0..k).fold(1.0, |all, i| all * f64::from(units - i) / f64::from(i + 1));
        let term = |k: u32| choose(k) * libm::pow(up, f64::from(k)) * libm::pow(1.0 - up, f64::from(units - k));
        let expected: f64 = (0..need).map(term).sum();
        prop_assert!((free / expected - 1.0).abs() < 1e-9);
    }
}

/// Under common random numbers a second crew, where one is overloaded, shortens the outages of the same replications.
#[test]
fn a_second_crew_shortens_outages() {
    let constant = Law::constant(Hours::new(30.0)).unwrap();
    let of = |crews| system(group(4, 2, (law(1.5, 80.0), by_crew(constant.clone()))), crews, Order::FirstCome);
    for seed in 0..10 {
        let (one, two) = (down(&of(1), seed), down(&of(2), seed));
        assert!(two < one, "{two} ticks down with two crews, {one} with one");
    }
}
