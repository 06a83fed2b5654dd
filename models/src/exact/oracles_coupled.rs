//! Oracle tests of coupled systems: known answers with crews, standby and propagated failures.

use super::*;
use crate::lifetime::Law;
use crate::system::*;
use crate::units::Hours;

fn h(hours: f64) -> Hours {
    Hours::new(hours)
}

fn exponential(mean: f64) -> Law {
    Law::exponential(h(mean)).unwrap()
}

fn close(value: f64, expected: f64, relative: f64) {
    assert!((value / expected - 1.0).abs() <= relative, "{value} is not {expected}");
}

fn by_crew(takes: Law) -> Repair {
    Repair::ByCrew(CrewRepair::new("field", takes, 1))
}

fn mode(time_to_failure: Law, repair: Repair) -> ModeSpec {
    let name = "crash".to_owned();
    ModeSpec { name, time_to_failure, repair, effect: Effect::Down, clock: Clock::Operating, propagates: Vec::new() }
}

fn component(name: &str, replicas: usize, redundancy: Redundancy, modes: Vec<ModeSpec>) -> ComponentSpec {
    let unit = |i| UnitSpec { name: format!("{name}/{i}"), domain: None };
    let units = (0..replicas).map(unit).collect();
    ComponentSpec { name: name.to_owned(), units, redundancy, per: None, modes, capacity_per_unit: None }
}

fn system(components: Vec<ComponentSpec>, (crews, order): (u32, Order), report_at: &[f64]) -> SystemSpec {
    let entry = |c: &ComponentSpec| Path::Component { name: c.name.clone(), side: Side::Both };
    let path = Path::All(components.iter().map(entry).collect());
    let journeys = vec![JourneySpec { name: "use".to_owned(), path, demand: None, rule: UpRule::default() }];
    let report_at = report_at.iter().map(|&at| h(at)).collect();
    let time = TimeSpec { report_at, ..TimeSpec::default() };
    let teams = vec![TeamSpec::new("field", crews, order)];
    SystemSpec { components, journeys, teams, time, ..SystemSpec::default() }
}

fn value_of(spec: &SystemSpec, measure: &str, at: Option<f64>) -> f64 {
    let solutions = solve(&System::build(spec.clone()).unwrap());
    let answer = solutions.get("journeys.use", measure, at);
    answer.unwrap_or_else(|| panic!("no {measure}: {:?}", solutions.reason("journeys.use", measure))).0
}

fn standby(mode: StandbyMode, active: u32, change: impl Fn(&mut Standby)) -> Redundancy {
    let mut scheme = Standby {
        mode,
        active,
        need: active,
        switch_takes: Law::constant(Hours::ZERO).unwrap(),
        switch_success: 1.0,
        manual_switch: None,
        repair_starts: RepairStarts::AtOnce,
    };
    change(&mut scheme);
    Redundancy::Standby(scheme)
}

/// Case r03: k of n units with c crews, as a birth-death chain.
#[test]
fn k_of_n_with_crews() {
    let cases = [
        ((2, 1, 1), (1000.0, 10.0), [0.000_196_039_992_158_400_3, 1.960_399_921_584_003_2e-5, 51_500.0, 10.0]),
        (
            (3, 2, 3),
            (1000.0, 10.0),
            [0.000_292_147_634_526_220_93, 5.823_540_887_565_866_6e-5, 17_500.0, 5.016_666_666_666_667],
        ),
        (
            (10, 8, 2),
            (4380.0, 24.0),
            [2.858_471_951_392_715e-5, 2.336_503_504_293_853_5e-6, 437_784.041_666_666_7, 12.233_972_455_592_84],
        ),
    ];
    for ((units, need, crews), (life, repair), expected) in cases {
        let modes = vec![mode(exponential(life), by_crew(exponential(repair)))];
        let group = component("group", units, Redundancy::KOfN { need }, modes);
        let spec = system(vec![group], (crews, Order::FirstCome), &[]);
        close(value_of(&spec, "unavailability", None), expected[0], 1e-11);
        close(value_of(&spec, "failure_rate", None), expected[1] * 8760.0, 1e-11);
        close(value_of(&spec, "mttf", None), expected[2], 1e-11);
        close(value_of(&spec, "mttr", None), expected[3], 1e-11);
    }
}

/// Golden check G2: one crew, hot and cold; r11 with exponential repair.
#[test]
fn pairs_with_one_crew() {
    let pair = |redundancy, repair| {
        let modes = vec![mode(exponential(1000.0), by_crew(exponential(repair)))];
        system(vec![component("pair", 2, redundancy, modes)], (1, Order::FirstCome), &[])
    };
    let hot = pair(Redundancy::KOfN { need: 1 }, 10.0);
    let cold = pair(standby(StandbyMode::Cold, 1, |_| {}), 10.0);
    close(value_of(&hot, "unavailability", None), 1.9604e-4, 1e-6);
    close(value_of(&hot, "mttf", None), 51_500.0, 1e-12);
    close(value_of(&cold, "unavailability", None), 1.0 / (1.0 + 100.0 + 10_000.0), 1e-12);
    close(value_of(&cold, "mttf", None), 102_000.0, 1e-12);
    let gaver = pair(standby(StandbyMode::Cold, 1, |_| {}), 20.0);
    close(value_of(&gaver, "mttf", None), 52_000.0, 1e-12);
}

