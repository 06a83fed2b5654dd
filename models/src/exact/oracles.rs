//! Oracle tests: brute force over all states, published cases restated with their source, limits of size.

use proptest::prelude::*;

use super::*;

fn close(value: f64, expected: f64, relative: f64) {
    // Infinities are equal, never close.
    assert!(value == expected || (value - expected).abs() <= relative * expected.abs(), "{value} is not {expected}");
}

/// P(down) of a structure, every variable with the same unavailability unless said otherwise.
fn unavailability(structure: &Structure, root: GateId, of: impl Fn(usize) -> f64) -> f64 {
    let cone = Cone::compile(structure, root).unwrap();
    cone.diagram(cone.top()).chance(|variable| Chance::of_down(of(variable))).down
}

/// `need` of `n` like units.
fn k_of_n(need: u32, n: usize) -> (Structure, GateId) {
    let mut structure = Structure::default();
    let units = (0..n).map(|variable| structure.leaf(variable)).collect();
    let root = structure.at_least(need, units);
    (structure, root)
}

/// P(down), Birnbaum of each variable and P(a cut set holding it has failed) by enumeration of all states.
struct Enumerated {
    down: f64,
    birnbaum: Vec<f64>,
    touched: Vec<f64>,
    cuts: Vec<u32>,
}

fn enumerate(structure: &Structure, root: GateId, down: &[f64]) -> Enumerated {
    let n = down.len();
    let works: Vec<bool> = (0..1_u32 << n).map(|failed| structure.works(root, |v| failed >> v & 1 == 0)).collect();
    let weight = |failed: u32, skip: Option<usize>| -> f64 {
        let own = |v: usize| if failed >> v & 1 == 1 { down[v] } else { 1.0 - down[v] };
        (0..n).filter(|&v| Some(v) != skip).map(own).product()
    };
    let is_cut = |failed: u32| !works[failed as usize];
    let cuts: Vec<u32> = (0..1 << n)
        .filter(|&failed| is_cut(failed) && (0..n).all(|v| failed >> v & 1 == 0 || !is_cut(failed & !(1 << v))))
        .collect();
    let states = 0..1_u32 << n;
    let touched = |v: usize| {
        let holds = |failed: u32| cuts.iter().any(|&cut| cut >> v & 1 == 1 && failed & cut == cut);
        states.clone().filter(|&failed| holds(failed)).map(|failed| weight(failed, None)).sum()
    };
    let critical = |v: usize| {
        let states = states.clone().filter(|&failed| failed >> v & 1 == 0 && works[failed as usize]);
        states.filter(|&failed| is_cut(failed | 1 << v)).map(|failed| weight(failed, Some(v))).sum()
    };
    Enumerated {
        down: states.clone().filter(|&failed| is_cut(failed)).map(|failed| weight(failed, None)).sum(),
        birnbaum: (0..n).map(critical).collect(),
        touched: (0..n).map(touched).collect(),
        cuts,
    }
}

