//! Simulated importance against the exact engine, where it has an answer, and against chains where it has none.

use super::attribution::plan;
use super::*;
use crate::analysis::attribution::attribute;
use crate::assess::{Unwatched, assess};
use crate::exact::Solutions;
use crate::metric::Reading;
use crate::replication::{Blocks, Sampling};
use crate::results::{Engine, Estimated, ImportanceRow};

const MEASURES: usize = 6;

fn numbers(row: &ImportanceRow) -> [Estimated; MEASURES] {
    [row.birnbaum, row.criticality, row.fussell_vesely, row.raw, row.rrw, row.minutes_at_stake]
}

/// Within four standard errors, each of which is at most `cap` of the value.
fn agree(row: &ImportanceRow, expected: [f64; MEASURES], cap: f64) {
    for (place, (found, expected)) in numbers(row).into_iter().zip(expected).enumerate() {
        if expected.is_infinite() {
            assert_eq!(found.value, expected, "{} {place}", row.component);
            continue;
        }
        assert!(found.standard_error <= cap * expected, "{} {place}: {found:?}, {expected}", row.component);
        let off = (found.value - expected).abs();
        assert!(off <= 4.0 * found.standard_error + 1e-12, "{} {place}: {found:?}, {expected}", row.component);
        assert!(found.lo <= found.value && found.value <= found.hi);
    }
}

fn long(mut spec: SystemSpec) -> System {
    spec.time = TimeSpec { horizon: Hours::new(3200.0), warmup: Hours::new(200.0), ..TimeSpec::default() };
    System::build(spec).unwrap()
}

/// As if there were no exact answer.
fn simulated(system: &System, replications: u64) -> Vec<ImportanceRow> {
    let nothing = Solutions::default();
    let reading = Reading {
        system,
        replications,
        blocks: Blocks::Independent,
        confidence: 0.95,
        floors: &[],
        exact: &nothing,
        controlled: &[],
    };
    attribute((reading, Sampling::from(3)), replications).unwrap().importance
}

/// Two of three over zones that fail, behind a gate that fails as well, beside a branch: both engines say the same of all.
#[test]
fn both_engines_agree_where_both_have_an_answer() {
    let zone = |name: &str| DomainSpec {
        name: name.into(),
        level: Some("zone".into()),
        parent: None,
        modes: vec![mode(150.0, 4.0)],
    };
    let mut web = component("web", 3, Redundancy::KOfN { need: 2 }, (40.0, 5.0));
    for (unit, zone) in web.units.iter_mut().zip(["a", "b", "c"]) {
        unit.domain = Some(zone.into());
    }
    let either = Path::KOf { need: 1, branches: vec![leaf("mail"), leaf("chat")] };
    let system = long(SystemSpec {
        domains: ["a", "b", "c"].map(zone).to_vec(),
        components: vec![
            web,
            component("auth", 1, Redundancy::None, (60.0, 2.0)),
            component("mail", 1, Redundancy::None, (30.0, 4.0)),
            component("chat", 1, Redundancy::None, (50.0, 8.0)),
        ],
        dependencies: vec![edge("web", "auth", Need::Hard)],
        journeys: vec![journey(Path::All(vec![leaf("web"), either]))],
        ..SystemSpec::default()
    });
    let solutions = exact::solve(&system);
    let found = simulated(&system, 400);
    assert_eq!((found.len(), solutions.importance().len()), (7, 7));
    for (row, expected) in found.iter().zip(solutions.importance()) {
        assert_eq!((&row.component, &row.journey), (&expected.component, &expected.journey));
        assert_eq!((row.engine, expected.engine), (Engine::Simulation, Engine::Exact));
        agree(row, numbers(expected).map(|it| it.value), 0.08);
    }
}

/// What is not asked for is not simulated, and what is exact stays exact.
#[test]
fn exact_importance_is_not_simulated_as_well() {
    let spec = SystemSpec {
        components: vec![component("web", 1, Redundancy::None, (40.0, 5.0))],
        journeys: vec![journey(leaf("web"))],
        ..SystemSpec::default()
    };
    let results = assess(&long(spec), &plan(4), &Unwatched).unwrap();
    assert!(results.importance.len() == 1 && results.importance[0].engine == Engine::Exact);
}

/// Unavailability of a unit alone.
fn alone(life_h: f64, repair_h: f64) -> f64 {
    repair_h / (life_h + repair_h)
}

/// The six measures, from P(down) with the component down, with it perfect and as it is, its own, and P(its cut set failed).
fn measures(failed: f64, perfect: f64, down: f64, (own, touched): (f64, f64)) -> [f64; MEASURES] {
    let birnbaum = failed - perfect;
    let minutes = (down - perfect) * 525_600.0;
    [birnbaum, birnbaum * own / down, touched / down, failed / down, down / perfect, minutes]
}

