//! Servers that are shared by all that are there.

use super::instant::Instant;
use super::job::{Doing, JobId};
use super::service::{Place, line};
use super::tally::push;
use super::{Happens, Step, Traffic};
use crate::system::OnFailure;
use ninefold_sim_core::tick::Tick;

impl Traffic {
    /// A job has its part from now on; the time until now is booked.
    pub(super) fn shares(&mut self, id: JobId, at: Instant<'_>) {
        let needs = self.needs(id, at);
        let job = self.jobs.of(id);
        let of = &mut self.stations[job.station as usize];
        let queue = &mut of.queues[job.queue as usize];
        if !job.has_begun && at.is_measured() {
            push(&mut of.times.wait, Tick::ZERO);
        }
        (job.doing, job.since, job.server, job.has_begun) = (Doing::Served, at.now, 0, true);
        let place = (job.station, job.queue);
        queue.note_busy(at);
        queue.shared.as_mut().expect("bug: its servers are shared").join(id, needs);
        self.foresees(place);
    }

    /// Schedules who is done next.
    fn foresees(&mut self, place: Place) {
        let queue = self.queue(place);
        let next = queue.shared.as_mut().expect("bug: its servers are shared").foresee();
        let entity = self.first_queue[place.0 as usize] + place.1;
        self.schedule(next, Happens::IsShared, entity);
    }

    /// Somebody who shares servers may be done.
    pub(super) fn is_shared(&mut self, entity: u32, at: Instant<'_>) {
        let station = self.first_queue.partition_point(|&first| first <= entity) - 1;
        let place = (station as u32, entity - self.first_queue[station]);
        let queue = self.queue(place);
        if queue.shared.as_ref().is_none_or(|shared| shared.next != at.now) {
            return;
        }
        queue.book(at);
        while let Some(id) = self.queue(place).shared.as_mut().and_then(super::shared::Shared::take_done) {
            self.jobs.of(id).doing = Doing::Calling;
            self.steps.push(Step::GoesOn(id));
            self.is_served(id, at);
            self.clears(id, at);
        }
        self.foresees(place);
    }

    /// A unit of a queue with shared servers has begun or stopped to serve: all are served by those that are left. If
    /// none is, all have failed under them.
    pub(super) fn share_changed(&mut self, place: Place, at: Instant<'_>) {
        let on_failure = line(place.0, at).on_failure;
        let queue = self.queue(place);
        let serving = queue.servers.serving();
        let shared = queue.shared.as_mut().expect("bug: its servers are shared");
        shared.serve_with(serving);
        let fails = serving == 0 && matches!(on_failure, OnFailure::Lost | OnFailure::Requeued);
        if fails {
            let mut out = std::mem::take(&mut self.put_out);
            self.queue(place).shared.as_mut().expect("bug: its servers are shared").put_out(&mut out);
            for (id, _) in out.drain(..) {
                if on_failure == OnFailure::Lost {
                    self.stations[place.0 as usize].tally.lost += at.counts();
                    self.clears(id, at);
                    self.steps.push(Step::Fails(id));
                } else {
                    let needs = self.needs(id, at);
                    self.queue(place).shared.as_mut().expect("bug: its servers are shared").join(id, needs);
                }
            }
            self.put_out = out;
        }
        self.foresees(place);
    }
}
