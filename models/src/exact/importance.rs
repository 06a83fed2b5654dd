//! How much each component and each domain matters to a journey.
//!
//! A component is one event, "it is down", made by holding its gates down or up in the structure; a domain is its own
//! variable. Differences of probabilities are probabilities of differences (up in one variant and not in the other),
//! so that no digits cancel. Source: Birnbaum (1969); Fussell, *IEEE Trans. Reliab.* R-24 (1975); Vesely et al.,
//! NUREG/CR-3385 (1983) for the two worths.

use super::bdd::NodeId;
use super::cone::Cone;
use super::cuts::CutSets;
use super::error::NotExact;
use super::frequency::each_critical;
use super::probability::{Chance, NodeChances};
use super::structure::GateId;
use crate::results::{Engine, Estimated, ImportanceRow};
use crate::units::HOURS_PER_YEAR;

/// Variants are forgotten once the manager has grown to this many times its size …
const FORGET_FACTOR: usize = 4;

/// … and by this many nodes.
const FORGET_MIN: usize = 1 << 16;

/// Steps that all variants may take.
const STEPS_MAX: u64 = 1 << 25;

/// Decisions of a diagram beyond which its variants are too dear, each costing as much as the diagram, where a candidate
/// is one variable: then the diagram itself has the answers, the same but for rounding.
const VARIANTS_MAX: usize = 1 << 11;

/// Something whose importance is asked for.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// `components.NAME` or `domains.NAME`.
    pub entity: String,
    /// The gates that stand for it.
    pub gates: Vec<GateId>,
    /// Its own variables: those of its units, or of the domain itself.
    pub variables: Vec<usize>,
    /// Its unavailability.
    pub unavailability: f64,
}

/// The importance of each candidate in the cone of `journey`; none if the journey never fails.
///
/// # Errors
/// [`NotExact`] if the cut sets or the variants do not fit.
pub fn importance(
    journey: &str,
    cone: &mut Cone,
    chance: impl Fn(usize) -> Chance,
    candidates: &[Candidate],
) -> Result<Vec<ImportanceRow>, NotExact> {
    rows((journey, VARIANTS_MAX), cone, chance, candidates)
}

fn rows(
    (journey, variants_max): (&str, usize),
    cone: &mut Cone,
    chance: impl Fn(usize) -> Chance,
    candidates: &[Candidate],
) -> Result<Vec<ImportanceRow>, NotExact> {
    let (variables, top) = (cone.variables().len(), cone.top());
    let mut chances = cone.chances(&chance);
    let down = chances.get(cone.bdd(), top).down;
    if down == 0.0 {
        return Ok(Vec::new());
    }
    let mut cuts = CutSets::of(cone.bdd(), top, variables)?;
    let mut rows = Vec::new();
    cone.bdd().allow_steps(STEPS_MAX);
    let diagram = cone.diagram(top);
    let mut critical = vec![0.0; variables];
    if diagram.len() > variants_max {
        each_critical(cone, &mut chances, |level, probability| critical[level] += probability)?;
    }
    let kept = cone.bdd().len();
    for candidate in candidates {
        if !candidate.gates.iter().any(|&gate| cone.holds(gate)) {
            continue;
        }
        let alone = match candidate.variables[..] {
            [only] if diagram.len() > variants_max && cone.stand_for(&candidate.gates, only) => cone.level_of(only),
            _ => None,
        };
        let held = match alone {
            Some(level) => {
                let variable = candidate.variables[0];
                let with =
                    |own: Chance| diagram.chance(|other| if other == variable { own } else { chance(other) }).down;
                let birnbaum = critical[level as usize];
                let at_stake = chance(variable).down * birnbaum;
                Held { failed: with(Chance::DOWN), perfect: with(Chance::UP), birnbaum, at_stake }
            }
            None => Held::of(cone, &mut chances, candidate)?,
        };
        let levels: Vec<u32> = candidate.variables.iter().filter_map(|&variable| cone.level_of(variable)).collect();
        let touching = cuts.touching(&levels, cone.bdd())?;
        rows.push(ImportanceRow {
            component: candidate.entity.clone(),
            journey: journey.to_owned(),
            engine: Engine::Exact,
            birnbaum: Estimated::exact(held.birnbaum),
            criticality: Estimated::exact(held.birnbaum * candidate.unavailability / down),
            fussell_vesely: Estimated::exact(chances.get(cone.bdd(), touching).down / down),
            raw: Estimated::exact(held.failed / down),
            rrw: Estimated::exact(down / held.perfect),
            minutes_at_stake: Estimated::exact(held.at_stake * HOURS_PER_YEAR * 60.0),
        });
        // The next variant has little in common with this one.
        if cone.bdd().len() > FORGET_FACTOR * kept + FORGET_MIN {
            cone.bdd().forget_after(kept);
            chances.forget_after(kept);
        }
    }
    Ok(rows)
}