/// Case r11 by the regenerative argument, for a repair of phases: `(1/λ)(1 + 1/(1 - G*(λ)))`.
#[test]
fn a_cold_pair_with_repairs_of_phases() {
    let transform = |law: &Law| match law {
        Law::Erlang(_) => libm::pow(3.0 / (3.0 + 20.0 / 1000.0), 3.0),
        _ => 0.9 / (1.0 + 10.0 / 1000.0) + 0.1 / (1.0 + 110.0 / 1000.0),
    };
    let laws =
        [Law::erlang(3, h(20.0)).unwrap(), Law::hyperexponential(vec![(0.9, h(10.0)), (0.1, h(110.0))]).unwrap()];
    for law in laws {
        let modes = vec![mode(exponential(1000.0), by_crew(law.clone()))];
        let pair = component("pair", 2, standby(StandbyMode::Cold, 1, |_| {}), modes);
        let spec = system(vec![pair], (1, Order::FirstCome), &[]);
        close(value_of(&spec, "mttf", None), 1000.0 * (1.0 + 1.0 / (1.0 - transform(&law))), 1e-11);
    }
}

/// Case r05: a switch that may fail, a person who mends that, and a repair that waits for the switch.
#[test]
fn an_imperfect_switch() {
    let scheme = standby(StandbyMode::Cold, 1, |scheme| {
        scheme.switch_success = 0.95;
        scheme.manual_switch = Some(exponential(2.0));
        scheme.repair_starts = RepairStarts::AfterSwitch;
    });
    let pair = component("pair", 2, scheme, vec![mode(exponential(1000.0), by_crew(exponential(20.0)))]);
    let spec = system(vec![pair], (1, Order::FirstCome), &[1000.0]);
    close(value_of(&spec, "unavailability", None), 0.000_489_955_903_968_642_8, 1e-11);
    close(value_of(&spec, "mttf", None), 14_842.857_142_857_143, 1e-12);
    close(value_of(&spec, "reliability_at", Some(1000.0)), 0.935_139_365_230_990_5, 1e-12);
}

/// Case r15: ten places, two cold spares, one crew; up while all ten run.
#[test]
fn machine_repair_with_spares() {
    let modes = vec![mode(exponential(2000.0), by_crew(exponential(72.0)))];
    let shop = component("shop", 12, standby(StandbyMode::Cold, 10, |_| {}), modes);
    let spec = system(vec![shop], (1, Order::FirstCome), &[]);
    close(1.0 - value_of(&spec, "unavailability", None), 0.956_644_229_373_519_7, 1e-12);
}

/// Golden check G5, textbook: three machines, two crews, 10 h and 8 h: P0..3 and the mean number down.
#[test]
fn three_machines_and_two_crews() {
    let expected = [0.16426, 0.39422, 0.31537, 0.12615];
    for need in 1..=3 {
        let modes = vec![mode(exponential(10.0), by_crew(exponential(8.0)))];
        let shop = component("shop", 3, Redundancy::KOfN { need }, modes);
        let spec = system(vec![shop], (2, Order::FirstCome), &[]);
        let down: f64 = expected[4 - need as usize..].iter().sum();
        close(value_of(&spec, "unavailability", None), down, 1e-4);
    }
}

/// With one crew and equal repairs, the order of work does not change how many are up, and what interrupts changes only
/// who: the long run of a series is that of a first-come queue. Two kinds, c-mu rule: the favoured one waits less.
#[test]
fn orders_of_work() {
    let pair = |order, (takes_a, takes_b): (f64, f64)| {
        let crewed = |takes, priority| Repair::ByCrew(CrewRepair::new("field", exponential(takes), priority));
        let one = component("one", 1, Redundancy::None, vec![mode(exponential(100.0), crewed(takes_a, 2))]);
        let other = component("other", 1, Redundancy::None, vec![mode(exponential(100.0), crewed(takes_b, 1))]);
        system(vec![one, other], (1, order), &[])
    };
    let orders =
        [Order::FirstCome, Order::Shared, Order::Priority(Interrupt::None), Order::Priority(Interrupt::Resume)];
    // Birth-death: 0, 1, 2 down with rates 2/100, 1/100 and 1/10.
    let (one, two) = (0.2, 0.2 * 0.1);
    for order in orders {
        close(value_of(&pair(order, (10.0, 10.0)), "unavailability", None), (one + two) / (1.0 + one + two), 1e-12);
    }
    let of = |order, component: &str| {
        let solutions = solve(&System::build(pair(order, (10.0, 20.0))).unwrap());
        solutions.get(&format!("components.{component}"), "unavailability", None).unwrap().0
    };
    // Whoever interrupts is repaired as if it were alone.
    let resume = Order::Priority(Interrupt::Resume);
    close(of(resume, "other"), 20.0 / 120.0, 1e-12);
    assert!(of(resume, "one") > of(Order::FirstCome, "one"));
    let none = Order::Priority(Interrupt::None);
    assert!(of(none, "other") > of(resume, "other") && of(none, "other") <= of(Order::FirstCome, "other") + 1e-15);
}

