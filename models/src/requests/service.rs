//! What happens at a station: coming, waiting, being served, and units that stop.

use ninefold_sim_core::tick::Tick;

use super::job::{Doing, JobId, NOBODY, NOWHERE};
use super::tally::push;
use super::{Happens, Step, Traffic};
use crate::mechanism::Moment;
use crate::system::{Line, OnFailure, StationOwner};

fn line<'a>(station: u32, at: Moment<'a>) -> &'a Line {
    let declared = at.system.requests.stations[station as usize].line.as_ref();
    declared.expect("bug: a station with servers has a line")
}

fn is_measured(at: Moment<'_>) -> i64 {
    i64::from(at.now >= at.system.warmup)
}

impl Traffic {
    /// A job comes to its station.
    pub(super) fn enters(&mut self, id: JobId, at: Moment<'_>) {
        let (station, journey) = (self.jobs.at(id).station, self.jobs.at(id).journey);
        let of = &mut self.stations[station as usize];
        of.tally.came += is_measured(at);
        let Some(queue) = &mut of.queue else {
            let owner = at.system.requests.stations[station as usize].owner;
            let is_up = match owner {
                StationOwner::Component(_, gate) => at.board.is_up(gate),
                StationOwner::Users(_) => true,
            };
            of.tally.served += is_measured(at) * i64::from(is_up);
            return self.steps.push(if is_up { Step::GoesOn(id) } else { Step::Fails(id) });
        };
        let line = line(station, at);
        if queue.present >= line.room {
            of.tally.blocked += is_measured(at);
            return self.steps.push(Step::Fails(id));
        }
        queue.book(at.now, at.system.warmup);
        queue.present += 1;
        if queue.present == line.room && queue.full.is_never() && at.now >= at.system.warmup {
            queue.full = at.now;
        }
        if queue.servers.is_any_free() {
            return self.begins(id, at);
        }
        of.tally.delayed += is_measured(at);
        queue.line.join(line.rank_of[journey as usize], id);
        self.jobs.of(id).doing = Doing::Waiting;
        if let Some(law) = &line.patience {
            let uniform = queue.patience.open01(at.replication);
            let leaves = at.now.after(Tick::from_hours(law.quantile(uniform).get()));
            self.jobs.of(id).leaves = leaves;
            self.schedule(leaves, Happens::Leaves, id);
        }
    }

    /// The service of a job begins, or goes on, on a free server; the time until now is booked.
    fn begins(&mut self, id: JobId, at: Moment<'_>) {
        let job = self.jobs.of(id);
        let of = &mut self.stations[job.station as usize];
        let queue = of.queue.as_mut().expect("bug: a station with servers has a line");
        let line = line(job.station, at);
        job.server = queue.servers.take(id).expect("bug: a server was free");
        if !queue.servers.is_any_free() && queue.all_busy.is_never() && at.now >= at.system.warmup {
            queue.all_busy = at.now;
        }
        queue.ledger.waited(job.since, at.now, at.system.warmup);
        job.since = at.now;
        if !job.has_begun && at.now >= at.system.warmup {
            push(&mut of.times.wait, at.now.since(job.came));
        }
        let takes = if job.left.is_never() {
            let law = line.service_of[job.journey as usize].expect("bug: whoever comes has a service time");
            let uniform = queue.service.open01(at.replication);
            Tick::from_hours(line.laws[law as usize].quantile(uniform).get()).max(Tick::new(1))
        } else {
            job.left
        };
        (job.doing, job.has_begun, job.leaves, job.left) = (Doing::Served, true, Tick::NEVER, Tick::NEVER);
        job.ends = at.now.after(takes);
        let ends = job.ends;
        self.schedule(ends, Happens::Ends, id);
    }

    /// Free servers take who is next.
    fn take_next(&mut self, station: u32, at: Moment<'_>) {
        let line = line(station, at);
        loop {
            let of = &mut self.stations[station as usize];
            let Some(queue) = of.queue.as_mut().filter(|queue| queue.servers.is_any_free()) else { return };
            queue.book(at.now, at.system.warmup);
            let Some(next) = queue.line.next(&mut self.jobs) else { return };
            if line.drops_expired && self.jobs.at(next).is_abandoned {
                queue.present -= 1;
                queue.ledger.waited(self.jobs.at(next).since, at.now, at.system.warmup);
                of.tally.expired += is_measured(at);
                self.jobs.end(next);
            } else {
                self.begins(next, at);
            }
        }
    }

