//! The line before a queue's servers: by rank, and within a rank as they came, or the last first.

use std::collections::VecDeque;

use super::job::{Doing, JobId, Jobs};

/// A line. Who leaves it stays in place until the turn comes, marked [`Doing::Left`].
#[derive(Debug)]
pub(super) struct WaitingLine {
    by_rank: Vec<VecDeque<JobId>>,
    last_first: bool,
    waiting: u64,
}

impl WaitingLine {
    pub(super) fn new(ranks: u32, last_first: bool) -> Self {
        Self { by_rank: (0..ranks).map(|_| VecDeque::new()).collect(), last_first, waiting: 0 }
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
        let line = &mut self.by_rank[rank as usize];
        if self.last_first {
            line.push_back(job)
        } else {
            line.push_front(job)
        }
        self.waiting += 1;
    }

    /// One of those who wait leaves; its job says so.
    pub(super) const fn left(&mut self) {
        self.waiting -= 1;
    }

    /// Whose turn it is, and that one's rank; those who have left are let go of.
    fn head(&mut self, jobs: &mut Jobs) -> Option<(u32, JobId)> {
        if self.waiting == 0 && self.by_rank.iter().all(VecDeque::is_empty) {
            return None;
        }
        for (rank, line) in (0..).zip(&mut self.by_rank) {
            while let Some(&job) = if self.last_first { line.back() } else { line.front() } {
                if jobs.at(job).doing == Doing::Waiting {
                    return Some((rank, job));
                }
                jobs.end(job);
                if self.last_first {
                    line.pop_back()
                } else {
                    line.pop_front()
                };
            }
        }
        None
    }

    /// The best rank of those who wait.
    pub(super) fn best_rank(&mut self, jobs: &mut Jobs) -> Option<u32> {
        self.head(jobs).map(|(rank, _)| rank)
    }

    /// Takes out whose turn it is.
    pub(super) fn next(&mut self, jobs: &mut Jobs) -> Option<JobId> {
        let (rank, job) = self.head(jobs)?;
        let line = &mut self.by_rank[rank as usize];
        if self.last_first {
            line.pop_back()
        } else {
            line.pop_front()
        };
        self.waiting -= 1;
        Some(job)
    }
}
