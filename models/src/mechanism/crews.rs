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
    /// For each mode, whether its repair stands still, under way or waiting.
    halted: Vec<bool>,
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
            halted: vec![false; modes],
        }
    }

    /// Nothing is under way and nothing waits.
    pub(super) fn clear(&mut self) {
        self.halted.fill(false);
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
        let rest = match end {
            _ if self.halted[of as usize] => self.left[of as usize],
            end if end.is_never() => end,
            end => end.since(at.now),
        };
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
        if !self.halted[mode as usize] {
            self.runs(mode, at, out);
        }
    }

    /// What is left of a repair runs down from now on.
    fn runs<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let end = at.now.after(self.left[mode as usize]);
        self.ends[mode as usize] = end;
        if end <= at.system.end {
            out.schedule(end, Kind::Repaired, mode);
        }
    }

    /// A repair stands still; a crew that does it stays.
    pub(super) fn halt<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let (team, _) = crew_of(mode, at.system);
        match &mut self.teams[team] {
            Team::Sharing(sharing) => sharing.halt(mode, at, out),
            Team::Queue(queue) => {
                if queue.is_under_way(mode) && !self.halted[mode as usize] {
                    let end = self.ends[mode as usize];
                    self.left[mode as usize] = if end.is_never() { end } else { end.since(at.now) };
                    out.cancel(Kind::Repaired, mode);
                }
                self.halted[mode as usize] = true;
            }
        }
    }

    /// A repair goes on.
    pub(super) fn go_on<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let (team, _) = crew_of(mode, at.system);
        match &mut self.teams[team] {
            Team::Sharing(sharing) => sharing.go_on(mode, at, out),
            Team::Queue(queue) => {
                let runs = queue.is_under_way(mode) && self.halted[mode as usize];
                self.halted[mode as usize] = false;
                if runs {
                    self.runs(mode, at, out);
                }
            }
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

    fn is_under_way(&self, mode: ModeId) -> bool {
        self.under_way.iter().any(|&(_, _, of)| of == mode)
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use ninefold_sim_core::calendar::Event;
    use ninefold_sim_core::stream::Replication;
    use proptest::prelude::*;

    use super::*;
    use crate::board::Board;
    use crate::lifetime::Law;
    use crate::system::{
        Clock, ComponentSpec, CrewRepair, Effect, ModeSpec, Redundancy, Repair, SystemSpec, TeamSpec, UnitSpec,
    };
    use crate::units::Hours;

    /// Events by mode.
    #[derive(Debug, Default)]
    struct Due(std::collections::BTreeMap<u32, Tick>);

    impl Pending for Due {
        fn set(&mut self, event: Event) {
            if event.time.is_never() {
                self.0.remove(&event.entity());
            } else {
                self.0.insert(event.entity(), event.time);
            }
        }
    }

    const UNITS: u32 = 6;

    fn system(crews: u32, order: Order) -> System {
        let law = |mean| Law::exponential(Hours::new(mean)).unwrap();
        let component = |i: u32| ComponentSpec {
            name: format!("c{i}"),
            units: vec![UnitSpec { name: format!("c{i}/1"), domain: None }],
            redundancy: Redundancy::None,
            per: None,
            modes: vec![ModeSpec {
                name: "crash".into(),
                time_to_failure: law(10.0),
                repair: Repair::ByCrew(CrewRepair { team: "field".into(), takes: law(1.0), priority: 1 + i % 3 }),
                effect: Effect::Down,
                clock: Clock::Operating,
                propagates: Vec::new(),
            }],
            capacity_per_unit: None,
        };
        System::build(SystemSpec {
            components: (0..UNITS).map(component).collect(),
            teams: vec![TeamSpec { name: "field".into(), crews, order }],
            ..SystemSpec::default()
        })
        .unwrap()
    }

    fn order(number: usize) -> Order {
        [
            Order::FirstCome,
            Order::Priority(Interrupt::None),
            Order::Priority(Interrupt::Resume),
            Order::Priority(Interrupt::Restart),
        ][number]
    }

    proptest! {
        /// No crew is idle while a repair waits, no repair is lost, nobody under way comes after one who waits where
        /// repairs are interrupted, and who waits says so.
        #[test]
        fn crews_work_while_repairs_wait(
            steps in prop::collection::vec((0..UNITS, 1i64..1000, 0i64..50), 1..60), crews in 1u32..4, number in 0usize..4
        ) {
            let system = system(crews, order(number));
            let board = Board::new(&system);
            let (mut team, mut out) = (Crews::of(&system), Out::new(Due::default()));
            let (mut now, mut failed, mut waits) = (Tick::ZERO, BTreeSet::new(), BTreeSet::new());
            for (mode, work, pause) in steps {
                let at = |now| Moment { system: &system, board: &board, now, replication: Replication::new(1, 0) };
                let until = now.after(Tick::new(pause));
                while let Some((done, end)) = out.pending.0.iter().map(|(m, t)| (*m, *t)).min_by_key(|&(m, t)| (t, m)) {
                    if end > until {
                        break;
                    }
                    out.pending.0.remove(&done);
                    prop_assert!(failed.remove(&done));
                    team.dismiss(done, at(end), &mut out);
                }
                now = until;
                if failed.insert(mode) {
                    team.call((mode, Tick::new(work)), |_| Tick::new(7), at(now), &mut out);
                }
                for effect in out.effects.drain(..) {
                    let of = (0..UNITS).find(|&mode| waiting_slot(mode, &system) == effect.slot).unwrap();
                    let changed = if effect.placed { waits.insert(of) } else { waits.remove(&of) };
                    prop_assert!(changed);
                }
                let Team::Queue(queue) = &team.teams[0] else { unreachable!() };
                let waiting: BTreeSet<u32> = queue.waiting.iter().map(|call| call.2).collect();
                let under_way: BTreeSet<u32> = queue.under_way.iter().map(|call| call.2).collect();
                prop_assert_eq!(&waiting, &waits);
                prop_assert_eq!(under_way.len(), failed.len().min(crews as usize));
                prop_assert_eq!(&under_way | &waiting, failed.clone());
                prop_assert_eq!(under_way, out.pending.0.keys().copied().collect::<BTreeSet<_>>());
                let ordered = number >= 2;
                let last = queue.under_way.iter().map(|call| call.0).max();
                let next = queue.waiting.iter().map(|call| call.0).min();
                prop_assert!(!ordered || next.is_none_or(|next| last.is_none_or(|last| last <= next)));
            }
        }
    }
}
