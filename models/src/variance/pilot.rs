//! The pilot: the first replications, run once more before everything else to see what pays.

use ninefold_sim_core::replicate::{Follow, Replicate, replicate};
use ninefold_sim_core::sample::Sample;

use super::Relaxation;
use crate::assess::{AssessError, Watch};
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

/// Tells the watcher how far the pilot is.
struct Piloting<'a>(&'a dyn Watch);

impl Follow<Pilot> for Piloting<'_> {
    fn should_stop(&self) -> bool {
        self.0.should_stop().is_some()
    }

    fn folded(&self, to: u64, _: &mut Pilot) {
        self.0.pilot(to);
    }
}

/// Runs the pilot.
///
/// # Errors
/// [`AssessError::StoppedInPilot`] if it was stopped, [`AssessError::Replication`] if a replication cannot be finished.
pub(super) fn pilot(
    system: &System,
    relaxation: Option<&Relaxation>,
    sampling: Sampling,
    watch: &dyn Watch,
) -> Result<Pilot, AssessError> {
    let piloted = Piloted { system, relaxation, sampling };
    let mut pilot = piloted.tally();
    let done = replicate(&piloted, 0..PILOT, &mut pilot, &Piloting(watch))?;
    if done < PILOT { Err(AssessError::StoppedInPilot(PILOT)) } else { Ok(pilot) }
}
