//! Oracles: enumeration of all states, closed forms, published structures.

mod attribution;
mod cut_sets;
mod depth;
mod importance;
mod recovery;

use proptest::prelude::*;

use super::*;
use crate::exact;
use crate::lifetime::Law;
use crate::results::CutSetRow;
use crate::system::*;
use crate::units::Hours;

fn mode(life_h: f64, repair_h: f64) -> ModeSpec {
    ModeSpec {
        name: "crash".into(),
        time_to_failure: Law::exponential(Hours::new(life_h)).unwrap(),
        repair: Repair::Takes(Law::exponential(Hours::new(repair_h)).unwrap()),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    }
}

fn component(name: &str, units: usize, redundancy: Redundancy, (life_h, repair_h): (f64, f64)) -> ComponentSpec {
    ComponentSpec {
        name: name.into(),
        units: (0..units).map(|i| UnitSpec { name: format!("{name}/{i}"), domain: None }).collect(),
        redundancy,
        per: None,
        modes: vec![mode(life_h, repair_h)],
        capacity_per_unit: None,
    }
}

fn edge(from: &str, to: &str, need: Need) -> DependencySpec {
    DependencySpec { from: from.into(), to: to.into(), need, fallback_quality: None }
}

fn leaf(name: &str) -> Path {
    Path::Component { name: name.into(), side: Side::Both }
}

fn journey(path: Path) -> JourneySpec {
    JourneySpec { name: "use".into(), path, demand: None, rule: UpRule::default() }
}

fn analysed(spec: SystemSpec) -> CutSets {
    let system = System::build(spec).unwrap();
    cut_sets(&system, &exact::solve(&system))
}

fn close(value: f64, expected: f64) {
    assert!((value - expected).abs() <= 1e-12 * expected.abs(), "{value} is not {expected}");
}

fn members(sets: &[CutSetRow]) -> Vec<String> {
    sets.iter().map(|set| set.members.join(" + ")).collect()
}

/// A random system of at most 12 components: hard edges from earlier to later ones, some of them duplicated.
fn random() -> impl Strategy<Value = SystemSpec> {
    (2_usize..=12).prop_flat_map(|n| {
        let edges = prop::collection::vec((0..n, 0..n), 0..2 * n);
        let lives = prop::collection::vec(50.0..5000.0_f64, n);
        (edges, lives, prop::collection::vec(0..n, 1..4), 1_u32..=3).prop_map(move |(edges, lives, tops, need)| {
            let name = |i: usize| format!("c{i}");
            let components = lives.iter().enumerate();
            let components = components.map(|(i, life)| component(&name(i), 1, Redundancy::None, (*life, 5.0)));
            let forward = edges.into_iter().filter(|(from, to)| from < to);
            let branches: Vec<Path> = tops.iter().map(|&top| leaf(&name(top))).collect();
            let need = need.min(branches.len() as u32);
            SystemSpec {
                components: components.collect(),
                dependencies: forward.map(|(from, to)| edge(&name(from), &name(to), Need::Hard)).collect(),
                journeys: vec![journey(Path::KOf { need, branches })],
                ..SystemSpec::default()
            }
        })
    })
}

/// Whether the journey is up with these components lost, by walking the declared dependencies.
fn works(spec: &SystemSpec, lost: u32) -> bool {
    fn serves(spec: &SystemSpec, component: usize, lost: u32) -> bool {
        let name = &spec.components[component].name;
        let target = |edge: &DependencySpec| spec.components.iter().position(|c| c.name == edge.to).unwrap();
        let mut targets = spec.dependencies.iter().filter(|edge| edge.from == *name).map(target);
        lost >> component & 1 == 0 && targets.all(|to| serves(spec, to, lost))
    }
    let Path::KOf { need, branches } = &spec.journeys[0].path else { panic!("made so") };
    let up = |path: &&Path| {
        let Path::Component { name, .. } = path else { panic!("made so") };
        serves(spec, spec.components.iter().position(|c| c.name == *name).unwrap(), lost)
    };
    branches.iter().filter(up).count() >= *need as usize
}
