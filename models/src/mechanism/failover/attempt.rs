//! An attempt: from the loss of a unit, a false alarm, a test or a failback until the place is filled and at rest.

use ninefold_sim_core::tick::Tick;

use super::detection::rounds_until;
use super::{Attempt, Ending, Failover, Phase, Reason, Turn, dormant_slot, drawn, of, plan, schedule};
use crate::board::FactKind;
use crate::mechanism::{Kind, Moment, Out, Place};
use crate::system::{PlanId, UnitId};

impl Failover {
    /// The unit in the place is lost, which the trigger will find out, and a person if nobody does.
    pub(super) fn lost(&mut self, i: PlanId, unit: UnitId, at: Moment<'_>, out: &mut Out) {
        self.begin(i, (Reason::True, unit), at, out);
        self.phase(i, Phase::Detecting, at, out);
        self.await_override(i, at, out);
        self.detect(i, unit, at, out);
    }

    /// Draws when the trigger finds out that the unit is lost.
    pub(super) fn detect(&mut self, i: PlanId, unit: UnitId, at: Moment<'_>, out: &mut Out) {
        let trigger = &plan(i, at.system).trigger;
        let round = self.round_on_lost(i, unit, at);
        let draw = &mut self.instances[i as usize].draws.detect;
        let seen = match trigger.probe {
            None if round <= 0.0 => f64::INFINITY,
            None => trigger.lasts.get(),
            Some(probe) => {
                let until_next = draw.open01(at.replication) * probe.every.get();
                let rounds = rounds_until(round, trigger.rounds(), (draw, at.replication));
                until_next + (rounds - 1.0) * probe.every.get() + trigger.after_the_last().get()
            }
        };
        out.cancel(Kind::PlanAlarm, i);
        if let Some(standing) = &mut self.instance(i).standing {
            standing.unseen = !seen.is_finite();
        }
        if seen.is_finite() {
            schedule(out, at, (Tick::from_hours(seen), Kind::PlanAlarm, i));
        }
    }

    /// While a person makes up their mind about a false alarm, the unit is lost indeed.
    pub(super) fn becomes_true(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        if let Some(attempt) = &mut self.instance(i).attempt {
            attempt.reason = Reason::True;
            self.note(i, at, Turn::LostIndeed);
            self.await_override(i, at, out);
        }
    }

    pub(super) fn begin(&mut self, i: PlanId, (reason, from): (Reason, UnitId), at: Moment<'_>, out: &mut Out) {
        self.pause_return(i, at, out);
        self.instance(i).attempt = Some(Attempt { reason, from });
        self.note(i, at, Turn::Started { reason, from });
        self.publish(i, at);
    }

    fn await_override(&self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        if let Some(person) = &plan(i, at.system).taken_over {
            schedule(out, at, (Tick::from_hours(person.manual_after.get()), Kind::PlanTakenOver, i));
        }
    }

    /// Draws when the trigger next raises a false alarm, were the unit in the place to stay able.
    pub(super) fn await_false_alarm(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        let trigger = &plan(i, at.system).trigger;
        let Some(probe) = trigger.probe else { return };
        let p = trigger.round(false);
        if p <= 0.0 {
            return;
        }
        let draw = &mut self.instances[i as usize].draws.detect;
        let rounds = rounds_until(p, trigger.rounds(), (draw, at.replication));
        let hours = rounds * probe.every.get() + trigger.after_the_last().get();
        if hours.is_finite() {
            schedule(out, at, (Tick::from_hours(hours).max(Tick::new(1)), Kind::PlanAlarm, i));
        }
    }

    /// The trigger has seen enough.
    pub(super) fn alarm(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        let Place::Filled(unit) = self.instance(i).place else { return };
        let wait = self.held_back(i, at);
        if self.instance(i).phase == Phase::Detecting {
            return match wait {
                Some(wait) => schedule(out, at, (wait, Kind::PlanAlarm, i)),
                None => self.decide(i, at, out),
            };
        }
        // A false alarm that comes too early has passed when another failover could begin.
        if wait.is_some() || self.instance(i).phase != Phase::Watching {
            return self.await_false_alarm(i, at, out);
        }
        let state = self.instance(i);
        let flaps = state.moved.filter(|moved| matches!(moved.reason, Reason::False | Reason::Flap));
        let back = flaps.filter(|moved| self.stands(i, moved.from, at));
        let reason = if back.is_some() { Reason::Flap } else { Reason::False };
        self.begin(i, (reason, unit), at, out);
        self.decide(i, at, out);
    }