    /// The service of a job ends.
    pub(super) fn served(&mut self, id: JobId, at: Moment<'_>) {
        let station = self.jobs.at(id).station;
        self.jobs.of(id).doing = Doing::Calling;
        self.steps.push(Step::GoesOn(id));
        if !line(station, at).holds {
            self.is_served(id, at);
            self.clears(id, at);
            self.take_next(station, at);
        }
    }

    /// A job that kept its thread while it called gives it back, answered or not.
    pub(super) fn returns_thread(&mut self, id: JobId, is_served: bool, at: Moment<'_>) {
        if is_served {
            self.is_served(id, at);
        }
        let station = self.jobs.at(id).station;
        self.clears(id, at);
        self.take_next(station, at);
    }

    fn is_served(&mut self, id: JobId, at: Moment<'_>) {
        if at.now >= at.system.warmup {
            let job = self.jobs.at(id);
            let of = &mut self.stations[job.station as usize];
            of.tally.served += 1;
            push(&mut of.times.took, at.now.since(job.came));
        }
    }

    /// A job leaves its server, and the station.
    fn clears(&mut self, id: JobId, at: Moment<'_>) {
        let job = self.jobs.of(id);
        let queue = self.stations[job.station as usize].queue.as_mut().expect("bug: it was on a server");
        queue.book(at.now, at.system.warmup);
        queue.present -= 1;
        queue.servers.leave(std::mem::replace(&mut job.server, NOWHERE));
        queue.ledger.served(job.since, at.now, at.system.warmup);
    }

    /// A job has waited as long as it would.
    pub(super) fn leaves(&mut self, id: JobId, at: Moment<'_>) {
        let job = self.jobs.of(id);
        (job.doing, job.leaves) = (Doing::Left, Tick::NEVER);
        let of = &mut self.stations[job.station as usize];
        let queue = of.queue.as_mut().expect("bug: it was in a line");
        queue.book(at.now, at.system.warmup);
        queue.line.left();
        queue.present -= 1;
        queue.ledger.waited(job.since, at.now, at.system.warmup);
        of.tally.left += is_measured(at);
        // The line ends the job when its turn comes; nobody waits for it any more.
        let caller = std::mem::replace(&mut job.caller, NOBODY);
        if caller != NOBODY {
            self.steps.push(Step::Missed(caller));
        }
    }

    /// A unit serves again.
    pub(super) fn unit_serves(&mut self, station: u32, unit: usize, at: Moment<'_>) {
        if let Some(queue) = &mut self.stations[station as usize].queue {
            queue.servers.go_on(unit);
            self.take_next(station, at);
        }
    }

    /// A unit serves no longer.
    pub(super) fn unit_stops(&mut self, station: u32, unit: usize, at: Moment<'_>) {
        let Some(queue) = &mut self.stations[station as usize].queue else { return };
        queue.servers.stop(unit);
        let line = line(station, at);
        if line.on_failure == OnFailure::Finished {
            return;
        }
        for server in queue.servers.of(unit).rev() {
            let queue = self.stations[station as usize].queue.as_ref();
            if let Some(id) = queue.and_then(|queue| queue.servers.on(server)) {
                self.is_thrown_off(id, line, at);
            }
        }
        self.take_next(station, at);
    }

    /// A job's unit has failed under it.
    fn is_thrown_off(&mut self, id: JobId, line: &Line, at: Moment<'_>) {
        let job = *self.jobs.at(id);
        // A thread that waits for an answer has served; to go on is to make that call again.
        let left = if job.doing == Doing::Served { job.ends.since(at.now) } else { Tick::new(1) };
        if job.doing != Doing::Served {
            self.lets_go(id, at);
        }
        self.jobs.of(id).ends = Tick::NEVER;
        self.clears(id, at);
        let of = &mut self.stations[job.station as usize];
        let queue = of.queue.as_mut().expect("bug: a station with servers has a line");
        if line.on_failure == OnFailure::Lost {
            of.tally.lost += is_measured(at);
            return self.steps.push(Step::Fails(id));
        }
        let job = self.jobs.of(id);
        if line.on_failure == OnFailure::Resumed {
            job.left = left;
        } else {
            (job.left, job.call, job.times, job.quality) = (Tick::NEVER, 0, 0, 1.0);
        }
        (job.doing, job.since) = (Doing::Waiting, at.now);
        queue.present += 1;
        queue.line.join_first(line.rank_of[job.journey as usize], id);
    }
}
