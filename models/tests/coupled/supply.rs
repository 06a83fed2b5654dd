//! Parts, ways, hours and the order by loss: against closed forms, an enumeration, and by the clock.

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::queueing::machine_repair;
use ninefold_models::replication::World;
use ninefold_models::results::Results;
use ninefold_models::system::*;
use ninefold_models::units::Hours;
use proptest::prelude::*;

use crate::theorems::{group, system};

fn exponential(mean: f64) -> Law {
    Law::exponential(Hours::new(mean)).unwrap()
}

fn constant(hours: f64) -> Law {
    Law::constant(Hours::new(hours)).unwrap()
}

fn drive(stock: u32, batch: u32, lead_time: Option<Law>) -> SparesSpec {
    SparesSpec { name: "drive".into(), stock, batch, lead_time }
}

fn takes_part() -> SupplySpec {
    SupplySpec { part: Some("drive".into()), ..SupplySpec::default() }
}

/// A group whose repairs need a crew and `supply`.
fn supplied(units: u32, need: u32, (life, takes): (Law, Law), supply: SupplySpec) -> ComponentSpec {
    let repair = CrewRepair { supply: Some(Box::new(supply)), ..CrewRepair::new("field", takes, 1) };
    group(units, need, (life, Repair::ByCrew(repair)))
}

fn run(spec: SystemSpec, replications: u64) -> Results {
    let plan = Plan { seed: 7, stopping: Stopping::Fixed(replications), ..Plan::default() };
    assess(&System::build(spec).unwrap(), &plan, &Unwatched).unwrap()
}

/// Within four standard errors, and those at most a share of the value.
fn close(results: &Results, (entity, measure): (&str, &str), expected: f64, most: f64) {
    let mut all = results.measures.iter().filter(|m| m.entity == entity && m.measure == measure);
    let found = all.find(|m| m.quantile.is_none()).unwrap_or_else(|| panic!("no {entity}.{measure}")).estimate;
    let (value, error) = (found.value, found.standard_error);
    assert!(error <= most * expected, "{measure}: ± {error} proves nothing about {expected}");
    assert!((value - expected).abs() <= 4.0 * error, "{measure}: {value} ± {error}, not {expected}");
}

/// Outages of the first tracked entity in the first replication, in hours.
fn outages(spec: SystemSpec) -> Vec<(f64, f64)> {
    let system = System::build(spec).unwrap();
    let mut world = World::new(&system);
    world.run(1, 0).unwrap().outages[0].iter().map(|out| (out.start.hours(), out.end.hours())).collect()
}

fn measured(mut spec: SystemSpec, (warmup, horizon): (f64, f64)) -> SystemSpec {
    (spec.time.warmup, spec.time.horizon) = (Hours::new(warmup), Hours::new(horizon));
    spec
}

/// Parts under way are a birth-death chain: with a crew each and no work, n orders under way leave N − max(0, n − S) units
/// up, which fail at λ each, and each order comes at 1/L. The lead time's law does not matter (Palm).
#[test]
fn a_fleet_with_spares_is_a_chain_whatever_the_law_of_the_lead_time() {
    let (units, stock, life, lead) = (4u32, 2u32, 100.0, 60.0);
    let up = |n: u32| f64::from(units - n.saturating_sub(stock));
    let mut p = vec![1.0];
    for n in 1..=units + stock {
        p.push(p[n as usize - 1] * up(n - 1) / life / (f64::from(n) / lead));
    }
    let total: f64 = p.iter().sum();
    let mean = |of: &dyn Fn(u32) -> f64| (0..=units + stock).map(|n| p[n as usize] / total * of(n)).sum::<f64>();
    let demands = mean(&|n| up(n) / life);
    let filled = mean(&|n| if n < stock { up(n) / life } else { 0.0 }) / demands;
    let waiting = mean(&|n| f64::from(n.saturating_sub(stock)));
    let at_hand = mean(&|n| f64::from(stock.saturating_sub(n)));
    let down = mean(&|n| f64::from(u8::from(n > stock)));
    for law in [exponential(lead), constant(lead), Law::weibull_mean(0.7, Hours::new(lead)).unwrap()] {
        let fleet = supplied(units, units, (exponential(life), constant(0.0)), takes_part());
        let mut spec = measured(system(fleet, units, Order::FirstCome), (1000.0, 21_000.0));
        spec.teams[0].spares = vec![drive(stock, 1, Some(law))];
        let results = run(spec, 150);
        let part = "teams.field.spares.drive";
        close(&results, (part, "part_demands"), demands * 8760.0, 0.01);
        close(&results, (part, "part_fill_rate"), filled, 0.01);
        close(&results, (part, "part_wait_mean"), waiting / demands, 0.02);
        close(&results, (part, "part_stock_mean"), at_hand, 0.02);
        close(&results, ("journeys.use", "unavailability"), down, 0.02);
        let cause = results.causes.iter().find(|row| row.cause == "field/spares-drive").unwrap();
        assert_eq!(results.causes.iter().filter(|row| row.minutes_per_year.value > 0.0).count(), 1, "{cause:?}");
    }
}

