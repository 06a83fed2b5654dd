//! Servers of one station: which are free, who is on which, and which units they belong to.

use super::job::{JobId, NOBODY};

/// The servers of one station; server `s` is of unit `s ÷ concurrency`.
#[derive(Debug)]
pub(super) struct Servers {
    concurrency: u32,
    on: Vec<JobId>,
    free: Vec<u32>,
    serves: Vec<bool>,
}

impl Servers {
    pub(super) fn new(units: usize, concurrency: u32) -> Self {
        let servers = units * concurrency as usize;
        Self { concurrency, on: vec![NOBODY; servers], free: Vec::with_capacity(servers), serves: vec![true; units] }
    }

    /// All of them free, of units that all serve.
    pub(super) fn clear(&mut self) {
        self.on.fill(NOBODY);
        self.serves.fill(true);
        self.free.clear();
        self.free.extend((0..self.on.len() as u32).rev());
    }

    pub(super) fn is_any_free(&self) -> bool {
        !self.free.is_empty()
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
            let concurrency = self.concurrency;
            self.free.retain(|&server| (server / concurrency) as usize != unit);
        }
    }

    /// A unit serves again.
    pub(super) fn go_on(&mut self, unit: usize) {
        if !std::mem::replace(&mut self.serves[unit], true) {
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
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_free_only_while_its_unit_serves_and_nobody_is_on_it() {
        let mut servers = Servers::new(2, 2);
        servers.clear();
        let first = servers.take(7).unwrap();
        servers.stop(0);
        assert_eq!(servers.on(first), Some(7));
        let others: Vec<u32> = std::iter::from_fn(|| servers.take(8)).collect();
        assert_eq!(others.len(), 2);
        assert!(others.iter().all(|server| servers.of(1).contains(server)));
        servers.leave(first);
        assert!(!servers.is_any_free());
        servers.go_on(0);
        servers.go_on(0);
        assert_eq!(std::iter::from_fn(|| servers.take(9)).count(), 2);
    }
}
