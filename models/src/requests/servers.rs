//! Servers of one queue: which are free, who is on which, and which units they belong to.

use super::job::{JobId, NOBODY};

/// The servers of one queue; server `s` is of unit `s ÷ concurrency`.
#[derive(Debug)]
pub(super) struct Servers {
    concurrency: u32,
    on: Vec<JobId>,
    free: Vec<u32>,
    serves: Vec<bool>,
    serving: u32,
}

impl Servers {
    /// All of them free, of units that all serve.
    pub(super) fn new(units: usize, concurrency: u32) -> Self {
        let servers = units * concurrency as usize;
        let free = (0..servers as u32).rev().collect();
        Self { concurrency, on: vec![NOBODY; servers], free, serves: vec![true; units], serving: units as u32 }
    }

    /// Every unit serves.
    pub(super) fn clear(&mut self) {
        self.serves.fill(true);
        self.serving = self.serves.len() as u32;
        self.empty();
    }

    /// Nobody is on any of them.
    pub(super) fn empty(&mut self) {
        self.on.fill(NOBODY);
        self.free.clear();
        let (serves, concurrency) = (&self.serves, self.concurrency);
        self.free.extend((0..self.on.len() as u32).rev().filter(|&server| serves[(server / concurrency) as usize]));
    }

    pub(super) const fn is_any_free(&self) -> bool {
        !self.free.is_empty()
    }

    /// Servers of the units that serve.
    pub(super) const fn serving(&self) -> u32 {
        self.serving * self.concurrency
    }

    pub(super) fn is_serving(&self, unit: usize) -> bool {
        self.serves[unit]
    }

    /// Puts a job on a free server.
    pub(super) fn take(&mut self, job: JobId) -> Option<u32> {
        let server = self.free.pop()?;
        self.on[server as usize] = job;
        Some(server)
    }

    /// The job on a server is over.
    pub(super) fn leave(&mut self, server: u32) {
        self.on[server as usize] = NOBODY;
        if self.serves[(server / self.concurrency) as usize] {
            self.free.push(server);
        }
    }

    /// A unit serves no longer. Jobs on it stay, until each leaves.
    pub(super) fn stop(&mut self, unit: usize) {
        if std::mem::replace(&mut self.serves[unit], false) {
            self.serving -= 1;
            let concurrency = self.concurrency;
            self.free.retain(|&server| (server / concurrency) as usize != unit);
        }
    }

    /// A unit serves again.
    pub(super) fn go_on(&mut self, unit: usize) {
        if !std::mem::replace(&mut self.serves[unit], true) {
            self.serving += 1;
            let servers = self.of(unit);
            let on = &self.on;
            self.free.extend(servers.rev().filter(|&server| on[server as usize] == NOBODY));
        }
    }

    /// The servers of a unit.
    pub(super) fn of(&self, unit: usize) -> std::ops::Range<u32> {
        let first = unit as u32 * self.concurrency;
        first..first + self.concurrency
    }

    /// Who is on a server.
    pub(super) fn on(&self, server: u32) -> Option<JobId> {
        Some(self.on[server as usize]).filter(|&job| job != NOBODY)
    }

    /// Everybody who is on a server.
    pub(super) fn jobs(&self) -> impl Iterator<Item = JobId> + '_ {
        self.on.iter().copied().filter(|&job| job != NOBODY)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_free_only_while_its_unit_serves_and_nobody_is_on_it() {
        let mut servers = Servers::new(2, 2);
        let first = servers.take(7).unwrap();
        servers.stop(0);
        assert_eq!((servers.on(first), servers.serving()), (Some(7), 2));
        let others: Vec<u32> = std::iter::from_fn(|| servers.take(8)).collect();
        assert_eq!(others.len(), 2);
        assert!(others.iter().all(|server| servers.of(1).contains(server)));
        servers.leave(first);
        assert!(!servers.is_any_free());
        servers.go_on(0);
        servers.go_on(0);
        assert_eq!(std::iter::from_fn(|| servers.take(9)).count(), 2);
        servers.stop(1);
        servers.empty();
        assert_eq!((servers.jobs().count(), servers.serving()), (0, 2));
        assert_eq!(std::iter::from_fn(|| servers.take(9)).count(), 2);
    }
}