/// The crew of a fleet is the queue of the machine-repair model.
#[test]
fn a_crew_is_busy_and_waited_for_as_in_the_machine_repair_model() {
    let expected = machine_repair::solve(5, 2, 1.0 / 40.0, 1.0 / 10.0).unwrap();
    let fleet = group(5, 1, (exponential(40.0), Repair::ByCrew(CrewRepair::new("field", exponential(10.0), 1))));
    let spec = measured(system(fleet, 2, Order::FirstCome), (500.0, 10_500.0));
    let results = run(spec, 150);
    close(&results, ("teams.field", "crew_utilisation"), expected.utilisation, 0.01);
    close(&results, ("teams.field", "crew_calls"), expected.throughput * 8760.0, 0.01);
    close(&results, ("teams.field", "crew_wait_mean"), expected.wait_mean, 0.02);
}

/// A crew that works from 9 to 17 h: a repair of 8 h begun at 12 h rests over night, one that fails at night waits.
#[test]
fn work_rests_outside_hours() {
    let fleet = group(1, 1, (constant(12.0), Repair::ByCrew(CrewRepair::new("field", constant(8.0), 1))));
    let mut spec = measured(system(fleet, 1, Order::FirstCome), (0.0, 96.0));
    let day = |day: u32| (Hours::new(f64::from(day) * 24.0 + 9.0), Hours::new(f64::from(day) * 24.0 + 17.0));
    spec.teams[0].hours = Some((0..4).map(day).collect());
    assert_eq!(outages(spec.clone()), [(12.0, 36.0), (48.0, 65.0), (77.0, 89.0)]);
    let results = run(spec, 4);
    let minutes = |cause: &str| {
        let row = results.causes.iter().find(|row| row.cause == cause).unwrap();
        row.minutes_per_year.value * 96.0 / 8760.0 / 60.0
    };
    // Of 53 h down it works 24; the other 16 + 9 + 4 wait for the next morning.
    assert!((minutes("group/crash") - 24.0).abs() < 1e-9 && (minutes("field/waiting") - 29.0).abs() < 1e-9);
    close(&results, ("teams.field", "crew_utilisation"), 24.0 / 32.0, 1e-9);
    close(&results, ("teams.field", "crew_wait_mean"), 29.0 / 3.0, 1e-9);
}

/// What it takes to ask, the way and the work add up; only the way and the work keep the crew.
#[test]
fn logistics_and_the_way_add_to_the_work() {
    let supply = SupplySpec { logistics: Some(constant(2.0)), travel: Some(constant(1.0)), part: None };
    let unit = supplied(1, 1, (constant(10.0), constant(3.0)), supply);
    let spec = measured(system(unit, 1, Order::FirstCome), (0.0, 32.0));
    assert_eq!(outages(spec.clone()), [(10.0, 16.0), (26.0, 32.0)]);
    let results = run(spec, 4);
    close(&results, ("teams.field", "crew_utilisation"), 8.0 / 32.0, 1e-9);
    let asked = results.causes.iter().find(|row| row.cause == "field/logistics").unwrap();
    assert!((asked.minutes_per_year.value * 32.0 / 8760.0 / 60.0 - 4.0).abs() < 1e-9);
}

