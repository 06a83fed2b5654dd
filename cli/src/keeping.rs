//! Putting away what a run has counted, now and then, so that little is lost when it is killed.

use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use ninefold_models::assess::{Outlook, Progress, Stage, Watch};
use ninefold_models::results::Stopped;
use ninefold_models::snapshot::{Identity, Prefix, encode};
use ninefold_reports::Unfinished;
use ninefold_reports::folder::{FolderError, Spool, TALLIES};

use crate::progress::Watcher;

/// Least time between two checkpoints. Chunks that take longer are put away one by one.
const LEAST: Duration = Duration::from_millis(100);

/// Time between two checkpoints ÷ time that one takes, at least: it costs less than 2 % of the run.
const SPARSE: u32 = 50;

/// Watches a run and puts away what it counts.
pub(crate) struct Keeping<'a> {
    watcher: &'a Watcher,
    unfinished: &'a Unfinished,
    identity: &'a Identity,
    wants_rows: bool,
    state: Mutex<State>,
}

struct State {
    spool: Option<Spool>,
    next: Instant,
    /// The newest that is yet to be put away; once the run is to stop, each chunk may be the last one.
    last: Option<Vec<u8>>,
    failed: Option<FolderError>,
}

impl<'a> Keeping<'a> {
    /// For the run `identity`, whose rows go to `spool`.
    pub(crate) fn new(
        watcher: &'a Watcher,
        unfinished: &'a Unfinished,
        identity: &'a Identity,
        spool: Option<Spool>,
    ) -> Self {
        let wants_rows = spool.is_some();
        let state = Mutex::new(State { spool, next: Instant::now() + LEAST, last: None, failed: None });
        Self { watcher, unfinished, identity, wants_rows, state }
    }

    /// Puts away the last of it, and ends.
    ///
    /// # Errors
    /// What could not be put away, if anything.
    pub(crate) fn finish_with(self, prefix: Prefix<'_>) -> Result<(), FolderError> {
        let mut state = self.state();
        state.failed.take().map_or(Ok(()), Err)?;
        state.last = Some(self.encoded(&mut state, prefix)?);
        self.put_away(&mut state)
    }

    /// Ends it.
    ///
    /// # Errors
    /// What could not be put away, if anything.
    pub(crate) fn finish(self) -> Result<(), FolderError> {
        let mut state = self.state();
        state.failed.take().map_or(Ok(()), Err)?;
        self.put_away(&mut state)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("bug: nothing panics while it holds this lock")
    }

    fn encoded(&self, state: &mut State, prefix: Prefix<'_>) -> Result<Vec<u8>, FolderError> {
        let mark = state.spool.as_mut().map(Spool::mark).transpose()?.unwrap_or_default();
        Ok(encode(self.identity, prefix, &mark))
    }

    fn put_away(&self, state: &mut State) -> Result<(), FolderError> {
        state.last.take().map_or(Ok(()), |last| self.unfinished.put(TALLIES, &last))
    }

    fn keep(&self, state: &mut State, prefix: Prefix<'_>, rows: &[u8]) -> Result<(), FolderError> {
        if let Some(spool) = &mut state.spool {
            spool.append(rows)?;
        }
        let (began, stops) = (Instant::now(), self.watcher.should_stop().is_some());
        if !(stops || began >= state.next) || prefix.end() == prefix.first {
            return Ok(());
        }
        state.last = Some(self.encoded(state, prefix)?);
        if began >= state.next {
            self.put_away(state)?;
            state.next = Instant::now() + LEAST.max(began.elapsed() * SPARSE);
        }
        Ok(())
    }
}

impl Watch for Keeping<'_> {
    fn progress(&self, progress: &Progress) {
        self.watcher.progress(progress);
    }

    fn entered(&self, stage: Stage) {
        self.watcher.entered(stage);
    }

    fn pilot(&self, done: u64) {
        self.watcher.pilot(done);
    }

    fn wants_outlook(&self) -> bool {
        self.watcher.wants_outlook()
    }

    fn outlook(&self, outlook: &Outlook) {
        self.watcher.outlook(outlook);
    }

    fn should_stop(&self) -> Option<Stopped> {
        self.watcher.should_stop().or_else(|| self.state().failed.as_ref().map(|_| Stopped::Interrupted))
    }

    fn kept(&self, prefix: &Prefix<'_>, rows: &[u8]) {
        let mut state = self.state();
        if state.failed.is_none() {
            state.failed = self.keep(&mut state, *prefix, rows).err();
        }
    }

    fn wants_rows(&self) -> bool {
        self.wants_rows
    }
}
