//! The course of a storm in the fluid limit, step by step.

use super::fuse::{Ended, Fuse};
use super::pending::Pending;
use super::{STEPS_MAX, STEPS_OF_TIMEOUT, Storm, Trigger};
use crate::queueing::QueueError;

/// Share of requests answered from which on a system has come back.
const RECOVERED: f64 = 0.9;

/// Blocks of time after the trigger within which it has, or is taken to stay down.
const BLOCKS_MAX: usize = 200;

/// Those that came at one step.
#[derive(Clone, Copy, Debug, Default)]
struct Cohort {
    left: f64,
    came: f64,
    answered: f64,
}

/// The state of a storm.
struct Fluid<'a> {
    storm: &'a Storm,
    demand: f64,
    now: usize,
    cohorts: Vec<Cohort>,
    /// By step modulo the timeout, how many came of each attempt.
    attempts: Vec<f64>,
    /// The first, or with `newest_first` all, that hold somebody who waits.
    first: usize,
    newest: Vec<usize>,
    waiting: f64,
    tokens: f64,
    pending: Pending,
    fuse: Option<Fuse>,
    answered: f64,
}

/// Whether the system is back some time after the trigger has gone.
///
/// After the trigger time is cut into blocks, each as long as a request lives at most. It is back once 90 % of what comes
/// is answered in two blocks on end, and down once fewer are and neither they nor the queue get better.
///
/// # Errors
/// [`QueueError::TooLarge`] for a trigger of too many timeouts.
pub(super) fn recovers(storm: &Storm, demand: f64, trigger: Option<Trigger>) -> Result<bool, QueueError> {
    let lasts = trigger.map_or(0, |trigger| (trigger.lasts() / storm.step() + 0.5) as usize);
    let block = storm.chain_steps();
    let steps = lasts as f64 + 4.0 * block as f64;
    if steps > STEPS_MAX as f64 {
        let limit = STEPS_MAX as f64;
        return Err(QueueError::TooLarge { what: "steps of a 64th of the timeout", count: steps, limit });
    }
    let mut fluid = Fluid::new(storm, demand);
    // What fails of itself is tried again before anything happens.
    (0..2 * STEPS_OF_TIMEOUT).for_each(|_| fluid.step(1.0, 1.0));
    let (service, times) = match trigger {
        Some(Trigger::Outage(_)) => (0.0, 1.0),
        Some(Trigger::Spike(times, _)) => (1.0, times),
        None => (1.0, 1.0),
    };
    (0..lasts).for_each(|_| fluid.step(service, times));
    let (mut good, mut seen) = (0, Vec::new());
    for blocks in 1..=BLOCKS_MAX {
        fluid.answered = 0.0;
        (0..block).for_each(|_| fluid.step(1.0, 1.0));
        let share = fluid.answered / (demand * storm.step() * block as f64);
        good = if share >= RECOVERED { good + 1 } else { 0 };
        if good == 2 {
            return Ok(true);
        }
        let improves = seen
            .iter()
            .rev()
            .take(3)
            .all(|&(waited, before): &(f64, f64)| fluid.waiting < waited * (1.0 - 1e-9) || share > before + 1e-3);
        if good == 0 && blocks > 3 && !improves || fluid.now + block > STEPS_MAX {
            return Ok(false);
        }
        seen.push((fluid.waiting, share));
    }
    Ok(false)
}

impl<'a> Fluid<'a> {
    fn new(storm: &'a Storm, demand: f64) -> Self {
        let longest = (1..storm.attempts).map(|attempts| storm.pause_steps(attempts)).max().unwrap_or(1);
        Self {
            storm,
            demand,
            now: 0,
            cohorts: Vec::new(),
            attempts: vec![0.0; STEPS_OF_TIMEOUT * storm.attempts as usize],
            first: 0,
            newest: Vec::new(),
            waiting: 0.0,
            tokens: storm.budget.map_or(0.0, |(_, cap)| cap),
            pending: Pending::new(storm.attempts, longest),
            fuse: storm.breaker.map(|spec| Fuse::new(spec, storm.step())),
            answered: 0.0,
        }
    }