/// A store that nobody fills up has as many repairs in it as parts.
#[test]
fn what_is_never_ordered_runs_out() {
    let unit = supplied(1, 1, (constant(10.0), constant(1.0)), takes_part());
    let mut spec = measured(system(unit, 1, Order::FirstCome), (0.0, 100.0));
    spec.teams[0].spares = vec![drive(2, 1, None)];
    assert_eq!(outages(spec.clone()), [(10.0, 11.0), (21.0, 22.0), (32.0, 100.0)]);
    // Orders of two: the second failure orders, and the order is there for the third and the fourth.
    spec.teams[0].spares = vec![drive(2, 2, Some(constant(15.0)))];
    assert_eq!(&outages(spec)[..4], [(10.0, 11.0), (21.0, 22.0), (32.0, 37.0), (47.0, 48.0)]);
}

/// Two units that fail while the crew is at a third, whose journeys lose `lost` an hour and whose work is `work`.
fn two_incidents(order: Order, lost: [f64; 2], work: [f64; 2]) -> SystemSpec {
    let unit = |name: &str, (life, takes): (f64, f64)| {
        let mut component = group(1, 1, (constant(life), Repair::ByCrew(CrewRepair::new("field", constant(takes), 1))));
        component.name = name.into();
        component.units[0].name = format!("{name}/1");
        component
    };
    let path = |name: &str| Path::Component { name: name.into(), side: Side::Both };
    let journey = |name: &str, demand: f64| JourneySpec {
        name: format!("use-{name}"),
        path: path(name),
        demand: Some(demand.into()),
        rule: UpRule::default(),
    };
    let mut spec = measured(system(unit("first", (5.0, 5.0)), 1, order), (0.0, 100.0));
    spec.components = vec![unit("a", (6.0, work[0])), unit("b", (7.0, work[1])), unit("first", (5.0, 5.0))];
    spec.journeys = vec![journey("a", lost[0]), journey("b", lost[1])];
    spec
}

