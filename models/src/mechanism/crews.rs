//! Repair crews: which repairs of a team are under way, which wait, and which is next.
//!
//! A repair has its work, drawn at the failure. At one instant repairs are called for in the order in which the failures
//! happen: in order of units, a failure before those it brings with it. No crew is idle while a repair waits.

use std::collections::VecDeque;

use ninefold_sim_core::tick::Tick;

use crate::mechanism::sharing::Sharing;
use crate::mechanism::{Kind, Moment, Out, Pending};
use crate::system::{Interrupt, ModeId, Order, System};

/// The crews of every team.
#[derive(Debug)]
pub(super) struct Crews {
    teams: Vec<Team>,
    /// For each mode, the work its repair still needs, while it waits.
    left: Vec<Tick>,
    /// For each mode, when its repair ends, while it is under way.
    ends: Vec<Tick>,
}

#[derive(Debug)]
enum Team {
    Queue(Queue),
    Sharing(Sharing),
}

/// A repair in a queue: priority, number of its call, mode.
type Call = (u32, u64, ModeId);

/// A team whose crews each do one repair at a time.
#[derive(Debug)]
struct Queue {
    crews: usize,
    interrupt: Interrupt,
    calls: u64,
    /// Repairs under way, in no order.
    under_way: Vec<Call>,
    /// Ascending: the next is in front.
    waiting: VecDeque<Call>,
}

impl Crews {
    /// The crews of a system.
    pub(super) fn of(system: &System) -> Self {
        let team = |team: &crate::system::TeamSpec| match team.order {
            Order::Shared => Team::Sharing(Sharing::new(team.crews)),
            Order::FirstCome => Team::Queue(Queue::new(team.crews, Interrupt::None)),
            Order::Priority(interrupt) => Team::Queue(Queue::new(team.crews, interrupt)),
        };
        let modes = if system.spec.teams.is_empty() { 0 } else { system.units.modes.len() };
        Self {
            teams: system.spec.teams.iter().map(team).collect(),
            left: vec![Tick::ZERO; modes],
            ends: vec![Tick::NEVER; modes],
        }
    }

    /// Nothing is under way and nothing waits.
    pub(super) fn clear(&mut self) {
        for team in &mut self.teams {
            match team {
                Team::Sharing(sharing) => sharing.clear(),
                Team::Queue(queue) => {
                    queue.calls = 0;
                    queue.under_way.clear();
                    queue.waiting.clear();
                }
            }
        }
    }

    /// A mode calls for a crew, for so much work; `draw` draws the work of an interrupted repair anew.
    pub(super) fn call<P: Pending>(
        &mut self,
        (mode, work): (ModeId, Tick),
        mut draw: impl FnMut(ModeId) -> Tick,
        at: Moment<'_>,
        out: &mut Out<P>,
    ) {
        let (team, priority) = crew_of(mode, at.system);
        let queue = match &mut self.teams[team] {
            Team::Sharing(sharing) => return sharing.call((mode, work), at, out),
            Team::Queue(queue) => queue,
        };
        let call = (priority, queue.calls, mode);
        queue.calls += 1;
        self.left[mode as usize] = work;
        if queue.under_way.len() < queue.crews {
            return self.begin(team, call, at, out);
        }
        let Some(last) = queue.last_to_interrupt(priority) else { return self.wait(team, call, at, out) };
        let interrupted = queue.under_way.swap_remove(last);
        let again = queue.interrupt == Interrupt::Restart;
        let (_, _, of) = interrupted;
        out.cancel(Kind::Repaired, of);
        let end = self.ends[of as usize];
        let rest = if end.is_never() { end } else { end.since(at.now) };
        self.left[of as usize] = if again { draw(of) } else { rest };
        self.wait(team, interrupted, at, out);
        self.begin(team, call, at, out);
    }

    /// A repair has ended, and its crew takes up the next.
    pub(super) fn dismiss<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let (team, _) = crew_of(mode, at.system);
        let queue = match &mut self.teams[team] {
            Team::Sharing(sharing) => return sharing.dismiss(mode, at, out),
            Team::Queue(queue) => queue,
        };
        let done = queue.under_way.iter().position(|&(_, _, of)| of == mode);
        queue.under_way.swap_remove(done.expect("bug: only what is under way ends"));
        if let Some(next) = queue.waiting.pop_front() {
            out.lift(waiting_slot(next.2, at.system));
            self.begin(team, next, at, out);
        }
    }

    fn begin<P: Pending>(&mut self, team: usize, call: Call, at: Moment<'_>, out: &mut Out<P>) {
        let Team::Queue(queue) = &mut self.teams[team] else { return };
        queue.under_way.push(call);
        let (_, _, mode) = call;
        let end = at.now.after(self.left[mode as usize]);
        self.ends[mode as usize] = end;
        if end <= at.system.end {
            out.schedule(end, Kind::Repaired, mode);
        }
    }

    fn wait<P: Pending>(&mut self, team: usize, call: Call, at: Moment<'_>, out: &mut Out<P>) {
        let Team::Queue(queue) = &mut self.teams[team] else { return };
        let place = queue.waiting.partition_point(|other| *other < call);
        queue.waiting.insert(place, call);
        out.place(waiting_slot(call.2, at.system));
    }
}

impl Queue {
    fn new(crews: u32, interrupt: Interrupt) -> Self {
        let crews = crews as usize;
        Self { crews, interrupt, calls: 0, under_way: Vec::new(), waiting: VecDeque::new() }
    }

    /// The repair under way that gives way to one of this priority: the last in order, if it comes after.
    fn last_to_interrupt(&self, priority: u32) -> Option<usize> {
        if self.interrupt == Interrupt::None {
            return None;
        }
        let last = (0..self.under_way.len()).max_by_key(|&place| self.under_way[place])?;
        (self.under_way[last].0 > priority).then_some(last)
    }
}

fn crew_of(mode: ModeId, system: &System) -> (usize, u32) {
    let crew = system.units.modes[mode as usize].crew.expect("bug: only what a team repairs calls it");
    (crew.team as usize, crew.priority)
}

fn waiting_slot(mode: ModeId, system: &System) -> u32 {
    system.units.modes[mode as usize].crew.expect("bug: only what a team repairs waits").waiting
}
