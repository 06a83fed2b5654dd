//! Repair crews: which repairs of a team are under way, which wait, and which is next.
//!
//! A repair has its work, drawn at the failure. At one instant repairs are called for in the order in which the failures
//! happen: in order of units, a failure before those it brings with it. No crew that works is idle while a repair waits.
//!
//! Steps and decisions of failover plans call for crews too. They stand in the same queue, numbered after all modes, and
//! keep their crew until the plan lets it go.

use std::collections::VecDeque;

use ninefold_sim_core::tick::Tick;

use crate::board::FactKind;
use crate::mechanism::crew_tally::{Crewed, Span};
use crate::mechanism::sharing::Sharing;
use crate::mechanism::{Kind, Moment, Out, Pending};
use crate::system::{Interrupt, JobId, ModeId, Order, System};

/// The crews of every team.
#[derive(Debug)]
pub(super) struct Crews {
    pub(super) teams: Vec<Team>,
    /// For each team, what has been counted, and until when.
    tallies: Vec<(Crewed, Span)>,
    /// For each mode, the work its repair still needs, while it waits.
    left: Vec<Tick>,
    /// For each mode, when its repair ends, while it is under way.
    ends: Vec<Tick>,
    /// For each mode, whether its repair stands still, under way or waiting.
    pub(super) halted: Vec<bool>,
}

#[derive(Debug)]
pub(super) enum Team {
    Queue(Queue),
    Sharing(Sharing),
}

/// A repair in a queue: priority, number of its call, mode.
pub(super) type Call = (u32, u64, ModeId);

/// A team whose crews each do one repair at a time.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) crews: usize,
    pub(super) order: Order,
    calls: u64,
    /// Whether it works now.
    pub(super) open: bool,
    /// Repairs under way, in no order.
    pub(super) under_way: Vec<Call>,
    /// Ascending: the next is in front, where it is not chosen.
    pub(super) waiting: VecDeque<Call>,
}

impl Crews {
    /// The crews of a system.
    pub(super) fn of(system: &System) -> Self {
        let team = |team: &crate::system::TeamSpec| match team.order {
            Order::Shared => Team::Sharing(Sharing::new(team.crews)),
            order => Team::Queue(Queue::new(team.crews, order)),
        };
        let works = system.units.modes.len() + system.plans.jobs.len();
        let modes = if system.spec.teams.is_empty() { 0 } else { works };
        Self {
            teams: system.spec.teams.iter().map(team).collect(),
            tallies: vec![(Crewed::default(), Span::new()); system.spec.teams.len()],
            left: vec![Tick::ZERO; modes],
            ends: vec![Tick::NEVER; modes],
            halted: vec![false; modes],
        }
    }

    /// Nothing is under way and nothing waits.
    pub(super) fn clear(&mut self, system: &System) {
        self.halted.fill(false);
        self.tallies.fill((Crewed::default(), Span::new()));
        for (team, hours) in self.teams.iter_mut().zip(&system.crew_hours) {
            match team {
                Team::Sharing(sharing) => sharing.clear(),
                Team::Queue(queue) => {
                    queue.calls = 0;
                    queue.open = hours.as_ref().is_none_or(|hours| hours.open_at_start);
                    queue.under_way.clear();
                    queue.waiting.clear();
                }
            }
        }
    }

    /// Counts until now, before a team takes something up or lets it go.
    pub(super) fn count(&mut self, team: usize, at: Moment<'_>) {
        let ticks = self.tallies[team].1.passed(at);
        self.add(team, ticks);
    }

    fn add(&mut self, team: usize, ticks: i128) {
        let (there, busy, waiting) = match &self.teams[team] {
            Team::Sharing(sharing) => (sharing.crews(), sharing.at_work(), 0),
            Team::Queue(queue) if queue.open => (queue.crews, queue.under_way.len(), queue.waiting.len()),
            Team::Queue(queue) => (0, 0, queue.waiting.len() + queue.under_way.len()),
        };
        let (counted, _) = &mut self.tallies[team];
        counted.there += ticks * there as i128;
        counted.busy += ticks * busy as i128;
        counted.waiting += ticks * waiting as i128;
    }

