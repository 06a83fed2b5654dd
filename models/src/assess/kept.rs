//! The replications that are kept, the first ones and the worst: run again for what is listed of them, since a replication
//! is a function of its index.

use std::ops::ControlFlow;

use ninefold_sim_core::rerun::rerun;

use crate::replication::{Observe, ReplicationError, Sampling, Trace, World};
use crate::results::RunOutcome;
use crate::system::System;

/// The first replications, which are kept beside the worst one.
pub const REPLICATIONS_KEPT: u64 = 64;

/// The replications of a run that are kept.
pub(super) struct Kept<'a> {
    system: &'a System,
    sampling: Sampling,
    /// The worst first, so that no limit cuts it.
    indices: Vec<u64>,
}

impl<'a> Kept<'a> {
    /// Of a run that came to so many replications, of which one was the worst.
    pub(super) fn of((system, sampling): (&'a System, Sampling), outcome: &RunOutcome, worst: Option<u64>) -> Self {
        Self { system, sampling, indices: indices(outcome.replications, worst) }
    }

    /// Runs them again on all threads before an observer each, reads something of each and hands it to `take`, the worst
    /// first, until that breaks off. The observers are returned: which of them saw which replications is not said, but all
    /// that are taken were seen by one.
    ///
    /// # Errors
    /// The first error of a replication in that order, unless `take` broke off before.
    pub(super) fn again<O: Observe + Send, T: Send>(
        &self,
        observer: impl Fn() -> O + Sync,
        read: impl Fn(&System, &Trace, u64) -> T + Sync,
        take: impl FnMut(T) -> ControlFlow<()>,
    ) -> Result<Vec<O>, ReplicationError> {
        let world = || Some(World::observed(self.system.of_replication(0), observer()));
        let run = |slot: &mut Option<World<'a, O>>, index: u64| {
            let of = self.system.of_replication(index);
            let world = slot.take().expect("bug: a world is put back before it runs");
            let world = slot.insert(if std::ptr::eq(of, world.system()) { world } else { world.over(of) });
            world.run(self.sampling, index).map(|trace| read(of, trace, index))
        };
        let worlds = rerun(&self.indices, world, run, take)?;
        Ok(worlds.into_iter().flatten().map(World::into_observer).collect())
    }
}

fn indices(replications: u64, worst: Option<u64>) -> Vec<u64> {
    let others = (0..replications.min(REPLICATIONS_KEPT)).filter(|&rep| Some(rep) != worst);
    worst.into_iter().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_comes_first_and_once() {
        assert_eq!(indices(3, Some(1)), [1, 0, 2]);
        assert_eq!(indices(2, None), [0, 1]);
        let many = indices(1000, Some(700));
        assert_eq!((many.len() as u64, many[0]), (REPLICATIONS_KEPT + 1, 700));
    }
}
