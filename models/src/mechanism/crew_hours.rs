//! Crews that work at certain hours: who is at a repair when they stop goes on with it when they work again.

use ninefold_sim_core::tick::Tick;

use super::crews::{Crews, Team, job_of, waiting_slot};
use crate::board::FactKind;
use crate::mechanism::loss_rate::LossRate;
use crate::mechanism::{Kind, Moment, Out, Pending};
use crate::system::System;

/// When a team next begins or stops to work.
pub(super) fn next_turn(team: u32, now: Tick, system: &System) -> Option<Tick> {
    let turns = &system.crew_hours[team as usize].as_ref()?.turns;
    turns.get(turns.partition_point(|&turn| turn <= now)).copied()
}

impl Crews {
    /// Every team with hours begins or stops to work some time.
    pub(super) fn start<P: Pending>(&self, at: Moment<'_>, out: &mut Out<P>) {
        for team in 0..at.system.crew_hours.len() as u32 {
            if let Some(turn) = next_turn(team, at.now, at.system).filter(|&turn| turn <= at.system.end) {
                out.schedule(turn, Kind::CrewsTurn, team);
            }
        }
    }

    /// A team begins to work, or stops.
    pub(super) fn turn<P: Pending>(&mut self, team: u32, at: Moment<'_>, out: &mut Out<P>) {
        self.count(team as usize, at);
        let Team::Queue(queue) = &mut self.teams[team as usize] else { return };
        queue.open = !queue.open;
        let opens = queue.open;
        for i in 0..queue.under_way.len() {
            let Team::Queue(queue) = &self.teams[team as usize] else { return };
            let (_, _, mode) = queue.under_way[i];
            if job_of(mode, at.system).is_some() {
                continue;
            }
            if let Some(slot) = waiting_slot(mode, at.system) {
                if opens { out.lift(slot) } else { out.place(slot) }
            }
            match (opens, self.halted[mode as usize]) {
                (_, true) => {}
                (true, _) => self.runs(mode, at, out),
                (false, _) => self.rests(mode, at, out),
            }
        }
        if opens {
            self.take_up(team as usize, at, out);
        }
        if let Some(turn) = next_turn(team, at.now, at.system).filter(|&turn| turn <= at.system.end) {
            out.schedule(turn, Kind::CrewsTurn, team);
        }
    }

    /// Crews that are free take up what waits; where it is chosen who is next, once the board is settled.
    pub(super) fn take_up<P: Pending>(&mut self, team: usize, at: Moment<'_>, out: &mut Out<P>) {
        loop {
            let Team::Queue(queue) = &mut self.teams[team] else { return };
            if !queue.open || queue.waiting.is_empty() || queue.under_way.len() >= queue.crews {
                return;
            }
            if queue.order.chooses() {
                return out.note(FactKind::CrewChooses, team as u32);
            }
            let Some(next) = queue.waiting.pop_front() else { return };
            self.take(team, next, at, out);
        }
    }

    /// Crews that are free choose what is lost most for; of repairs that cost the same the first that was called for.
    pub(super) fn choose<P: Pending>(&mut self, team: u32, at: Moment<'_>, out: &mut Out<P>) {
        self.count(team as usize, at);
        loop {
            let Team::Queue(queue) = &mut self.teams[team as usize] else { return };
            if !queue.open || queue.under_way.len() >= queue.crews {
                return;
            }
            let order = queue.order;
            let rate = |place: usize| LossRate::of(queue.waiting[place].2, order, at);
            let first = |best: Option<(LossRate, usize)>, place: usize| {
                let rate = rate(place);
                if best.is_none_or(|(most, _)| rate > most) { Some((rate, place)) } else { best }
            };
            let Some((_, place)) = (0..queue.waiting.len()).fold(None, first) else { return };
            let Some(next) = queue.waiting.remove(place) else { return };
            self.take(team as usize, next, at, out);
        }
    }
}
