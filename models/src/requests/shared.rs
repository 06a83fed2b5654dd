//! Processor sharing: all that are there are served at once, each with an equal part of the servers, and never with more
//! than one.
//!
//! Everybody is served at the same speed, so one clock tells how much service any of them has had: it runs at
//! min(1, servers ÷ present), and a request is done once it has run on by what the request needs.
//!
//! # Source
//! Kleinrock, *Queueing Systems* volume 2 (1976), section 4.4.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use ninefold_sim_core::tick::Tick;

use super::job::JobId;
use super::tally::measured;

/// Parts of a tick that the clock of service tells apart.
const PARTS: i128 = 1 << 20;

/// Those who share servers.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Service that somebody has had who was always there, in parts of a tick.
    clock: i128,
    booked: Tick,
    servers: i128,
    /// Where the clock stands when each is done, in order of that and then of coming.
    due: BinaryHeap<Reverse<(i128, u64, JobId)>>,
    came: u64,
    /// Servers × time with somebody on them.
    busy: i128,
    /// When the next is done.
    pub(super) next: Tick,
}

impl Shared {
    pub(super) fn clear(&mut self, now: Tick) {
        (self.clock, self.booked, self.busy, self.next) = (0, now, 0, Tick::NEVER);
        self.due.clear();
    }

    fn busy_servers(&self) -> i128 {
        self.servers.min(self.due.len() as i128)
    }

    /// The clock runs on until now.
    pub(super) fn book(&mut self, now: Tick, from: Tick) {
        let busy = self.busy_servers();
        let span = i128::from(now.since(self.booked).get());
        self.busy += measured(self.booked, now, from) * busy;
        self.booked = now;
        if busy > 0 {
            self.clock += span * busy * PARTS / self.due.len() as i128;
        }
    }

    /// So many servers from now on; the clock has been told the time.
    pub(super) fn serve_with(&mut self, servers: u32) {
        self.servers = i128::from(servers);
    }

    /// One comes who needs so much service; the clock has been told the time.
    pub(super) fn join(&mut self, job: JobId, needs: Tick) {
        if self.due.is_empty() {
            self.clock = 0;
        }
        self.came += 1;
        self.due.push(Reverse((self.clock + i128::from(needs.get()) * PARTS, self.came, job)));
    }

    /// One who is done by now.
    pub(super) fn take_done(&mut self) -> Option<JobId> {
        let &Reverse((at, _, job)) = self.due.peek()?;
        if at > self.clock {
            return None;
        }
        self.due.pop();
        Some(job)
    }

    /// When the next is done, if nobody comes or goes before.
    pub(super) fn foresee(&mut self) -> Tick {
        self.next = Tick::NEVER;
        if let Some(&Reverse((at, ..))) = self.due.peek().filter(|_| self.servers > 0) {
            let pace = self.busy_servers() * PARTS;
            let needs = (at - self.clock).max(0) * self.due.len() as i128;
            let takes = (needs + pace - 1) / pace;
            self.next = i64::try_from(takes).map_or(Tick::NEVER, |takes| self.booked.after(Tick::new(takes)));
        }
        self.next
    }

    /// Puts everybody out, into `jobs`, with what each still needs, in order of who would have been done first.
    pub(super) fn put_out(&mut self, jobs: &mut Vec<(JobId, Tick)>) {
        while let Some(Reverse((at, _, job))) = self.due.pop() {
            let left = ((at - self.clock).max(0) + PARTS - 1) / PARTS;
            jobs.push((job, Tick::new(i64::try_from(left).unwrap_or(i64::MAX)).max(Tick::new(1))));
        }
        self.next = Tick::NEVER;
    }

    /// Time of servers with somebody on them.
    pub(super) const fn busy(&self) -> i128 {
        self.busy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When each is done of those that come at an instant and need so much.
    fn ends(servers: u32, come: &[(i64, i64)]) -> Vec<(JobId, i64)> {
        let mut shared = Shared::default();
        shared.clear(Tick::ZERO);
        shared.serve_with(servers);
        let (mut come, mut ended) = (come.iter().enumerate().peekable(), Vec::new());
        loop {
            let next = shared.foresee();
            let comes = come.peek().map_or(Tick::NEVER, |(_, (at, _))| Tick::new(*at));
            if next.is_never() && comes.is_never() {
                return ended;
            }
            shared.book(next.min(comes), Tick::ZERO);
            while let Some(job) = shared.take_done() {
                ended.push((job, next.get()));
            }
            if comes <= next
                && let Some((job, &(_, needs))) = come.next()
            {
                shared.join(job as JobId, Tick::new(needs));
            }
        }
    }

    #[test]
    fn each_has_an_equal_part_of_the_servers() {
        // Alone for 10, half speed with the second until it is done, alone again.
        assert_eq!(ends(1, &[(0, 100), (10, 20)]), [(1, 50), (0, 120)]);
        // Two servers: as many as there are requests, then two thirds each.
        assert_eq!(ends(2, &[(0, 60), (0, 60)]), [(0, 60), (1, 60)]);
        assert_eq!(ends(2, &[(0, 40), (0, 40), (0, 60)]), [(0, 60), (1, 60), (2, 80)]);
        assert_eq!(ends(0, &[(0, 1)]), []);
    }
}
