//! Failover plans: detect, decide, move, take over, give back. `docs/concepts/failover.md` draws the states.
//!
//! A plan holds the one place of its standby group. The unit in the place keeps it until the plan moves it: then the place
//! is empty until the last step has worked. Everything that happens is written down once, as a [`Happening`]; tables,
//! measures and stories are read from there.

mod attempt;
mod cover;
mod detection;
mod drill;
mod failback;
mod log;
mod readiness;
mod sight;
mod sites;
mod status;
mod steps;

pub use log::{Ending, Happening, Reason, StepEnding, Turn};
use ninefold_sim_core::stream::{Stream, StreamId};
use ninefold_sim_core::tick::Tick;

use crate::board::{Fact, FactKind, FactSet};
use crate::lifetime::Law;
use crate::mechanism::calls::Calls;
use crate::mechanism::{Kind, Mechanism, Moment, Out, Place};
use crate::replication::Bare;
use crate::system::{FailoverSpec, PlanId, PlanInstance, SlotId, System, UnitId};

use self::cover::Cover;
use self::failback::Return;
use self::readiness::Readiness;
use self::sites::Standing;
pub use self::status::Doubled;
use self::status::Status;
use self::steps::StepState;

/// What an instance is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// A unit is in the place, and nothing is under way.
    Watching,
    /// The unit in the place is lost, which is not known yet, or known and held back.
    Detecting,
    /// A person decides whether to move the place.
    Deciding,
    /// The steps are under way; the place is empty.
    Moving,
    /// A person has taken over; the place is empty.
    Overriding,
    /// The place is empty until a unit is able again.
    Waiting,
}

/// What an attempt is about.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    reason: Reason,
    /// The unit that has, or had, the place.
    from: UnitId,
}

/// The random draws of an instance.
#[derive(Debug)]
struct Draws {
    detect: Stream,
    decide: Stream,
    failback: Stream,
    called: Stream,
    readiness: Readiness,
}

/// The state of an instance.
#[derive(Debug)]
struct Instance {
    phase: Phase,
    place: Place,
    attempt: Option<Attempt>,
    /// The stage under way, and its steps that are not done.
    stage: usize,
    left: usize,
    /// When the last failover was decided.
    last: Option<Tick>,
    /// The unit which the last move took the place from, with the reason.
    moved: Option<Attempt>,
    returning: Return,
    /// Where things stand, of a plan of sites; `place` is then held by a domain.
    standing: Option<Standing>,
    status: Status,
    draws: Draws,
}

/// Every instance of every plan.
#[derive(Debug)]
pub(super) struct Failover {
    instances: Vec<Instance>,
    steps: Vec<StepState>,
    calls: Calls,
    cover: Cover,
    log: Vec<Happening>,
}

fn of(instance: PlanId, system: &System) -> &PlanInstance {
    &system.plans.instances[instance as usize]
}

fn plan(instance: PlanId, system: &System) -> &FailoverSpec {
    &system.spec.failovers[of(instance, system).plan as usize]
}

/// The stream of what happens at calls; of a plan of sites nothing is drawn from it.
fn call_stream(compiled: &PlanInstance, system: &System) -> StreamId {
    let standby = system.groups[compiled.groups[0] as usize].standby.as_ref();
    standby.map_or(compiled.detect_stream, |standby| standby.call_stream)
}

fn dormant_slot(unit: UnitId, system: &System) -> SlotId {
    system.units.units[unit as usize].dormant.expect("bug: its group stands by")
}

fn drawn(law: &Law, stream: &mut Stream, at: Moment<'_>) -> Tick {
    Tick::from_hours(law.quantile(stream.open01(at.replication)).get())
}

/// Schedules what comes after a span, if it comes before the end.
fn schedule(out: &mut Out, at: Moment<'_>, (after, kind, entity): (Tick, Kind, u32)) {
    let due = at.now.after(after);
    if due <= at.system.end {
        out.schedule(due, kind, entity);
    }
}

impl Failover {
    /// What has happened so far in this replication, in order.
    pub(super) fn log(&mut self) -> &mut Vec<Happening> {
        &mut self.log
    }

    /// Hands over when nobody could have taken over, up to the end of the replication.
    pub(super) fn hand_over_bare(&mut self, end: Tick, into: &mut Vec<Bare>) {
        self.cover.hand_over(end, into);
    }

    /// The same, to be looked at.
    pub(super) fn happened(&self) -> &[Happening] {
        &self.log
    }

