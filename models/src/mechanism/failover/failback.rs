//! Failback: the unit that lost the place proves stable, catches up, is looked at, and gets the place again.

use ninefold_sim_core::tick::Tick;

use super::{Attempt, Ending, Failover, Phase, Reason, Turn, drawn, plan, schedule};
use crate::mechanism::{Kind, Moment, Out, Place};
use crate::system::{Failback, PlanId, UnitId};
use crate::units::Hours;

/// How far the unit that lost the place is on its way back.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Return {
    /// Whose place it was, while it is to go back.
    home: Option<UnitId>,
    /// When it lost the place.
    since: Tick,
    stage: Stage,
    /// It has to catch up before it may have the place by failover.
    behind: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// It is not able, another attempt is under way, or it never will be ready.
    #[default]
    Away,
    /// It is able, and that is to last.
    Stable,
    /// It catches up.
    Resyncing,
    /// Its data are looked at.
    Validating,
    /// It is ready, and the window is not open yet.
    Ready,
    /// A person is about to set it off.
    ByHand,
}

impl Return {
    /// The unit that is to get the place again.
    pub(super) const fn home(&self) -> Option<UnitId> {
        self.home
    }

    /// The unit that has to catch up.
    pub(super) fn behind(&self) -> Option<UnitId> {
        self.home.filter(|_| self.behind)
    }
}

fn failback<'a>(i: PlanId, at: Moment<'a>) -> Option<&'a Failback> {
    plan(i, at.system).failback.as_ref()
}

impl Failover {
    /// The place is at rest again after an attempt.
    pub(super) fn after_move(
        &mut self,
        i: PlanId,
        (attempt, how, unit): (Option<Attempt>, Ending, UnitId),
        at: Moment<'_>,
        out: &mut Out,
    ) {
        let Some(spec) = failback(i, at) else { return };
        let failback = attempt.is_some_and(|attempt| attempt.reason == Reason::Failback);
        let gave_up = failback && how == Ending::RolledBack;
        let returning = &mut self.instance(i).returning;
        if returning.home == Some(unit) || gave_up {
            // It is where it belongs, or its way back did not work and is not tried again.
            *returning = Return::default();
        } else if let Some(attempt) = attempt.filter(|attempt| attempt.from != unit && returning.home.is_none()) {
            *returning =
                Return { home: Some(attempt.from), since: at.now, stage: Stage::Away, behind: spec.resync.is_some() };
            if spec.resync.is_some() {
                self.note(i, at, Turn::FellBehind(attempt.from));
            }
        }
        self.home_is_able(i, at, out);
    }

    /// Another attempt comes first.
    pub(super) fn pause_return(&mut self, i: PlanId, _: Moment<'_>, out: &mut Out) {
        self.instance(i).returning.stage = Stage::Away;
        out.cancel(Kind::PlanReturns, i);
    }

    pub(super) fn home_down(&mut self, i: PlanId, unit: UnitId, at: Moment<'_>, out: &mut Out) {
        if self.instance(i).returning.home == Some(unit) {
            self.pause_return(i, at, out);
        }
    }

    pub(super) fn home_up(&mut self, i: PlanId, unit: UnitId, at: Moment<'_>, out: &mut Out) {
        if self.instance(i).returning.home == Some(unit) {
            self.home_is_able(i, at, out);
        }
    }

    fn home_is_able(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        let home = self.instance(i).returning.home;
        let able = |&home: &UnitId| self.stands(i, home, at) && !self.calls.has_failed(home, at.now);
        let Some(home) = home.filter(able) else { return };
        let (Some(spec), Phase::Watching) = (failback(i, at), self.instance(i).phase) else { return };
        if self.instance(i).place != Place::Filled(home) {
            self.instance(i).returning.stage = Stage::Stable;
            schedule(out, at, (Tick::from_hours(spec.after_stable.get()), Kind::PlanReturns, i));
        }
    }

    /// What the returning unit was at is over.
    pub(super) fn return_goes_on(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        let Some(spec) = failback(i, at) else { return };
        match self.instance(i).returning.stage {
            Stage::Away => {}
            Stage::Stable => self.resync(i, spec, at, out),
            Stage::Resyncing => {
                self.instance(i).returning.behind = false;
                self.note(i, at, Turn::Resynced);
                self.validate(i, spec, at, out);
            }
            Stage::Validating => self.validated(i, spec, at, out),
            Stage::Ready if spec.by_hand => self.by_hand(i, at, out),
            Stage::Ready | Stage::ByHand => self.goes_back(i, at, out),
        }
    }

