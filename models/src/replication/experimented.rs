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
        let missed = self.losses(trace, journey as usize).any(|(unserved, ..)| unserved > most);
        if missed { Some(false) } else { (!self.ended.is_never()).then_some(true) }
    }

    /// Requests of all journeys that were not served while it was under way; `None` if no journey has a demand.
    pub fn users_hurt(&self, system: &System, trace: &Trace) -> Option<f64> {
        let mut hurt = None;
        for (number, journey) in system.journeys.iter().enumerate() {
            let Some(per_second) = journey.demand else { continue };
            let offered = trace.offered(system, number);
            let lost = self.losses(trace, number).map(|(unserved, from, to)| {
                let within = Tick::new((unserved.of_span(offered.within(from, to)) >> 32) as i64);
                within.hours() * 3600.0 * per_second
            });
            *hurt.get_or_insert(0.0) += lost.sum::<f64>();
        }
        hurt
    }

    /// What a journey did not serve while it was under way: the share, from when to when.
    fn losses<'t>(&self, trace: &'t Trace, journey: usize) -> impl Iterator<Item = (Share, Tick, Tick)> + 't {
        let (began, ended, begun) = (self.began, self.ended.min(trace.end), self.is_begun());
        let losses = &trace.losses[journey];
        let first = losses.partition_point(|loss| loss.end <= began);
        let within = losses[first..].iter().take_while(move |loss| begun && loss.start < ended);
        within.map(move |loss| (loss.unserved, loss.start.max(began), loss.end.min(ended)))
    }
}
