//! Independent replications on all threads: fixed chunks, folded in index order.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::checkpoints::CHUNK;

/// Chunks in flight per thread between two looks at whether to stop.
const CHUNKS_PER_THREAD: u64 = 4;

/// Something that can be replicated: a pure function of its own data and a replication's index.
pub trait Replicate: Sync {
    /// The mutable state of one replication, made once a thread and used again.
    type World: Send;
    /// What is counted over replications.
    type Tally: Send;
    /// Why a replication cannot be finished.
    type Error: Send;

    /// A fresh world.
    fn world(&self) -> Self::World;
    /// An empty tally.
    fn tally(&self) -> Self::Tally;
    /// Runs replication `index` and adds it to the tally.
    ///
    /// # Errors
    /// Whatever keeps it from being finished; the run ends with the error of the lowest chunk.
    fn replicate(&self, world: &mut Self::World, index: u64, tally: &mut Self::Tally) -> Result<(), Self::Error>;
    /// Adds a later tally to an earlier one.
    fn merge(&self, into: &mut Self::Tally, later: Self::Tally);
}

/// Runs the replications of `range` and folds them into `tally`; returns whether all were done.
///
/// `should_stop` is asked between waves of chunks; when it says so, what was done since the call began is incomplete and
/// the caller throws it away.
///
/// # Errors
/// The first error of a replication, by index of its chunk.
pub fn replicate<R: Replicate>(
    replicated: &R,
    range: Range<u64>,
    tally: &mut R::Tally,
    should_stop: &(dyn Fn() -> bool + Sync),
) -> Result<bool, R::Error> {
    let worlds = Mutex::new(Vec::new());
    let stopped = AtomicBool::new(false);
    let wave = CHUNK * CHUNKS_PER_THREAD * rayon::current_num_threads() as u64;
    let mut from = range.start;
    while from < range.end {
        let to = range.end.min(from + wave);
        let starts: Vec<u64> = (from..to).step_by(CHUNK as usize).collect();
        let parts: Vec<Result<R::Tally, R::Error>> = starts
            .into_par_iter()
            .map(|start| {
                if stopped.load(Ordering::Relaxed) || should_stop() {
                    stopped.store(true, Ordering::Relaxed);
                    return Ok(replicated.tally());
                }
                chunk(replicated, start..to.min(start + CHUNK), &worlds)
            })
            .collect();
        for part in parts {
            replicated.merge(tally, part?);
        }
        if stopped.load(Ordering::Relaxed) {
            return Ok(false);
        }
        from = to;
    }
    Ok(true)
}

fn chunk<R: Replicate>(
    replicated: &R,
    indices: Range<u64>,
    worlds: &Mutex<Vec<R::World>>,
) -> Result<R::Tally, R::Error> {
    let pool = || worlds.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let free = pool().pop();
    let mut world = free.unwrap_or_else(|| replicated.world());
    let mut tally = replicated.tally();
    for index in indices {
        replicated.replicate(&mut world, index, &mut tally)?;
    }
    pool().push(world);
    Ok(tally)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    struct Indices;

    impl Replicate for Indices {
        type World = ();
        type Tally = Vec<u64>;
        type Error = u64;
        fn world(&self) {}
        fn tally(&self) -> Vec<u64> {
            Vec::new()
        }
        fn replicate(&self, (): &mut (), index: u64, tally: &mut Vec<u64>) -> Result<(), u64> {
            if index == 5000 {
                return Err(index);
            }
            tally.push(index);
            Ok(())
        }
        fn merge(&self, into: &mut Vec<u64>, later: Vec<u64>) {
            into.extend(later);
        }
    }

    #[test]
    fn chunks_fold_in_index_order_on_any_number_of_threads() {
        for threads in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut tally = Vec::new();
            let done = pool.install(|| replicate(&Indices, 3..1500, &mut tally, &|| false)).unwrap();
            assert!(done);
            assert_eq!(tally, (3..1500).collect::<Vec<_>>());
        }
    }

    #[test]
    fn stopping_says_so_and_errors_surface() {
        let mut tally = Vec::new();
        assert!(!replicate(&Indices, 0..1000, &mut tally, &|| true).unwrap());
        assert_eq!(replicate(&Indices, 4000..6000, &mut Vec::new(), &|| false), Err(5000));
    }
}