/// When each is up again for the first time.
fn mended(spec: SystemSpec) -> [f64; 2] {
    let system = System::build(spec).unwrap();
    let mut world = World::new(&system);
    let trace = world.run(1, 0).unwrap();
    [0, 1].map(|journey: usize| trace.outages[journey][0].end.hours())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    /// Of the two orders in which a crew can do two repairs the cμ rule takes the one that loses less, and the loss rate the
    /// one that loses more an hour.
    #[test]
    fn two_incidents_and_a_crew(lost in prop::array::uniform2(1.0..50.0f64), work in prop::array::uniform2(1.0..4.0f64)) {
        prop_assume!((lost[0] * work[1] - lost[1] * work[0]).abs() > 1e-6 && lost[0] != lost[1]);
        // The crew is free at 10 h, after both have failed.
        let of = |first: usize| {
            let mut up = [0.0; 2];
            up[first] = 10.0 + work[first];
            up[1 - first] = up[first] + work[1 - first];
            (lost[0] * (up[0] - 6.0) + lost[1] * (up[1] - 7.0), up)
        };
        let (a_first, b_first) = (of(0), of(1));
        let least = if a_first.0 < b_first.0 { a_first.1 } else { b_first.1 };
        let urgent = if lost[0] > lost[1] { a_first.1 } else { b_first.1 };
        for (order, expected) in [(Order::CMu, least), (Order::LossRate, urgent), (Order::FirstCome, a_first.1)] {
            let found = mended(two_incidents(order, lost, work));
            prop_assert!((0..2).all(|i| (found[i] - expected[i]).abs() < 1e-6), "{:?}: {:?}", order, found);
        }
    }

    /// A part more never leaves a unit down for longer, by the same lives, works and lead times.
    #[test]
    fn a_part_more_is_never_worse(
        stock in 0u32..4, shapes in prop::array::uniform3(0.6..3.0f64), lead in 10.0..400.0f64, seed in any::<u64>()
    ) {
        let law = |shape: f64, mean: f64| Law::weibull_mean(shape, Hours::new(mean)).unwrap();
        let down = |stock: u32| -> i64 {
            let unit = supplied(1, 1, (law(shapes[0], 100.0), law(shapes[1], 5.0)), takes_part());
            let mut spec = measured(system(unit, 1, Order::FirstCome), (0.0, 5000.0));
            spec.teams[0].spares = vec![drive(stock, 1, Some(law(shapes[2], lead)))];
            let system = System::build(spec).unwrap();
            let mut world = World::new(&system);
            let trace = world.run(seed, 0).unwrap();
            trace.outages[0].iter().map(|outage| outage.end.since(outage.start).get()).sum()
        };
        let (fewer, more) = (down(stock), down(stock + 1));
        prop_assert!(more <= fewer, "{} parts: {} ticks; one more: {}", stock, fewer, more);
    }

    /// Hours that never end, no way and a part for each failure change no tick.
    #[test]
    fn what_is_always_there_changes_nothing(units in 1u32..5, crews in 1u32..3, seed in any::<u64>()) {
        let law = |shape: f64, mean: f64| Law::weibull_mean(shape, Hours::new(mean)).unwrap();
        let laws = || (law(1.4, 90.0), law(0.8, 20.0));
        let (life, takes) = laws();
        let plain = group(units, 1, (life, Repair::ByCrew(CrewRepair::new("field", takes, 1))));
        let plain = measured(system(plain, crews, Order::FirstCome), (0.0, 3000.0));
        let rich = SupplySpec { logistics: Some(constant(0.0)), travel: Some(constant(0.0)), ..takes_part() };
        let mut rich = measured(system(supplied(units, 1, laws(), rich), crews, Order::FirstCome), (0.0, 3000.0));
        rich.teams[0].hours = Some(vec![(Hours::ZERO, Hours::new(3000.0))]);
        rich.teams[0].spares = vec![drive(1000, 1, None)];
        let (plain, rich) = (System::build(plain).unwrap(), System::build(rich).unwrap());
        let spans = |system: &System| -> Vec<(i64, i64)> {
            let mut world = World::new(system);
            let trace = world.run(seed, 0).unwrap();
            trace.outages.iter().flatten().map(|outage| (outage.start.get(), outage.end.get())).collect()
        };
        prop_assert_eq!(spans(&plain), spans(&rich));
    }
}

/// None of it has an exact answer, and the solver says why.
#[test]
fn the_exact_engine_refuses_by_name() {
    let life = || (exponential(100.0), exponential(5.0));
    let reason = |spec: SystemSpec| {
        let system = System::build(spec).unwrap();
        let solutions = ninefold_models::exact::solve(&system);
        assert!(solutions.get("journeys.use", "unavailability", None).is_none());
        solutions.reason("journeys.use", "unavailability").unwrap().to_string()
    };
    let mut parts = system(supplied(2, 1, life(), takes_part()), 1, Order::FirstCome);
    parts.teams[0].spares = vec![drive(1, 1, Some(exponential(50.0)))];
    assert!(reason(parts).contains("wait for parts"));
    let travel = SupplySpec { travel: Some(exponential(1.0)), ..SupplySpec::default() };
    assert!(reason(system(supplied(2, 1, life(), travel), 1, Order::FirstCome)).contains("a way to go"));
    let plain = || group(2, 1, (life().0, Repair::ByCrew(CrewRepair::new("field", life().1, 1))));
    let mut hours = system(plain(), 1, Order::FirstCome);
    hours.teams[0].hours = Some(vec![(Hours::ZERO, Hours::new(8.0))]);
    assert!(reason(hours).contains("certain hours"));
    assert!(reason(system(plain(), 1, Order::CMu)).contains("what journeys lose"));
}
