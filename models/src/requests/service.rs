//! What happens at a station: coming, waiting, being served, and units that stop.

use ninefold_sim_core::tick::Tick;

use super::job::{Doing, JobId, NOBODY};
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
        if !job.has_begun && at.now >= at.system.warmup {
            of.wait.push(at.now.since(job.came));
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
                of.tally.expired += is_measured(at);
                self.jobs.end(next);
            } else {
                self.begins(next, at);
            }
        }
    }

    /// The service of a job ends.
    pub(super) fn served(&mut self, id: JobId, at: Moment<'_>) {
        let job = *self.jobs.at(id);
        self.clears(id, at);
        let of = &mut self.stations[job.station as usize];
        of.tally.served += is_measured(at);
        if at.now >= at.system.warmup {
            of.took.push(at.now.since(job.came));
        }
        self.jobs.of(id).doing = Doing::Calling;
        self.take_next(job.station, at);
        self.steps.push(Step::GoesOn(id));
    }

    /// A job leaves its server, and the station.
    fn clears(&mut self, id: JobId, at: Moment<'_>) {
        let job = self.jobs.at(id);
        let queue = self.stations[job.station as usize].queue.as_mut().expect("bug: it was on a server");
        queue.book(at.now, at.system.warmup);
        queue.present -= 1;
        queue.servers.leave(job.server);
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
            let of = &mut self.stations[station as usize];
            let queue = of.queue.as_mut().expect("bug: a station with servers has a line");
            let Some(id) = queue.servers.on(server) else { continue };
            let job = self.jobs.of(id);
            let left = job.ends.since(at.now);
            job.ends = Tick::NEVER;
            queue.book(at.now, at.system.warmup);
            queue.servers.leave(server);
            if line.on_failure == OnFailure::Lost {
                queue.present -= 1;
                of.tally.lost += is_measured(at);
                self.steps.push(Step::Fails(id));
            } else {
                job.left = if line.on_failure == OnFailure::Resumed { left } else { Tick::NEVER };
                job.doing = Doing::Waiting;
                queue.line.join_first(line.rank_of[job.journey as usize], id);
            }
        }
        self.take_next(station, at);
    }
}
