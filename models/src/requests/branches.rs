//! Branches of a path: as many as are needed are called at once, and the slowest counts.
//!
//! Those that are called are chosen with probabilities in proportion to what they can serve now, those of no limit before
//! all others and those that are down after them. One that fails is replaced by one that was not called yet.

use super::Traffic;
use super::instant::Instant;
use super::job::{Doing, JobId, NOBODY};
use super::{Step, is_users};
use crate::system::StationOwner;

impl Traffic {
    /// A job calls as many branches as it needs.
    pub(super) fn branches_out(&mut self, id: JobId, need: u32, at: Instant<'_>) {
        let job = self.jobs.of(id);
        (job.call, job.times, job.attempts) = (0, need, 0);
        for _ in 0..need {
            self.calls_branch(id, at);
        }
    }

    /// A branch has answered.
    pub(super) fn branch_answered(&mut self, id: JobId, at: Instant<'_>) {
        let job = self.jobs.of(id);
        job.attempts -= 1;
        if job.doing == Doing::Over {
            return self.forgets(id);
        }
        job.times -= 1;
        if job.times == 0 {
            self.is_done(id, at);
        }
    }

    /// A branch has failed.
    pub(super) fn branch_missed(&mut self, id: JobId, at: Instant<'_>) {
        let job = self.jobs.of(id);
        job.attempts -= 1;
        if job.doing == Doing::Over {
            return self.forgets(id);
        }
        if self.calls_branch(id, at) {
            return;
        }
        let job = self.jobs.of(id);
        job.doing = Doing::Over;
        let caller = std::mem::replace(&mut job.caller, NOBODY);
        self.forgets(id);
        if caller != NOBODY {
            self.steps.push(Step::Missed(caller));
        }
    }

    /// One that is over ends with its last branch.
    fn forgets(&mut self, id: JobId) {
        if self.jobs.at(id).attempts == 0 {
            self.jobs.end(id);
        }
    }

    /// Calls one branch more; whether there was one.
    fn calls_branch(&mut self, id: JobId, at: Instant<'_>) -> bool {
        let job = *self.jobs.at(id);
        let Some(chosen) = self.choose(job.station, (job.call, job.journey), at) else { return false };
        let to = at.system.requests.stations[job.station as usize].calls[chosen].to;
        let branch = self.jobs.begin((to, job.journey), id, at.now);
        let job = self.jobs.of(id);
        (job.call, job.attempts) = (job.call | 1 << chosen, job.attempts + 1);
        self.enters(branch, at);
        true
    }

    /// One of the branches that were not called yet.
    fn choose(&mut self, station: u32, (called, journey): (u32, u32), at: Instant<'_>) -> Option<usize> {
        let declared = &at.system.requests.stations[station as usize];
        let is_left = |place: &usize| called >> place & 1 == 0;
        let mut left = (0..declared.calls.len()).filter(is_left);
        let need = declared.at_once.map_or(0, |of| of.need);
        if need as usize == declared.calls.len() {
            return left.next();
        }
        let mut weights = std::mem::take(&mut self.weights);
        weights.clear();
        let weight = |place: usize| match is_left(&place) {
            true => self.capacity((declared.calls[place].to, journey), at),
            false => 0.0,
        };
        weights.extend((0..declared.calls.len()).map(weight));
        if weights.contains(&f64::INFINITY) {
            weights.iter_mut().for_each(|weight| *weight = if weight.is_infinite() { 1.0 } else { 0.0 });
        } else if weights.iter().all(|&weight| weight == 0.0) {
            (0..weights.len()).for_each(|place| weights[place] = if is_left(&place) { 1.0 } else { 0.0 });
        }
        let total: f64 = weights.iter().sum();
        let mut chosen = None;
        if total > 0.0 {
            let choice = self.stations[station as usize].choice.as_mut();
            let choice = choice.expect("bug: a station with branches has a stream");
            let mut rest = choice.open01(at.replication) * total;
            for (place, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
                chosen = Some(place);
                rest -= weight;
                if rest < 0.0 {
                    break;
                }
            }
        }
        self.weights = weights;
        chosen
    }

    /// Requests an hour of a journey that a station can serve now; 0 while it is down.
    fn capacity(&self, (station, journey): (u32, u32), at: Instant<'_>) -> f64 {
        let (of, declared) = (&self.stations[station as usize], &at.system.requests.stations[station as usize]);
        if matches!(declared.owner, StationOwner::Component(..)) {
            return match &declared.line {
                _ if !of.is_up => 0.0,
                None => f64::INFINITY,
                Some(line) => {
                    let serving: u32 = of.queues.iter().map(|queue| queue.servers.serving()).sum();
                    f64::from(serving) * line.rate_of[journey as usize]
                }
            };
        }
        debug_assert!(!is_users(station, at.system), "nobody calls users");
        let branches = declared.calls.iter().map(|call| self.capacity((call.to, journey), at));
        match declared.at_once {
            None => branches.fold(f64::INFINITY, f64::min),
            Some(of) => branches.sum::<f64>() / f64::from(of.need),
        }
    }
}