    /// How long the least interval between failovers still holds one back.
    fn held_back(&mut self, i: PlanId, at: Moment<'_>) -> Option<Tick> {
        let least = Tick::from_hours(plan(i, at.system).trigger.min_interval.get());
        let since = at.now.since(self.instance(i).last?);
        (since < least).then(|| least.since(since))
    }

    fn decide(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        let compiled = of(i, at.system);
        if compiled.automatic {
            return self.act(i, at, out);
        }
        self.phase(i, Phase::Deciding, at, out);
        self.note(i, at, Turn::Deciding);
        match compiled.approval {
            Some(job) => out.note(FactKind::CrewWanted, job),
            None => self.make_up_mind(i, Tick::ZERO, at, out),
        }
    }

    /// A person decides from now on, for at least so long.
    pub(super) fn make_up_mind(&mut self, i: PlanId, least: Tick, at: Moment<'_>, out: &mut Out) {
        let person = plan(i, at.system).taken_over.as_ref().expect("bug: a plan with a person who decides has one");
        let takes = drawn(&person.decide, &mut self.instances[i as usize].draws.decide, at);
        let approver = plan(i, at.system).authority.approver.as_deref();
        let team = approver.filter(|_| self.instance(i).phase == Phase::Deciding);
        let takes = self.once_or_twice(i, (team, takes), at);
        let kind = if self.instance(i).phase == Phase::Overriding { Kind::PlanOverridden } else { Kind::PlanDecided };
        schedule(out, at, (takes.max(least), kind, i));
    }

    fn decides_wrongly(&mut self, i: PlanId, at: Moment<'_>) -> bool {
        let person = plan(i, at.system).taken_over.as_ref().expect("bug: a plan with a person who decides has one");
        self.instances[i as usize].draws.decide.open01(at.replication) < person.wrong_decision
    }

    /// A person has decided: a true alarm that is taken for a false one is decided again, a false one that is taken for a
    /// true one moves the place.
    pub(super) fn decision_ends(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        let (Phase::Deciding, Place::Filled(unit)) = (self.instance(i).phase, self.instance(i).place) else { return };
        let (wrong, lost) = (self.decides_wrongly(i, at), !self.stands(i, unit, at));
        if wrong {
            self.note(i, at, Turn::WrongDecision);
        }
        if wrong && lost {
            return self.make_up_mind(i, Tick::new(1), at, out);
        }
        if wrong || lost { self.act(i, at, out) } else { self.end(i, (Ending::Dismissed, unit), at, out) }
    }

    /// Empties the place and begins the steps, if there is a unit to move it to.
    pub(super) fn act(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        let Place::Filled(from) = self.instance(i).place else { return };
        let home = self.instance(i).returning.home();
        let reason = self.instance(i).attempt.map_or(Reason::True, |attempt| attempt.reason);
        let able = home.filter(|&home| self.stands(i, home, at));
        let chosen = match (reason, able) {
            (Reason::Failback, Some(home)) => self.starts(i, home, at, out).then_some(home),
            (Reason::Failback, None) => None,
            _ => self.call(i, at, out),
        };
        let lost = !self.stands(i, from, at);
        let Some(target) = chosen else {
            if lost {
                self.empty(i, from, at, out);
                self.nobody_left(i, at, out);
            } else {
                self.end(i, (Ending::Dismissed, from), at, out);
            }
            return;
        };
        self.empty(i, from, at, out);
        if reason != Reason::True {
            self.await_override(i, at, out);
        }
        let state = self.instance(i);
        state.last = Some(at.now);
        state.place = Place::Switching(target);
        self.phase(i, Phase::Moving, at, out);
        self.note(i, at, Turn::Decided(target));
        let test = plan(i, at.system).test.as_ref();
        if self.instances[i as usize].draws.readiness.meets_defect(test, at.now, at.replication) {
            self.note(i, at, Turn::Defect);
            return self.escalate(i, at, out);
        }
        self.begin_stage(i, 0, at, out);
    }

