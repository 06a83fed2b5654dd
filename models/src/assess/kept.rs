//! The replications that are kept, the first ones and the worst: run again for what is listed of them, since a replication
//! is a function of its index.

use std::ops::ControlFlow;

use ninefold_sim_core::rerun::rerun;

use crate::replication::{Observe, ReplicationError, Sampling, Trace, World};
use crate::system::System;

/// The first replications, which are kept beside the worst one.
pub const REPLICATIONS_KEPT: u64 = 64;

/// The replications that are kept of so many: the worst first, so that no limit cuts it.
pub(super) fn kept(replications: u64, worst: Option<u64>) -> Vec<u64> {
    let others = (0..replications.min(REPLICATIONS_KEPT)).filter(|&rep| Some(rep) != worst);
    worst.into_iter().chain(others).collect()
}

/// Runs `reps` again on all threads, each looked at by an observer of its system, reads something of each and of its observer
/// and hands it to `take` in the order of `reps`, until that breaks off.
///
/// # Errors
/// The first error of a replication in that order, unless `take` broke off before.
pub(super) fn again<'s, O: Observe + Send, T: Send>(
    (system, sampling): (&'s System, Sampling),
    reps: &[u64],
    (observer, read): (impl Fn(&System) -> O + Sync, impl Fn(&System, (&Trace, &mut O), u64) -> T + Sync),
    take: impl FnMut(T) -> ControlFlow<()>,
) -> Result<(), ReplicationError> {
    let one = |world: &mut World<'s, O>, rep: u64| {
        let of = system.of_replication(rep);
        if !std::ptr::eq(of, world.system()) {
            *world = World::observed(of, observer(of));
        }
        world.run(sampling, rep)?;
        Ok(read(of, world.written(), rep))
    };
    let first = system.of_replication(0);
    rerun(reps, || World::observed(first, observer(first)), one, take)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_comes_first_and_once() {
        assert_eq!(kept(3, Some(1)), [1, 0, 2]);
        assert_eq!(kept(2, None), [0, 1]);
        let many = kept(1000, Some(700));
        assert_eq!((many.len() as u64, many[0]), (REPLICATIONS_KEPT + 1, 700));
    }
}
