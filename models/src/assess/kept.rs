//! The replications that are kept, the first ones and the worst: run again for what is listed of them, since a replication
//! is a function of its index.

use std::ops::ControlFlow;

use ninefold_sim_core::rerun::rerun;

use crate::replication::{ReplicationError, Sampling, Trace};
use crate::system::System;
use crate::uncertainty::DrawnWorld;

/// The first replications, which are kept beside the worst one.
pub const REPLICATIONS_KEPT: u64 = 64;

/// The replications that are kept of so many: the worst first, so that no limit cuts it.
pub(super) fn kept(replications: u64, worst: Option<u64>) -> Vec<u64> {
    let others = (0..replications.min(REPLICATIONS_KEPT)).filter(|&rep| Some(rep) != worst);
    worst.into_iter().chain(others).collect()
}

/// Runs `reps` again on all threads, reads something of each and hands it to `take` in the order of `reps`, until that
/// breaks off.
///
/// # Errors
/// The first error of a replication in that order, unless `take` broke off before.
pub(super) fn again<T: Send>(
    (system, sampling): (&System, Sampling),
    reps: &[u64],
    read: impl Fn(&System, &Trace, u64) -> T + Sync,
    take: impl FnMut(T) -> ControlFlow<()>,
) -> Result<(), ReplicationError> {
    let one = |world: &mut DrawnWorld<'_>, rep: u64| world.run(sampling, rep).map(|(of, trace)| read(of, trace, rep));
    rerun(reps, || DrawnWorld::new(system, None), one, take)
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
