//! A world, and the world of its independent relaxation beside it, which draws the same.

use ninefold_sim_core::tick::Tick;

use super::{ReplicationError, Sampling, Trace, World};
use crate::metric::overlap;
use crate::system::System;
use crate::variance::Relaxation;

/// A system's world and, where it is followed, that of its relaxation.
#[derive(Debug)]
pub(crate) struct Followed<'a> {
    pub(crate) main: World<'a>,
    beside: Option<World<'a>>,
    down: Vec<Tick>,
}

impl<'a> Followed<'a> {
    /// Worlds over a system and its relaxation.
    pub(crate) fn new(system: &'a System, relaxation: Option<&'a Relaxation>) -> Self {
        let beside = relaxation.map(|relaxation| World::new(&relaxation.system));
        Self { main: World::new(system), beside, down: Vec::new() }
    }

    /// Runs replication `index` of both; the trace is the system's, with what the relaxation did beside it, and the
    /// events of the relaxation.
    ///
    /// # Errors
    /// [`ReplicationError`] if either cannot be finished.
    pub(crate) fn run(&mut self, sampling: Sampling, index: u64) -> Result<(&Trace, u64), ReplicationError> {
        self.down.clear();
        let events = match &mut self.beside {
            None => 0,
            Some(world) => {
                let warmup = world.system().warmup;
                let trace = world.run(sampling, index)?;
                let outages = trace.outages.iter();
                self.down.extend(outages.map(|outages| overlap(outages, warmup, trace.end)));
                trace.events
            }
        };
        let trace = self.main.run(sampling, index)?;
        trace.relaxed.extend_from_slice(&self.down);
        Ok((trace, events))
    }
}