    /// What was done twice so far, and what was not, by instance.
    pub(super) fn doubled(&self) -> impl Iterator<Item = Doubled> + '_ {
        self.instances.iter().map(|instance| instance.status.doubled)
    }

    fn instance(&mut self, i: PlanId) -> &mut Instance {
        &mut self.instances[i as usize]
    }

    fn note(&mut self, i: PlanId, at: Moment<'_>, turn: Turn) {
        self.log.push(Happening { at: at.now, instance: i, turn });
    }

    /// The first able unit in written order that has no place and is chosen for none, is not catching up, and has not just
    /// failed to start; or the other site, if it is fit.
    fn choose(&self, i: PlanId, at: Moment<'_>) -> Option<UnitId> {
        let compiled = of(i, at.system);
        if let Some(sites) = &compiled.sites {
            let state = &self.instances[i as usize];
            let free = |site: UnitId| state.place != Place::Filled(site) && state.returning.behind() != Some(site);
            return sites.domains.into_iter().find(|&site| self.stands(i, site, at) && free(site));
        }
        let group = &at.system.groups[compiled.groups[0] as usize];
        let free = |unit: UnitId| self.is_free(i, unit, at) && !self.calls.has_failed(unit, at.now);
        group.units.iter().copied().find(|&unit| at.board.is_able(unit) && free(unit))
    }

    /// Whether no place of its group is a unit's, or is to be, and it has all the data.
    fn is_free(&self, i: PlanId, unit: UnitId, at: Moment<'_>) -> bool {
        let taken = |other: PlanId| {
            let state = &self.instances[other as usize];
            matches!(state.place, Place::Filled(one) | Place::Switching(one) if one == unit)
                || state.returning.behind() == Some(unit)
        };
        // Its own chosen unit is lost, and that is why it chooses again.
        !at.system.plans.of_group(of(i, at.system).groups[0]).any(taken)
    }

    /// The first of those that starts when it is called.
    fn call(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) -> Option<UnitId> {
        loop {
            let unit = self.choose(i, at)?;
            if self.starts(i, unit, at, out) {
                return Some(unit);
            }
        }
    }

    /// Calls a unit that is to take the place.
    fn starts(&mut self, i: PlanId, unit: UnitId, at: Moment<'_>, out: &mut Out) -> bool {
        if self.instances[i as usize].standing.is_some() {
            return true;
        }
        let group = &at.system.groups[of(i, at.system).groups[0] as usize];
        let standby = group.standby.as_ref().expect("bug: a plan moves the place of a standby");
        let stream = &mut self.instances[i as usize].draws.called;
        self.calls.starts(unit, (standby, stream), at, out)
    }

    fn phase(&mut self, i: PlanId, phase: Phase, at: Moment<'_>, out: &mut Out) {
        let before = std::mem::replace(&mut self.instance(i).phase, phase);
        if before == phase {
            return;
        }
        if before == Phase::Deciding {
            out.cancel(Kind::PlanDecided, i);
            if let Some(job) = of(i, at.system).approval {
                out.note(FactKind::CrewFree, job);
            }
        }
        if let Some(slot) = slot_of(i, before, at.system) {
            out.lift(slot);
        }
        if let Some(slot) = slot_of(i, phase, at.system) {
            out.place(slot);
        }
    }

    fn unit_down(&mut self, i: PlanId, unit: UnitId, at: Moment<'_>, out: &mut Out) {
        let (place, phase) = (self.instance(i).place, self.instance(i).phase);
        self.home_down(i, unit, at, out);
        match (place, phase) {
            (Place::Filled(lost), Phase::Watching) if lost == unit => self.lost(i, unit, at, out),
            (Place::Filled(lost), Phase::Deciding) if lost == unit => self.becomes_true(i, at, out),
            (Place::Switching(lost), Phase::Moving) if lost == unit => self.target_lost(i, at, out),
            _ => {}
        }
    }

    /// A unit of a group is able again: who holds it hears of it, else all, until one fills its place with it.
    fn member_up(&mut self, unit: UnitId, at: Moment<'_>, out: &mut Out) {
        let all = at.system.plans.of_group(at.system.group_of[unit as usize]);
        let holds =
            |i: PlanId, state: &Self| matches!(state.instances[i as usize].place, Place::Filled(one) if one == unit);
        if let Some(holder) = all.clone().find(|&i| holds(i, self)) {
            return self.unit_up(holder, unit, at, out);
        }
        for i in all {
            self.unit_up(i, unit, at, out);
            if holds(i, self) {
                return;
            }
        }
    }

    fn unit_up(&mut self, i: PlanId, unit: UnitId, at: Moment<'_>, out: &mut Out) {
        let (place, phase) = (self.instance(i).place, self.instance(i).phase);
        match (place, phase) {
            (Place::Filled(back), Phase::Detecting | Phase::Deciding) if back == unit => {
                self.end(i, (Ending::Recovered, unit), at, out);
            }
            (Place::Waiting, Phase::Waiting | Phase::Overriding)
                if self.instance(i).returning.behind() != Some(unit) =>
            {
                self.fill(i, (Ending::ByRepair, unit), at, out);
            }
            _ => self.home_up(i, unit, at, out),
        }
    }
}

