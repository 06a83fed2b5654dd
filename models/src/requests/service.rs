//! What happens at a station: coming, waiting, being served.

use ninefold_sim_core::tick::Tick;

use super::instant::Instant;
use super::job::{Doing, JobId, NOBODY, NOWHERE};
use super::queue::Queue;
use super::shedding::Shedder;
use super::tally::push;
use super::{Happens, Step, Traffic};
use crate::system::Line;

/// Where a job of a station with a line is: the station, and which of its queues.
pub(super) type Place = (u32, u32);

pub(super) fn line<'a>(station: u32, at: Instant<'a>) -> &'a Line {
    let declared = at.system.requests.stations[station as usize].line.as_ref();
    declared.expect("bug: a station with servers has a line")
}

impl Traffic {
    pub(super) fn queue(&mut self, (station, queue): Place) -> &mut Queue {
        &mut self.stations[station as usize].queues[queue as usize]
    }

    /// A job comes to its station.
    pub(super) fn enters(&mut self, id: JobId, at: Instant<'_>) {
        let station = self.jobs.at(id).station;
        let of = &mut self.stations[station as usize];
        of.tally.came += at.counts();
        if of.queues.is_empty() {
            of.tally.served += at.counts() * i64::from(of.is_up);
            return self.steps.push(if of.is_up { Step::GoesOn(id) } else { Step::Fails(id) });
        }
        let line = line(station, at);
        let place = (station, if line.per_unit { self.one_queue(station, at) } else { 0 });
        self.jobs.of(id).queue = place.1;
        let queue = self.queue(place);
        if queue.present >= line.room {
            self.stations[station as usize].tally.blocked += at.counts();
            return self.steps.push(Step::Fails(id));
        }
        if queue.shedder.is_some_and(|shedder| !shedder.admits(queue.present)) {
            self.stations[station as usize].tally.shed += at.counts();
            return self.steps.push(Step::Fails(id));
        }
        queue.book(at);
        queue.present += 1;
        if queue.present == line.room && queue.full.is_never() && at.is_measured() {
            queue.full = at.now;
        }
        if queue.shared.is_some() {
            self.shares(id, at);
        } else if queue.servers.is_any_free() {
            self.begins(id, at);
        } else {
            self.waits(id, line, at);
        }
    }

    /// The queue of a unit that serves, or of any if none does; evenly.
    fn one_queue(&mut self, station: u32, at: Instant<'_>) -> u32 {
        let of = &mut self.stations[station as usize];
        let streams = of.streams.as_mut().expect("bug: a station with a line has streams");
        let uniform = streams.queue.open01(at.replication);
        let serving = of.queues.iter().filter(|queue| queue.servers.serving() > 0).count();
        let among = if serving == 0 { of.queues.len() } else { serving };
        let chosen = ((uniform * among as f64) as usize).min(among - 1);
        let mut able = (0..).zip(&of.queues).filter(|(_, queue)| serving == 0 || queue.servers.serving() > 0);
        able.nth(chosen).map_or(0, |(place, _)| place)
    }

    /// A job joins the line.
    fn waits(&mut self, id: JobId, line: &Line, at: Instant<'_>) {
        let job = *self.jobs.at(id);
        let place = (job.station, job.queue);
        self.queue(place).line.join(line.rank_of[job.journey as usize], id);
        self.jobs.of(id).doing = Doing::Waiting;
        if line.interrupts {
            self.take_next(place, at);
            if self.jobs.at(id).doing != Doing::Waiting {
                return;
            }
        }
        let of = &mut self.stations[job.station as usize];
        of.tally.delayed += at.counts();
        if let Some(law) = &line.patience {
            let streams = of.streams.as_mut().expect("bug: a station with a line has streams");
            let uniform = streams.patience.open01(at.replication);
            let leaves = at.now.after(Tick::from_hours(law.quantile(uniform).get()));
            self.jobs.of(id).leaves = leaves;
            self.schedule(leaves, Happens::Leaves, id);
        }
    }

    /// The service that a job needs.
    pub(super) fn needs(&mut self, id: JobId, at: Instant<'_>) -> Tick {
        let job = self.jobs.at(id);
        let line = line(job.station, at);
        let law = line.service_of[job.journey as usize].expect("bug: whoever comes has a service time");
        let streams = self.stations[job.station as usize].streams.as_mut();
        let uniform = streams.expect("bug: a station with a line has streams").service.open01(at.replication);
        Tick::from_hours(line.laws[law as usize].quantile(uniform).get()).max(Tick::new(1))
    }

    /// The service of a job begins, or goes on, on a free server; the time until now is booked.
    fn begins(&mut self, id: JobId, at: Instant<'_>) {
        let left = self.jobs.at(id).left;
        let takes = if left.is_never() { self.needs(id, at) } else { left };
        let job = self.jobs.of(id);
        let of = &mut self.stations[job.station as usize];
        let queue = &mut of.queues[job.queue as usize];
        job.server = queue.servers.take(id).expect("bug: a server was free");
        queue.note_busy(at);
        queue.ledger.waited(job.since, at);
        job.since = at.now;
        if !job.has_begun && at.is_measured() {
            push(&mut of.times.wait, at.now.since(job.came));
        }
        (job.doing, job.has_begun, job.leaves, job.left) = (Doing::Served, true, Tick::NEVER, Tick::NEVER);
        job.ends = at.now.after(takes);
        let ends = job.ends;
        self.schedule(ends, Happens::Ends, id);
    }