/// What holding a candidate down, and up, does.
struct Held {
    /// P(down) with the candidate down.
    failed: f64,
    /// P(down) with it up.
    perfect: f64,
    /// P(up with it up, and not with it down).
    birnbaum: f64,
    /// P(up with it up, and not as it is).
    at_stake: f64,
}

impl Held {
    /// By variants of the structure.
    fn of(cone: &mut Cone, chances: &mut NodeChances, candidate: &Candidate) -> Result<Self, NotExact> {
        let top = cone.top();
        let (failed, perfect) = (cone.holding(&candidate.gates, false)?, cone.holding(&candidate.gates, true)?);
        Ok(Self {
            birnbaum: gain(cone, chances, perfect, failed)?,
            at_stake: gain(cone, chances, perfect, top)?,
            failed: chances.get(cone.bdd(), failed).down,
            perfect: chances.get(cone.bdd(), perfect).down,
        })
    }
}

/// P(up in `better` and not in `worse`).
fn gain(cone: &mut Cone, chances: &mut NodeChances, better: NodeId, worse: NodeId) -> Result<f64, NotExact> {
    let difference = cone.bdd().but_not(better, worse)?;
    Ok(chances.get(cone.bdd(), difference).up)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::exact::Structure;

    /// Five units in a bridge, each behind a gate of its own, and one that two gates look at.
    fn bridge() -> (Structure, GateId, Vec<Candidate>) {
        let mut structure = Structure::default();
        let units: Vec<GateId> = (0..6)
            .map(|variable| {
                let leaf = structure.leaf(variable);
                structure.all(vec![leaf])
            })
            .collect();
        let ways = [[0, 1, 5], [2, 3, 5], [0, 4, 3], [2, 4, 1]];
        let ways = ways.map(|way| structure.all(way.iter().map(|&unit| units[unit]).collect()));
        let top = structure.at_least(1, ways.to_vec());
        let candidate = |variable: usize| Candidate {
            entity: format!("components.u{variable}"),
            gates: vec![units[variable]],
            variables: vec![variable],
            unavailability: 0.01 * (variable + 1) as f64,
        };
        (structure, top, (0..6).map(candidate).collect())
    }

    #[test]
    fn a_diagram_has_the_answers_of_its_variants() {
        let (structure, top, candidates) = bridge();
        let of = |variants_max| {
            let mut cone = Cone::compile(&structure, top).unwrap();
            assert!(candidates.iter().all(|candidate| cone.stand_for(&candidate.gates, candidate.variables[0])));
            assert!(!cone.stand_for(&candidates[0].gates, 1) && !cone.stand_for(&[top], 1));
            rows(("top", variants_max), &mut cone, |v| Chance::of_down(0.01 * (v + 1) as f64), &candidates).unwrap()
        };
        let (by_variants, by_diagram) = (of(usize::MAX), of(0));
        assert_eq!(by_variants.len(), 6);
        let numbers = |row: &ImportanceRow| {
            [row.birnbaum, row.criticality, row.fussell_vesely, row.raw, row.rrw, row.minutes_at_stake]
                .map(|it| it.value)
        };
        for (a, b) in by_variants.iter().zip(&by_diagram) {
            for (a, b) in numbers(a).into_iter().zip(numbers(b)) {
                assert!((a / b - 1.0).abs() < 1e-12, "{a} is not {b}");
            }
        }
    }
}
