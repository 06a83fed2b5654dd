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
use super::probability::{Chance, NodeChances};
use super::structure::GateId;
use crate::results::ImportanceRow;
use crate::units::HOURS_PER_YEAR;

/// Variants are forgotten once the manager has grown to this many times its size …
const FORGET_FACTOR: usize = 4;

/// … and by this many nodes.
const FORGET_MIN: usize = 1 << 16;

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
    let (variables, top) = (cone.variables().len(), cone.top());
    let mut chances = cone.chances(chance);
    let down = chances.get(cone.bdd(), top).down;
    if down == 0.0 {
        return Ok(Vec::new());
    }
    let mut cuts = CutSets::of(cone.bdd(), top, variables)?;
    let mut rows = Vec::new();
    let kept = cone.bdd().len();
    for candidate in candidates {
        if !candidate.gates.iter().any(|&gate| cone.holds(gate)) {
            continue;
        }
        let (failed, perfect) = (cone.holding(&candidate.gates, false)?, cone.holding(&candidate.gates, true)?);
        let birnbaum = gain(cone, &mut chances, perfect, failed)?;
        let without = chances.get(cone.bdd(), perfect).down;
        let levels: Vec<u32> = candidate.variables.iter().filter_map(|&variable| cone.level_of(variable)).collect();
        let touching = cuts.touching(&levels, cone.bdd())?;
        rows.push(ImportanceRow {
            component: candidate.entity.clone(),
            journey: journey.to_owned(),
            birnbaum,
            criticality: birnbaum * candidate.unavailability / down,
            fussell_vesely: chances.get(cone.bdd(), touching).down / down,
            raw: chances.get(cone.bdd(), failed).down / down,
            rrw: down / without,
            minutes_at_stake: gain(cone, &mut chances, perfect, top)? * HOURS_PER_YEAR * 60.0,
        });
        // The next variant has little in common with this one.
        if cone.bdd().len() > FORGET_FACTOR * kept + FORGET_MIN {
            cone.bdd().forget_after(kept);
            chances.forget_after(kept);
        }
    }
    Ok(rows)
}

/// P(up in `better` and not in `worse`).
fn gain(cone: &mut Cone, chances: &mut NodeChances, better: NodeId, worse: NodeId) -> Result<f64, NotExact> {
    let difference = cone.bdd().but_not(better, worse)?;
    Ok(chances.get(cone.bdd(), difference).up)
}