    /// One step, at so much of the capacity and so many times the demand.
    fn step(&mut self, service: f64, times: f64) {
        let n = self.storm.attempts as usize;
        let row = self.now % STEPS_OF_TIMEOUT * n;
        let mut failed = [0.0; super::ATTEMPTS_MAX as usize];
        let mut ended = Ended::default();
        self.times_out(row, &mut failed, &mut ended);
        let served = service * self.storm.capacity * self.storm.step();
        self.comes((row, times), served, (&mut failed, &mut ended));
        self.serve(served, &mut ended);
        self.tries_again(&failed);
        let now = self.now;
        self.fuse.iter_mut().for_each(|fuse| fuse.hears(ended, now));
        self.now += 1;
    }

    /// What came a timeout ago and was not answered is given up.
    fn times_out(&mut self, row: usize, failed: &mut [f64], ended: &mut Ended) {
        let Some(came_at) = self.now.checked_sub(STEPS_OF_TIMEOUT) else { return };
        let Cohort { came, answered, .. } = self.cohorts[came_at];
        if came <= 0.0 {
            return;
        }
        let share = (1.0 - answered / came).max(0.0);
        let attempts = &self.attempts[row..row + self.storm.attempts as usize];
        failed.iter_mut().zip(attempts).for_each(|(failed, came)| *failed += came * share);
        if self.fuse.as_ref().is_some_and(|fuse| fuse.counts(came_at)) {
            let slow = self.storm.breaker.is_some_and(|of| self.storm.timeout > of.slow_above.hours() * 3600.0);
            ended.calls += came * share;
            ended.failed += came * share;
            ended.slow += if slow { came * share } else { 0.0 };
        }
    }

    /// First attempts and retries come; what finds no place fails at once.
    fn comes(&mut self, (row, times): (usize, f64), served: f64, (failed, ended): (&mut [f64], &mut Ended)) {
        let n = self.storm.attempts as usize;
        self.pending.advance();
        let first = self.demand * times * self.storm.step();
        if let Some((ratio, cap)) = self.storm.budget {
            self.tokens = (self.tokens + ratio * first).min(cap);
        }
        for attempt in 0..n {
            self.attempts[row + attempt] = if attempt == 0 { first } else { self.pending.due(attempt - 1) };
        }
        let all: f64 = self.attempts[row..row + n].iter().sum();
        let now = self.now;
        let made = self.fuse.as_mut().map_or(1.0, |fuse| fuse.lets_through(all, now));
        let room = self.storm.places.map_or(f64::INFINITY, |places| places as f64 + served - self.waiting);
        let admitted = if all * made > 0.0 { (room.max(0.0) / (all * made)).min(1.0) } else { 1.0 };
        for (attempt, failed) in self.attempts[row..row + n].iter_mut().zip(failed) {
            *failed += *attempt * made * (1.0 - admitted);
            *attempt *= made * admitted;
        }
        ended.calls += all * made * (1.0 - admitted);
        ended.failed += all * made * (1.0 - admitted);
        let came = all * made * admitted;
        self.cohorts.push(Cohort { left: came, came, answered: 0.0 });
        self.waiting += came;
        if self.storm.newest_first && came > 0.0 {
            self.newest.push(now);
        }
    }

    /// The next who are served; `None` if nobody waits.
    fn next(&mut self) -> Option<usize> {
        if self.storm.newest_first {
            while self.newest.last().is_some_and(|&last| self.cohorts[last].left <= 0.0) {
                self.newest.pop();
            }
            return self.newest.last().copied();
        }
        while self.cohorts.get(self.first)?.left <= 0.0 {
            self.first += 1;
        }
        Some(self.first)
    }

    fn serve(&mut self, mut capacity: f64, ended: &mut Ended) {
        // An amount below this share of a step's capacity is rounding.
        let least = 1e-12 * capacity;
        while capacity > least {
            let Some(at) = self.next() else { break };
            let age = self.now - at;
            let cohort = &mut self.cohorts[at];
            let is_dropped = self.storm.drops_expired && age >= STEPS_OF_TIMEOUT;
            let part = if is_dropped { cohort.left } else { cohort.left.min(capacity) };
            cohort.left -= part;
            self.waiting = (self.waiting - part).max(0.0);
            if is_dropped {
                continue;
            }
            capacity -= part;
            if age < STEPS_OF_TIMEOUT {
                let in_time = part * (1.0 - self.storm.late[age]);
                cohort.answered += in_time;
                self.answered += in_time;
                if self.fuse.as_ref().is_some_and(|fuse| fuse.counts(at)) {
                    let waited = age as f64 * self.storm.step();
                    let slow = self.storm.breaker.is_some_and(|of| waited > of.slow_above.hours() * 3600.0);
                    ended.calls += in_time;
                    ended.slow += if slow { in_time } else { 0.0 };
                }
            }
        }
    }

