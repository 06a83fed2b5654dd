//! What keeps a unit from serving in one state of a run, and who brought it about.
//!
//! A unit is a loss of its own while anything keeps it from serving that nobody else brought about: a failure, an election
//! under way, an ejection. What a shared risk, a hazard, an experiment or a shock to spot capacity has struck is a loss of
//! that: a *strike*, one a unit and source, which ends when the unit is repaired. Sets of losses name the sources.

use std::collections::BTreeMap;

use super::losses::{first_risk, name};
use super::shared_risks::Risk;
use crate::board::Board;
use crate::system::{SlotEffect, SlotId, System, UnitId};

/// What a source has struck in one unit.
#[derive(Debug)]
struct Strike {
    unit: UnitId,
    /// Its place among the sources.
    source: usize,
    slots: Vec<SlotId>,
}

/// For every unit, what can keep it from serving, domains around it left out.
#[derive(Debug)]
pub(super) struct Holds {
    own: Vec<Vec<SlotId>>,
    strikes: Vec<Strike>,
    /// For each unit, the places of its strikes.
    struck: Vec<Vec<usize>>,
    /// As tables name them.
    sources: Vec<String>,
    /// For each unit, the domains around it.
    around: Vec<Vec<UnitId>>,
    /// The variable of the first strike; as a member of a set, of the first source.
    first: usize,
}

impl Holds {
    pub(super) fn of(system: &System) -> Self {
        let (sources, struck_by) = sources(system);
        let mut all = Self {
            own: vec![Vec::new(); system.units.units.len()],
            strikes: Vec::new(),
            struck: vec![Vec::new(); system.units.units.len()],
            sources,
            around: around(system),
            first: first_risk(system),
        };
        for (slot, of) in (0..).zip(&system.units.slots) {
            match of.effect {
                SlotEffect::Failed
                | SlotEffect::Reclaimed(_)
                | SlotEffect::Dormant
                | SlotEffect::Ejected(_)
                | SlotEffect::Away(_)
                | SlotEffect::Electing(_)
                | SlotEffect::TwoWriters(_) => match struck_by.get(&slot) {
                    Some(&source) => all.add_strike(of.unit, source, slot),
                    None => all.own[of.unit as usize].push(slot),
                },
                _ => {}
            }
        }
        all
    }

    fn add_strike(&mut self, unit: UnitId, source: usize, slot: SlotId) {
        let mut known = self.struck[unit as usize].iter();
        match known.find(|&&place| self.strikes[place].source == source) {
            Some(&place) => self.strikes[place].slots.push(slot),
            None => {
                self.struck[unit as usize].push(self.strikes.len());
                self.strikes.push(Strike { unit, source, slots: vec![slot] });
            }
        }
    }

    /// The variables of a unit: itself, and its strikes.
    pub(super) fn variables(&self, unit: UnitId) -> impl Iterator<Item = usize> + '_ {
        let own = (!self.own[unit as usize].is_empty()).then_some(unit as usize);
        own.into_iter().chain(self.struck[unit as usize].iter().map(|place| self.first + place))
    }

    fn unit(&self, variable: usize) -> UnitId {
        match variable.checked_sub(self.first) {
            Some(strike) => self.strikes[strike].unit,
            None => variable as UnitId,
        }
    }

    /// The domains around the unit of a variable that is no group.
    pub(super) fn around(&self, variable: usize) -> &[UnitId] {
        &self.around[self.unit(variable) as usize]
    }

    /// Whether a variable that is no group is down.
    pub(super) fn is_down(&self, variable: usize, board: &Board) -> bool {
        let slots = match variable.checked_sub(self.first) {
            Some(strike) => &self.strikes[strike].slots,
            None => &self.own[variable],
        };
        slots.iter().any(|&slot| board.is_active(slot))
    }

    /// The source of a variable, as a member of a set, if it is a strike.
    pub(super) fn source(&self, variable: usize) -> Option<usize> {
        variable.checked_sub(self.first).map(|strike| self.first + self.strikes[strike].source)
    }

    /// A set of variables as the losses it names: one that is struck stands for what struck it.
    pub(super) fn members(&self, set: &[usize]) -> Vec<usize> {
        let mut members: Vec<usize> = set.iter().map(|&variable| self.source(variable).unwrap_or(variable)).collect();
        members.sort_unstable();
        members.dedup();
        members
    }

    /// How tables name a member.
    pub(super) fn name(&self, system: &System, member: usize) -> String {
        match member.checked_sub(self.first) {
            Some(source) => self.sources[source].clone(),
            None => name(system, member),
        }
    }
}

/// Who can strike, and by which slots.
fn sources(system: &System) -> (Vec<String>, BTreeMap<SlotId, usize>) {
    let mut names: Vec<String> = Risk::all(system).into_iter().map(|risk| risk.source).collect();
    let mut slots = BTreeMap::new();
    let place = |names: &[String], source: &str| names.iter().position(|name| name == source);
    for (declared, shock) in system.spec.shocks.iter().zip(&system.shocks) {
        let source = place(&names, &declared.source).expect("bug: every shock is of a risk");
        shock.struck.iter().for_each(|&mode| _ = slots.entry(mode).or_insert(source));
    }
    for spot in system.spots.iter().filter(|spot| spot.spec.reclaims.is_some()) {
        let source = place(&names, &Risk::of_spot(&spot.spec.component)).expect("bug: such capacity is a risk");
        for spot in &spot.units {
            // The last of these slots is that of a reclaim.
            slots.insert(system.units.units[spot.unit as usize].lost.end - 1, source);
        }
    }
    for (declared, experiment) in system.spec.experiments.iter().zip(&system.experiments) {
        experiment.modes.iter().for_each(|&mode| _ = slots.insert(mode, names.len()));
        names.push(format!("experiments.{}", declared.name));
    }
    (names, slots)
}

/// For each unit, the domains around it.
fn around(system: &System) -> Vec<Vec<UnitId>> {
    let (domains, replicas) = (&system.spec.domains, system.units.replicas);
    let index: BTreeMap<&str, usize> =
        domains.iter().enumerate().map(|(i, domain)| (domain.name.as_str(), i)).collect();
    let parent = |&at: &usize| domains[at].parent.as_ref().map(|name| index[name.as_str()]);
    let outer = |domain: usize| std::iter::successors(parent(&domain), parent).map(|at| (replicas + at) as UnitId);
    let inner = (0..domains.len()).map(|domain| outer(domain).collect());
    system.units.ancestors.iter().cloned().chain(inner).collect()
}
