//! What becomes of requests when units begin or stop to serve.

use ninefold_sim_core::tick::Tick;

use super::instant::Instant;
use super::job::{Doing, JobId};
use super::service::{Place, line};
use super::{Step, Traffic};
use crate::board::Board;
use crate::system::{GateId, Line, OnFailure, StationOwner, System, UnitId};

/// Whether a unit that stops to serve is well, and only to be gone.
fn is_removed(unit: UnitId, board: &Board, system: &System) -> bool {
    let component = system.units.units[unit as usize].component;
    let scaled = component.is_some_and(|component| system.components[component as usize].scaled);
    scaled && board.is_dormant(unit) && board.is_able(unit)
}

impl Traffic {
    /// A gate has come up or gone down: whoever serves by it begins or stops.
    pub(super) fn follow(&mut self, gate: GateId, board: &Board, at: Instant<'_>) {
        let watched = &at.system.requests.watched;
        let first = watched.partition_point(|&(of, _)| of < gate);
        for &(_, station) in watched[first..].iter().take_while(|&&(of, _)| of == gate) {
            self.units_changed(station, board, at);
        }
    }

    /// A unit serves if it is able and does not stand by, and if its group has enough of them.
    fn units_changed(&mut self, station: u32, board: &Board, at: Instant<'_>) {
        let StationOwner::Component(component, gate) = at.system.requests.stations[station as usize].owner else {
            return;
        };
        self.stations[station as usize].is_up = board.is_up(gate);
        if self.stations[station as usize].queues.is_empty() {
            return;
        }
        let component = &at.system.components[component as usize];
        for group in &at.system.groups[component.groups.start as usize..component.groups.end as usize] {
            let is_up = board.is_up(group.gate);
            for &unit in &group.units {
                let of = &self.stations[station as usize];
                let (queue, place) = of.place_of((unit - component.units.start) as usize);
                let serves = is_up && board.is_up(unit);
                match (of.queues[queue].servers.is_serving(place), serves) {
                    (false, true) => self.unit_serves((station, queue as u32), place, at),
                    // One that its autoscaler has removed finishes what it serves.
                    (true, false) if is_removed(unit, board, at.system) => {
                        self.unit_drains((station, queue as u32), place, at)
                    }
                    (true, false) => self.unit_stops((station, queue as u32), place, at),
                    _ => {}
                }
            }
        }
    }

    /// A unit serves again.
    fn unit_serves(&mut self, place: Place, unit: usize, at: Instant<'_>) {
        let queue = self.queue(place);
        queue.book(at);
        queue.servers.go_on(unit);
        let number = if self.stations[place.0 as usize].queues.len() > 1 { place.1 as usize } else { unit };
        self.stations[place.0 as usize].filling.begins(number, at.now);
        let queue = self.queue(place);
        if queue.shared.is_some() {
            self.share_changed(place, at);
        } else {
            self.take_next(place, at);
        }
    }

    /// A unit begins nothing any more.
    fn unit_drains(&mut self, place: Place, unit: usize, at: Instant<'_>) {
        let queue = self.queue(place);
        queue.book(at);
        queue.servers.stop(unit);
        if queue.shared.is_some() {
            self.share_changed(place, at);
        }
    }

    /// A unit serves no longer.
    fn unit_stops(&mut self, place: Place, unit: usize, at: Instant<'_>) {
        let queue = self.queue(place);
        queue.book(at);
        queue.servers.stop(unit);
        if queue.shared.is_some() {
            return self.share_changed(place, at);
        }
        let line = line(place.0, at);
        if line.on_failure == OnFailure::Finished {
            return;
        }
        for server in queue.servers.of(unit).rev() {
            if let Some(id) = self.queue(place).servers.on(server) {
                self.is_thrown_off(id, line, at);
            }
        }
        self.take_next(place, at);
    }

    /// A job's unit has failed under it.
    fn is_thrown_off(&mut self, id: JobId, line: &Line, at: Instant<'_>) {
        let job = *self.jobs.at(id);
        // A thread that waits for an answer has served; to go on is to make that call again.
        let left = if job.doing == Doing::Served { job.ends.since(at.now) } else { Tick::new(1) };
        if job.doing != Doing::Served {
            self.lets_go(id, at);
        }
        self.jobs.of(id).ends = Tick::NEVER;
        self.clears(id, at);
        if line.on_failure == OnFailure::Lost {
            self.stations[job.station as usize].tally.lost += at.counts();
            return self.steps.push(Step::Fails(id));
        }
        if line.on_failure == OnFailure::Resumed {
            return self.waits_first(id, left, line, at);
        }
        let job = self.jobs.of(id);
        (job.call, job.times, job.quality) = (0, 0, 1.0);
        self.waits_first(id, Tick::NEVER, line, at);
    }
}
