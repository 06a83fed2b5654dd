//! What a caller does: one call after the other, attempts, giving up, trying again.

use ninefold_sim_core::tick::Tick;

use super::budget::Paid;
use super::instant::Instant;
use super::job::{Doing, JobId, NOBODY, NOWHERE};
use super::tally::CacheTally;
use super::{Happens, Step, Traffic, is_users};
use crate::system::{Backoff, Call, Need};

fn call<'a>(station: u32, call: u32, at: Instant<'a>) -> &'a Call {
    &at.system.requests.stations[station as usize].calls[call as usize]
}

impl Traffic {
    /// A job goes on with its next call, or is done.
    pub(super) fn goes_on(&mut self, id: JobId, at: Instant<'_>) {
        let station = self.jobs.at(id).station;
        let declared = &at.system.requests.stations[station as usize];
        if let Some(of) = declared.at_once {
            return self.branches_out(id, of.need, at);
        }
        let calls = &declared.calls;
        loop {
            let job = self.jobs.of(id);
            let Some(declared) = calls.get(job.call as usize) else { return self.is_done(id, at) };
            let of = &mut self.stations[station as usize];
            let state = &mut of.calls[job.call as usize];
            if job.times == 0 {
                let known = declared.cache.as_ref();
                let known = known.map(|cache| of.filling.hit_ratio(cache, (&of.queues, job.queue as usize), at.now));
                let uniform = || state.stream.open01(at.replication);
                job.times = times(declared, known, uniform, (&mut state.looked, at.counts()));
            }
            if job.times == 0 {
                job.call += 1;
                continue;
            }
            job.attempts = declared.attempts;
            state.bucket.earn();
            return self.attempt(id, at);
        }
    }

    /// A job tries the call it is at.
    pub(super) fn attempt(&mut self, id: JobId, at: Instant<'_>) {
        let job = *self.jobs.at(id);
        let declared = call(job.station, job.call, at);
        let fuse = &mut self.stations[job.station as usize].calls[job.call as usize].fuse;
        let permit = fuse.as_mut().map(|fuse| fuse.begin(at));
        if permit == Some(None) {
            return self.goes_without(id, at);
        }
        if declared.attempts > 1 && at.is_measured() {
            let tally = &mut self.stations[declared.to as usize].tally;
            tally.attempts += 1;
            tally.first_attempts += i64::from(job.attempts == declared.attempts);
        }
        let is_async = declared.need == Need::Async;
        let attempt = self.jobs.begin((declared.to, job.journey), if is_async { NOBODY } else { id }, at.now);
        let job = self.jobs.of(id);
        (job.doing, job.attempts, job.attempt) = (Doing::Calling, job.attempts - 1, attempt);
        job.permit = permit.flatten();
        if is_async {
            // Nobody waits for it, so nobody gives it up or tries it again.
            self.steps.push(Step::Answered(id));
        } else if !declared.timeout.is_never() {
            job.gives_up = at.now.after(declared.timeout);
            let gives_up = job.gives_up;
            self.schedule(gives_up, Happens::GivesUp, id);
        }
        self.enters(attempt, at);
    }

    /// The call a job waits for was answered, or is not needed.
    pub(super) fn answered(&mut self, id: JobId, at: Instant<'_>) {
        if at.system.requests.stations[self.jobs.at(id).station as usize].at_once.is_some() {
            return self.branch_answered(id, at);
        }
        self.breaker_hears(id, false, at);
        let job = self.jobs.of(id);
        if job.attempt != NOBODY {
            let paid = std::mem::take(&mut job.paid);
            self.stations[job.station as usize].calls[job.call as usize].bucket.succeeded(paid);
        }
        (job.gives_up, job.attempt) = (Tick::NEVER, NOBODY);
        job.times -= 1;
        if job.times == 0 {
            job.call += 1;
        }
        self.goes_on(id, at);
    }

    /// The circuit breaker of the call a job is at learns how the attempt ended.
    fn breaker_hears(&mut self, id: JobId, failed: bool, at: Instant<'_>) {
        let job = self.jobs.of(id);
        if let Some(permit) = job.permit.take()
            && let Some(fuse) = &mut self.stations[job.station as usize].calls[job.call as usize].fuse
        {
            fuse.end(permit, at, failed);
        }
    }

    /// The attempt a job waits for goes on without it.
    pub(super) fn lets_go(&mut self, id: JobId, at: Instant<'_>) {
        self.breaker_hears(id, true, at);
        let job = self.jobs.of(id);
        (job.gives_up, job.ends) = (Tick::NEVER, Tick::NEVER);
        let attempt = std::mem::replace(&mut job.attempt, NOBODY);
        if attempt != NOBODY {
            let attempt = self.jobs.of(attempt);
            (attempt.caller, attempt.is_abandoned) = (NOBODY, true);
        }
    }