    /// Of what has failed as much comes again as attempts and the budget allow.
    fn tries_again(&mut self, failed: &[f64]) {
        let again = self.storm.attempts as usize - 1;
        let wanted: f64 = failed[..again].iter().sum();
        if wanted <= 0.0 {
            return;
        }
        let paid = if self.storm.budget.is_some() { (self.tokens / wanted).min(1.0) } else { 1.0 };
        self.tokens = (self.tokens - wanted * paid).max(0.0);
        for (attempt, amount) in failed[..again].iter().enumerate() {
            let pause = self.storm.pause_steps(attempt as u32 + 1);
            let has_jitter = self.storm.pause.is_some_and(|pause| pause.has_jitter);
            self.pending.push(attempt, amount * paid, (pause, has_jitter));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::tests::STORM;
    use super::*;

    /// The same with single requests, evenly spaced, each served for the same time: a second implementation, by events.
    fn recovers_one_by_one(rate: u64, attempts: u32, outage_us: u64) -> bool {
        const SECOND: u64 = 1_000_000;
        let (service, gap, until) = (1000, SECOND / rate, outage_us + 60 * SECOND);
        // By instant and number: (when its request came, attempts left).
        let mut due: BTreeMap<(u64, u64), (u64, u32)> = BTreeMap::new();
        let (mut number, mut free, mut good) = (0, outage_us, 0);
        let mut first = 0;
        loop {
            if first < until {
                due.insert((first, number), (first, attempts));
                (number, first) = (number + 1, first + gap);
            }
            let Some(((now, _), (came, left))) = due.pop_first() else { break };
            // First come, first served: its service ends when all before it have ended.
            free = free.max(now) + service;
            if free <= now + SECOND {
                good += u64::from(came >= until - 5 * SECOND);
            } else if left > 1 {
                due.insert((now + SECOND, number), (came, left - 1));
                number += 1;
            }
        }
        good as f64 > 0.9 * 5.0 * rate as f64
    }

    #[test]
    fn it_tips_where_single_requests_do() {
        for (rate, attempts) in [(600, 2), (800, 2), (500, 3), (900, 3), (400, 2), (200, 3)] {
            let mut least = (0.0, 0.0);
            for outage in (1..200).map(|i| f64::from(i) * 0.05) {
                let storm = Storm { capacity: 1000.0, attempts, ..STORM.clone() };
                if least.0 == 0.0 && !recovers(&storm, rate as f64, Some(Trigger::Outage(outage))).unwrap() {
                    least.0 = outage;
                }
                if least.1 == 0.0 && !recovers_one_by_one(rate, attempts, (outage * 1e6) as u64) {
                    least.1 = outage;
                }
                if least.0 > 0.0 && least.1 > 0.0 {
                    break;
                }
            }
            assert!((least.0 - least.1).abs() < 0.101, "{rate} × {attempts}: {least:?}");
            assert_eq!(least.0 > 0.0, rate * u64::from(attempts) >= 1000, "{rate} × {attempts}");
        }
    }

    #[test]
    fn nothing_is_made_or_lost() {
        let mut fluid = Fluid::new(&STORM, 90.0);
        (0..40 * STEPS_OF_TIMEOUT).for_each(|i| fluid.step(if i < 640 { 0.0 } else { 1.0 }, 1.0));
        let (came, left) = fluid.cohorts.iter().fold((0.0, 0.0), |sum, of| (sum.0 + of.came, sum.1 + of.left));
        assert!((left - fluid.waiting).abs() < 1e-6 * came);
        // Thirty seconds at the capacity were served.
        assert!((came - left - 3000.0).abs() < 1e-6 * came, "{}", came - left);
    }
}