    /// Free servers take who is next; where priority interrupts, the others may have to make way.
    pub(super) fn take_next(&mut self, place: Place, at: Instant<'_>) {
        let line = line(place.0, at);
        loop {
            let of = &mut self.stations[place.0 as usize];
            let queue = &mut of.queues[place.1 as usize];
            if !queue.servers.is_any_free() {
                if line.interrupts && self.makes_way(place, line, at) {
                    continue;
                }
                return;
            }
            queue.book(at);
            let Some(next) = queue.line.next(&mut self.jobs) else { return };
            let since = self.jobs.at(next).since;
            let is_expired = line.drops_expired && self.jobs.is_expired(next);
            let waiting = queue.line.waiting();
            let sheds = |shedder: &mut Shedder| shedder.drops(at.now, at.now.since(since), waiting);
            if is_expired || queue.shedder.as_mut().is_some_and(sheds) {
                queue.present -= 1;
                queue.ledger.waited(since, at);
                let of = if is_expired { &mut of.tally.expired } else { &mut of.tally.shed };
                *of += at.counts();
                let caller = std::mem::replace(&mut self.jobs.of(next).caller, NOBODY);
                self.jobs.end(next);
                if caller != NOBODY {
                    self.steps.push(Step::Missed(caller));
                }
            } else {
                self.begins(next, at);
            }
        }
    }

    /// The last of the lowest rank in service makes way, if somebody of a higher rank waits.
    fn makes_way(&mut self, place: Place, line: &Line, at: Instant<'_>) -> bool {
        let queue = &mut self.stations[place.0 as usize].queues[place.1 as usize];
        let Some(best) = queue.line.best_rank(&mut self.jobs) else { return false };
        let rank = |id: JobId| line.rank_of[self.jobs.at(id).journey as usize];
        let served = queue.servers.jobs().filter(|&id| self.jobs.at(id).doing == Doing::Served);
        let Some(worst) = served.max_by_key(|&id| (rank(id), self.jobs.at(id).since, id)) else { return false };
        if rank(worst) <= best {
            return false;
        }
        // A service without end has no end left either.
        let ends = self.jobs.at(worst).ends;
        let left = if ends.is_never() { Tick::LAST } else { ends.since(at.now).max(Tick::new(1)) };
        self.clears(worst, at);
        self.waits_first(worst, left, line, at);
        true
    }

    /// A job that was on a server goes to the head of the line, with so much of its service left.
    pub(super) fn waits_first(&mut self, id: JobId, left: Tick, line: &Line, at: Instant<'_>) {
        let job = self.jobs.of(id);
        (job.left, job.doing, job.since, job.ends) = (left, Doing::Waiting, at.now, Tick::NEVER);
        let (place, rank) = ((job.station, job.queue), line.rank_of[job.journey as usize]);
        let queue = self.queue(place);
        queue.present += 1;
        queue.line.join_first(rank, id);
    }

    /// The service of a job ends.
    pub(super) fn served(&mut self, id: JobId, at: Instant<'_>) {
        let job = self.jobs.of(id);
        let place = (job.station, job.queue);
        job.doing = Doing::Calling;
        self.steps.push(Step::GoesOn(id));
        if !line(place.0, at).holds {
            self.is_served(id, at);
            self.clears(id, at);
            self.take_next(place, at);
        }
    }

    /// A job that kept its thread while it called gives it back, answered or not.
    pub(super) fn returns_thread(&mut self, id: JobId, is_served: bool, at: Instant<'_>) {
        if is_served {
            self.is_served(id, at);
        }
        let job = self.jobs.at(id);
        let place = (job.station, job.queue);
        self.clears(id, at);
        self.take_next(place, at);
    }

    pub(super) fn is_served(&mut self, id: JobId, at: Instant<'_>) {
        let job = self.jobs.at(id);
        let (place, took) = ((job.station, job.queue), at.now.since(job.came));
        if self.queue(place).shedder.is_some() {
            let is_missed = self.jobs.is_expired(id);
            let queue = self.queue(place);
            let present = queue.present;
            queue.shedder.iter_mut().for_each(|shedder| shedder.served(took, present, is_missed));
        }
        if at.is_measured() {
            let job = self.jobs.at(id);
            let of = &mut self.stations[job.station as usize];
            of.tally.served += 1;
            push(&mut of.times.took, at.now.since(job.came));
        }
    }

    /// A job leaves its server, and the station.
    pub(super) fn clears(&mut self, id: JobId, at: Instant<'_>) {
        let job = self.jobs.of(id);
        let queue = &mut self.stations[job.station as usize].queues[job.queue as usize];
        queue.book(at);
        queue.present -= 1;
        let server = std::mem::replace(&mut job.server, NOWHERE);
        if queue.shared.is_none() {
            queue.servers.leave(server);
        }
        queue.ledger.served(job.since, at);
    }

    /// A job has waited as long as it would.
    pub(super) fn leaves(&mut self, id: JobId, at: Instant<'_>) {
        let job = self.jobs.of(id);
        (job.doing, job.leaves) = (Doing::Left, Tick::NEVER);
        let of = &mut self.stations[job.station as usize];
        let queue = &mut of.queues[job.queue as usize];
        queue.book(at);
        queue.line.left();
        queue.present -= 1;
        queue.ledger.waited(job.since, at);
        of.tally.left += at.counts();
        // The line ends the job when its turn comes; nobody waits for it any more.
        let caller = std::mem::replace(&mut job.caller, NOBODY);
        if caller != NOBODY {
            self.steps.push(Step::Missed(caller));
        }
    }
}
