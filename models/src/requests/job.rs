//! Jobs: visits of requests to stations, each with the call it waits for.

use ninefold_sim_core::tick::Tick;

use super::budget::Paid;
use crate::scaling::circuit_breaker::Permit;

/// The number of a job.
pub(super) type JobId = u32;

/// No job.
pub(super) const NOBODY: JobId = JobId::MAX;

/// No server.
pub(super) const NOWHERE: u32 = u32::MAX;

/// What a job is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    /// Nothing: the number is free.
    Nothing,
    /// It waits in line.
    Waiting,
    /// It has left the line, which has not noticed.
    Left,
    /// It is served.
    Served,
    /// It was served, and waits for what it called.
    Calling,
    /// It waits before it tries a call again.
    Pausing,
    /// A call of branches has failed, and some of them have not ended.
    Over,
    /// A user thinks before the next request.
    Thinking,
}

/// A visit of a request to a station. The users of a journey are a station too: there a request begins and ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    pub(super) doing: Doing,
    pub(super) station: u32,
    pub(super) journey: u32,
    /// Who called, and waits for the answer.
    pub(super) caller: JobId,
    /// The caller has given up.
    pub(super) is_abandoned: bool,
    /// When it came.
    pub(super) came: Tick,
    /// Whether its service has begun before.
    pub(super) has_begun: bool,
    /// Since when it waits, or is on its server.
    pub(super) since: Tick,
    /// Which of its station's queues it is in.
    pub(super) queue: u32,
    /// The server it is on, or [`NOWHERE`]; where servers are shared, 0.
    pub(super) server: u32,
    /// When its service, its pause or its thinking ends.
    pub(super) ends: Tick,
    /// When it leaves the line.
    pub(super) leaves: Tick,
    /// What is left of a service that was broken off; [`Tick::NEVER`] if it begins anew.
    pub(super) left: Tick,
    /// The call of its station that it is at, how many more of it are to be made, and attempts left of this one. Where
    /// branches are called at once: one bit for each that was called, answers that are needed yet, and calls under way.
    pub(super) call: u32,
    pub(super) times: u32,
    pub(super) attempts: u32,
    /// The attempt under way.
    pub(super) attempt: JobId,
    /// What the retry under way was paid after.
    pub(super) paid: Option<Paid>,
    /// When it gives that attempt up.
    pub(super) gives_up: Tick,
    /// What the circuit breaker of that call knows the attempt by.
    pub(super) permit: Option<Permit>,
    /// Quality of its answer, less for every call it went on without.
    pub(super) quality: f64,
}

/// All jobs; a number is used again when its job is over.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    all: Vec<Job>,
    free: Vec<JobId>,
    begun: u64,
}

impl Jobs {
    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.free.clear();
    }

    /// A replication begins.
    pub(super) fn reset(&mut self) {
        self.clear();
        self.begun = 0;
    }

    /// How many have begun in this replication.
    pub(super) const fn begun(&self) -> u64 {
        self.begun
    }

    pub(super) fn begin(&mut self, (station, journey): (u32, u32), caller: JobId, now: Tick) -> JobId {
        let job = Job {
            doing: Doing::Calling,
            station,
            journey,
            caller,
            is_abandoned: false,
            came: now,
            has_begun: false,
            since: now,
            queue: 0,
            server: NOWHERE,
            ends: Tick::NEVER,
            leaves: Tick::NEVER,
            left: Tick::NEVER,
            call: 0,
            times: 0,
            attempts: 0,
            attempt: NOBODY,
            paid: None,
            gives_up: Tick::NEVER,
            permit: None,
            quality: 1.0,
        };
        self.begun += 1;
        match self.free.pop() {
            Some(id) => {
                self.all[id as usize] = job;
                id
            }
            None => {
                self.all.push(job);
                self.all.len() as JobId - 1
            }
        }
    }

    pub(super) fn end(&mut self, id: JobId) {
        let job = &mut self.all[id as usize];
        (job.doing, job.ends, job.leaves, job.gives_up) = (Doing::Nothing, Tick::NEVER, Tick::NEVER, Tick::NEVER);
        self.free.push(id);
    }

    /// Whether nobody waits for a job any more.
    pub(super) fn is_expired(&self, id: JobId) -> bool {
        let job = self.at(id);
        job.is_abandoned || job.caller != NOBODY && self.at(job.caller).doing == Doing::Over
    }

    /// All that are not over.
    pub(super) fn alive(&self) -> impl Iterator<Item = &Job> {
        self.all.iter().filter(|job| job.doing != Doing::Nothing)
    }

    #[inline]
    pub(super) fn at(&self, id: JobId) -> &Job {
        &self.all[id as usize]
    }

    #[inline]
    pub(super) fn of(&mut self, id: JobId) -> &mut Job {
        &mut self.all[id as usize]
    }
}
