//! The pilot: the first replications, run once more before everything else to see what pays.

use ninefold_sim_core::replicate::{Replicate, Unfollowed, replicate};
use ninefold_sim_core::sample::Sample;

use super::Relaxation;
use crate::metric::Metric;
use crate::metric::gain::Gain;
use crate::replication::{Blocks, Followed, ReplicationError, Sampling};
use crate::system::System;

/// Replications of the pilot: 0 to 255.
pub const PILOT: u64 = 256;

/// What the pilot counted.
#[derive(Debug, Default)]
pub(super) struct Pilot {
    pub(super) gain: Gain,
    /// Events of the system, and of its relaxation.
    pub(super) events: [u64; 2],
    pub(super) blocks: Blocks,
}

impl Pilot {
    /// The replications as a sample.
    pub(super) const fn sample(&self) -> Sample {
        self.blocks.sample(PILOT)
    }
}

struct Piloted<'a> {
    system: &'a System,
    relaxation: Option<&'a Relaxation>,
    sampling: Sampling,
}

impl<'a> Replicate for Piloted<'a> {
    type World = Followed<'a>;
    type Tally = Pilot;
    type Error = ReplicationError;

    fn world(&self) -> Followed<'a> {
        Followed::new(self.system, self.relaxation)
    }

    fn tally(&self) -> Pilot {
        Pilot { blocks: self.sampling.blocks, ..Pilot::default() }
    }

    fn replicate(&self, world: &mut Followed<'a>, index: u64, pilot: &mut Pilot) -> Result<(), ReplicationError> {
        let (trace, beside) = world.run(self.sampling, index)?;
        pilot.events = [pilot.events[0] + trace.events, pilot.events[1] + beside];
        pilot.gain.add(self.system, trace, true);
        Ok(())
    }

    fn merge(&self, into: &mut Pilot, later: Pilot) {
        into.gain.merge(later.gain);
        into.events = [into.events[0] + later.events[0], into.events[1] + later.events[1]];
    }
}

/// Runs the pilot.
///
/// # Errors
/// [`ReplicationError`] if a replication cannot be finished.
pub(super) fn pilot(
    system: &System,
    relaxation: Option<&Relaxation>,
    sampling: Sampling,
) -> Result<Pilot, ReplicationError> {
    let piloted = Piloted { system, relaxation, sampling };
    let mut pilot = piloted.tally();
    replicate(&piloted, 0..PILOT, &mut pilot, &Unfollowed)?;
    Ok(pilot)
}