    /// What was counted until the end of the replication.
    pub(super) fn counted(&mut self, end: Tick, warmup: Tick) -> impl Iterator<Item = Crewed> + '_ {
        (0..self.teams.len()).map(move |team| {
            let ticks = self.tallies[team].1.until(end, warmup);
            self.add(team, ticks);
            self.tallies[team].0
        })
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
        self.count(team, at);
        self.tallies[team].0.calls += i64::from(at.now >= at.system.warmup);
        let queue = match &mut self.teams[team] {
            Team::Sharing(sharing) => return sharing.call((mode, work), at, out),
            Team::Queue(queue) => queue,
        };
        let call = (priority, queue.calls, mode);
        queue.calls += 1;
        self.left[mode as usize] = work;
        if !queue.open || queue.order.chooses() {
            self.wait(team, call, at, out);
            return self.take_up(team, at, out);
        }
        if queue.under_way.len() < queue.crews {
            return self.begin(team, call, at, out);
        }
        let Some(last) = queue.last_to_interrupt(priority) else { return self.wait(team, call, at, out) };
        let interrupted = queue.under_way.swap_remove(last);
        let again = queue.order == Order::Priority(Interrupt::Restart);
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

    /// A plan calls for a crew.
    pub(super) fn call_job<P: Pending>(&mut self, job: JobId, at: Moment<'_>, out: &mut Out<P>) {
        self.call((job_call(job, at.system), Tick::NEVER), |_| Tick::NEVER, at, out);
    }

    /// A plan lets its crew go, or waits for none any longer.
    pub(super) fn dismiss_job<P: Pending>(&mut self, job: JobId, at: Moment<'_>, out: &mut Out<P>) {
        let call = job_call(job, at.system);
        let (team, _) = crew_of(call, at.system);
        self.count(team, at);
        let Team::Queue(queue) = &mut self.teams[team] else { return };
        if let Some(place) = queue.waiting.iter().position(|&(_, _, of)| of == call) {
            queue.waiting.remove(place);
        } else if queue.under_way.iter().any(|&(_, _, of)| of == call) {
            self.dismiss(call, at, out);
        }
    }

