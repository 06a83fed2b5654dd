//! Coverage in a chain: after a failure that leaves enough units able the group goes through the phases of the time that it
//! takes to deal with it; its clocks and repairs stand still meanwhile.

use super::model::{Class, Model};
use super::phases::Phases;
use super::state::{Branches, State};
use crate::exact::error::NotExact;
use crate::system::{CoverageGroup, Meanwhile};
use crate::units::Hours;

/// What a failure of a class costs.
#[derive(Clone, Debug)]
pub(super) struct Cover {
    /// Where its phase is in a state.
    pub(super) window: usize,
    /// Variable of the structure: enough units are able, and nothing is being dealt with.
    pub(super) variable: usize,
    pub(super) need: u32,
    success: f64,
    /// Phases after covered and uncovered failures, one after the other; `None` is at once.
    takes: [Option<Phases>; 2],
}

impl Cover {
    pub(super) fn of(
        (owner, group): (&str, &CoverageGroup),
        (window, variable): (usize, usize),
    ) -> Result<Self, NotExact> {
        let coverage = &group.coverage;
        if coverage.meanwhile == Meanwhile::Running {
            return Err(NotExact::Overlapping(owner.to_owned()));
        }
        let phases = |law: &crate::lifetime::Law| match law.quantile(1.0) {
            Hours::ZERO => Ok(None),
            _ => Phases::of(law).map(Some).ok_or_else(|| NotExact::NoPhases(owner.to_owned())),
        };
        let takes = [phases(&coverage.covered)?, phases(&coverage.uncovered)?];
        Ok(Self { window, variable, need: group.need, success: coverage.success, takes })
    }

    /// Phases before those of a failure that is uncovered or not.
    fn before(&self, uncovered: usize) -> u16 {
        if uncovered == 0 { 0 } else { self.takes[0].as_ref().map_or(0, |phases| phases.rates.len() as u16) }
    }

    /// The ways on from a failure: phases that are begun, 0 for none, with probabilities.
    fn begins(&self) -> Vec<(u16, f64)> {
        let mut all = Vec::new();
        for (uncovered, chance) in [self.success, 1.0 - self.success].into_iter().enumerate() {
            match &self.takes[uncovered] {
                _ if chance == 0.0 => {}
                None => all.push((0, chance)),
                Some(phases) => {
                    let from = 1 + self.before(uncovered);
                    all.extend(phases.begins.iter().map(|&(phase, part)| (from + phase, chance * part)));
                }
            }
        }
        all
    }
}

impl Model {
    /// Whether the clocks and repairs of a class stand still.
    pub(super) fn is_frozen(&self, state: &State, class: usize) -> bool {
        self.classes[class].coverage.as_ref().is_some_and(|cover| state.windows[cover.window] > 0)
    }

    /// What follows from failures that have brought one state to another: those of one instant are one.
    pub(super) fn reconfigure(&self, before: &State, after: State) -> Branches {
        let failed = |class: &(usize, &Class)| after.able[class.0] < before.able[class.0];
        let classes: Vec<(usize, &Class)> = self.classes.iter().enumerate().filter(failed).collect();
        let mut all: Branches = vec![(after, 1.0)];
        for (class, of) in classes {
            let Some(cover) = &of.coverage else { continue };
            all = super::state::then(all, |state| {
                if u32::from(state.able[class]) < cover.need || state.windows[cover.window] > 0 {
                    return vec![(state, 1.0)];
                }
                let begin = |(phase, chance)| {
                    let mut next = state.clone();
                    next.windows[cover.window] = phase;
                    (next, chance)
                };
                cover.begins().into_iter().map(begin).collect()
            });
        }
        all
    }

    /// The phases of dealing with a failure go on.
    pub(super) fn windows(&self, state: &State, cover: &Cover, moves: &mut Vec<(f64, Branches)>) {
        let Some(at) = state.windows[cover.window].checked_sub(1) else { return };
        let uncovered = usize::from(at >= cover.before(1));
        let phases = cover.takes[uncovered].as_ref().expect("bug: a phase under way is of a law that has some");
        let phase = (at - cover.before(uncovered)) as usize;
        let mut next = state.clone();
        next.windows[cover.window] = if phases.ends[phase] { 0 } else { at + 2 };
        moves.push((phases.rates[phase], vec![(next, 1.0)]));
    }
}
