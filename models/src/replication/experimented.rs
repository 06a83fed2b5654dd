//! What became of an experiment: when it was under way, whom it struck, how it ended, and what was not served meanwhile.

use ninefold_sim_core::tick::Tick;

use super::{Share, Trace};
use crate::system::System;

/// An experiment that was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Experimented {
    /// The experiment, in the order of [`System::experiments`].
    pub of: u32,
    /// When it was due.
    pub began: Tick,
    /// When all that it had brought about was over; [`Tick::NEVER`] if it was not.
    pub ended: Tick,
    /// Units that were struck; 0 if it was not begun.
    pub struck: u32,
    /// Whether it was given up.
    pub aborted: bool,
}

impl Experimented {
    /// Whether it was begun at all.
    pub const fn is_begun(&self) -> bool {
        self.struck > 0
    }

    /// Whether its hypothesis held all the time it was under way; `None` if it has none, was not begun, or was under way at
    /// the end and had held until then.
    pub fn held(&self, system: &System, trace: &Trace) -> Option<bool> {
        let (journey, success) = system.experiments[self.of as usize].hypothesis?;
        if !self.is_begun() {
            return None;
        }
        let most = Share::of(1.0 - success);
        let missed = trace.unserved(journey as usize, self.span(trace)).any(|(unserved, ..)| unserved > most);
        if missed { Some(false) } else { (!self.ended.is_never()).then_some(true) }
    }

    /// Requests of all journeys that were not served while it was under way; `None` if no journey has a demand.
    pub fn users_hurt(&self, system: &System, trace: &Trace) -> Option<f64> {
        trace.users_hurt(system, self.span(trace))
    }

    /// When it was under way.
    fn span(&self, trace: &Trace) -> (Tick, Tick) {
        if self.is_begun() { (self.began, self.ended.min(trace.end)) } else { (self.began, self.began) }
    }
}