    /// A repair has ended, and its crew takes up the next.
    pub(super) fn dismiss<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let (team, _) = crew_of(mode, at.system);
        self.count(team, at);
        let queue = match &mut self.teams[team] {
            Team::Sharing(sharing) => return sharing.dismiss(mode, at, out),
            Team::Queue(queue) => queue,
        };
        let done = queue.under_way.iter().position(|&(_, _, of)| of == mode);
        queue.under_way.swap_remove(done.expect("bug: only what is under way ends"));
        self.take_up(team, at, out);
    }

    /// A crew takes up what waited.
    pub(super) fn take<P: Pending>(&mut self, team: usize, next: Call, at: Moment<'_>, out: &mut Out<P>) {
        if let Some(slot) = waiting_slot(next.2, at.system) {
            out.lift(slot);
        }
        self.begin(team, next, at, out);
    }

    fn begin<P: Pending>(&mut self, team: usize, call: Call, at: Moment<'_>, out: &mut Out<P>) {
        let Team::Queue(queue) = &mut self.teams[team] else { return };
        queue.under_way.push(call);
        let (_, _, mode) = call;
        if let Some(job) = job_of(mode, at.system) {
            return out.note(FactKind::CrewCame, job);
        }
        if !self.halted[mode as usize] {
            self.runs(mode, at, out);
        }
    }

    /// What is left of a repair runs down from now on.
    pub(super) fn runs<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let end = at.now.after(self.left[mode as usize]);
        self.ends[mode as usize] = end;
        if end <= at.system.end {
            out.schedule(end, Kind::Repaired, mode);
        }
    }

    /// A repair that runs stands still from now on; what is left of it is kept.
    pub(super) fn rests<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let end = self.ends[mode as usize];
        self.left[mode as usize] = if end.is_never() { end } else { end.since(at.now) };
        out.cancel(Kind::Repaired, mode);
    }

    /// A repair stands still; a crew that does it stays.
    pub(super) fn halt<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let (team, _) = crew_of(mode, at.system);
        match &mut self.teams[team] {
            Team::Sharing(sharing) => sharing.halt(mode, at, out),
            Team::Queue(queue) => {
                if queue.open && queue.is_under_way(mode) && !self.halted[mode as usize] {
                    self.rests(mode, at, out);
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
                let runs = queue.open && queue.is_under_way(mode) && self.halted[mode as usize];
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
        if let Some(slot) = waiting_slot(call.2, at.system) {
            out.place(slot);
        }
    }
}

impl Queue {
    fn new(crews: u32, order: Order) -> Self {
        let crews = crews as usize;
        Self { crews, order, calls: 0, open: true, under_way: Vec::new(), waiting: VecDeque::new() }
    }

    fn is_under_way(&self, mode: ModeId) -> bool {
        self.under_way.iter().any(|&(_, _, of)| of == mode)
    }

    /// The repair under way that gives way to one of this priority: the last in order, if it comes after.
    fn last_to_interrupt(&self, priority: u32) -> Option<usize> {
        if !matches!(self.order, Order::Priority(Interrupt::Resume | Interrupt::Restart)) {
            return None;
        }
        let last = (0..self.under_way.len()).max_by_key(|&place| self.under_way[place])?;
        (self.under_way[last].0 > priority).then_some(last)
    }
}

/// How the call of a job is numbered.
const fn job_call(job: JobId, system: &System) -> ModeId {
    system.units.modes.len() as ModeId + job
}

/// The job whose call this is.
pub(super) const fn job_of(call: ModeId, system: &System) -> Option<JobId> {
    call.checked_sub(system.units.modes.len() as ModeId)
}

fn crew_of(mode: ModeId, system: &System) -> (usize, u32) {
    if let Some(job) = job_of(mode, system) {
        return (system.plans.jobs[job as usize] as usize, 1);
    }
    let crew = system.units.modes[mode as usize].crew.expect("bug: only what a team repairs calls it");
    (crew.team as usize, crew.priority)
}

/// The slot that says that a repair waits; a plan says itself that it does.
pub(super) fn waiting_slot(mode: ModeId, system: &System) -> Option<u32> {
    let mode = system.units.modes.get(mode as usize)?;
    Some(mode.crew.expect("bug: only what a team repairs waits").waiting)
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
                repair: Repair::ByCrew(CrewRepair::new("field", law(1.0), 1 + i % 3)),
                effect: Effect::Down,
                clock: Clock::Operating,
                propagates: Vec::new(),
            }],
            capacity_per_unit: None,
        };
        System::build(SystemSpec {
            components: (0..UNITS).map(component).collect(),
            teams: vec![TeamSpec::new("field", crews, order)],
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
            Order::LossRate,
            Order::CMu,
        ][number]
    }

    proptest! {
        /// No crew is idle while a repair waits, no repair is lost, nobody under way comes after one who waits where
        /// repairs are interrupted, and who waits says so.
        #[test]
        fn crews_work_while_repairs_wait(
            steps in prop::collection::vec((0..UNITS, 1i64..1000, 0i64..50), 1..60), crews in 1u32..4, number in 0usize..6
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
                    out.notes.drain(..).collect::<Vec<_>>().iter().for_each(|_| team.choose(0, at(end), &mut out));
                }
                now = until;
                if failed.insert(mode) {
                    team.call((mode, Tick::new(work)), |_| Tick::new(7), at(now), &mut out);
                    out.notes.drain(..).collect::<Vec<_>>().iter().for_each(|_| team.choose(0, at(now), &mut out));
                }
                for effect in out.effects.drain(..) {
                    let of = (0..UNITS).find(|&mode| waiting_slot(mode, &system) == Some(effect.slot)).unwrap();
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
                let ordered = (2..4).contains(&number);
                let last = queue.under_way.iter().map(|call| call.0).max();
                let next = queue.waiting.iter().map(|call| call.0).min();
                prop_assert!(!ordered || next.is_none_or(|next| last.is_none_or(|last| last <= next)));
            }
        }
    }
}
