//! The outer loop: a system under each parameter draw, and which replication belongs to which.

use ninefold_sim_core::checkpoints::CHUNK;

use crate::lifetime::SharedLaws;
use crate::replication::{Followed, ReplicationError, Sampling, Trace};
use crate::system::{System, SystemError, SystemSpec};
use crate::variance::Relaxation;

/// Least number of parameter draws: below it there is nothing to compare.
pub const DRAWS_MIN: u32 = 2;

/// Most parameter draws of a run.
pub const DRAWS_MAX: u32 = 1000;

/// Most that all draws of a system together may have of [what is kept of each](Cells): every draw is kept compiled, with
/// tallies of its own. A window takes some 850 bytes and a unit 450, so this is at most 0.9 GiB.
pub const DRAWN_CELLS_MAX: usize = 1_000_000;

/// What is kept of a draw, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cells {
    /// Replicas and domains.
    pub units: usize,
    /// Reporting windows of every journey, and windows of every agreement.
    pub windows: usize,
    /// Journeys and components at every report time.
    pub points: usize,
}

impl Cells {
    /// Of one system.
    fn of(system: &System) -> Self {
        let time = &system.spec.time;
        let reporting: usize = time.reporting.iter().map(|kind| kind.windows.len()).sum();
        let agreed: usize = system.spec.agreements.iter().map(|agreement| agreement.windows.len()).sum();
        Self {
            units: system.units.units.len(),
            windows: reporting.saturating_mul(system.journeys.len()).saturating_add(agreed),
            points: time.report_at.len().saturating_mul(system.tracked.len()),
        }
    }

    /// Of so many draws.
    pub(crate) const fn times(self, draws: usize) -> usize {
        self.units.saturating_add(self.windows).saturating_add(self.points).saturating_mul(draws)
    }
}

impl System {
    /// Refuses more draws than can be kept of this system; before they are made, which takes memory too.
    ///
    /// # Errors
    /// [`SystemError`], by the limit that is passed.
    pub fn refuse_draws(&self, draws: usize) -> Result<(), SystemError> {
        let limit = DRAWS_MAX as usize;
        if draws > limit {
            return Err(SystemError::TooMany { what: "parameter draws", count: draws, limit });
        }
        let cells = Cells::of(self);
        if cells.times(draws) > DRAWN_CELLS_MAX {
            return Err(SystemError::TooManyDrawn { draws, cells, limit: DRAWN_CELLS_MAX });
        }
        Ok(())
    }

    /// The system with its parameter draws, which differ from it in numbers only: draw d stands at place d − 1.
    ///
    /// # Errors
    /// [`SystemError`] if a draw cannot be built, has another structure, or the limits are passed.
    pub fn with_draws(mut self, draws: Vec<SystemSpec>) -> Result<Self, SystemError> {
        self.refuse_draws(draws.len())?;
        let mut laws = SharedLaws::default();
        self.spec.laws_mut().for_each(|law| laws.share(law));
        for (spec, draw) in draws.into_iter().zip(1..) {
            let drawn = Self::build_sharing(spec, &mut laws)?;
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
