//! The line before a station: by rank, and within a rank as they came.

use std::collections::VecDeque;

use super::job::{Doing, JobId, Jobs};

/// A line. Who leaves it stays in place until the turn comes, marked [`Doing::Left`].
#[derive(Debug)]
pub(super) struct WaitingLine {
    by_rank: Vec<VecDeque<JobId>>,
    waiting: u64,
}

impl WaitingLine {
    pub(super) fn new(ranks: u32) -> Self {
        Self { by_rank: (0..ranks).map(|_| VecDeque::new()).collect(), waiting: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.by_rank.iter_mut().for_each(VecDeque::clear);
        self.waiting = 0;
    }

    /// Those who wait.
    pub(super) const fn waiting(&self) -> u64 {
        self.waiting
    }

    pub(super) fn join(&mut self, rank: u32, job: JobId) {
        self.by_rank[rank as usize].push_back(job);
        self.waiting += 1;
    }

    /// Goes to the head of its rank.
    pub(super) fn join_first(&mut self, rank: u32, job: JobId) {
        self.by_rank[rank as usize].push_front(job);
        self.waiting += 1;
    }

    /// One of those who wait leaves; its job says so.
    pub(super) const fn left(&mut self) {
        self.waiting -= 1;
    }

    /// Whose turn it is.
    pub(super) fn next(&mut self, jobs: &mut Jobs) -> Option<JobId> {
        for line in &mut self.by_rank {
            while let Some(job) = line.pop_front() {
                if jobs.at(job).doing == Doing::Waiting {
                    self.waiting -= 1;
                    return Some(job);
                }
                jobs.end(job);
            }
        }
        None
    }
}