    fn empty(&mut self, i: PlanId, from: UnitId, at: Moment<'_>, out: &mut Out) {
        out.cancel(Kind::PlanAlarm, i);
        self.instance(i).place = Place::Waiting;
        if self.standing(i) {
            return self.leave_site(i, at, out);
        }
        out.place(dormant_slot(from, at.system));
        out.note(FactKind::StoodDown, from);
    }

    fn nobody_left(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        self.instance(i).place = Place::Waiting;
        self.phase(i, Phase::Waiting, at, out);
        self.note(i, at, Turn::NobodyLeft);
    }

    /// The unit that was to take the place is lost: the steps begin anew with the next.
    pub(super) fn target_lost(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        self.give_up_steps(i, at, out);
        if self.roll_back(i, at, out) {
            return;
        }
        match self.call(i, at, out) {
            Some(next) => {
                self.instance(i).place = Place::Switching(next);
                self.note(i, at, Turn::Instead(next));
                self.begin_stage(i, 0, at, out);
            }
            None => self.nobody_left(i, at, out),
        }
    }

    /// The plan does not work: whoever had the place and is able takes it again, or a person takes over, or the first unit
    /// that is able again takes it.
    pub(super) fn escalate(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        self.give_up_steps(i, at, out);
        if self.roll_back(i, at, out) {
            return;
        }
        if plan(i, at.system).taken_over.is_some() {
            return self.take_over(i, at, out);
        }
        self.instance(i).place = Place::Waiting;
        self.phase(i, Phase::Waiting, at, out);
    }

    /// After a false alarm, a test or a failback the unit that had the place can have it again.
    fn roll_back(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) -> bool {
        let attempt = self.instance(i).attempt;
        let free = |from: UnitId| self.standing(i) || self.is_free(i, from, at);
        let able = |one: &Attempt| self.stands(i, one.from, at) && free(one.from);
        let Some(back) = attempt.filter(|attempt| attempt.reason != Reason::True && able(attempt)) else {
            return false;
        };
        self.fill(i, (Ending::RolledBack, back.from), at, out);
        true
    }

    /// A person takes over: what the plan is at is given up.
    pub(super) fn take_over(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        out.cancel(Kind::PlanTakenOver, i);
        match (self.instance(i).phase, self.instance(i).place) {
            (Phase::Detecting | Phase::Deciding, Place::Filled(from)) => {
                self.empty(i, from, at, out);
            }
            (Phase::Moving, _) => self.give_up_steps(i, at, out),
            _ => return,
        }
        self.instance(i).place = Place::Waiting;
        self.phase(i, Phase::Overriding, at, out);
        self.note(i, at, Turn::TakenOver);
        self.make_up_mind(i, Tick::ZERO, at, out);
    }

    /// The person has decided; whoever is able gets the place.
    pub(super) fn override_ends(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        if self.instance(i).phase != Phase::Overriding {
            return;
        }
        if self.decides_wrongly(i, at) {
            self.note(i, at, Turn::WrongDecision);
            return self.make_up_mind(i, Tick::new(1), at, out);
        }
        match self.call(i, at, out) {
            Some(unit) => self.fill(i, (Ending::ByHand, unit), at, out),
            None => self.nobody_left(i, at, out),
        }
    }

    /// A unit takes the place.
    pub(super) fn fill(&mut self, i: PlanId, (how, unit): (Ending, UnitId), at: Moment<'_>, out: &mut Out) {
        self.instance(i).place = Place::Filled(unit);
        if self.standing(i) {
            self.arrive(i, unit, at, out);
        } else {
            out.lift(dormant_slot(unit, at.system));
            out.note(FactKind::Activated, unit);
        }
        self.end(i, (how, unit), at, out);
    }

    /// The attempt is over, and the plan watches again.
    pub(super) fn end(&mut self, i: PlanId, (how, unit): (Ending, UnitId), at: Moment<'_>, out: &mut Out) {
        out.cancel(Kind::PlanTakenOver, i);
        out.cancel(Kind::PlanOverridden, i);
        out.cancel(Kind::PlanAlarm, i);
        self.note(i, at, Turn::Ended { how, to: unit });
        self.phase(i, Phase::Watching, at, out);
        let attempt = self.instance(i).attempt.take();
        if let Some(attempt) = attempt.filter(|attempt| attempt.from != unit) {
            self.instance(i).moved = Some(attempt);
        }
        self.after_move(i, (attempt, how, unit), at, out);
        self.await_false_alarm(i, at, out);
    }
}
