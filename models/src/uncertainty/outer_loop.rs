//! The outer loop: a system under each parameter draw, and which replication belongs to which.

use ninefold_sim_core::checkpoints::CHUNK;

use crate::replication::{Followed, ReplicationError, Sampling, Trace};
use crate::system::{System, SystemError, SystemSpec};
use crate::variance::Relaxation;

/// Least number of parameter draws: below it there is nothing to compare.
pub const DRAWS_MIN: u32 = 2;

/// Most parameter draws of a run.
pub const DRAWS_MAX: u32 = 1000;

/// Most units of all draws of a system together: every draw is kept compiled.
pub const DRAWN_UNITS_MAX: usize = 1_000_000;

impl System {
    /// The system with its parameter draws, which differ from it in numbers only: draw d stands at place d − 1.
    ///
    /// # Errors
    /// [`SystemError`] if a draw cannot be built, has another structure, or the limits are passed.
    pub fn with_draws(mut self, draws: Vec<SystemSpec>) -> Result<Self, SystemError> {
        let too_many = |what, count, limit| Err(SystemError::TooMany { what, count, limit });
        if draws.len() > DRAWS_MAX as usize {
            return too_many("parameter draws", draws.len(), DRAWS_MAX as usize);
        }
        let units = self.units.units.len().saturating_mul(draws.len());
        if units > DRAWN_UNITS_MAX {
            return too_many("units over all parameter draws", units, DRAWN_UNITS_MAX);
        }
        for (spec, draw) in draws.into_iter().zip(1..) {
            let drawn = Self::build(spec)?;
            if drawn.spec.draw != draw || !self.differs_in_numbers_only(&drawn) {
                return Err(SystemError::OtherStructure(draw));
            }
            self.drawn.push(drawn);
        }
        Ok(self)
    }

    /// Whether what is counted of `other` is laid out as what is counted of this system.
    fn differs_in_numbers_only(&self, other: &Self) -> bool {
        let inputs = self.spec.inputs.iter().map(|input| &input.path);
        let windows = |system: &Self| system.spec.agreements.iter().map(|a| a.windows.clone()).collect::<Vec<_>>();
        self.tracked == other.tracked
            && self.units.causes == other.units.causes
            && (self.warmup, self.end) == (other.warmup, other.end)
            && inputs.eq(other.spec.inputs.iter().map(|input| &input.path))
            && windows(self) == windows(other)
    }

    /// The system that replication `index` is of: itself, or the draw that its chunk was dealt to.
    pub fn of_replication(&self, index: u64) -> &Self {
        match self.drawn.len() as u64 {
            0 => self,
            draws => &self.drawn[(index / CHUNK % draws) as usize],
        }
    }

    /// The number of replications at or above `n` of which every draw has as many whole chunks; `n` without draws.
    pub fn dealt(&self, n: u64) -> u64 {
        if self.drawn.is_empty() { n } else { n.next_multiple_of(CHUNK * self.drawn.len() as u64) }
    }
}

/// A world that follows the draws: made anew when a replication is of another draw, that is once a chunk.
#[derive(Debug)]
pub(crate) struct DrawnWorld<'a> {
    system: &'a System,
    of: &'a System,
    world: Followed<'a>,
}

impl<'a> DrawnWorld<'a> {
    /// A world over `system` and its draws; without draws, with its relaxation beside it where that is followed.
    pub(crate) fn new(system: &'a System, relaxation: Option<&'a Relaxation>) -> Self {
        let of = system.of_replication(0);
        Self { system, of, world: Followed::new(of, relaxation) }
    }

    /// Runs replication `index` in the system it is of.
    ///
    /// # Errors
    /// [`ReplicationError`] if it cannot be finished.
    pub(crate) fn run(&mut self, sampling: Sampling, index: u64) -> Result<(&'a System, &Trace), ReplicationError> {
        let of = self.system.of_replication(index);
        if !std::ptr::eq(of, self.of) {
            (self.of, self.world) = (of, Followed::new(of, None));
        }
        let (trace, _) = self.world.run(sampling, index)?;
        Ok((of, trace))
    }
}