/// The slot that says which phase an instance is in, where downtime is put down to it.
fn slot_of(i: PlanId, phase: Phase, system: &System) -> Option<SlotId> {
    let first = system.units.plan_slots.get(i as usize)?;
    let place = match phase {
        Phase::Watching | Phase::Waiting => return None,
        Phase::Detecting => 0,
        Phase::Deciding => 1,
        Phase::Moving => 2,
        Phase::Overriding => 3,
    };
    Some(first + place)
}

impl Mechanism for Failover {
    const LISTENS: FactSet = FactSet::of(&[FactKind::UnitDown, FactKind::UnitUp, FactKind::CrewCame]);

    fn new(system: &System) -> Self {
        let instance = |compiled: &PlanInstance| Instance {
            phase: Phase::Watching,
            place: Place::Waiting,
            attempt: None,
            stage: 0,
            left: 0,
            last: None,
            moved: None,
            returning: Return::default(),
            standing: compiled.sites.as_ref().map(Standing::new),
            status: Status::of(compiled),
            draws: Draws {
                detect: Stream::new(compiled.detect_stream),
                decide: Stream::new(compiled.decide_stream),
                failback: Stream::new(compiled.failback_stream),
                called: Stream::new(call_stream(compiled, system)),
                readiness: Readiness::new(compiled.test_stream),
            },
        };
        Self {
            instances: system.plans.instances.iter().map(instance).collect(),
            steps: system.plans.steps.iter().map(StepState::of).collect(),
            calls: Calls::new(system.units.replicas),
            cover: Cover::new(system.plans.instances.len()),
            log: Vec::new(),
        }
    }

    fn listens(&self) -> FactSet {
        if self.instances.is_empty() { FactSet::NONE } else { Self::LISTENS }
    }

    /// The first unit in written order has the place; the others stand by.
    fn start(&mut self, at: Moment<'_>, out: &mut Out) {
        self.log.clear();
        self.cover.start();
        self.calls.forget();
        self.steps.iter_mut().for_each(StepState::rewind);
        for i in 0..self.instances.len() as PlanId {
            let compiled = of(i, at.system);
            let units = &at.system.groups[compiled.groups[0] as usize].units;
            let spec = plan(i, at.system);
            let first = compiled.sites.as_ref().map_or(units[compiled.place as usize], |sites| sites.domains[0]);
            let state = self.instance(i);
            (state.phase, state.place) = (Phase::Watching, Place::Filled(first));
            (state.attempt, state.last, state.moved) = (None, None, None);
            state.returning = Return::default();
            state.status.start();
            state.draws.detect.rewind();
            state.draws.decide.rewind();
            state.draws.failback.rewind();
            state.draws.called.rewind();
            state.draws.readiness.start(spec.test.as_ref(), at.replication);
            self.stand_by_at_first(i, at, out);
            self.await_false_alarm(i, at, out);
            self.await_test(i, at, out);
            self.look_at_cover(i, at);
        }
    }

    fn event(&mut self, kind: Kind, entity: u32, at: Moment<'_>, out: &mut Out) {
        match kind {
            Kind::PlanAlarm => self.alarm(entity, at, out),
            Kind::PlanDecided => self.decision_ends(entity, at, out),
            Kind::PlanStepEnds => self.step_ends(entity, at, out),
            Kind::PlanTakenOver => self.take_over(entity, at, out),
            Kind::PlanOverridden => self.override_ends(entity, at, out),
            Kind::PlanReturns => self.return_goes_on(entity, at, out),
            _ => self.test_is_due(entity, at, out),
        }
        let i = if kind == Kind::PlanStepEnds { at.system.plans.steps[entity as usize].instance } else { entity };
        self.look_at_cover(i, at);
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        if fact.kind == FactKind::CrewCame {
            return self.crew_came(fact.subject, at, out);
        }
        if at.system.units.is_domain(fact.subject) {
            self.control_plane_changed(at, out);
            return self.domain_turned(fact.subject, at, out);
        }
        let all = at.system.plans.of_group(at.system.group_of[fact.subject as usize]);
        let together = all.clone().find(|&i| self.instances[i as usize].standing.is_some());
        match (together, fact.kind) {
            (Some(i), _) => self.sites_turned(i, at, out),
            (None, FactKind::UnitDown) => all.for_each(|i| self.unit_down(i, fact.subject, at, out)),
            (None, _) => self.member_up(fact.subject, at, out),
        }
        at.system.plans.of_group(at.system.group_of[fact.subject as usize]).for_each(|i| self.look_at_cover(i, at));
    }
}