    /// A job gives up the attempt it waits for.
    pub(super) fn gives_up(&mut self, id: JobId, at: Instant<'_>) {
        self.lets_go(id, at);
        let job = *self.jobs.at(id);
        let to = call(job.station, job.call, at).to;
        self.stations[to as usize].tally.timed_out += at.counts();
        self.tries_again(id, Paid::AfterTimeout, at);
    }

    /// The attempt a job waits for has failed.
    pub(super) fn missed(&mut self, id: JobId, at: Instant<'_>) {
        if at.system.requests.stations[self.jobs.at(id).station as usize].at_once.is_some() {
            return self.branch_missed(id, at);
        }
        self.tries_again(id, Paid::AfterFailure, at);
    }

    /// The attempt has failed in some way: another is made, if there is one and the budget pays for it.
    fn tries_again(&mut self, id: JobId, after: Paid, at: Instant<'_>) {
        self.breaker_hears(id, true, at);
        let job = self.jobs.of(id);
        (job.gives_up, job.attempt) = (Tick::NEVER, NOBODY);
        let declared = call(job.station, job.call, at);
        let state = &mut self.stations[job.station as usize].calls[job.call as usize];
        state.bucket.failed();
        if job.attempts > 0 && state.bucket.pay(after) {
            job.paid = Some(after);
            let Some(backoff) = &declared.backoff else { return self.attempt(id, at) };
            let uniform = || state.stream.open01(at.replication);
            let ends = at.now.after(pause(backoff, declared.attempts - job.attempts, uniform));
            (job.doing, job.ends) = (Doing::Pausing, ends);
            self.schedule(ends, Happens::Ends, id);
        } else {
            self.goes_without(id, at);
        }
    }

    /// A job gets no answer to the call it is at: it fails, or goes on with less.
    fn goes_without(&mut self, id: JobId, at: Instant<'_>) {
        let job = self.jobs.of(id);
        let declared = call(job.station, job.call, at);
        (job.doing, job.paid) = (Doing::Calling, None);
        if declared.need == Need::Hard {
            self.steps.push(Step::Fails(id));
        } else {
            job.quality *= declared.fallback_quality;
            self.steps.push(Step::Answered(id));
        }
    }

    /// A job has failed; whoever waits for it learns it at once.
    pub(super) fn fails(&mut self, id: JobId, at: Instant<'_>) {
        let job = *self.jobs.at(id);
        if is_users(job.station, at.system) {
            return self.ends(id, false, at);
        }
        if job.server != NOWHERE {
            self.returns_thread(id, false, at);
        }
        self.jobs.end(id);
        if job.caller != NOBODY {
            self.steps.push(Step::Missed(job.caller));
        }
    }

    /// A job has made all its calls.
    pub(super) fn is_done(&mut self, id: JobId, at: Instant<'_>) {
        let job = *self.jobs.at(id);
        if is_users(job.station, at.system) {
            return self.ends(id, true, at);
        }
        if job.server != NOWHERE {
            self.returns_thread(id, true, at);
        }
        self.jobs.end(id);
        if job.caller != NOBODY {
            self.jobs.of(job.caller).quality *= job.quality;
            self.steps.push(Step::Answered(job.caller));
        }
    }
}

/// How often a call is made by one request, of which a cache knows a share; draws only where that is not certain.
fn times(
    call: &Call,
    known: Option<f64>,
    mut uniform: impl FnMut() -> f64,
    (looked, counts): (&mut CacheTally, i64),
) -> u32 {
    if call.share < 1.0 || known.is_some() {
        let drawn = uniform();
        if drawn >= call.share {
            return 0;
        }
        if let Some(known) = known {
            let hits = drawn < call.share * known;
            (looked.asked, looked.hits) = (looked.asked + counts, looked.hits + i64::from(hits) * counts);
            if hits {
                return 0;
            }
        }
    }
    let whole = call.times.floor();
    let more = call.times > whole && uniform() < call.times - whole;
    whole as u32 + u32::from(more)
}

/// The pause after so many attempts.
fn pause(backoff: &Backoff, attempts: u32, uniform: impl FnOnce() -> f64) -> Tick {
    let doubled = backoff.base.get() * libm::ldexp(1.0, attempts.saturating_sub(1).min(1000) as i32);
    let longest = doubled.min(backoff.cap.get());
    Tick::from_hours(if backoff.has_jitter { longest * uniform() } else { longest })
}
