//! Independent replications on all threads: fixed chunks, folded in index order.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::checkpoints::CHUNK;

/// Chunks per thread that may be under way, or done and waiting for an earlier one.
const CHUNKS_PER_THREAD: u64 = 4;

/// Something that can be replicated: a pure function of its own data and a replication's index.
pub trait Replicate: Sync {
    /// The mutable state of one replication, made once a thread and used again.
    type World: Send;
    /// What is counted over replications.
    type Tally: Send;
    /// Why a replication cannot be finished.
    type Error: Send;

    /// Replications in a row that go into one tally: the first of them has an index that is a multiple. A power of two, at
    /// most [`CHUNK`].
    fn block(&self) -> u64 {
        1
    }
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

/// Who follows a run of replications.
pub trait Follow<Tally>: Sync {
    /// Asked before every replication, from any thread; `true` ends the run once something is folded: what of a chunk is
    /// under way is then given up.
    fn should_stop(&self) -> bool {
        false
    }

    /// Called after each chunk that was folded, in index order, from one thread at a time: `tally` holds all
    /// replications of the range up to `to`. Nothing is folded meanwhile.
    fn folded(&self, _to: u64, _tally: &mut Tally) {}
}

/// Nobody follows.
#[derive(Clone, Copy, Debug)]
pub struct Unfollowed;

impl<Tally> Follow<Tally> for Unfollowed {}

/// Runs the replications of `range` on all threads of the pool and folds them into `tally`, chunk by chunk in index
/// order; returns the index up to which all are done, the end of the range unless it was stopped.
///
/// Chunks are taken up in index order, so that a run that is stopped or killed loses at most those under way and those
/// waiting for an earlier one, `CHUNKS_PER_THREAD` a thread. A run from the first replication on that is stopped finishes
/// its first chunk, so that there is something to show.
///
/// # Errors
/// The first error of a replication, by index of its chunk.
pub fn replicate<R: Replicate>(
    replicated: &R,
    range: Range<u64>,
    tally: &mut R::Tally,
    follow: &dyn Follow<R::Tally>,
) -> Result<u64, R::Error> {
    let window = CHUNK * CHUNKS_PER_THREAD * rayon::current_num_threads() as u64;
    let state =
        State { next: range.start, folded: range.start, early: BTreeMap::new(), tally, stopped: false, error: None };
    let shows = AtomicBool::new(range.start > 0);
    let run =
        Run { replicated, end: range.end, window, follow, shows, state: Mutex::new(state), moved: Condvar::new() };
    rayon::broadcast(|_| run.work());
    let state = run.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    state.error.map_or(Ok(state.folded), |(_, error)| Err(error))
}

/// What the threads of a run share.
struct Run<'a, R: Replicate> {
    replicated: &'a R,
    end: u64,
    /// Replications that may be under way or waiting.
    window: u64,
    follow: &'a dyn Follow<R::Tally>,
    /// Whether there is anything to show if the run is stopped.
    shows: AtomicBool,
    state: Mutex<State<'a, R>>,
    /// Told whenever something was folded or the run ends.
    moved: Condvar,
}

struct State<'a, R: Replicate> {
    /// Start of the next chunk to take up.
    next: u64,
    /// Everything before this is folded.
    folded: u64,
    /// Chunks done before an earlier one was.
    early: BTreeMap<u64, R::Tally>,
    tally: &'a mut R::Tally,
    stopped: bool,
    /// The error of the lowest chunk that has one.
    error: Option<(u64, R::Error)>,
}

/// Ends the run when a thread panics, so that the others do not go on without it.
struct EndOnPanic<'a, 'b, R: Replicate>(&'a Run<'b, R>);

impl<R: Replicate> Drop for EndOnPanic<'_, '_, R> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

impl<'a, R: Replicate> Run<'a, R> {
    /// One thread's part.
    fn work(&self) {
        let _guard = EndOnPanic(self);
        let mut world = None;
        while let Some(start) = self.take() {
            let world = world.get_or_insert_with(|| self.replicated.world());
            match self.chunk(world, start) {
                Ok(Some(tally)) => self.fold(start, tally),
                Ok(None) => self.stop(),
                Err(error) => self.fail(start, error),
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<'a, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) {
        self.lock().stopped = true;
        self.moved.notify_all();
    }

    /// The start of the next chunk, as soon as it is not too far ahead of what is folded.
    fn take(&self) -> Option<u64> {
        if self.follow.should_stop() {
            self.stop();
        }
        let ahead = |state: &mut State<'a, R>| {
            !state.stopped && state.next < self.end && state.next - state.folded >= self.window
        };
        let mut state = self.moved.wait_while(self.lock(), ahead).unwrap_or_else(PoisonError::into_inner);
        if state.stopped || state.next >= self.end {
            return None;
        }
        let start = state.next;
        state.next = self.chunk_end(start);
        Some(start)
    }

    /// The first chunks of a run are 2, 2, 4, 8, … replications, so that something is known soon however long one takes.
    fn chunk_end(&self, start: u64) -> u64 {
        let least = self.replicated.block().max(2);
        self.end.min(start.saturating_add(start.clamp(least, CHUNK)))
    }

    /// The tally of a chunk; `None` if it is given up because the run is to stop.
    fn chunk(&self, world: &mut R::World, start: u64) -> Result<Option<R::Tally>, R::Error> {
        let mut tally = self.replicated.tally();
        for index in start..self.chunk_end(start) {
            if self.shows.load(Ordering::Relaxed) && self.follow.should_stop() {
                return Ok(None);
            }
            self.replicated.replicate(world, index, &mut tally)?;
        }
        Ok(Some(tally))
    }

    /// Folds a chunk, and those that have waited for it.
    fn fold(&self, start: u64, tally: R::Tally) {
        let mut state = self.lock();
        state.early.insert(start, tally);
        let state = &mut *state;
        while let Some(part) = state.early.remove(&state.folded) {
            self.replicated.merge(state.tally, part);
            state.folded = self.chunk_end(state.folded);
            self.shows.store(true, Ordering::Relaxed);
            self.follow.folded(state.folded, state.tally);
        }
        self.moved.notify_all();
    }

    /// Chunks before this one are under way or done, so the lowest error is found whatever the threads do.
    fn fail(&self, start: u64, error: R::Error) {
        let mut state = self.lock();
        if state.error.as_ref().is_none_or(|(other, _)| start < *other) {
            state.error = Some((start, error));
        }
        state.stopped = true;
        self.moved.notify_all();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::atomic::AtomicU64;

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
            if index >= 5000 {
                return Err(index);
            }
            tally.push(index);
            Ok(())
        }
        fn merge(&self, into: &mut Vec<u64>, later: Vec<u64>) {
            into.extend(later);
        }
    }