/// A failure that takes another unit with it, by the balance of its three states.
#[test]
fn a_propagated_failure() {
    let mut crash = mode(exponential(100.0), Repair::Takes(exponential(10.0)));
    crash.propagates = vec![Propagation { to: "b".to_owned(), units: 1, probability: 0.25 }];
    let a = component("a", 1, Redundancy::None, vec![crash]);
    let b = component("b", 1, Redundancy::None, vec![mode(exponential(100.0), Repair::Takes(exponential(10.0)))]);
    let mut spec = system(vec![a, b], (1, Order::FirstCome), &[]);
    let branch = |name: &str| Path::Component { name: name.to_owned(), side: Side::Both };
    spec.journeys[0].path = Path::KOf { need: 1, branches: vec![branch("a"), branch("b")] };
    // States: both up, a down, b down, both down; a's failures take b with them with probability 1/4.
    let (l, m, q) = (0.01, 0.1, 0.25);
    // Balance: (a down) 2-state marginals: a alone is 1/11 down; solve for b.
    let a_down = l / (l + m);
    // b: d/dt P(b down) = l P(b up) + q l P(both up) - m P(b down) = 0; P(both up) = 1 - a - b + both.
    // both: l (a down, b up) + l (b down, a up) + q l (both up) = 2 m both.
    let solve_both = |b: f64| {
        // l (a - both) + l (b - both) + q l (1 - a - b + both) = 2 m both
        (l * (a_down + b) + q * l * (1.0 - a_down - b)) / (2.0 * m + 2.0 * l - q * l)
    };
    let residual = |b: f64| l * (1.0 - b) + q * l * (1.0 - a_down - b + solve_both(b)) - m * b;
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if residual(middle) > 0.0 { low = middle } else { high = middle }
    }
    close(value_of(&spec, "unavailability", None), solve_both(low), 1e-12);
}

/// What a chain cannot answer says why.
#[test]
fn what_a_chain_cannot_answer() {
    let reason = |life: Law, takes: Law, groups: usize| {
        let modes = vec![mode(life, by_crew(takes))];
        let names: Vec<String> =
            (0..groups).map(|i| if i == 0 { "pair".to_owned() } else { format!("pair-{i}") }).collect();
        let pairs = names.iter().map(|name| component(name, 99, Redundancy::None, modes.clone())).collect();
        let spec = system(pairs, (1, Order::FirstCome), &[]);
        let solutions = solve(&System::build(spec).unwrap());
        solutions.reason("journeys.use", "unavailability").cloned()
    };
    let no_phases = Some(NotExact::NoPhases("pair".to_owned()));
    assert_eq!(reason(Law::weibull_mean(2.0, h(10.0)).unwrap(), exponential(1.0), 1), no_phases);
    assert_eq!(reason(exponential(10.0), Law::constant(h(1.0)).unwrap(), 1), no_phases);
    assert_eq!(reason(exponential(10.0), exponential(1.0), 1), None);
    let states = Some(NotExact::TooManyStates { states: 200_000 });
    assert_eq!(reason(exponential(10.0), exponential(1.0), 3), states);
}

/// A long run by iteration: three groups of nine under one shared crew are 1000 states, and the number of units down is
/// that of 27 units, dealt evenly over them.
#[test]
fn many_states_by_iteration() {
    let modes = || vec![mode(exponential(1000.0), by_crew(exponential(10.0)))];
    let groups = ["a", "b", "c"].map(|name| component(name, 9, Redundancy::KOfN { need: 1 }, modes()));
    let spec = system(groups.to_vec(), (1, Order::Shared), &[]);
    let (mut term, mut sum, mut weighted) = (1.0, 1.0, 0.0);
    for down in 1..=27 {
        term *= f64::from(28 - down) * 0.01;
        sum += term;
        let all_of_a = (0..9).fold(1.0, |p, i| p * f64::from(down - i).max(0.0) / f64::from(27 - i));
        weighted += term * all_of_a;
    }
    let solutions = solve(&System::build(spec).unwrap());
    close(solutions.get("components.a", "unavailability", None).unwrap().0, weighted / sum, 1e-10);
}