    fn resync(&mut self, i: PlanId, spec: &Failback, at: Moment<'_>, out: &mut Out) {
        let returning = self.instance(i).returning;
        let Some(resync) = spec.resync.filter(|_| returning.behind) else { return self.validate(i, spec, at, out) };
        let takes = resync.takes(Hours::new(at.now.since(returning.since).hours()));
        self.instance(i).returning.stage = Stage::Resyncing;
        self.note(i, at, Turn::Resyncing { ends: takes.is_some() });
        if let Some(takes) = takes {
            schedule(out, at, (Tick::from_hours(takes.get()).max(Tick::new(1)), Kind::PlanReturns, i));
        }
    }

    fn validate(&mut self, i: PlanId, spec: &Failback, at: Moment<'_>, out: &mut Out) {
        let Some(check) = &spec.validate else { return self.ready(i, spec, at, out) };
        self.instance(i).returning.stage = Stage::Validating;
        let takes = drawn(&check.takes, &mut self.instances[i as usize].draws.failback, at);
        schedule(out, at, (takes, Kind::PlanReturns, i));
    }

    fn validated(&mut self, i: PlanId, spec: &Failback, at: Moment<'_>, out: &mut Out) {
        let check = spec.validate.as_ref().expect("bug: what is looked at is to be looked at");
        let draw = &mut self.instances[i as usize].draws.failback;
        let (diverged, found) = (draw.open01(at.replication), draw.open01(at.replication));
        if diverged >= check.diverges {
            return self.ready(i, spec, at, out);
        }
        if found >= check.detects {
            self.note(i, at, Turn::DivergenceMissed);
            return self.ready(i, spec, at, out);
        }
        self.note(i, at, Turn::DivergenceFound);
        self.resync_anew(i, spec, at, out);
    }

    /// What has diverged is given anew; where nothing is to be given, it is only looked at again.
    fn resync_anew(&mut self, i: PlanId, spec: &Failback, at: Moment<'_>, out: &mut Out) {
        if let (true, Some(home)) = (spec.resync.is_some(), self.instance(i).returning.home) {
            self.instance(i).returning.behind = true;
            self.note(i, at, Turn::FellBehind(home));
            return self.resync(i, spec, at, out);
        }
        let check = spec.validate.as_ref().expect("bug: what is looked at is to be looked at");
        let takes = drawn(&check.takes, &mut self.instances[i as usize].draws.failback, at);
        schedule(out, at, (takes.max(Tick::new(1)), Kind::PlanReturns, i));
    }

    /// Ready; it goes on when the window is open.
    fn ready(&mut self, i: PlanId, spec: &Failback, at: Moment<'_>, out: &mut Out) {
        self.instance(i).returning.stage = Stage::Ready;
        let Some(open) = &spec.open else { return self.return_goes_on(i, at, out) };
        let now = at.now.hours();
        let next = open.partition_point(|span| span.1.get() <= now);
        match open.get(next) {
            Some(span) if span.0.get() <= now => self.return_goes_on(i, at, out),
            Some(span) => out_at(out, at, (span.0, i)),
            None => {}
        }
    }

    fn by_hand(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        let person = plan(i, at.system).taken_over.as_ref().expect("bug: a plan with a person who decides has one");
        self.instance(i).returning.stage = Stage::ByHand;
        let takes = drawn(&person.decide, &mut self.instances[i as usize].draws.failback, at);
        schedule(out, at, (takes, Kind::PlanReturns, i));
    }

    fn goes_back(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        let Place::Filled(unit) = self.instance(i).place else { return };
        let home = self.instance(i).returning.home;
        // Another place may have taken it meanwhile.
        if home.is_some_and(|home| !self.standing(i) && !self.is_free(i, home, at)) {
            self.instance(i).returning = Return::default();
            return;
        }
        self.instance(i).returning.stage = Stage::Away;
        self.begin_failback(i, unit, at, out);
    }

    fn begin_failback(&mut self, i: PlanId, unit: UnitId, at: Moment<'_>, out: &mut Out) {
        self.instance(i).attempt = Some(Attempt { reason: Reason::Failback, from: unit });
        self.note(i, at, Turn::Started { reason: Reason::Failback, from: unit });
        self.act(i, at, out);
    }
}

/// The window opens at an instant; the first tick of it, so that it is open then.
fn out_at(out: &mut Out, at: Moment<'_>, (opens, i): (Hours, PlanId)) {
    let due = Tick::from_hours(opens.get()).max(at.now.after(Tick::new(1)));
    if due <= at.system.end {
        out.schedule(due, Kind::PlanReturns, i);
    }
}