    /// Stops after so many chunks have been folded, and sees that each fold is a prefix.
    struct Chunks {
        allowed: u64,
        folded: AtomicU64,
    }

    impl Follow<Vec<u64>> for Chunks {
        fn should_stop(&self) -> bool {
            self.folded.load(Ordering::Relaxed) >= self.allowed
        }
        fn folded(&self, to: u64, tally: &mut Vec<u64>) {
            assert_eq!(*tally, (0..to).collect::<Vec<_>>());
            self.folded.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn on<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
    }

    #[test]
    fn chunks_fold_in_index_order_on_any_number_of_threads() {
        for threads in [1, 2, 5] {
            let mut tally = Vec::new();
            let done = on(threads, || replicate(&Indices, 3..1500, &mut tally, &Unfollowed)).unwrap();
            assert_eq!((done, tally), (1500, (3..1500).collect::<Vec<_>>()));
        }
    }

    #[test]
    fn a_stopped_run_keeps_what_it_folded() {
        for (threads, allowed) in [(1, 0), (1, 3), (2, 1), (3, 7), (5, 2)] {
            let follow = Chunks { allowed, folded: AtomicU64::new(0) };
            let mut tally = Vec::new();
            let done = on(threads, || replicate(&Indices, 0..4990, &mut tally, &follow)).unwrap();
            assert_eq!(tally, (0..done).collect::<Vec<_>>());
            // The chunks from 0 on end at 2, 4, 8, …, 64, and then every 64.
            let end = |chunks: u64| if chunks <= 6 { (1 << chunks) & !1 } else { (chunks - 5) * CHUNK };
            assert!(done >= end(allowed) && done <= end(allowed + threads as u64), "{done}");
        }
    }

    /// Stops as soon as so many replications have begun.
    struct Begun<'a>(&'a AtomicU64, u64);

    impl Follow<u64> for Begun<'_> {
        fn should_stop(&self) -> bool {
            self.0.load(Ordering::Relaxed) >= self.1
        }
    }

    /// Counts replications as they begin.
    struct Counted(AtomicU64);

    impl Replicate for Counted {
        type World = ();
        type Tally = u64;
        type Error = ();
        fn world(&self) {}
        fn tally(&self) -> u64 {
            0
        }
        fn replicate(&self, (): &mut (), _: u64, tally: &mut u64) -> Result<(), ()> {
            self.0.fetch_add(1, Ordering::Relaxed);
            *tally += 1;
            Ok(())
        }
        fn merge(&self, into: &mut u64, later: u64) {
            *into += later;
        }
    }

    #[test]
    fn a_run_is_stopped_within_a_chunk_but_not_before_it_shows_anything() {
        // Of the chunk from 64 to 128, which is given up, ten replications have begun; and of the first nothing is given up.
        for (start, begun, done, ran) in [(0, 74, 64, 74), (0, 1, 2, 2), (64, 10, 64, 10), (0, 64, 64, 64)] {
            let (counted, mut tally) = (Counted(AtomicU64::new(0)), 0);
            let stopped = on(1, || replicate(&counted, start..1000, &mut tally, &Begun(&counted.0, begun))).unwrap();
            assert_eq!((stopped, tally, counted.0.into_inner()), (done, done - start, ran));
        }
    }

    #[test]
    fn the_error_of_the_lowest_chunk_surfaces() {
        for threads in [1, 2, 5] {
            let failed = on(threads, || replicate(&Indices, 4000..6000, &mut Vec::new(), &Unfollowed));
            assert_eq!(failed, Err(5000));
        }
    }

    /// Counts, for each tally, the indices it got.
    struct InBlocks(u64);

    impl Replicate for InBlocks {
        type World = ();
        type Tally = Vec<Vec<u64>>;
        type Error = ();
        fn block(&self) -> u64 {
            self.0
        }
        fn world(&self) {}
        fn tally(&self) -> Vec<Vec<u64>> {
            vec![Vec::new()]
        }
        fn replicate(&self, (): &mut (), index: u64, tally: &mut Vec<Vec<u64>>) -> Result<(), ()> {
            tally[0].push(index);
            Ok(())
        }
        fn merge(&self, into: &mut Vec<Vec<u64>>, later: Vec<Vec<u64>>) {
            into.extend(later);
        }
    }

    #[test]
    fn no_block_is_cut() {
        for size in [1, 2, 64] {
            let mut parts = Vec::new();
            replicate(&InBlocks(size), 0..512, &mut parts, &Unfollowed).unwrap();
            assert!(parts.iter().flatten().copied().eq(0..512));
            assert!(parts.iter().filter(|part| !part.is_empty()).all(|part| part[0] % size == 0));
        }
    }
}
