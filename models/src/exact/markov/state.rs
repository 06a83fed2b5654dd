//! A state of the chain: how many units of each class are able, being repaired, or in a crew's queue.

use super::crews::Job;

/// Who fills a place of a standby scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Filling {
    /// An active unit.
    Filled,
    /// Nobody yet: a chosen dormant unit is being switched in.
    Switching,
    /// Nobody: the next unit that is repaired fills it, or a person does.
    ByHand,
    /// Nobody: the next unit that is repaired fills it.
    Waiting,
}

/// A place of a standby scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) filling: Filling,
    /// The kind of repair that waits for this place to be filled.
    pub(super) held: Option<u16>,
}

/// One state. Equal states mean the same future.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// For each class, its able units.
    pub(super) able: Vec<u16>,
    /// For each kind of repair and phase, how many have a crew of their own.
    pub(super) alone: Vec<u16>,
    /// The places of all standby schemes.
    pub(super) places: Vec<Place>,
    /// For each group with coverage, the phase of the failure that is being dealt with, from 1; 0 if there is none.
    pub(super) windows: Vec<u16>,
    /// The data that the chain is asked about are lost.
    pub(super) lost: bool,
    /// For each team, its repairs; those under way first.
    pub(super) teams: Vec<Vec<Job>>,
}

impl State {
    /// The state as numbers: a key.
    pub(super) fn key(&self) -> Vec<u16> {
        let mut key = Vec::with_capacity(self.able.len() + self.alone.len() + 2 * self.places.len() + 8);
        key.extend_from_slice(&self.able);
        key.extend_from_slice(&self.alone);
        key.extend(self.places.iter().flat_map(|place| [place.filling as u16, place.held.map_or(0, |kind| kind + 1)]));
        key.extend_from_slice(&self.windows);
        key.push(u16::from(self.lost));
        for team in &self.teams {
            key.push(team.len() as u16);
            key.extend(team.iter().flat_map(|job| [job.kind, job.phase, u16::from(job.on)]));
        }
        key
    }
}

/// States that may follow, with their probabilities.
pub(super) type Branches = Vec<(State, f64)>;

/// Applies to every branch what may branch again.
pub(super) fn then(branches: Branches, mut next: impl FnMut(State) -> Branches) -> Branches {
    let mut all = Branches::with_capacity(branches.len());
    for (state, probability) in branches {
        all.extend(next(state).into_iter().map(|(state, part)| (state, part * probability)));
    }
    all
}