/// One of two that share a crew, first come first served, in series with a gate: the chain of the pair has five states.
#[test]
fn a_shared_crew_is_as_its_chain_says() {
    let by_crew = |mut component: ComponentSpec| {
        let Repair::Takes(takes) = component.modes[0].repair.clone() else { panic!("made so") };
        component.modes[0].repair = Repair::ByCrew(CrewRepair::new("field", takes, 0));
        component
    };
    let (life, repair) = ([20.0, 30.0], [6.0, 4.0]);
    let spec = SystemSpec {
        teams: vec![TeamSpec::new("field", 1, Order::FirstCome)],
        components: vec![
            by_crew(component("a", 1, Redundancy::None, (life[0], repair[0]))),
            by_crew(component("b", 1, Redundancy::None, (life[1], repair[1]))),
            component("gate", 1, Redundancy::None, (50.0, 2.0)),
        ],
        journeys: vec![journey(Path::All(vec![
            leaf("gate"),
            Path::KOf { need: 1, branches: vec![leaf("a"), leaf("b")] },
        ]))],
        ..SystemSpec::default()
    };
    let results = assess(&long(spec), &plan(300), &Unwatched).unwrap();
    assert_eq!(results.importance.len(), 3);
    assert!(results.importance.iter().all(|row| row.engine == Engine::Simulation));

    // Nobody down: 1. Alone down, a and b: pa (μa + λb) = λa (1 + pb), and the same the other way; both: pa λb ÷ μa.
    let ([la, lb], [ma, mb]) = (life.map(f64::recip), repair.map(f64::recip));
    let (ka, kb) = (la / (ma + lb), lb / (mb + la));
    let (pa, pb) = (ka * (1.0 + kb) / (1.0 - ka * kb), kb * (1.0 + ka) / (1.0 - ka * kb));
    let both = pa * lb / ma + pb * la / mb;
    let all = 1.0 + pa + pb + both;
    let (pa, pb, both, gate) = (pa / all, pb / all, both / all, alone(50.0, 2.0));
    let with = |pair: f64| 1.0 - (1.0 - gate) * (1.0 - pair);
    let down = with(both);
    let of = |own: f64, other: f64| measures(with(other + both), gate, down, (own + both, both));
    agree(&results.importance[0], of(pa, pb), 0.06);
    agree(&results.importance[1], of(pb, pa), 0.06);
    agree(&results.importance[2], measures(1.0, both, down, (gate, gate)), 0.06);
}

/// A cold pair whose units are repaired on their own: both are down with (λ ÷ μ)² ÷ 2 of the weight of none.
#[test]
fn a_cold_standby_is_as_its_chain_says() {
    let scheme = Standby {
        mode: StandbyMode::Cold,
        active: 1,
        need: 1,
        switch_takes: Law::constant(Hours::ZERO).unwrap(),
        switch_success: 1.0,
        manual_switch: None,
        repair_starts: RepairStarts::AtOnce,
    };
    let spec = SystemSpec {
        components: vec![
            component("db", 2, Redundancy::Standby(scheme), (20.0, 8.0)),
            component("gate", 1, Redundancy::None, (50.0, 2.0)),
        ],
        journeys: vec![journey(Path::All(vec![leaf("db"), leaf("gate")]))],
        ..SystemSpec::default()
    };
    let results = assess(&long(spec), &plan(300), &Unwatched).unwrap();
    let load = 8.0 / 20.0;
    let (pair, gate) = (load * load / 2.0 / (1.0 + load + load * load / 2.0), alone(50.0, 2.0));
    let down = 1.0 - (1.0 - pair) * (1.0 - gate);
    assert_eq!(results.importance.len(), 2);
    agree(&results.importance[0], measures(1.0, gate, down, (pair, pair)), 0.06);
    agree(&results.importance[1], measures(1.0, pair, down, (gate, gate)), 0.06);
}

/// A shared risk that strikes both of a pair, and nothing else: either would keep the journey up, so all downtime is at
/// stake with each, and no more with one that is down for certain.
#[test]
fn all_is_at_stake_with_either_of_a_pair_that_is_struck_at_once() {
    let mut spec = SystemSpec {
        components: vec![
            component("a", 1, Redundancy::None, (1e9, 1.0)),
            component("b", 1, Redundancy::None, (1e9, 1.0)),
        ],
        journeys: vec![journey(Path::KOf { need: 1, branches: vec![leaf("a"), leaf("b")] })],
        ..SystemSpec::default()
    };
    let model = RiskModel::Own {
        time_to_shock: Law::exponential(Hours::new(50.0)).unwrap(),
        hits: Hits::All,
        repair: Some(Repair::Takes(Law::constant(Hours::new(5.0)).unwrap())),
    };
    let members = vec!["a".to_owned(), "b".to_owned()];
    spec.share(&[SharedRisk { name: "binary".into(), cause: None, members, model }]).unwrap();
    let system = long(spec);
    let found = simulated(&system, 50);
    assert_eq!(found.len(), 2);
    for row in found {
        assert_eq!((row.raw.value, row.fussell_vesely.value, row.rrw.value), (1.0, 1.0, f64::INFINITY));
        let (found, expected) = (row.minutes_at_stake, 5.0 / 55.0 * 525_600.0);
        assert!(found.standard_error < 0.03 * expected, "{found:?}");
        assert!((found.value - expected).abs() < 4.0 * found.standard_error, "{found:?} is not {expected}");
        assert!((row.birnbaum.value * 525_600.0 - found.value).abs() < 1e-6);
    }
}
