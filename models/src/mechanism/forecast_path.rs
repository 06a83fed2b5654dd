//! A level on one path of a forecast: the steps of the path, each held for as long as a step of the history.
//!
//! The path is never laid out: a step is the forecast and the error of one row of the backtest, and a new row is drawn where
//! a block begins. Memory is that of the forecast, however many replications follow it.

use std::sync::Arc;

use ninefold_sim_core::stream::{Replication, Stream};
use ninefold_sim_core::tick::Tick;

use crate::forecast::SamplePaths;
use crate::system::PathsOf;

/// Where a path stands.
#[derive(Debug)]
pub(super) struct OnPath {
    paths: Arc<SamplePaths>,
    rate: f64,
    held: Tick,
    stream: Stream,
    step: usize,
    /// The row of errors of this block.
    row: usize,
    /// When the next step begins; never after the last.
    pub(super) changes: Tick,
}

impl OnPath {
    pub(super) fn of(of: &PathsOf) -> Self {
        let (paths, stream) = (Arc::clone(&of.paths), Stream::new(of.stream));
        Self { paths, rate: of.rate, held: of.held, stream, step: 0, row: 0, changes: Tick::NEVER }
    }

    pub(super) fn begin(&mut self, replication: Replication) {
        self.stream.rewind();
        self.step = 0;
        self.row = self.paths.row(&mut self.stream, replication);
        self.changes = if self.paths.horizon() > 1 { self.held } else { Tick::NEVER };
    }

    pub(super) fn go_on(&mut self, replication: Replication) {
        self.step += 1;
        if self.paths.begins_block(self.step) {
            self.row = self.paths.row(&mut self.stream, replication);
        }
        let more = self.step + 1 < self.paths.horizon();
        self.changes = if more { self.changes.after(self.held) } else { Tick::NEVER };
    }

    /// The path now, in the unit of the level.
    pub(super) fn factor(&self) -> f64 {
        self.paths.at(self.step, self.row) / self.rate
    }
}