/// A random coherent system: gates over earlier gates, with members met more than once.
fn system() -> impl Strategy<Value = (Structure, GateId, Vec<f64>)> {
    let variables = 2_usize..=9;
    variables.prop_flat_map(|n| {
        let gate = (any::<u32>(), prop::collection::vec(any::<u32>(), 2..5));
        (prop::collection::vec(gate, 1..8), prop::collection::vec(0.001..0.999_f64, n)).prop_map(
            move |(gates, down)| {
                let mut structure = Structure::default();
                let mut all: Vec<GateId> = (0..n).map(|variable| structure.leaf(variable)).collect();
                for (need, members) in gates {
                    let of: Vec<GateId> = members.iter().map(|&member| all[member as usize % all.len()]).collect();
                    all.push(structure.at_least(1 + need % of.len() as u32, of));
                }
                let root = all[all.len() - 1];
                (structure, root, down)
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn diagrams_agree_with_enumeration((structure, root, down) in system()) {
        let expected = enumerate(&structure, root, &down);
        close(unavailability(&structure, root, |v| down[v]), expected.down, 1e-12);
        let mut cone = Cone::compile(&structure, root).unwrap();
        let per_hour = |v: usize| 0.01 * (v + 1) as f64;
        let frequency = failure_frequency(&mut cone, |v| Chance::of_down(down[v]), per_hour).unwrap();
        let direct: f64 = expected.birnbaum.iter().enumerate().map(|(v, birnbaum)| birnbaum * per_hour(v)).sum();
        close(frequency, direct, 1e-11);
        let essential = cone.diagram(cone.top()).essential();
        for &v in cone.variables() {
            prop_assert_eq!(essential.contains(&v), !structure.works(root, |other| other != v));
        }
        let (top, variables) = (cone.top(), cone.variables().len());
        let cuts = CutSets::of(cone.bdd(), top, variables).unwrap();
        prop_assert_eq!(cuts.count(), expected.cuts.len() as f64);
        let by_level = cone.by_level();
        for order in 0..=ORDER_MAX {
            let as_bits = |levels: Vec<u32>| levels.iter().map(|&level| 1 << by_level[level as usize]).sum::<u32>();
            let mut listed: Vec<u32> = cuts.list(order).into_iter().map(as_bits).collect();
            listed.sort_unstable();
            let of_order = |cut: &u32| cut.count_ones() as usize == order;
            prop_assert_eq!(&listed, &expected.cuts.iter().copied().filter(of_order).collect::<Vec<_>>());
            prop_assert_eq!(cuts.counts()[order], listed.len() as f64);
            let hit = |failed: u32| {
                expected.cuts.iter().any(|&cut| cut.count_ones() as usize <= order && failed & cut == cut)
            };
            let weight = |failed: u32| -> f64 {
                (0..down.len()).map(|v| if failed >> v & 1 == 1 { down[v] } else { 1.0 - down[v] }).product()
            };
            let by_those: f64 = (0..1_u32 << down.len()).filter(|&failed| hit(failed)).map(weight).sum();
            let function = cuts.down_by(order, cone.bdd()).unwrap();
            close(cone.diagram(function).chance(|v| Chance::of_down(down[v])).down, by_those, 1e-11);
        }
    }

    #[test]
    fn importance_agrees_with_enumeration((structure, root, down) in system()) {
        let expected = enumerate(&structure, root, &down);
        prop_assume!(expected.down > 0.0);
        let candidate = |v: usize| Candidate {
            entity: v.to_string(),
            gates: structure.leaf_of(v).into_iter().collect(),
            variables: vec![v],
            unavailability: down[v],
        };
        let mut cone = Cone::compile(&structure, root).unwrap();
        let all: Vec<Candidate> = (0..down.len()).map(candidate).collect();
        let rows = importance("top", &mut cone, |v| Chance::of_down(down[v]), &all).unwrap();
        for row in rows {
            let v: usize = row.component.parse().unwrap();
            let with = |value: f64| {
                let mut changed = down.clone();
                changed[v] = value;
                enumerate(&structure, root, &changed).down
            };
            close(row.birnbaum.value, expected.birnbaum[v], 1e-11);
            close(row.fussell_vesely.value, expected.touched[v] / expected.down, 1e-11);
            close(row.raw.value, with(1.0) / expected.down, 1e-11);
            close(row.rrw.value, expected.down / with(0.0), 1e-11);
            close(row.minutes_at_stake.value, expected.birnbaum[v] * down[v] * 525_600.0, 1e-11);
        }
    }

    #[test]
    fn adding_a_replica_or_lowering_need_never_hurts(need in 1_u32..6, spare in 0_usize..4, u in 1e-6..0.5_f64) {
        let down = |need: u32, n: usize| { let (s, root) = k_of_n(need, n); unavailability(&s, root, |_| u) };
        let n = need as usize + spare;
        prop_assert!(down(need, n + 1) <= down(need, n));
        prop_assert!(need == 1 || down(need - 1, n) <= down(need, n));
    }
}

/// G3 of the golden checks: majority of n, and the quorums of six.
#[test]
fn majority_and_quorum() {
    let down = |need: u32, n: usize, a: f64| {
        let (s, root) = k_of_n(need, n);
        unavailability(&s, root, |_| 1.0 - a)
    };
    for (n, expected) in [(2, 0.9801), (3, 0.999_702), (5, 0.999_990_149_4), (7, 0.999_999_658_3)] {
        assert!((1.0 - down(n as u32 / 2 + 1, n, 0.99) - expected).abs() < 5e-11, "{n}");
    }
    for (n, expected) in [(2, 0.81), (3, 0.972), (5, 0.991_44), (7, 0.997_27)] {
        assert!((1.0 - down(n as u32 / 2 + 1, n, 0.9) - expected).abs() < 5e-6, "{n}");
    }
    assert!((1.0 - down(4, 6, 0.99) - 0.999_980_45).abs() < 5e-9);
    assert!((1.0 - down(3, 6, 0.99) - 0.999_999_85).abs() < 5e-9);
}

/// Two units of 1e-9 in parallel; ten of 1e-30 in series, then three such in parallel.
#[test]
fn tiny_unavailabilities_keep_their_digits() {
    let (pair, root) = k_of_n(1, 2);
    close(unavailability(&pair, root, |_| 1e-9), 1e-18, 1e-12);
    let mut structure = Structure::default();
    let mut chain = |first: usize| {
        let units = (first..first + 10).map(|v| structure.leaf(v)).collect();
        structure.all(units)
    };
    let chains = vec![chain(0), chain(10), chain(20)];
    let root = structure.at_least(1, chains);
    close(unavailability(&structure, root, |_| 1e-30), 1e-87, 1e-12);
}

/// Case r12: nodes 0.998, zones 0.9995, a node serves only in an up zone, majority of all nodes. Total probability.
#[test]
fn quorum_over_zones() {
    let down = |zones: &[usize]| {
        let mut structure = Structure::default();
        let mut replicas = Vec::new();
        for (zone, &nodes) in zones.iter().enumerate() {
            let zone_leaf = structure.leaf(zone);
            for _ in 0..nodes {
                let node = structure.leaf(zones.len() + replicas.len());
                replicas.push(structure.all(vec![zone_leaf, node]));
            }
        }
        let root = structure.at_least(replicas.len() as u32 / 2 + 1, replicas);
        unavailability(&structure, root, |v| if v < zones.len() { 1.0 - 0.9995 } else { 1.0 - 0.998 })
    };
    close(down(&[3]), 0.000_511_978_007_999_958_1, 1e-9);
    close(down(&[1, 1, 1]), 1.870_379_048_496_406_7e-5, 1e-9);
    close(down(&[2, 2, 1]), 6.823_368_159_492_027e-6, 1e-9);
    close(down(&[3, 2]), 0.000_503_072_187_449_715_7, 1e-9);
    close(down(&[3, 2, 2]), 4.774_135_863_527_817_5e-6, 1e-9);
}

/// Case r13: the bridge A-C, B-D, A-E-D, B-E-C. Enumeration of 32 states.
#[test]
fn bridge_importance() {
    let works = [0.9, 0.85, 0.95, 0.8, 0.7];
    let mut structure = Structure::default();
    let [a, b, c, d, e] = [0, 1, 2, 3, 4].map(|variable| structure.leaf(variable));
    let paths = [vec![a, c], vec![b, d], vec![a, e, d], vec![b, e, c]].map(|path| structure.all(path)).to_vec();
    let root = structure.at_least(1, paths);
    close(unavailability(&structure, root, |v| 1.0 - works[v]), 1.0 - 0.968_685, 1e-9);
    let mut cone = Cone::compile(&structure, root).unwrap();
    let candidate = |v: usize| Candidate {
        entity: format!("components.{v}"),
        gates: vec![structure.leaf_of(v).unwrap()],
        variables: vec![v],
        unavailability: 1.0 - works[v],
    };
    let all: Vec<Candidate> = (0..5).map(candidate).collect();
    let rows = importance("journeys.cross", &mut cone, |v| Chance::of_down(1.0 - works[v]), &all).unwrap();
    let expected = [
        [0.195_15, 0.623_183_777_742_296, 6.608_653_999_680_667_5, 2.653_813_559_322_025],
        [0.104_1, 0.498_642_822_928_309_36, 3.825_642_663_260_417_5, 1.994_585_987_261_153_3],
        [0.224_3, 0.358_135_079_035_606_7, 7.804_566_501_676_516, 1.557_960_199_004_991],
        [0.071_45, 0.456_330_831_869_711_24, 2.825_323_327_478_844_5, 1.839_353_891_336_273_7],
        [0.021_55, 0.206_450_582_787_801_12, 1.481_718_026_504_870_6, 1.260_160_965_794_765_9],
    ];
    for (row, expected) in rows.iter().zip(expected) {
        for (value, expected) in
            [row.birnbaum, row.criticality, row.raw, row.rrw].map(|it| it.value).into_iter().zip(expected)
        {
            close(value, expected, 1e-9);
        }
    }
    assert_eq!(rows.len(), 5);
}

/// Case r20: load balancer 1 of 2, web 3 of 4, application 4 of 6, database 1 of 2, in series. Enumeration.
#[test]
fn four_tiers() {
    let mut structure = Structure::default();
    let (mut tiers, mut works) = (Vec::new(), Vec::new());
    for (n, need, a) in [(2, 1, 0.9995), (4, 3, 0.995), (6, 4, 0.993), (2, 1, 0.998)] {
        let units = (works.len()..works.len() + n).map(|variable| structure.leaf(variable)).collect();
        works.extend(vec![a; n]);
        tiers.push(structure.at_least(need, units));
    }
    let root = structure.all(tiers);
    close(unavailability(&structure, root, |v| 1.0 - works[v]), 1.0 - 0.999_839_997_235_220_3, 1e-9);
}

/// Ten groups of 99 of 100 in series: U = 1 - (P(at most one of 100 down))^10, from the binomial law.
#[test]
fn large_groups_are_small_diagrams() {
    let mut structure = Structure::default();
    let mut groups = Vec::new();
    for group in 0..10 {
        let units = (0..100).map(|unit| structure.leaf(100 * group + unit)).collect();
        groups.push(structure.at_least(99, units));
    }
    let root = structure.all(groups);
    let mut cone = Cone::compile(&structure, root).unwrap();
    let diagram = cone.diagram(cone.top());
    assert!(diagram.len() < 2100, "{} decisions", diagram.len());
    let q: f64 = 1e-4;
    let group = libm::pow(1.0 - q, 100.0) + 100.0 * q * libm::pow(1.0 - q, 99.0);
    close(diagram.chance(|_| Chance::of_down(q)).down, 1.0 - libm::pow(group, 10.0), 1e-9);
    // A group goes down when one of 99 left goes with one gone, while the other nine are up.
    let critical = 100.0 * 99.0 * q * libm::pow(1.0 - q, 98.0);
    let frequency = failure_frequency(&mut cone, |_| Chance::of_down(q), |_| 1.0).unwrap();
    close(frequency, 10.0 * critical * libm::pow(group, 9.0), 1e-9);
    let top = cone.top();
    let cuts = CutSets::of(cone.bdd(), top, 1000).unwrap();
    assert_eq!(cuts.count(), 10.0 * 100.0 * 99.0 / 2.0);
}

/// Many domains with few units of two components each: only an order that nests units in their domains is small.
#[test]
fn many_domains_find_an_order() {
    let mut structure = Structure::default();
    let mut components = [Vec::new(), Vec::new()];
    for rack in 0..40 {
        let rack_leaf = structure.leaf(3 * rack);
        for (i, component) in components.iter_mut().enumerate() {
            let unit = structure.leaf(3 * rack + 1 + i);
            component.push(structure.all(vec![rack_leaf, unit]));
        }
    }
    let groups = components.into_iter().map(|units| structure.at_least(38, units)).collect();
    let root = structure.all(groups);
    let cone = Cone::compile(&structure, root).unwrap();
    assert!(cone.diagram(cone.top()).len() < 10_000);
}
